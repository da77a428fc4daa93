/**
 * How often a record goes through a stream whose function puts some records back.
 * @module
 */

import { fatesTogether } from "./answers.ts";
import type { Rehearsed } from "./measure.ts";

/** What is known of the records that a function put back. */
export type Passes =
  /** If the next batches are like these, a record is put `times` times on average; 1 if none goes back. */
  | { readonly kind: "known"; readonly times: number }
  /** More came back than were Dropped: the function divides records, and the parts are not like these. */
  | { readonly kind: "divided" }
  /** Every record went back. */
  | { readonly kind: "none delivered" };

/** How often each record goes through the stream, by what one pass did. */
export function passesOf(
  { putBack, recordSizes, batches, notes }: Pick<
    Rehearsed,
    "putBack" | "recordSizes" | "batches" | "notes"
  >,
): Passes {
  if (putBack === 0) return { kind: "known", times: 1 };
  const { dropped } = fatesTogether(batches.map(({ counts }) => counts));
  if (putBack > dropped - notes.droppedControlMessages) return { kind: "divided" };
  const staying = recordSizes.length - putBack;
  return staying <= 0
    ? { kind: "none delivered" }
    : { kind: "known", times: recordSizes.length / staying };
}
