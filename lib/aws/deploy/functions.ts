/**
 * Deploys the transformation function: role, package, function, smoke test. The one code path of
 * `deno task deploy-lambda` and of the notebooks. It looks at everything first, changes only what is
 * missing or different, and stops before the first change at what is somebody else's.
 * @module
 */

import type { FirehoseClient } from "@aws-sdk/client-firehose";
import type { IAMClient } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { FirehoseTransformationEvent } from "../../../lambda/event.ts";
import type { Change, Step } from "./change.ts";
import { planFunction } from "./function_code.ts";
import { explained } from "../errors/explained_error.ts";
import { type FunctionPackage, packageFunction, packageModule } from "./function_package.ts";
import { type FunctionPlace, planFunctionRole } from "./function_role.ts";
import { type SmokeTest, smokeTest } from "./function_smoke.ts";
import { type TransformSettings, variablesOf } from "./function_settings.ts";
import { unlessMissing } from "../errors/missing.ts";
import { assertNothingForeign, type ForeignThing, PROJECT_TAG } from "../place/ownership.ts";
import { describeDestination, type StreamDestination } from "../streams/stream_destination.ts";
import { planFunctionMayAnswer, planStreamMayInvoke } from "./stream_permission.ts";

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
   * A delivery stream: its role may invoke the function afterwards, and the transform may put records
   * back to it.
   */
  readonly streamName?: string;
  /** How the transform does its work; absent means its defaults. */
  readonly settings?: TransformSettings;
  /** Further tags of the role and the function, set when they are created. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The name of a function of somebody else's that may be replaced. */
  readonly replace?: string;
  /** The event of the test after the deployment; absent means a small one of this project's. */
  readonly event?: FirehoseTransformationEvent;
}

/** A deployment that is worked out; nothing is changed yet. */
export interface DeploymentPlan {
  readonly functionArn: string;
  readonly roleArn: string;
  readonly steps: readonly Step[];
  /** What stands in the way: things of somebody else's with these names. */
  readonly foreign: readonly ForeignThing[];
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
  /** What the function answered to the test's event. */
  readonly smokeTest: SmokeTest;
}

/** Names that a function may have here: its role's name is 5 characters longer, and has at most 64. */
const FUNCTION_NAME_PATTERN = /^[A-Za-z0-9_-]{1,59}$/;

/**
 * Deploys this project's transform under `functionName` and invokes it once. Run again, it changes
 * nothing. Throws an `Error` that says what to do, and a `NotOursError` before any change if
 * something of somebody else's has the name.
 */
export async function deployFunction(
  clients: DeployClients,
  options: DeployOptions,
): Promise<Deployed> {
  const deployed = await carryOut(await planDeployment(clients, options));
  return { ...deployed, smokeTest: await testDeployed(clients, options) };
}

/** Works out what {@linkcode deployFunction} would do. Throws an `Error` that says what to do. */
export async function planDeployment(
  clients: DeployClients,
  options: DeployOptions,
): Promise<DeploymentPlan> {
  const { functionName, settings = {} } = options;
  assertFunctionName(functionName);
  const destination = await findDestination(clients, options);
  const code = await packageFunction();
  const variables = variablesOf(settings, destination);
  const plan = await planPackage(clients, options, { code, variables, destination });
  const grants = destination
    ? await explained(
      `look at what the function ${functionName} may do`,
      () => planFunctionMayAnswer(clients.iam, destination, functionName, settings),
    )
    : [];
  return { ...plan, steps: [...plan.steps, ...grants] };
}

/** Makes the changes of a plan. Throws a `NotOursError` before any of them if something is foreign. */
export async function carryOut(
  { functionArn, roleArn, steps, foreign }: DeploymentPlan,
): Promise<DeployedModule> {
  assertNothingForeign(foreign);
  for (const { doing, make } of steps) await explained(doing, make);
  return { functionArn, roleArn, changes: steps.map(({ change }) => change) };
}

/** Invokes the deployed transform with the test's event. Throws an `Error` with what it answered. */
export async function testDeployed(
  { lambda }: Pick<DeployClients, "lambda">,
  { functionName, settings, event }: DeployOptions,
): Promise<SmokeTest> {
  return await explained(
    `invoke the function ${functionName} as a test`,
    () => smokeTest(lambda, { functionName, settings, event }),
  );
}

/**
 * Deploys another function in the same way, without a test and without settings: `source` is an
 * ECMAScript module that exports `handler`. Throws an `Error` that says what to do.
 */
export async function deployModule(
  clients: DeployClients,
  source: string,
  options: Omit<DeployOptions, "settings" | "event">,
): Promise<DeployedModule> {
  assertFunctionName(options.functionName);
  const destination = await findDestination(clients, options);
  const code = packageModule(source);
  return await carryOut(
    await planPackage(clients, options, { code, variables: {}, destination }),
  );
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
    `"${functionName}" is not a function name: use 1 to 59 letters, digits, "-" and "_"`,
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

async function planPackage(
  clients: DeployClients,
  { functionName, tags, replace }: DeployOptions,
  { code, variables, destination }: {
    readonly code: FunctionPackage;
    readonly variables: Readonly<Record<string, string>>;
    readonly destination: StreamDestination | undefined;
  },
): Promise<DeploymentPlan> {
  const { iam, lambda } = clients;
  const ownTags = { [PROJECT_TAG.Key]: PROJECT_TAG.Value, ...tags };
  const place = await explained("ask who you are", () => findPlace(clients, functionName));
  const role = await explained(
    `look at the role of the function ${functionName}`,
    () => planFunctionRole(iam, place, ownTags),
  );
  const wanted = { functionName, roleArn: role.roleArn, code, variables, tags: ownTags };
  const plan = await explained(
    `look at the function ${functionName}`,
    () => planFunction(lambda, wanted, replace),
  );
  const functionArn = plan.functionArn ?? functionArnOf(place);
  const invoke = destination
    ? await explained(
      `look at the role ${destination.invokingRole}`,
      () => planStreamMayInvoke(iam, destination, { functionName, functionArn }),
    )
    : { steps: [], foreign: [] };
  return {
    functionArn,
    roleArn: role.roleArn,
    steps: [...role.steps, ...plan.steps, ...invoke.steps],
    foreign: [...role.foreign, ...plan.foreign, ...invoke.foreign],
  };
}

const functionArnOf = ({ partition, region, accountId, functionName }: FunctionPlace) =>
  `arn:${partition}:lambda:${region}:${accountId}:function:${functionName}`;

async function findPlace(
  { sts, lambda }: DeployClients,
  functionName: string,
): Promise<FunctionPlace> {
  const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand());
  const [, partition] = Arn.split(":");
  return { functionName, partition, region: await lambda.config.region(), accountId: Account };
}
