/**
 * Paths as people like to read them.
 * @module
 */

import { isAbsolute, relative } from "node:path";
import process from "node:process";
import { PROJECT_DIR } from "./sandbox_process.ts";

/** A path seen from the project, or from the reader's home as `~`; any other as it is. */
export function shortPath(path: string): string {
  const inProject = within(PROJECT_DIR, path);
  if (inProject !== undefined) return inProject;
  const { HOME, USERPROFILE } = process.env;
  const inHome = within(HOME ?? USERPROFILE ?? "", path);
  return inHome === undefined ? path : `~/${inHome}`;
}

function within(folder: string, path: string): string | undefined {
  if (folder === "") return undefined;
  const inside = relative(folder, path);
  return inside.startsWith("..") || isAbsolute(inside) ? undefined : inside;
}
