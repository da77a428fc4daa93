/**
 * What a notebook leaves behind, in a form that clean-up can list and remove.
 * @module
 */

import type { Lab } from "../place/begin.ts";
import type { Tag } from "../place/names.ts";

/** One thing that a notebook made. */
export interface Leftover {
  /** `bucket`, `role`, … */
  readonly kind: string;
  readonly name: string;
  /** What is removed with it: `3 objects, 1,200 bytes`. */
  readonly with?: string;
  /**
   * Begins a removal that takes AWS a minute or two. It is called for all leftovers before the first
   * `remove`, so that such removals pass side by side. `remove` does without it, too.
   */
  readonly begin?: () => Promise<void>;
  /** Removes it and its content; no error if it no longer exists. */
  readonly remove: () => Promise<void>;
}

/** Finds the leftovers of one kind. */
export type Finder = (lab: Lab) => Promise<Leftover[]>;

/** Whether these tags are the notebook's: nothing without them is ever removed. */
export function isTagged(
  found: readonly Partial<Tag>[] | undefined,
  wanted: readonly Tag[],
): boolean {
  return wanted.every(({ Key, Value }) =>
    found?.some((tag) => tag.Key === Key && tag.Value === Value)
  );
}
