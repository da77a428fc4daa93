/**
 * The runtimes that AWS accepts, and those that the sandbox runs.
 * @module
 */

import { invalidParameterValue, notSupported } from "./errors.ts";

/** In the order in which AWS prints them (LocalStack's test_lambda_api snapshot, 2026-01-12). */
const SUPPORTED = ("nodejs20.x python3.14 provided.al2023 python3.12 python3.13 nodejs24.x " +
  "nodejs22.x java25 python3.10 python3.11 java21 ruby3.3 ruby3.4 ruby3.2 python3.8 python3.9 " +
  "java17 nodejs16.x dotnet10 dotnet8 java11 dotnet6 nodejs18.x provided.al2 java8.al2").split(" ");

/** Runtimes that AWS once had. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const DEPRECATED = new Set(
  ("nodejs nodejs4.3 nodejs4.3-edge nodejs6.10 nodejs8.10 nodejs10.x nodejs12.x nodejs14.x " +
    "python2.7 python3.6 python3.7 java8 dotnetcore1.0 dotnetcore2.0 dotnetcore2.1 dotnetcore3.1 " +
    "dotnet5.0 dotnet7 ruby2.5 ruby2.7 go1.x provided").split(" "),
);

/** The runtimes that the sandbox runs, where the machine has what they need. */
const RUN = /^(nodejs|python3\.(9|1[0-4])$|provided\.)/;

/** Throws InvalidParameterValueException for a runtime that AWS, or the sandbox, does not take. */
export function checkRuntime(runtime: string): void {
  if (DEPRECATED.has(runtime)) {
    throw invalidParameterValue(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS ` +
        "Lambda functions. We recommend you use a supported runtime while creating or updating " +
        "functions.",
    );
  }
  if (!SUPPORTED.includes(runtime)) {
    throw invalidParameterValue(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value ` +
        `set: [${SUPPORTED.join(", ")}] or be a valid ARN`,
    );
  }
  if (RUN.test(runtime)) return;
  throw notSupported(
    `the runtime ${runtime}: it runs nodejs, python3.9 to python3.14 and provided`,
  );
}
