/**
 * The checksums that S3 knows: CRCs, SHAs, MD5 and XXHashes.
 * @module
 */

import { Crc32, Crc32c, Crc64Nvme } from "@aws-sdk/checksums/crc";
import { Xxh3_128, Xxh3_64, Xxh64 } from "@aws-sdk/checksums/xxh";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** The checksums that S3 knows, by the end of their header's name. */
export const CHECKSUM_ALGORITHMS = [
  "crc32",
  "crc32c",
  "crc64nvme",
  "sha1",
  "sha256",
  "sha512",
  "md5",
  "xxhash64",
  "xxhash3",
  "xxhash128",
] as const;
export type ChecksumAlgorithm = typeof CHECKSUM_ALGORITHMS[number];

/** A checksum as a header has it: algorithm and base64 value. */
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
  sha512: 64,
  md5: 16,
  xxhash64: 8,
  xxhash3: 8,
  xxhash128: 16,
};

/** The end of S3's text that refuses another algorithm. The list's newer half is assumed. */
export const VALID_CHECKSUMS = `[${CHECKSUM_ALGORITHMS.join(", ").toUpperCase()}]`;

/** A sum over bytes that arrive piece by piece. */
export interface Digest {
  update(chunk: Uint8Array): void;
  base64(): Promise<string>;
}

/** A digest of no bytes yet. */
export function digestOf(algorithm: ChecksumAlgorithm): Digest {
  if (
    algorithm === "sha1" || algorithm === "sha256" || algorithm === "sha512" || algorithm === "md5"
  ) {
    const hash = createHash(algorithm);
    return {
      update: (chunk: Uint8Array) => void hash.update(chunk),
      base64: () => Promise.resolve(hash.digest("base64")),
    };
  }
  if (isCrc(algorithm)) return crcOf(algorithm);
  const sum = new SUMS[algorithm]();
  return {
    update: (chunk: Uint8Array) => void sum.update(chunk),
    base64: async () => Buffer.from(await sum.digest()).toString("base64"),
  };
}

/**
 * Most requests to S3 have no body, and a CRC of no bytes is zero. The SDK makes the table of CRC64NVME
 * for the first one that is asked for, out of BigInts: 8 MiB of memory (Deno 2.9.6, 2026-11-30).
 */
function crcOf(algorithm: Crc): Digest {
  let sum: InstanceType<typeof SUMS[Crc]> | undefined;
  return {
    update: (chunk) => {
      if (chunk.length > 0) (sum ??= new SUMS[algorithm]()).update(chunk);
    },
    base64: async () => {
      const bytes = await sum?.digest() ?? new Uint8Array(CHECKSUM_BYTES[algorithm]);
      return Buffer.from(bytes).toString("base64");
    },
  };
}

const SUMS = {
  crc32: Crc32,
  crc32c: Crc32c,
  crc64nvme: Crc64Nvme,
  xxhash64: Xxh64,
  xxhash3: Xxh3_64,
  xxhash128: Xxh3_128,
} as const;

/** The CRCs. They can be combined: the CRCs of parts give the CRC of the whole. */
export type Crc = "crc32" | "crc32c" | "crc64nvme";

export const isCrc = (algorithm: ChecksumAlgorithm): algorithm is Crc =>
  algorithm === "crc32" || algorithm === "crc32c" || algorithm === "crc64nvme";

/** Width in bits, and the polynomial with its bits reversed. */
const CRC_PARAMETERS: Readonly<Record<Crc, readonly [bits: bigint, polynomial: bigint]>> = {
  crc32: [32n, 0xedb8_8320n],
  crc32c: [32n, 0x82f6_3b78n],
  crc64nvme: [64n, 0x9a6c_9329_ac4b_c9b5n],
};

/**
 * The CRC of joined pieces, from the CRCs (base64) and the sizes of the pieces. Works as zlib's
 * `crc32_combine`: the CRC of the first piece is shifted by the bytes of the second.
 */
export function combinedCrc(
  algorithm: Crc,
  pieces: readonly { readonly value: string; readonly sizeBytes: number }[],
): string {
  const [bits, polynomial] = CRC_PARAMETERS[algorithm];
  const shifts = new Map<number, bigint>();
  let sum = 0n;
  for (const { value, sizeBytes } of pieces) {
    const shift = shifts.get(sizeBytes) ?? powerOfX(BigInt(sizeBytes) * 8n, bits, polynomial);
    shifts.set(sizeBytes, shift);
    const crc = BigInt(`0x${Buffer.from(value, "base64").toString("hex")}`);
    sum = multiplied(shift, sum, bits, polynomial) ^ crc;
  }
  const hex = sum.toString(16).padStart(Number(bits) / 4, "0");
  return Buffer.from(hex, "hex").toString("base64");
}

/** x to the power of `exponent`, modulo the polynomial. The highest bit stands for 1. */
function powerOfX(exponent: bigint, bits: bigint, polynomial: bigint): bigint {
  let power = 1n << (bits - 1n);
  let square = 1n << (bits - 2n);
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) power = multiplied(square, power, bits, polynomial);
    square = multiplied(square, square, bits, polynomial);
  }
  return power;
}

/** The product of two polynomials, modulo the polynomial. */
function multiplied(a: bigint, b: bigint, bits: bigint, polynomial: bigint): bigint {
  let product = 0n;
  for (let bit = 1n << (bits - 1n); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= b;
    b = b & 1n ? (b >> 1n) ^ polynomial : b >> 1n;
  }
  return product;
}
