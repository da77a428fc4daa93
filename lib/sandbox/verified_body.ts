/**
 * A body on its way from the front door to the service that stores it.
 * @module
 */

import type { Checksum, ChecksumAlgorithm } from "./checksums.ts";

/**
 * A body that S3 will store. If it can be read to the end, everything that the client claimed about it
 * is true. Otherwise reading throws the `AwsError` that names the first false claim.
 */
export interface VerifiedBody {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** The algorithm of the checksum that came with it, in a header or its trailer. */
  readonly claimed: ChecksumAlgorithm | undefined;
  /** The verified checksum, or CRC64NVME if none was given. Call it after the last chunk. */
  checksum(): Promise<Checksum>;
}
