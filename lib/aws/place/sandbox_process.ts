/**
 * The sandbox as a separate process: found by the data folder it keeps, started if it does not
 * run. It outlives the process that started it, so a restarted kernel finds its world again.
 *
 * What is found is proven: the folder is locked, and the server at its address knows the secret in
 * the folder's `sandbox.json`. Only a process that wrote that file, and began when the file says, is
 * ever ended.
 * @module
 */

import { spawn } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as pauseMs } from "node:timers/promises";
import { isClaimed } from "../../sandbox/data_dir.ts";
import { LOG_FILE_VARIABLE } from "../../sandbox/log_file.ts";
import { permissionFlags } from "../../sandbox/permissions.ts";
import { V8_FLAGS } from "../../sandbox/v8_flags.ts";
import { MEMORY_VARIABLES } from "../../sandbox/memory_variables.ts";
import { isProof, readRunningFile, type RunningFile } from "../../sandbox/running_file.ts";
import { directAnswer } from "./direct_request.ts";
import { processStart } from "./process_start.ts";

/** The project's own folder. */
export const PROJECT_DIR = fileURLToPath(new URL("../../../", import.meta.url));

/** Where a sandbox keeps its data, where a new one listens, and how many times faster it waits. */
export interface SandboxPlace {
  /** A port of 127.0.0.1 for a sandbox that is started; a running one keeps its own. */
  readonly port: number;
  readonly dataDir: string;
  readonly speed: number;
}

/** The course's own sandbox; for commands of an installed package, that of the current folder. */
export const COURSE_SANDBOX: SandboxPlace = {
  port: 4566,
  dataDir: Deno.env.get("FIREHOSE_LAB_DATA") || join(PROJECT_DIR, ".sandbox"),
  speed: 60,
};

/** A sandbox that answers. */
export interface FoundSandbox {
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly accountId: string;
  readonly region: string;
  readonly dataDir: string;
  /** Folder of its `config` and `credentials`. */
  readonly awsDir: string;
  /** How many times faster it waits. */
  readonly speed: number;
}

/** A sandbox that answers, and whether it was started for this caller. */
export interface RunningSandbox extends FoundSandbox {
  /** False if it ran before; then it is not the caller's to stop. */
  readonly startedByUs: boolean;
}

/** A start takes less than a second; a slow disk may check a large database. */
const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 30_000;
/** How long a sandbox that has locked its folder may take until it answers. */
const ANSWER_WITHIN_MS = 10_000;
const HEALTH_WITHIN_MS = 2_000;
/** How far apart two ways of telling when a process began may be; the clock may have been set. */
const SAME_START_MS = 10_000;

/**
 * The sandbox of the folder, started if none runs; resolves when it answers. Two callers at the same
 * moment get the same one.
 *
 * Throws an `Error` that says what to do if the port is taken, a sandbox holds the folder without
 * answering, or the start fails.
 */
export async function ensureSandbox(place: SandboxPlace): Promise<RunningSandbox> {
  const before = await findSandbox(place);
  if (before) return { ...before, startedByUs: false };

  await Deno.mkdir(place.dataDir, { recursive: true, mode: 0o700 });
  const lockPath = join(place.dataDir, "start.lock");
  // The operating system's lock: it ends with the process, also with one that is killed.
  using lock = await Deno.open(lockPath, { create: true, write: true, mode: 0o600 });
  await lock.lock(true);
  const meanwhile = await findSandbox(place);
  if (meanwhile) return { ...meanwhile, startedByUs: false };
  return { ...await startSandbox(place), startedByUs: true };
}

/** The sandbox that keeps its data in `dataDir` and proves it; undefined if none does. */
export async function findSandbox(
  { dataDir }: Pick<SandboxPlace, "dataDir">,
): Promise<FoundSandbox | undefined> {
  const folder = resolve(dataDir);
  const running = readRunningFile(folder);
  if (!running || !isClaimed(folder) || !await provesSecret(running)) return undefined;
  const { endpoint, accountId, region, speed } = running;
  return { endpoint, accountId, region, speed, dataDir: folder, awsDir: join(folder, "aws") };
}

/**
 * Throws an `Error` that says what to do if something listens on this port of 127.0.0.1, unless it
 * is the sandbox of `dataDir`. `command` is the one that takes another port with `--port`.
 */
