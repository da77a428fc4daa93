/** Bytes that cannot be decoded: cut off, damaged, or in a form that is not read here. */
export class DecodingError extends Error {
  override readonly name = "DecodingError";
}
