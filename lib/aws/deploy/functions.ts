/**
 * Deploys the transformation function: role, package, function, smoke test. The one code path of
 * `deno task deploy-lambda` and of notebook 3; it makes only what is missing or different.
 * @module
 */

import type { FirehoseClient } from "@aws-sdk/client-firehose";
import type { IAMClient } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Change } from "./change.ts";
import { ensureFunction } from "./function_code.ts";
import { explained } from "../errors/explained_error.ts";
import { type FunctionPackage, packageFunction, packageModule } from "./function_package.ts";
import { ensureFunctionRole, type FunctionPlace } from "./function_role.ts";
import { type SmokeTest, smokeTest } from "./function_smoke.ts";
import { type TransformSettings, variablesOf } from "./function_settings.ts";
import { unlessMissing } from "../errors/missing.ts";
import { describeDestination, type StreamDestination } from "../streams/stream_destination.ts";
import { ensureFunctionMayAnswer, ensureStreamMayInvoke } from "./stream_permission.ts";

/** The SDK clients that a deployment calls. */
export interface DeployClients {
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly firehose: FirehoseClient;
  readonly sts: STSClient;
}

/** What is deployed, and how. */
export interface DeployOptions {
  /** {@linkcode FUNCTION_NAME_PATTERN} */
  readonly functionName: string;
  /**
   * A delivery stream whose role shall be able to invoke the function, and which the transform shall
   * be able to put records back to.
   */
  readonly streamName?: string;
  /** How the transform does its work; its defaults where nothing is said. */
  readonly settings?: TransformSettings;
  /** Tags of the role and the function, set when they are created. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What a deployment left behind. */
export interface DeployedModule {
  readonly functionArn: string;
  readonly roleArn: string;
  /** Everything the deployment looked at, also what it did not need to change. */
  readonly changes: readonly Change[];
}

/** The same of the transform, which was invoked once. */
export interface Deployed extends DeployedModule {
  /** What the function answered to the sample event. */
  readonly smokeTest: SmokeTest;
}

/** Names that a function may have here: its role's name is 5 characters longer, and has at most 64. */
export const FUNCTION_NAME_PATTERN = /^[A-Za-z0-9_-]{1,59}$/;

/**
 * Deploys this project's transform under `functionName` and invokes it once. Run again, it changes
 * nothing. Throws an `Error` that says what to do.
 */
export async function deployFunction(
  clients: DeployClients,
  options: DeployOptions,
): Promise<Deployed> {
  const { functionName, settings = {} } = options;
  assertFunctionName(functionName);
  const destination = await findDestination(clients, options);
  const code = await packageFunction();
  const variables = variablesOf(settings, destination);
  const deployed = await deployPackage(clients, options, { code, variables, destination });
  const grants = destination
    ? await explained(
      `let the function ${functionName} put records back`,
      () => ensureFunctionMayAnswer(clients.iam, destination, functionName, settings),
    )
    : [];
  const tested = await explained(
    `invoke the function ${functionName} as a test`,
    () => smokeTest(clients.lambda, functionName, settings),
  );
  return { ...deployed, changes: [...deployed.changes, ...grants], smokeTest: tested };
}

/**
 * Deploys another function in the same way, without a test and without settings: `source` is an
 * ECMAScript module that exports `handler`. Throws an `Error` that says what to do.
 */
export async function deployModule(
  clients: DeployClients,
  source: string,
  options: Omit<DeployOptions, "settings">,
): Promise<DeployedModule> {
  assertFunctionName(options.functionName);
  const destination = await findDestination(clients, options);
  const code = packageModule(source);
  return await deployPackage(clients, options, { code, variables: {}, destination });
}

/** Whether there is such a function and it runs this project's transform as it is here now. */
export async function isDeployed(
  { lambda }: Pick<DeployClients, "lambda">,
  functionName: string,
): Promise<boolean> {
  const get = new GetFunctionConfigurationCommand({ FunctionName: functionName });
  const found = await unlessMissing(lambda.send(get));
  return found !== undefined && found.CodeSha256 === (await packageFunction()).sha256;
}

function assertFunctionName(functionName: string): void {
  if (FUNCTION_NAME_PATTERN.test(functionName)) return;
  throw new TypeError(
    `"${functionName}" is no function name: 1 to 59 letters, digits, "-" and "_" are`,
  );
}

async function findDestination(
  { firehose }: DeployClients,
  { streamName }: DeployOptions,
): Promise<StreamDestination | undefined> {
  if (streamName === undefined) return undefined;
  return await explained(
    `look at the delivery stream ${streamName}`,
    () => describeDestination(firehose, streamName),
  );
}

async function deployPackage(
  clients: DeployClients,
  { functionName, tags = {} }: DeployOptions,
  { code, variables, destination }: {
    readonly code: FunctionPackage;
    readonly variables: Readonly<Record<string, string>>;
    readonly destination: StreamDestination | undefined;
  },
): Promise<DeployedModule> {
  const place = await explained("ask who you are", () => findPlace(clients, functionName));
  const { roleArn, changes } = await ensureFunctionRole(clients.iam, place, tags);
  const { functionArn, change } = await explained(
    `deploy the function ${functionName}`,
    () => ensureFunction(clients.lambda, { functionName, roleArn, code, variables, tags }),
  );
  const grants = destination
    ? [
      await explained(
        `let the role ${destination.invokingRole} invoke the function`,
        () => ensureStreamMayInvoke(clients.iam, destination, { functionName, functionArn }),
      ),
    ]
    : [];
  return { functionArn, roleArn, changes: [...changes, change, ...grants] };
}

async function findPlace(
  { sts, lambda }: DeployClients,
  functionName: string,
): Promise<FunctionPlace> {
  const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand());
  const [, partition] = Arn.split(":");
  return { functionName, partition, region: await lambda.config.region(), accountId: Account };
}
