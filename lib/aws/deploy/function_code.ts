/**
 * A function as Lambda keeps it: created, or brought to this code and these settings.
 * @module
 */

import {
  CreateFunctionCommand,
  type FunctionConfiguration,
  GetFunctionCommand,
  type LambdaClient,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { VARIABLE_FAMILY } from "../../../lambda/environment.ts";
import type { Change } from "./change.ts";
import { type FunctionPackage, HANDLER } from "./function_package.ts";
import { unlessMissing } from "../errors/missing.ts";

/**
 * The function's settings that belong to its code. Others (concurrency, variables that are not its
 * own) are left as they are. Firehose waits 5 minutes for a function; a batch takes milliseconds, so that a minute
 * means that something is wrong. Memory buys CPU: at 128 MB gunzip would have a twelfth of one.
 */
const SETTINGS = {
  Runtime: "nodejs24.x",
  Handler: HANDLER,
  Timeout: 60,
  MemorySize: 512,
  Description: "Decompresses Firehose records and reads their partition keys",
} as const;

const WAIT_SECONDS = 300;
/** A new role is visible to Lambda after some ten seconds. */
const ROLE_ATTEMPTS = 30;
const ROLE_PAUSE_MS = 2_000;

/** What the function shall be. */
export interface WantedFunction {
  readonly functionName: string;
  readonly roleArn: string;
  readonly code: FunctionPackage;
  /** Its environment's variables of the transform's family, and no others of that family. */
  readonly variables: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Creates the function, or changes what is different, and waits until that is done. A change that is
 * under way is waited for first.
 */
export async function ensureFunction(
  lambda: LambdaClient,
  wanted: WantedFunction,
): Promise<{ functionArn: string; change: Change }> {
  const what = `function ${wanted.functionName}`;
  const found = await findFunction(lambda, wanted.functionName);
  if (!found) {
    const functionArn = await createFunction(lambda, wanted);
    return { functionArn, change: { what, change: "created" } };
  }
  const updated = [
    ...(await updateCode(lambda, found, wanted)),
    ...(await updateSettings(lambda, found, wanted)),
  ];
  const change: Change = updated.length === 0
    ? { what, change: "unchanged" }
    : { what, change: "updated", detail: updated.join(", ") };
  return { functionArn: found.FunctionArn ?? "", change };
}

/** The function's configuration once no change of it is under way. */
async function findFunction(
  lambda: LambdaClient,
  functionName: string,
): Promise<FunctionConfiguration | undefined> {
  const get = () =>
    unlessMissing(lambda.send(new GetFunctionCommand({ FunctionName: functionName })));
  const { Configuration } = await get() ?? {};
  const isChanging = Configuration?.State === "Pending" ||
    Configuration?.LastUpdateStatus === "InProgress";
  if (!isChanging) return Configuration;
  await untilUpdated(lambda, functionName);
  return (await get())?.Configuration;
}

async function createFunction(lambda: LambdaClient, wanted: WantedFunction): Promise<string> {
  const { functionName, roleArn, code, variables, tags } = wanted;
  const create = new CreateFunctionCommand({
    ...SETTINGS,
    FunctionName: functionName,
    Role: roleArn,
    Code: { ZipFile: code.zip },
    Environment: { Variables: variables },
    Tags: tags,
  });
  const { FunctionArn = "" } = await onceRoleIsVisible(() => lambda.send(create));
  await waitUntilFunctionActiveV2(waiting(lambda), { FunctionName: functionName });
  return FunctionArn;
}

async function updateCode(
  lambda: LambdaClient,
  found: FunctionConfiguration,
  { functionName, code }: WantedFunction,
): Promise<string[]> {
  if (found.CodeSha256 === code.sha256) return [];
  const update = { FunctionName: functionName, ZipFile: code.zip };
  await lambda.send(new UpdateFunctionCodeCommand(update));
  await untilUpdated(lambda, functionName);
  return ["code"];
}

async function updateSettings(
  lambda: LambdaClient,
  found: FunctionConfiguration,
  { functionName, roleArn, variables }: WantedFunction,
): Promise<string[]> {
  const Environment = { Variables: { ...foreignVariablesOf(found), ...variables } };
  const wanted = { ...SETTINGS, Role: roleArn, Environment };
  const present: Record<string, unknown> = {
    ...found,
    Environment: { Variables: { ...found.Environment?.Variables } },
  };
  const different = Object.entries(wanted)
    .filter(([name, value]) => !isDeepStrictEqual(present[name], value));
  if (different.length === 0) return [];
  const update = new UpdateFunctionConfigurationCommand({ FunctionName: functionName, ...wanted });
  await onceRoleIsVisible(() => lambda.send(update));
  await untilUpdated(lambda, functionName);
  return different.map(([name]) => name);
}

/** Variables that are not the transform's, as they are. */
function foreignVariablesOf({ Environment }: FunctionConfiguration): Record<string, string> {
  const variables = Object.entries(Environment?.Variables ?? {});
  return Object.fromEntries(variables.filter(([name]) => !name.startsWith(VARIABLE_FAMILY)));
}

async function untilUpdated(lambda: LambdaClient, functionName: string): Promise<void> {
  await waitUntilFunctionUpdatedV2(waiting(lambda), { FunctionName: functionName });
}

const waiting = (client: LambdaClient) =>
  ({ client, maxWaitTime: WAIT_SECONDS, minDelay: 1, maxDelay: 5 }) as const;

/** Lambda refuses a role that IAM has just made, for some seconds. */
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
