/**
 * Errors of a start in a folder that can't hold a sandbox's data.
 * @module
 */

/** What SQLite and the system say of a place that is full, read-only, closed, or no folder. */
const NO_PLACE =
  /disk I\/O error|disk is full|readonly database|unable to open|os error (?:13|17|20|28|30)\)/;

/** The error of a start with the folder's name and what to do, where its message has neither. */
export function folderError(error: unknown, path: string | undefined): unknown {
  if (path === undefined || !(error instanceof Error) || !NO_PLACE.test(error.message)) {
    return error;
  }
  return new Error(
    `The sandbox can't keep its data in ${path}: ${error.message}. Make room there, or choose another ` +
      "folder with --data.",
    { cause: error },
  );
}
