/**
 * The environment of a function's runtime, as captured from nodejs22.x and nodejs24.x in 2026-01.
 * @module
 */

import type { TemporaryKeys } from "../../../access/caller.ts";
import { invalidParameterValue, notSupported } from "../errors.ts";
import type { FunctionVersion } from "../function.ts";

/** Bytes of all variables as JSON. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const VARIABLES_BYTES_MAX = 4_096;

const RESERVED = new Set(
  ("_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV " +
    "AWS_LAMBDA_INITIALIZATION_TYPE AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY " +
    "AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR " +
    "AWS_LAMBDA_MAX_CONCURRENCY AWS_LAMBDA_METADATA_API AWS_LAMBDA_METADATA_TOKEN").split(" "),
);
const RESERVED_FORMS = /^AWS_LAMBDA_(FUNCTION_.*|LOG_.*_NAME)$/;

/** Customers' variables that begin with an underscore do not reach the runtime, but these. */
const UNDERSCORED = new Set(["_AWS_XRAY_DAEMON_ADDRESS", "_AWS_XRAY_DAEMON_PORT"]);

/** Throws InvalidParameterValueException for variables that a function may not have. */
export function checkVariables(variables: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(variables).filter((name) =>
    RESERVED.has(name) || RESERVED_FORMS.test(name)
  );
  if (reserved.length > 0) {
    throw invalidParameterValue(
      "Lambda was unable to configure your environment variables because the environment " +
        "variables you have provided contains reserved keys that are currently not supported for " +
        `modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  // It would run a script of the zip around the runtime; none of the engines does.
  if ("AWS_LAMBDA_EXEC_WRAPPER" in variables) throw notSupported("AWS_LAMBDA_EXEC_WRAPPER");
  const measured = JSON.stringify(variables);
  if (new TextEncoder().encode(measured).length > VARIABLES_BYTES_MAX) {
    throw invalidParameterValue(
      "Lambda was unable to configure your environment variables because the environment " +
        `variables you have provided exceeded the 4KB limit. String measured: ${measured}`,
    );
  }
}

/** What the variables of one environment are made of. */
export interface VariablesOptions {
  readonly functionName: string;
  readonly version: FunctionVersion;
  readonly region: string;
  readonly keys: TemporaryKeys;
  readonly logStreamName: string;
  readonly taskFolder: string;
  /** Where the SDK inside the function calls: the sandbox. */
  readonly endpoint: string;
}

/** All variables but the address of the Runtime API. The platform's go before the customer's. */
export function runtimeVariables(options: VariablesOptions): Record<string, string> {
  const { functionName, version, region, keys, logStreamName, taskFolder, endpoint } = options;
  const given = Object.entries(version.variables ?? {})
    .filter(([name]) => !name.startsWith("_") || UNDERSCORED.has(name));
  return {
    ...unreserved(version.runtime, taskFolder),
    AWS_ENDPOINT_URL: endpoint,
    ...Object.fromEntries(given),
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${version.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memorySizeMB),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: version.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    _HANDLER: version.handler,
    LAMBDA_TASK_ROOT: taskFolder,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
  };
}

/** What a function's own variables may replace. */
function unreserved(runtime: string, taskFolder: string): Record<string, string> {
  const [, major = ""] = /^nodejs(\d+)/.exec(runtime) ?? [];
  return {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    LD_LIBRARY_PATH: "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:" +
      `${taskFolder}:${taskFolder}/lib:/opt/lib`,
    NODE_PATH: `/opt/nodejs/node${major}/node_modules:/opt/nodejs/node_modules:` +
      `/var/runtime/node_modules:/var/runtime:${taskFolder}`,
    PWD: taskFolder,
    SHLVL: "0",
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    AWS_XRAY_DAEMON_ADDRESS: "169.254.100.1:2000",
    _AWS_XRAY_DAEMON_ADDRESS: "169.254.100.1",
    _AWS_XRAY_DAEMON_PORT: "2000",
  };
}
