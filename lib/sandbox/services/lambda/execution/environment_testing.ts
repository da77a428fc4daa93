/**
 * Execution environments for tests of this folder: a function of a few files in a real process.
 * @module
 */

import { dirname, join } from "node:path";
import { RUNTIMES_DIR } from "../../../permissions.ts";
import type { LogLine } from "../../../ports/log_sink.ts";
import type { FunctionEngine } from "./engine.ts";
import { machineEngines } from "./engines.ts";
import { Environment, type InvocationResult } from "./environment.ts";
import { LogStreamWriter } from "./log_stream_writer.ts";
import type { ReadMemory } from "./process_memory.ts";

/** The session of a function's role. */
export const SESSION = {
  kind: "session",
  accountId: "123456789012",
  arn: "arn:aws:sts::123456789012:assumed-role/r/f",
  userId: "AROA:f",
  roleName: "r",
  roleArn: "arn:aws:iam::123456789012:role/r",
  sessionName: "f",
  sessionPolicies: [],
} as const;

/** A function, and how it runs. */
export interface Fixture {
  readonly files: Readonly<Record<string, string>>;
  readonly handler?: string;
  readonly runtime?: string;
  readonly lambdaRuntime?: FunctionEngine;
  readonly memorySizeMB?: number;
  readonly timeoutSeconds?: number;
  readonly tmpBytesMax?: number;
  /** What the function may call; nothing listens there unless the test says otherwise. */
  readonly sandboxEndpoint?: string;
  readonly readMemory?: ReadMemory;
  readonly variables?: Readonly<Record<string, string>>;
  /** Where the function's folders are, in a temporary one. */
  readonly folder?: string;
}

/** What a test does with its environment. */
export interface Tested {
  /** Invokes with `event`; request ids are `request-1`, `request-2` … */
  invoke(event?: unknown): Promise<InvocationResult & { readonly json: unknown }>;
  /** All lines of the log stream so far. */
  lines(): Promise<string[]>;
  readonly taskFolder: string;
  readonly tmpFolder: string;
}

/** A test with an environment of a function made of `files`. */
export function environmentTest(
  name: string,
  fixture: Fixture,
  run: (environment: Tested) => Promise<void>,
): void {
  Deno.test(name, async () => {
    await using environment = await openEnvironment(fixture);
    await run(environment);
  });
}

/** Makes an environment, whose folders are removed when it is disposed of. */
export async function openEnvironment(fixture: Fixture): Promise<Tested & AsyncDisposable> {
  const root = await Deno.makeTempDir();
  const folders = await makeFolders(join(root, fixture.folder ?? ""), fixture.files);
  const written: LogLine[] = [];
  const log = new LogStreamWriter({
    sink: { write: ({ lines }) => Promise.resolve(void written.push(...lines)) },
    caller: SESSION,
    logGroupName: "/aws/lambda/f",
    logStreamName: "s",
  });
  const process = processOptions(fixture, folders);
  await process.engine.makeReady?.(process.runtime);
  const environment = new Environment({
    process,
    region: "us-east-1",
    functionVersion: "$LATEST",
    timeoutSeconds: fixture.timeoutSeconds ?? 20,
    log,
    nowMs: Date.now,
  });
  let count = 0;
  return {
    async invoke(event = {}) {
      const result = await environment.invoke({
        requestId: `request-${++count}`,
        functionArn: "arn:aws:lambda:us-east-1:123456789012:function:f",
        payload: new TextEncoder().encode(JSON.stringify(event)),
      });
      const text = new TextDecoder().decode(result.payload);
      return { ...result, json: text === "" ? undefined : JSON.parse(text) };
    },
    async lines() {
      await log.flush();
      return written.map(({ message }) => message);
    },
    ...folders,
    async [Symbol.asyncDispose]() {
      await environment.retire();
      await Deno.remove(root, { recursive: true });
    },
  };
}

async function makeFolders(root: string, files: Fixture["files"]) {
  const folders = {
    taskFolder: join(root, "task"),
    tmpFolder: join(root, "tmp"),
    cacheFolder: join(root, "cache"),
  };
  for (const folder of Object.values(folders)) await Deno.mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    const path = join(folders.taskFolder, file);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text, { mode: file === "bootstrap" ? 0o755 : 0o644 });
  }
  return folders;
}

function processOptions(fixture: Fixture, folders: Awaited<ReturnType<typeof makeFolders>>) {
  const { runtime = "nodejs22.x", memorySizeMB = 128 } = fixture;
  const engine = machineEngines({
    choice: fixture.lambdaRuntime ?? "deno",
    python: undefined,
    folder: RUNTIMES_DIR,
    onProgress: () => {},
  }).of(runtime);
  return {
    ...folders,
    engine,
    runtime,
    sandboxEndpoint: fixture.sandboxEndpoint ?? "http://127.0.0.1:49",
    memorySizeMB,
    tmpBytesMax: fixture.tmpBytesMax ?? 512 * 1024 * 1024,
    readMemory: fixture.readMemory,
    environment: {
      _HANDLER: fixture.handler ?? "index.handler",
      LAMBDA_TASK_ROOT: engine.taskRoot(folders.taskFolder),
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: "f",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySizeMB),
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/f",
      AWS_LAMBDA_LOG_STREAM_NAME: "s",
      PATH: "/usr/local/bin:/usr/bin:/bin",
      ...fixture.variables,
    },
  };
}

/** The files of a CommonJS function whose handler is `body`, an expression. */
export const cjs = (body: string) => ({ "index.js": `exports.handler = ${body};` });
