/**
 * A failed record is data, not an exception: each step of the transform returns a value, or the
 * reason why there is none.
 * @module
 */

/** A value, or the reason why there is none. A reason is safe to log: it never quotes the data. */
export type Outcome<Value> =
  | { readonly value: Value; readonly reason?: undefined }
  | { readonly value?: undefined; readonly reason: string };
