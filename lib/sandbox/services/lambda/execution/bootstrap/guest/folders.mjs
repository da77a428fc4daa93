/**
 * Where a function's folders seem to be and where they are: `/var/task` and `/tmp` on AWS, two
 * folders of the sandbox here.
 * @module
 */
import { fileURLToPath, pathToFileURL } from "node:url";

const TASK = "/var/task";
const TMP = "/tmp";
/** Where AWS's runtime interface client is, and the sandbox's seems to be. */
const RUNTIME = "/var/runtime";
const BOOTSTRAP_FOLDER = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** What Deno says of a missing permission, also within JSON. */
const REFUSAL_END = ", run again with the --allow-";
const REFUSAL = /Requires \w+ access(?: to \\?"[^"]*")?, run again with the --allow-[\w-]+ flag/g;

/** Translates paths and texts between what the function sees and what is on this machine. */
export class Folders {
  #pairs;

  /** Parts of the runtime, which may lie below this machine's own /tmp. */
  #ofRuntime;

  /** All are absolute paths without a slash at the end. */
  constructor({ taskFolder, tmpFolder, sdkFolder }) {
    this.taskFolder = taskFolder;
    this.tmpFolder = tmpFolder;
    this.#pairs = [[TASK, taskFolder], [TMP, tmpFolder]];
    this.#ofRuntime = sdkFolder ? [BOOTSTRAP_FOLDER, sdkFolder] : [BOOTSTRAP_FOLDER];
  }

  /** The path on this machine. Takes what `node:fs` takes: a text, a URL or bytes. */
  toReal(path) {
    if (path instanceof URL) {
      if (path.protocol !== "file:") return path;
      const real = this.#real(fileURLToPath(path));
      return real === undefined ? path : pathToFileURL(real);
    }
    if (path instanceof Uint8Array) {
      const real = this.#real(Buffer.from(path).toString("latin1"));
      return real === undefined ? path : Buffer.from(real, "latin1");
    }
    return typeof path === "string" ? this.#real(path) ?? path : path;
  }

  /** `text` with the function's own paths in place of this machine's; what is no text stays. */
  toSeen(text) {
    if (typeof text !== "string") return text;
    let seen = text;
    for (const [own, real] of this.#pairs) seen = seen.replaceAll(real, own);
    seen = seen.replaceAll(BOOTSTRAP_FOLDER, RUNTIME);
    // A text is searched for the end far faster than for the pattern.
    return seen.includes(REFUSAL_END)
      ? seen.replaceAll(REFUSAL, "EACCES: permission denied")
      : seen;
  }

  #real(path) {
    const real = [this.taskFolder, this.tmpFolder, ...this.#ofRuntime];
    if (real.some((folder) => isIn(path, folder))) return undefined;
    const pair = this.#pairs.find(([own]) => isIn(path, own));
    return pair && pair[1] + path.slice(pair[0].length);
  }
}

const isIn = (path, folder) => path === folder || path.startsWith(`${folder}/`);
