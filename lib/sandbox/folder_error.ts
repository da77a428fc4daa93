/**
 * Errors of a start in a folder that can't hold a sandbox's data.
 * @module
 */

import { tmpdir } from "node:os";

/** What SQLite and the system say of a place that is full, read-only, closed, or no folder. */
const NO_PLACE =
  /disk I\/O error|disk is full|readonly database|unable to open|os error (?:13|17|20|28|30)\)/;
/** Deno 2.9.6, where TMPDIR names no folder. */
const NO_TEMP_FOLDER = /\(os error 2\): tmpdir/;

const isNoTempFolder = (error: unknown): error is Error =>
  error instanceof Error && NO_TEMP_FOLDER.test(error.message);

/** Whether an error is about a folder that can't be written to. */
export const isFolderError = (error: unknown): error is Error =>
  error instanceof Error && NO_PLACE.test(error.message);

/**
 * The error of a start with the folder's name and what to do, where its message has neither. Without a
 * `dataDir` the sandbox has a temporary folder.
 */
export function folderError(error: unknown, dataDir: string | undefined): unknown {
  if (!isFolderError(error) && !isNoTempFolder(error)) return error;
  const { message } = error;
  const [what, where, how] = dataDir === undefined
    ? ["temporary files", tmpdir(), "set TMPDIR to another folder"]
    : ["data", dataDir, "choose another folder with --data"];
  return new Error(
    `The sandbox can't keep its ${what} in ${where}: ${message}. Make room there, or ${how}.`,
    {
      cause: error,
    },
  );
}
