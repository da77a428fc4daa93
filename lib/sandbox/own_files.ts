/**
 * The sandbox's own files while it runs. Functions and threads are started from them at any time: after
 * an update of the clone, or of the installed package, these files may not fit to the process that runs.
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("./", import.meta.url));

/** A look takes some 50 ms of the processor: it waits until what gave the reason for it is done. */
const LOOK_AFTER_MS = 3_000;
const LOOK_EVERY_MS = 60_000;

/** What {@linkcode OwnFiles} needs. */
export interface OwnFilesOptions {
  /** Receives the warning, at most once. */
  readonly say: (line: string) => void;
  readonly folder?: string;
  /** When the process began; milliseconds since 1970. */
  readonly startedMs?: number;
  readonly lookAfterMs?: number;
}

/** Says once that the files of the sandbox have changed since it was started. */
export class OwnFiles {
  readonly #options: OwnFilesOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lookedMs = -Infinity;
  #isEnded = false;

  constructor(options: OwnFilesOptions) {
    this.#options = options;
  }

  /** A reason to look: something is started from these files, or failed. */
  look(): void {
    if (this.#isEnded || this.#timer !== undefined) return;
    if (performance.now() - this.#lookedMs < LOOK_EVERY_MS) return;
    const timer = setTimeout(() => void this.#look(), this.#options.lookAfterMs ?? LOOK_AFTER_MS);
    Deno.unrefTimer(Number(timer));
    this.#timer = timer;
  }

  stop(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const { folder = FOLDER, startedMs = performance.timeOrigin, say } = this.#options;
    const changed = await hasChanged(folder, startedMs);
    this.#timer = undefined;
    this.#lookedMs = performance.now();
    if (!changed || this.#isEnded) return;
    this.#isEnded = true;
    say(
      `The files of the sandbox in ${folder} have changed since it was started, by an update ` +
        "perhaps. Functions start from the new files, which may not fit: end the sandbox and " +
        "start it again.",
    );
  }
}

/** Whether a file was changed, made or removed after the second of `sinceMs`. */
async function hasChanged(folder: string, sinceMs: number): Promise<boolean> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (isDirectory ? await hasChanged(path, sinceMs) : await isNewer(path, sinceMs)) return true;
    }
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound; // removed meanwhile
  }
}

/** By the time of the entry in the file system: packages unpack files with the times of their making. */
async function isNewer(path: string, sinceMs: number): Promise<boolean> {
  if (/_test\.ts$|\.md$/.test(path)) return false;
  const { ctime } = await Deno.lstat(path); // whole seconds
  return ctime !== null && ctime.getTime() > sinceMs;
}