export async function assertPortIsFree(
  { port, dataDir }: Pick<SandboxPlace, "port" | "dataDir">,
  command: string,
): Promise<void> {
  if (await findSandbox({ dataDir })) return;
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    throw new Error(
      `Port ${port} of 127.0.0.1 is taken by another program, perhaps a sandbox with other data. ` +
        `Stop that program, or choose another port: \`${command} --port N\`.`,
      { cause },
    );
  }
}

/**
 * Ends the sandbox of the folder and resolves when its process has ended; what it acknowledged stays
 * on its disk. Nothing happens if none runs. Throws an `Error` that says what to do if the process
 * in `sandbox.json` is not the one that holds the folder, or does not end.
 */
export async function stopSandbox({ dataDir }: Pick<SandboxPlace, "dataDir">): Promise<void> {
  const folder = resolve(dataDir);
  if (!isClaimed(folder)) return;
  const running = readRunningFile(folder);
  if (!running || !await isSameProcess(running)) {
    throw new Error(
      `A sandbox that does not answer keeps its data in ${folder}, and its process is not known. ` +
        "End it, then run this again.",
    );
  }
  Deno.kill(running.pid, "SIGTERM");
  const endMs = Date.now() + STOP_WITHIN_MS;
  while (isClaimed(folder) || await isSameProcess(running)) {
    if (Date.now() > endMs) {
      throw new Error(
        `The sandbox (process ${running.pid}) did not end within ${STOP_WITHIN_MS / 1000} s`,
      );
    }
    await pauseMs(20);
  }
}

/** Whether the process in the file is still the one that wrote it. */
async function isSameProcess(running: RunningFile): Promise<boolean> {
  const startMs = await processStart(running.pid);
  if (startMs === undefined) return false;
  // Without a start, only an answer shows that the process has not been replaced.
  if (startMs === "unknown") return await provesSecret(running);
  return Math.abs(startMs - running.startedMs) < SAME_START_MS;
}

async function startSandbox(place: SandboxPlace): Promise<FoundSandbox> {
  const { port, dataDir, speed } = place;
  const starting = await answerOfHolder(place);
  if (starting) return starting;
  const logPath = join(dataDir, "sandbox.log");
  rmSync(logPath, { force: true });
  const log = openSync(logPath, "a", 0o600); // appended to: the sandbox cuts it when it is full
  const child = spawn(Deno.execPath(), [
    ...[
      "run",
      V8_FLAGS,
      ...permissionFlags({ dataDir }),
      "--config",
      join(PROJECT_DIR, "deno.json"),
    ],
    join(PROJECT_DIR, "lib/sandbox/main.ts"),
    ...["--port", `${port}`, "--data", resolve(dataDir), "--speed", `${speed}`],
  ], {
    cwd: PROJECT_DIR,
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...Deno.env.toObject(), ...MEMORY_VARIABLES, [LOG_FILE_VARIABLE]: resolve(logPath) },
  });
  closeSync(log);
  child.unref();

  const endMs = Date.now() + READY_WITHIN_MS;
  while (child.exitCode === null && Date.now() < endMs) {
    const found = await findSandbox({ dataDir });
    if (found) return found;
    await pauseMs(20);
  }
  const reason = (await Deno.readTextFile(logPath)).trim();
  if (child.exitCode === null) child.kill("SIGTERM");
  throw new Error(`The sandbox did not start. ${reason || `It wrote nothing to ${logPath}.`}`);
}

/** The sandbox that has locked the folder, once it answers; undefined if the folder is free. */
async function answerOfHolder({ dataDir }: SandboxPlace): Promise<FoundSandbox | undefined> {
  const endMs = Date.now() + ANSWER_WITHIN_MS;
  while (isClaimed(dataDir)) {
    const found = await findSandbox({ dataDir });
    if (found) return found;
    if (Date.now() > endMs) {
      throw new Error(
        `A sandbox that does not answer keeps its data in ${dataDir}. End it, then run this again.`,
      );
    }
    await pauseMs(50);
  }
  return undefined;
}

/** Whether the server at the file's address knows the file's secret. */
async function provesSecret({ endpoint, secret }: RunningFile): Promise<boolean> {
  const challenge = crypto.getRandomValues(new Uint8Array(32)).toHex();
  try {
    const answer = await directAnswer(endpoint, {
      method: "GET",
      path: `/_sandbox/health?challenge=${challenge}`,
      withinMs: HEALTH_WITHIN_MS,
    });
    const [proof] = /(?<="proof":")[0-9a-f]+/.exec(answer) ?? [];
    return isProof(proof, secret, challenge);
  } catch {
    return false;
  }
}
