/**
 * A failed record is data: steps of the transform return a value or the reason why there is none.
 * @module
 */

/** A value, or why there is none. A reason is safe to log: it never quotes the record's data. */
export type Outcome<Value> =
  | { readonly value: Value; readonly reason?: undefined }
  | { readonly value?: undefined; readonly reason: string };
