/**
 * The checksums that S3 knows: CRC32, CRC32C, CRC64NVME, SHA1 and SHA256.
 * @module
 */

import { Crc32, Crc32c, Crc64Nvme } from "@aws-sdk/checksums/crc";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** The checksums that S3 knows, by the end of their header's name. */
export const CHECKSUM_ALGORITHMS = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;
export type ChecksumAlgorithm = typeof CHECKSUM_ALGORITHMS[number];

/** A checksum as it stands in a header: algorithm and base64 value. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}

/** Bytes of a checksum, before base64. */
export const CHECKSUM_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  sha1: 20,
  sha256: 32,
};

/** A sum that grows with the bytes it is given. */
export interface Digest {
  update(chunk: Uint8Array): void;
  base64(): Promise<string>;
}

/** A digest of no bytes yet. */
export function digestOf(algorithm: ChecksumAlgorithm): Digest {
  if (algorithm === "sha1" || algorithm === "sha256") {
    const hash = createHash(algorithm);
    return {
      update: (chunk: Uint8Array) => void hash.update(chunk),
      base64: () => Promise.resolve(hash.digest("base64")),
    };
  }
  const crc = { crc32: Crc32, crc32c: Crc32c, crc64nvme: Crc64Nvme }[algorithm];
  const sum = new crc();
  return {
    update: (chunk: Uint8Array) => void sum.update(chunk),
    base64: async () => Buffer.from(await sum.digest()).toString("base64"),
  };
}
