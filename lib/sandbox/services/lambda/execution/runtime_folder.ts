/**
 * Folders of what runtimes are given: Python's packages and the AWS SDK of Node. All projects of a user
 * share them.
 * @module
 */

import { dirname } from "node:path";
import { isFolderError } from "../../../folder_error.ts";
import { makeWhole } from "../whole_folder.ts";

/** Makes such a folder, unless it is there. Throws an `Error` that says what to do if it can't be kept. */
export async function makeRuntimeFolder(
  place: string,
  fill: (part: string) => Promise<void>,
): Promise<void> {
  try {
    await makeWhole(place, fill);
  } catch (cause) {
    if (!isFolderError(cause)) throw cause;
    throw new Error(
      `what functions need can't be kept in ${
        dirname(place)
      }: ${cause.message}. Make room there, or set ` +
        "FIREHOSE_LAB_RUNTIMES to another folder",
      { cause },
    );
  }
}
