/**
 * The bytes of an object as they come from S3.
 * @module
 */

import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { Readable } from "node:stream";

/**
 * Chunks of the body of a GetObject. A reader may stop early. The SDK's `transformToWebStream` is no way
 * to that: under Deno 2.9.6 its stream goes on after it was cancelled, and the error ends the process.
 */
export function bodyBytes(
  body: NonNullable<GetObjectCommandOutput["Body"]>,
): AsyncIterable<Uint8Array> {
  return body instanceof Readable ? body : body.transformToWebStream();
}
