/**
 * Creates the function in Lambda, or changes it to this code and these settings.
 * @module
 */

import {
  CreateFunctionCommand,
  type FunctionConfiguration,
  GetFunctionCommand,
  type LambdaClient,
  PublishVersionCommand,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { VARIABLE_FAMILY } from "../../../lambda/environment.ts";
import { type Step, unchanged } from "./change.ts";
import { changesOf } from "./function_role.ts";
import { type FunctionPackage, HANDLER } from "./function_package.ts";
import { unlessMissing } from "../errors/missing.ts";
import { type ForeignThing, isOurs } from "../place/ownership.ts";
import { unlessStopped } from "../../view/stop.ts";

/**
 * The function's settings that belong to its code. Other settings (concurrency, variables that are
 * not its own) stay as they are. Firehose waits 5 minutes for a function; a batch takes milliseconds, so
 * a minute means that something is wrong. Memory buys CPU: at 128 MB gunzip would have a twelfth of
 * one.
 */
const SETTINGS = {
  Runtime: "nodejs24.x",
  Handler: HANDLER,
  Timeout: 60,
  MemorySize: 512,
  Description: "Decompresses Firehose records and reads their partition keys",
} as const;

const WAIT_SECONDS = 300;
/** Lambda sees a new role after about ten seconds. */
const ROLE_ATTEMPTS = 30;
const ROLE_PAUSE_MS = 2_000;

/** Desired code and settings of a function. */
export interface WantedFunction {
  readonly functionName: string;
  readonly roleArn: string;
  readonly code: FunctionPackage;
  /** Its environment's variables of the transform's family, and no others of that family. */
  readonly variables: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a deployment does to the function. */
export interface FunctionPlan {
  /** Undefined before the function is created. */
  readonly functionArn: string | undefined;
  readonly steps: readonly Step[];
  /** The function, if somebody else's has its name and is not to be replaced. */
  readonly foreign: readonly ForeignThing[];
}

/**
 * Looks at the function and changes nothing. A change that is under way is waited for first.
 * `replace` names a function of somebody else's that may be replaced: it becomes this project's.
 */
export async function planFunction(
  lambda: LambdaClient,
  wanted: WantedFunction,
  replace: string | undefined,
): Promise<FunctionPlan> {
  const { functionName } = wanted;
  const found = await findFunction(lambda, functionName);
  if (!found) {
    return { functionArn: undefined, steps: [creationStep(lambda, wanted)], foreign: [] };
  }
  const steps = stepsFor(lambda, found.configuration, wanted);
  const functionArn = found.configuration.FunctionArn;
  if (isOurs(found.tags)) return { functionArn, steps, foreign: [] };
  if (replace !== functionName) {
    return { functionArn, steps, foreign: [foreignFunction(found, steps)] };
  }
  return {
    functionArn,
    steps: [...steps, tagStep(lambda, found.configuration, wanted)],
    foreign: [],
  };
}

interface FoundFunction {
  readonly configuration: FunctionConfiguration;
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** The function once no change of it is under way. */
async function findFunction(
  lambda: LambdaClient,
  functionName: string,
): Promise<FoundFunction | undefined> {
  const get = () =>
    unlessMissing(lambda.send(new GetFunctionCommand({ FunctionName: functionName })));
  let found = await get();
  const { State, LastUpdateStatus } = found?.Configuration ?? {};
  if (State === "Pending" || LastUpdateStatus === "InProgress") {
    await untilUpdated(lambda, functionName);
    found = await get();
  }
  return found?.Configuration && { configuration: found.Configuration, tags: found.Tags };
}

function creationStep(lambda: LambdaClient, wanted: WantedFunction): Step {
  const { functionName, roleArn, code, variables, tags } = wanted;
  const create = new CreateFunctionCommand({
    ...SETTINGS,
    FunctionName: functionName,
    Role: roleArn,
    Code: { ZipFile: code.zip },
    Environment: { Variables: variables },
    Tags: tags,
  });
  return {
    change: {
      what: `function ${functionName}`,
      change: "created",
      detail: `${SETTINGS.Runtime}, ${SETTINGS.MemorySize} MB, ${SETTINGS.Timeout} s`,
    },
    doing: `create the function ${functionName}`,
    make: async () => {
      await onceRoleIsVisible(() => lambda.send(create));
      await unlessStopped(
        waitUntilFunctionActiveV2(waiting(lambda), { FunctionName: functionName }),
      );
    },
  };
}

/** One step for all differences, and before it a step that keeps the code. */
function stepsFor(
  lambda: LambdaClient,
  found: FunctionConfiguration,
  wanted: WantedFunction,
): Step[] {
  const { functionName, code } = wanted;
  const isOtherCode = found.CodeSha256 !== code.sha256;
  const settings = differentSettings(found, wanted);
  const different = [...(isOtherCode ? ["code"] : []), ...settings.map(settingText)];
  if (different.length === 0) return [unchanged(`function ${functionName}`)];
  const update: Step = {
    change: { what: `function ${functionName}`, change: "updated", detail: different.join(", ") },
    doing: `deploy the function ${functionName}`,
    make: async () => {
      if (isOtherCode) await updateCode(lambda, wanted);
      if (settings.length > 0) await updateSettings(lambda, found, wanted);
    },
  };
  return isOtherCode ? [versionStep(lambda, found), update] : [update];
}

/** Keeps the present code as a version: Lambda has no other way back to it. */
function versionStep(lambda: LambdaClient, found: FunctionConfiguration): Step {
  const { FunctionName = "", CodeSha256 } = found;
  const publish = new PublishVersionCommand({
    FunctionName,
    CodeSha256,
    Description: "The code before a deployment of Firehose Lab",
  });
  return {
    change: {
      what: `version of function ${FunctionName}`,
      change: "created",
      detail: `a copy of the code of ${found.LastModified ?? "before"}`,
    },
    doing: `keep the code of the function ${FunctionName}`,
    make: () => lambda.send(publish),
  };
}

function tagStep(
  lambda: LambdaClient,
  { FunctionArn: Resource = "" }: FunctionConfiguration,
  { functionName, tags }: WantedFunction,
): Step {
  return {
    change: { what: `tags of function ${functionName}`, change: "created", detail: tagsText(tags) },
    doing: `tag the function ${functionName}`,
    make: () => lambda.send(new TagResourceCommand({ Resource, Tags: { ...tags } })),
  };
}

const tagsText = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([key, value]) => `${key}=${value}`).join(", ") || "none";

function foreignFunction(
  { configuration, tags = {} }: FoundFunction,
  steps: readonly Step[],
): ForeignThing {
  const { FunctionName, Runtime, Handler, Description, LastModified, Role } = configuration;
  return {
    what: `function ${FunctionName}`,
    found: [
      `${Runtime ?? "a container image"}, handler ${Handler ?? "none"}, changed ${LastModified}`,
      `description: ${Description || "none"}`,
      `role: ${Role}`,
      `tags: ${tagsText(tags)}`,
    ],
    wouldChange: changesOf(steps),
    advice: "Choose another name with --function. Or replace this function with " +
      `--replace ${FunctionName}: its old code is kept as a version, its old settings are lost.`,
  };
}

async function updateCode(
  lambda: LambdaClient,
  { functionName, code }: WantedFunction,
): Promise<void> {
  const update = { FunctionName: functionName, ZipFile: code.zip };
  await lambda.send(new UpdateFunctionCodeCommand(update));
  await untilUpdated(lambda, functionName);
}

async function updateSettings(
  lambda: LambdaClient,
  found: FunctionConfiguration,
  wanted: WantedFunction,
): Promise<void> {
  const update = new UpdateFunctionConfigurationCommand({
    FunctionName: wanted.functionName,
    ...wantedSettings(found, wanted),
  });
  await onceRoleIsVisible(() => lambda.send(update));
  await untilUpdated(lambda, wanted.functionName);
}

function wantedSettings(found: FunctionConfiguration, { roleArn, variables }: WantedFunction) {
  const Environment = { Variables: { ...foreignVariablesOf(found), ...variables } };
  return { ...SETTINGS, Role: roleArn, Environment };
}

interface DifferentSetting {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

function differentSettings(
  found: FunctionConfiguration,
  wanted: WantedFunction,
): DifferentSetting[] {
  const present: Record<string, unknown> = {
    ...found,
    Environment: { Variables: { ...found.Environment?.Variables } },
  };
  return Object.entries(wantedSettings(found, wanted))
    .map(([name, after]) => ({ name, before: present[name], after }))
    .filter(({ before, after }) => !isDeepStrictEqual(before, after));
}

/** `Timeout 3 → 60`. Variables are not shown: their values may be secrets. */
function settingText({ name, before, after }: DifferentSetting): string {
  if (typeof after === "object") return name;
  return `${name} ${before === undefined || before === "" ? "none" : before} → ${after}`;
}

/** Variables that are not the transform's, as they are. */
function foreignVariablesOf({ Environment }: FunctionConfiguration): Record<string, string> {
  const variables = Object.entries(Environment?.Variables ?? {});
  return Object.fromEntries(variables.filter(([name]) => !name.startsWith(VARIABLE_FAMILY)));
}

async function untilUpdated(lambda: LambdaClient, functionName: string): Promise<void> {
  // The SDK's waiter takes any error for "not yet", also the one of Stop.
  await unlessStopped(
    waitUntilFunctionUpdatedV2(waiting(lambda), { FunctionName: functionName }),
  );
}

/** Pauses grow from 50 ms to 5 s: the sandbox needs less than the first, AWS some seconds. */
const waiting = (client: LambdaClient) =>
  ({ client, maxWaitTime: WAIT_SECONDS, minDelay: 0.05, maxDelay: 5 }) as const;

/** For some seconds Lambda refuses a role that IAM has just created. */
async function onceRoleIsVisible<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; attempt < ROLE_ATTEMPTS; attempt++) {
    try {
      return await act();
    } catch (error) {
      const isRoleUnknown = error instanceof Error &&
        /cannot be assumed by Lambda/.test(error.message);
      if (!isRoleUnknown) throw error;
      await pause(ROLE_PAUSE_MS);
    }
  }
  return await act();
}
