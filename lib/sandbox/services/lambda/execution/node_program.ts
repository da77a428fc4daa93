/**
 * Where Node is, for `--lambda-runtime node`. A function's own PATH is AWS's and need not lead there.
 * @module
 */

import { accessSync, constants } from "node:fs";
import { basename, delimiter, join } from "node:path";
import process from "node:process";

/** Deno adds a folder to the PATH in which `node` is Deno. */
const DENOS_OWN = "node_compat_bin";

/** The absolute path of the real `node` on `path`, or undefined. */
export function nodeProgram(path = process.env.PATH ?? ""): string | undefined {
  const name = process.platform === "win32" ? "node.exe" : "node";
  return path.split(delimiter).filter((folder) => folder !== "" && basename(folder) !== DENOS_OWN)
    .map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
