/**
 * A new execution environment of a function's version: its variables, its log stream, its process.
 * @module
 */

import type { Caller, TemporaryKeys } from "../../../access/caller.ts";
import type { Random } from "../../../random.ts";
import { Environment } from "./environment.ts";
import type { Target } from "./environment_pool.ts";
import { ephemeralStorageMB, type FunctionVersion } from "../function.ts";
import { LogStreamWriter } from "./log_stream_writer.ts";
import type { LambdaOptions } from "../options.ts";
import { runtimeVariables } from "./variables.ts";

/** What an environment is given: a session of the execution role, and its folders. */
export interface EnvironmentParts {
  readonly session: Caller;
  readonly keys: TemporaryKeys;
  readonly taskFolder: string;
  readonly tmpFolder: string;
  readonly cacheFolder: string;
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
}

/** An environment whose process is not started yet. */
export function newEnvironment(
  { functionName, version }: Target,
  { session, keys, taskFolder, tmpFolder, cacheFolder, endpoint }: EnvironmentParts,
  { clock, random, region, logs, engines }: LambdaOptions,
): Environment {
  const { logGroupName, memorySizeMB } = version;
  const logStreamName = newLogStreamName(functionName, version, clock.nowMs(), random);
  const engine = engines.of(version.runtime);
  return new Environment({
    process: {
      engine,
      runtime: version.runtime,
      taskFolder,
      tmpFolder,
      cacheFolder,
      sandboxEndpoint: endpoint,
      memorySizeMB,
      tmpBytesMax: ephemeralStorageMB(version) * 1024 * 1024,
      environment: runtimeVariables({
        functionName,
        version,
        region,
        keys,
        logStreamName,
        taskFolder: engine.taskRoot(taskFolder),
        endpoint,
      }),
    },
    region,
    functionVersion: version.version,
    timeoutSeconds: version.timeoutSeconds,
    log: new LogStreamWriter({ sink: logs, caller: session, logGroupName, logStreamName }),
    nowMs: () => clock.nowMs(),
  });
}

/** `2026/11/25/[$LATEST]0a1b…`; in a group of the customer's own, the function's name stands before. */
function newLogStreamName(
  functionName: string,
  { version, logGroupName }: FunctionVersion,
  nowMs: number,
  random: Random,
): string {
  const date = new Date(nowMs).toISOString().slice(0, 10).replaceAll("-", "/");
  const named = logGroupName === `/aws/lambda/${functionName}` ? "" : functionName;
  return `${date}/${named}[${version}]${random.bytes(16).toHex()}`;
}
