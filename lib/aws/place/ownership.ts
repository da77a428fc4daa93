/**
 * Which things are this project's: those with its tag. It changes and removes nothing else. A name is
 * no proof, since somebody else may have used it first.
 * @module
 */

import type { Tag } from "./names.ts";

/** The tag of everything that this project makes. */
export const PROJECT_TAG: Tag = { Key: "project", Value: "firehose-lab" };

/** Tags as AWS's services give them: a list, or an object. */
export type FoundTags = readonly Partial<Tag>[] | Readonly<Record<string, string>> | undefined;

/** Whether these tags say that the thing is this project's. */
export function isOurs(tags: FoundTags): boolean {
  const { Key, Value } = PROJECT_TAG;
  if (isList(tags)) return tags.some((tag) => tag.Key === Key && tag.Value === Value);
  return tags?.[Key] === Value;
}

const isList = (tags: FoundTags): tags is readonly Partial<Tag>[] => Array.isArray(tags);

/** Something that is there and is not this project's. */
export interface ForeignThing {
  /** `role firehose-lab-transform-role`. */
  readonly what: string;
  /** Facts about it: `trusts ec2.amazonaws.com`. */
  readonly found: readonly string[];
  /** The changes that were planned. */
  readonly wouldChange: readonly string[];
  /** What to do instead. */
  readonly advice: string;
}

/**
 * An `Error` that says what was found, what would have been changed, and what to do. Nothing has been
 * changed when it is thrown.
 */
export class NotOursError extends Error {
  override readonly name = "NotOursError";

  constructor(readonly things: readonly ForeignThing[]) {
    super([...things.map(describe), "Nothing was changed."].join("\n\n"));
  }
}

function describe({ what, found, wouldChange, advice }: ForeignThing): string {
  const { Key, Value } = PROJECT_TAG;
  return [
    `The ${what} exists, but this project did not make it: it has no tag ${Key}=${Value}.`,
    ...found.map((line) => `  found         ${line}`),
    ...wouldChange.map((line) => `  would change  ${line}`),
    advice,
  ].join("\n");
}

/** Throws a {@linkcode NotOursError} if there is anything foreign. */
export function assertNothingForeign(things: readonly ForeignThing[]): void {
  if (things.length > 0) throw new NotOursError(things);
}

/** Throws a {@linkcode NotOursError} if the tags of something that is there are not this project's. */
export async function assertOurs(what: string, tagsOf: () => Promise<FoundTags>): Promise<void> {
  if (isOurs(await tagsOf())) return;
  throw new NotOursError([{
    what,
    found: [],
    wouldChange: [],
    advice:
      "This course needs that name. Rename or remove the thing, or use another account or region.",
  }]);
}
