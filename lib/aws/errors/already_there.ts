/**
 * A second creation counts as success.
 * @module
 */

import { note } from "../../view/cards.ts";
import { show } from "../../view/show.ts";

/** AWS's errors if the thing exists and is the caller's own. */
const OURS = [
  "BucketAlreadyOwnedByYou",
  "EntityAlreadyExistsException",
  "ResourceInUseException",
  "ResourceConflictException",
  "ResourceAlreadyExistsException",
];

/**
 * For `.catch(alreadyThere)` after a call that creates: says that the thing exists, and throws every
 * other error; an error about a bucket's name with what to do about it.
 */
export async function alreadyThere(error: unknown): Promise<undefined> {
  if (!(error instanceof Error)) throw error;
  if (OURS.includes(error.name)) {
    await show(note(
      "It already exists, from an earlier run, and keeps its settings. If you want to change them, run " +
        "the clean-up at the end of the notebook, then this step again.",
    ));
    return;
  }
  const advice = ADVICE[error.name];
  if (advice === undefined) throw error;
  const explained = new Error(`${error.message} ${advice}`, { cause: error });
  explained.name = error.name;
  throw explained;
}

/** For `.catch(unlessThere)` where an existing thing is as good as a new one: says nothing then. */
export function unlessThere(error: unknown): undefined {
  if (!(error instanceof Error) || !OURS.includes(error.name)) throw error;
}

const ADVICE: Readonly<Record<string, string>> = {
  BucketAlreadyExists:
    "Somebody else has this bucket: names are shared by all AWS accounts. Choose another, with " +
    "your account id and region in it, as names.bucket has.",
  InvalidBucketName:
    'A bucket\'s name has 3 to 63 lower-case letters, digits, "-" and ".", and begins and ends with ' +
    "a letter or digit.",
};
