/**
 * A function of somebody's own, as Lambda takes it: from a file, a folder or a zip. What is guessed
 * about it (runtime and handler) is said.
 * @module
 */

import { unzipSync, type Zippable, type ZippableFile, zipSync } from "fflate";
import { basename, extname, join } from "node:path";
import { bundle } from "../deploy/function_package.ts";

/** A function's package and what it is started with. */
export interface OwnCode {
  readonly zip: Uint8Array;
  readonly handler: string;
  readonly runtime: string;
  /** What was guessed, in words for the reader; empty if all was given. */
  readonly guesses: readonly string[];
}

type Guess = Pick<OwnCode, "handler" | "runtime">;

/** What was given on the command line in place of a guess. */
export interface GivenCode {
  readonly handler?: string;
  readonly runtime?: string;
  /** The minor version of this machine's Python 3, for the guess of its runtime. */
  readonly pythonMinor: number;
}

/** A file of a package: its path, and its text as far as a handler is looked for in it. */
type Files = Readonly<Record<string, Uint8Array>>;

const NODE_RUNTIME = "nodejs22.x";
const PYTHON_MINORS = { min: 9, max: 14 } as const;
/** A package on Lambda has at most 250 MB; a folder with more is a mistake. */
const PACKAGE_BYTES_MAX = 250 * 1024 * 1024;
const MADE_ON_UNIX = 3;
const NOT_PACKED = new Set([".git", "__pycache__", ".venv", ".DS_Store"]);

/**
 * Reads the function at `path`. Throws a `TypeError` that says what to give if nothing there looks
 * like a function, and Deno's own error if it cannot be read.
 */
export async function ownCode(path: string, given: GivenCode): Promise<OwnCode> {
  return codeOf(path, await filesAt(path), given);
}

/** The same for a zip at hand, as AWS's GetFunction leads to. `name` is the function's. */
export function codeOfZip(name: string, zip: Uint8Array, given: GivenCode): OwnCode {
  return codeOf(name, unzipSync(zip), given);
}

function codeOf(path: string, files: Files, given: GivenCode): OwnCode {
  const names = Object.keys(files);
  const isGiven = given.handler !== undefined && given.runtime !== undefined;
  const name = isGiven ? undefined : names.includes("bootstrap") ? "bootstrap" : mainFile(names);
  const guessed = name === undefined ? undefined : guessOf(name, textOf(files[name]), given);
  const handler = given.handler ?? guessed?.handler;
  const runtime = given.runtime ?? guessed?.runtime;
  if (handler === undefined || runtime === undefined) {
    throw new TypeError(
      `${path}: no function is found in it. Give --handler and --runtime, for example ` +
        "--handler index.handler --runtime nodejs22.x",
    );
  }
  const guesses = [
    ...given.handler === undefined ? [`handler ${handler}`] : [],
    ...given.runtime === undefined ? [`runtime ${runtime}`] : [],
  ];
  return { zip: zipSync(withModes(files), { level: 6 }), handler, runtime, guesses };
}

/** All files of the function, by their path in the package. */
async function filesAt(path: string): Promise<Files> {
  const { isDirectory } = await Deno.stat(path);
  if (isDirectory) return await filesIn(path);
  if (path.endsWith(".ts")) {
    return { "index.mjs": new TextEncoder().encode(await bundle(await Deno.realPath(path))) };
  }
  const bytes = await Deno.readFile(path);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return unzipSync(bytes);
  return { [basename(path)]: bytes };
}

async function filesIn(folder: string): Promise<Files> {
  const files: Record<string, Uint8Array> = {};
  let bytes = 0;
  const read = async (path: string, prefix: string): Promise<void> => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(path)) {
      if (NOT_PACKED.has(name)) continue;
      const [inner, file] = [join(path, name), `${prefix}${name}`];
      if (isDirectory) await read(inner, `${file}/`);
      if (!isFile) continue;
      files[file] = await Deno.readFile(inner);
      bytes += files[file].length;
      if (bytes > PACKAGE_BYTES_MAX) {
        throw new TypeError(`${folder} holds more than the 250 MB that Lambda takes as a package`);
      }
    }
  };
  await read(folder, "");
  return files;
}

/** The file that holds the handler, by the names that people and AWS's console use. */
function mainFile(names: readonly string[]): string | undefined {
  const top = names.filter((name) => !name.includes("/"));
  const known = ["lambda_function.py", "index.mjs", "index.js", "index.cjs", "handler.py"];
  const others = top.filter((name) => /\.(py|mjs|cjs|js)$/.test(name));
  const main = known.find((name) => top.includes(name));
  if (main === undefined && others.length > 1) {
    throw new TypeError(
      `The handler could be in any of ${
        others.slice(0, 5).join(", ")
      }: name it with --handler and ` +
        "--runtime",
    );
  }
  return main ?? others[0];
}

function guessOf(name: string, text: string, { pythonMinor }: GivenCode): Guess | undefined {
  if (name === "bootstrap") return { handler: "bootstrap", runtime: "provided.al2023" };
  const stem = basename(name, extname(name));
  if (!name.endsWith(".py")) return { handler: `${stem}.handler`, runtime: NODE_RUNTIME };
  const functions = [...text.matchAll(/^(?:async )?def (\w+)\(/gm)].map(([, found]) => found);
  const handler = ["lambda_handler", "handler"].find((it) => functions.includes(it)) ??
    /^def (\w+)\(\s*event\b/m.exec(text)?.[1];
  const minor = Math.min(PYTHON_MINORS.max, Math.max(PYTHON_MINORS.min, pythonMinor));
  if (handler === undefined) return undefined;
  return { handler: `${stem}.${handler}`, runtime: `python3.${minor}` };
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(0, 1024 * 1024));

/** Programs such as `bootstrap` must stay executable: a zip says so in an entry's attributes. */
function withModes(files: Files): Zippable {
  const entries = Object.entries(files).map(([name, bytes]): [string, ZippableFile] => [
    name,
    [bytes, { attrs: 0o755 << 16, os: MADE_ON_UNIX }],
  ]);
  return Object.fromEntries(entries);
}
