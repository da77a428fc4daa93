/**
 * `sandbox.json`, in the data folder of a running sandbox and for its owner alone: where it listens,
 * its process, and a secret of this start. Tools on this machine find the sandbox by it; a server
 * that proves the secret is the one that wrote the file.
 * @module
 */

import { createHmac, timingSafeEqual } from "node:crypto";
import { join } from "node:path";

/** What a running sandbox tells its owner about itself. */
export interface RunningFile {
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly accountId: string;
  readonly region: string;
  /** How many times faster it waits. */
  readonly speed: number;
  readonly pid: number;
  /** When the process began, in milliseconds since the epoch; half a second off at most. */
  readonly startedMs: number;
  /** 64 hex digits, new for each start. */
  readonly secret: string;
  /** Opens the control pages: 64 hex digits, new for each start. Older sandboxes have none. */
  readonly token?: string;
}

/** What a page's challenge looks like: 32 to 128 hex digits. */
const CHALLENGE = /^[0-9a-f]{32,128}$/;

const pathIn = (folder: string) => join(folder, "sandbox.json");

/** Writes the file with mode 0600, complete from the first moment. */
export function writeRunningFile(folder: string, running: RunningFile): void {
  const draft = `${pathIn(folder)}.${crypto.randomUUID()}`;
  Deno.writeTextFileSync(draft, `${JSON.stringify(running, null, 2)}\n`, {
    mode: 0o600,
    createNew: true,
  });
  Deno.renameSync(draft, pathIn(folder));
}

/** Removes the file: the sandbox has stopped. */
export function removeRunningFile(folder: string): void {
  try {
    Deno.removeSync(pathIn(folder));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The file's content; undefined if there is none, or other people could have written it. */
export function readRunningFile(folder: string): RunningFile | undefined {
  try {
    const { mode, uid } = Deno.lstatSync(pathIn(folder));
    if (((mode ?? 0) & 0o077) !== 0) return undefined;
    if (Deno.build.os !== "windows" && uid !== Deno.uid()) return undefined;
    return parse(Deno.readTextFileSync(pathIn(folder)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function parse(text: string): RunningFile | undefined {
  const value: Partial<Record<keyof RunningFile, unknown>> = JSON.parse(text) ?? {};
  const { endpoint, accountId, region, speed, pid, startedMs, secret, token } = value;
  const isWhole = isText(endpoint) && isText(accountId) && isText(region) && isText(secret) &&
    isNumber(speed) && isNumber(pid) && isNumber(startedMs);
  if (!isWhole || !/^http:\/\/127\.0\.0\.1:\d+$/.test(endpoint)) return undefined;
  return {
    ...{ endpoint, accountId, region, speed, pid, startedMs, secret },
    ...(isText(token) ? { token } : {}),
  };
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);

/** The proof that one knows `secret`; undefined for a challenge of another form. */
export function proofOf(secret: string, challenge: string | null): string | undefined {
  if (challenge === null || !CHALLENGE.test(challenge)) return undefined;
  return createHmac("sha256", secret).update(challenge).digest("hex");
}

/** Whether `proof` answers `challenge` with `secret`. */
export function isProof(proof: unknown, secret: string, challenge: string): boolean {
  const wanted = proofOf(secret, challenge);
  if (typeof proof !== "string" || wanted === undefined) return false;
  const [given, expected] = [proof, wanted].map((text) => new TextEncoder().encode(text));
  return given.length === expected.length && timingSafeEqual(given, expected);
}
