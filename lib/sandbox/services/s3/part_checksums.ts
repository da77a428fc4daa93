/**
 * Checksums of multipart uploads: their types, and the checksum of the parts' checksums. Follows
 * "Checking object integrity"
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html).
 * @module
 */

import { Buffer } from "node:buffer";
import {
  type Checksum,
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  digestOf,
  isCrc,
  VALID_CHECKSUMS,
} from "../../checksums.ts";
import { invalidRequest } from "./errors.ts";

/** The checksum of the whole object, or of the parts' checksums. */
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

/** The algorithm of that name, in any case. Throws InvalidRequest for one that S3 does not know. */
export function algorithmNamed(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined;
  const known = CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name.toLowerCase());
  if (known) return known;
  throw invalidRequest(
    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: " +
      VALID_CHECKSUMS,
  );
}

/** The type of checksum of an upload. Throws InvalidRequest for a pair that S3 does not have. */
export function checksumTypeOf(
  algorithm: ChecksumAlgorithm | undefined,
  asked: string | undefined,
): ChecksumType | undefined {
  if (!algorithm) {
    if (asked === undefined) return undefined;
    throw invalidRequest(
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    );
  }
  if (asked === undefined) return algorithm === "crc64nvme" ? "FULL_OBJECT" : "COMPOSITE";
  if (asked !== "FULL_OBJECT" && asked !== "COMPOSITE") {
    throw invalidRequest("Value for x-amz-checksum-type header is invalid.");
  }
  const isPossible = asked === "COMPOSITE" ? algorithm !== "crc64nvme" : isCrc(algorithm);
  if (isPossible) return asked;
  throw invalidRequest(
    `The ${asked} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
  );
}

/** The checksum of the parts' checksums: `base64-N`. */
export async function compositeOf(
  algorithm: ChecksumAlgorithm,
  parts: readonly Checksum[],
): Promise<string> {
  const digest = digestOf(algorithm);
  for (const { value } of parts) digest.update(Buffer.from(value, "base64"));
  return `${await digest.base64()}-${parts.length}`;
}
