/**
 * A reader's jq query, tried on events.
 * @module
 */

import { jqRows } from "../data/jq.ts";
import { inspected } from "../view/value_text.ts";

/**
 * What the query gives for each event: its value; jq's words if it fails; a list in brackets if it
 * gives several values or none.
 */
export async function tryOn(events: readonly object[], query: string): Promise<unknown[]> {
  // A kernel checks no types.
  if (typeof query !== "string") return events.map(() => `not a text: ${inspected(query)}`);
  // On its own line, so that a comment at the end of the query comments out nothing else.
  const each = `map([try (${query}\n) catch "jq: \\(.)"])`;
  const [{ gives }] = await jqRows(events, [each]);
  const results = listIn(gives);
  if (results !== undefined) {
    return results.map((values) => values.length === 1 ? values[0] : { "several values": values });
  }
  // jq's words would be about the line above, which the reader has not written.
  const [alone] = await jqRows(events[0] ?? null, [query]);
  return events.map(() => alone.gives);
}

/** The results in what jq printed; undefined if it printed a complaint about the query itself. */
function listIn(gives: string): unknown[][] | undefined {
  try {
    return JSON.parse(gives);
  } catch {
    return undefined;
  }
}
