/**
 * A body on its way from the front door to the service that stores it.
 * @module
 */

import type { Checksum, ChecksumAlgorithm } from "./checksums.ts";

/**
 * A body that S3 is to store. Reading it to the end either succeeds, and then all claims were
 * true, or throws the `AwsError` that names the first false one.
 */
export interface VerifiedBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** The algorithm of the checksum that came with it, in a header or its trailer. */
  readonly claimed: ChecksumAlgorithm | undefined;
  /** The checksum that was given and verified, or CRC64NVME if none was. Ask after the end. */
  checksum(): Promise<Checksum>;
}
