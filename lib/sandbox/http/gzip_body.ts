/**
 * Compressed bodies: the SDKs compress large ones of PutMetricData.
 * @module
 */

import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AwsError } from "../errors.ts";

const gunzipped = promisify(gunzip);

/** Decompresses a body with `content-encoding: gzip`. Throws `tooLarge()` past `bytesMax`. */
export async function unzipped(
  body: Uint8Array,
  headers: Headers,
  bytesMax: number,
  tooLarge: () => AwsError,
): Promise<Uint8Array> {
  if (headers.get("content-encoding") !== "gzip") return body;
  try {
    return await gunzipped(body, { maxOutputLength: bytesMax });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge();
    throw new AwsError("SerializationException", 400, "The request body is not valid gzip", {
      cause,
    });
  }
}
