/**
 * How a deployment package is refused, and the size that it may have.
 * @module
 */

import { invalidParameterValue } from "./errors.ts";

/** Bytes of all files of a package: 250 MiB. */
export const UNZIPPED_BYTES_MAX = 262_144_000;

export const unzippedTooLarge = () =>
  invalidParameterValue(`Unzipped size must be smaller than ${UNZIPPED_BYTES_MAX} bytes`);

/** For what is no zip, or can't be unpacked. */
export function noZip(cause?: unknown) {
  const refusal = invalidParameterValue(
    "Could not unzip uploaded file. Please check your file, then try to upload again.",
  );
  refusal.cause = cause;
  return refusal;
}
