/**
 * Checks of what must always hold. If one fails, a record would be lost or doubled.
 * @module
 */

/** Throws an `Error` that names `what` must hold, unless `holds`. */
export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`invariant broken: ${what}`);
}
