/**
 * What a deployment does to one thing: worked out first, shown, and then done.
 * @module
 */

/** What was done, or would be, to one thing. */
export interface Change {
  /** The thing, e.g. `role firehose-lab-transform-role`. */
  readonly what: string;
  readonly change: "created" | "updated" | "unchanged" | "deleted";
  /** Which part of it, and from what to what. */
  readonly detail?: string;
}

/** A change that is worked out, and how it is made. */
export interface Step {
  readonly change: Change;
  /** For the message of an error: `create the role firehose-lab-transform-role`. */
  readonly doing: string;
  readonly make: () => Promise<unknown>;
}

/** A step for a thing that is as it should be. */
export function unchanged(what: string): Step {
  const make = () => Promise.resolve();
  return { change: { what, change: "unchanged" }, doing: `keep the ${what}`, make };
}
