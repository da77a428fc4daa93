/**
 * Paths in a short form, for messages.
 * @module
 */

import { isAbsolute, relative } from "node:path";
import process from "node:process";
import { PROJECT_DIR } from "./sandbox_process.ts";

/** A path relative to the project, or to the reader's home as `~`; other paths stay as they are. */
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
