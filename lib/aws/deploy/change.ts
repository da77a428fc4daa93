/**
 * What a deployment did to one thing.
 * @module
 */

export interface Change {
  /** The thing, e.g. `role firehose-lab-transform-role`. */
  readonly what: string;
  readonly change: "created" | "updated" | "unchanged" | "deleted";
  /** Which part of it, where that is not plain. */
  readonly detail?: string;
}
