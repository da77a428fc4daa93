/**
 * For what must hold whatever the input: a breach would lose or double a record.
 * @module
 */

/** Throws an `Error` that names `what` must hold, unless `holds`. */
export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`invariant broken: ${what}`);
}
