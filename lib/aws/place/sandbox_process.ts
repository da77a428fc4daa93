/**
 * The sandbox as a process of its own: found where it runs, started where it does not. It outlives
 * whoever started it, so that a restarted kernel finds its world again. Everything else is said to
 * it over HTTP.
 * @module
 */

import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The project's own folder. */
export const PROJECT_DIR = fileURLToPath(new URL("../../../", import.meta.url));

/** Where a sandbox listens, keeps its data, and how many times faster it waits. */
export interface SandboxPlace {
  /** A port of 127.0.0.1. */
  readonly port: number;
  readonly dataDir: string;
  readonly speed: number;
}

/** The course's own sandbox. */
export const COURSE_SANDBOX: SandboxPlace = {
  port: 4566,
  dataDir: join(PROJECT_DIR, ".sandbox"),
  speed: 60,
};

/** What a sandbox says of itself at `/_sandbox/health`. */
export interface SandboxHealth {
  readonly accountId: string;
  readonly region: string;
  /** Folder of its `config` and `credentials`. */
  readonly awsDir: string;
  readonly pid: number;
  /** How many times faster it waits. */
  readonly speed: number;
}

/** A sandbox that answers. */
export interface RunningSandbox extends SandboxHealth {
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** False where it ran before; then it is not ours to stop. */
  readonly startedByUs: boolean;
}

/** A start takes less than a second; a slow disk may check a large database. */
const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 30_000;
const HEALTH_WITHIN_MS = 2_000;

/**
 * The sandbox at this place, started where nobody listens; resolves when it answers. Whoever comes
 * second, also at the same moment, finds the first one's.
 *
 * Throws an `Error` that says what to do where another program, or a sandbox with other data,
 * holds the port, or where the start fails.
 */
export async function ensureSandbox(place: SandboxPlace): Promise<RunningSandbox> {
  const before = await findSandbox(place);
  if (before) return { ...before, startedByUs: false };

  await Deno.mkdir(place.dataDir, { recursive: true, mode: 0o700 });
  const lockPath = join(place.dataDir, "start.lock");
  // The operating system's lock: it ends with the process, also with one that is killed.
  using lock = await Deno.open(lockPath, { create: true, write: true });
  await lock.lock(true);
  const meanwhile = await findSandbox(place);
  if (meanwhile) return { ...meanwhile, startedByUs: false };
  return { ...await startSandbox(place), startedByUs: true };
}

/**
 * The sandbox of this place, or undefined where nobody listens.
 * Throws an `Error` that says what to do where another holds the port.
 */
export async function findSandbox(
  { port, dataDir }: Pick<SandboxPlace, "port" | "dataDir">,
): Promise<SandboxHealth & { readonly endpoint: string } | undefined> {
  const answer = await askWho(port);
  if (answer === "nobody") return undefined;
  if (answer === "stranger") {
    throw new Error(
      `Port ${port} of 127.0.0.1 is taken by a program that is not Firehose Lab's sandbox. ` +
        "Stop that program, or choose another port: `deno task lab --port N`.",
    );
  }
  const awsDir = join(resolve(dataDir), "aws");
  if (answer.awsDir !== awsDir) {
    throw new Error(
      `Port ${port} of 127.0.0.1 is taken by a sandbox with other data: its AWS files are in ` +
        `${answer.awsDir}, not in ${awsDir}. Stop it (process ${answer.pid}), or choose another ` +
        "port: `deno task lab --port N`.",
    );
  }
  return { ...answer, endpoint: `http://127.0.0.1:${port}` };
}

/** Ends a sandbox and resolves when its process is gone; what it acknowledged stays on its disk. */
export async function stopSandbox({ pid }: Pick<SandboxHealth, "pid">): Promise<void> {
  if (!isAlive(pid)) return;
  Deno.kill(pid, "SIGTERM");
  const endMs = Date.now() + STOP_WITHIN_MS;
  while (isAlive(pid)) {
    if (Date.now() > endMs) {
      throw new Error(`The sandbox (process ${pid}) did not end within ${STOP_WITHIN_MS / 1000} s`);
    }
    await pauseMs(20);
  }
}

async function startSandbox(
  { port, dataDir, speed }: SandboxPlace,
): Promise<SandboxHealth & { readonly endpoint: string }> {
  const logPath = join(dataDir, "sandbox.log");
  const log = openSync(logPath, "w", 0o600);
  const child = spawn(Deno.execPath(), [
    ...["run", "-A", "--config", join(PROJECT_DIR, "deno.json")],
    join(PROJECT_DIR, "lib/sandbox/main.ts"),
    ...["--port", `${port}`, "--data", resolve(dataDir), "--speed", `${speed}`],
  ], { cwd: PROJECT_DIR, detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  child.unref();

  const endMs = Date.now() + READY_WITHIN_MS;
  while (child.exitCode === null && Date.now() < endMs) {
    const found = await findSandbox({ port, dataDir });
    if (found) return found;
    await pauseMs(20);
  }
  const reason = (await Deno.readTextFile(logPath)).trim();
  if (child.exitCode === null) child.kill("SIGTERM");
  throw new Error(`The sandbox did not start. ${reason || `It said nothing in ${logPath}.`}`);
}

async function askWho(port: number): Promise<SandboxHealth | "nobody" | "stranger"> {
  try {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connection.close();
  } catch {
    return "nobody";
  }
  try {
    const response = await fetch(`http://127.0.0.1:${port}/_sandbox/health`, {
      signal: AbortSignal.timeout(HEALTH_WITHIN_MS),
    });
    return healthOf(await response.json());
  } catch {
    return "stranger";
  }
}

function healthOf(body: unknown): SandboxHealth | "stranger" {
  if (typeof body !== "object" || body === null) return "stranger";
  if (!("sandbox" in body) || body.sandbox !== "firehose-lab") return "stranger";
  if (!("accountId" in body) || typeof body.accountId !== "string") return "stranger";
  if (!("region" in body) || typeof body.region !== "string") return "stranger";
  if (!("awsDir" in body) || typeof body.awsDir !== "string") return "stranger";
  if (!("pid" in body) || typeof body.pid !== "number") return "stranger";
  if (!("speed" in body) || typeof body.speed !== "number") return "stranger";
  const { accountId, region, awsDir, pid, speed } = body;
  return { accountId, region, awsDir, pid, speed };
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 asks whether the process is there, and does nothing to it.
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const pauseMs = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
