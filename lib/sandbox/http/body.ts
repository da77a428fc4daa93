/**
 * Bodies of requests: read whole up to a limit, or streamed to S3. Everything that the client claims
 * about a streamed body (length, hash, checksum, chunk signatures) is checked as it arrives.
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import {
  type Checksum,
  CHECKSUM_ALGORITHMS,
  CHECKSUM_BYTES,
  type ChecksumAlgorithm,
  digestOf,
  VALID_CHECKSUMS,
} from "../checksums.ts";
import { AwsError } from "../errors.ts";
import type { VerifiedBody } from "../verified_body.ts";
import { dechunked } from "./aws_chunked.ts";
import {
  incompleteBody,
  invalidRequest,
  malformedTrailer,
  notImplementedHeader,
} from "./body_errors.ts";
import type { ChunkSignatures } from "./signature.ts";

/** The claims of a request's headers about its body. */
export interface BodyClaims {
  readonly headers: Headers;
  /** Present for the signed streaming forms. */
  readonly chunkSignatures?: ChunkSignatures;
  /** How an error shows the Content-MD5 of the request: hex, but base64 for UploadPart. */
  readonly md5ShownIn?: "hex" | "base64";
}

/** The values of `x-amz-content-sha256` that announce an aws-chunked body. */
export const STREAMING_FORMS: readonly string[] = [
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
];

/** Wraps `source` so that all `claims` about it are checked. Throws at once for malformed claims. */
export function verifiedBody(
  source: AsyncIterable<Uint8Array>,
  { headers, chunkSignatures, md5ShownIn = "hex" }: BodyClaims,
): VerifiedBody {
  const contentHash = headers.get("x-amz-content-sha256") ?? "";
  const isChunked = contentHash.startsWith("STREAMING-");
  const expectedBytes = expectedLength(headers, isChunked);
  const given = givenChecksum(headers);
  const trailer = trailerAlgorithm(headers);
  const claimed = given?.algorithm ?? trailer;
  checkAnnounced(headers.get("x-amz-sdk-checksum-algorithm"), claimed);
  const algorithm = claimed ?? "crc64nvme";
  const digest = digestOf(algorithm);
  const md5 = contentMd5(headers);
  const sha256 = /^[0-9a-f]{64}$/.test(contentHash) ? createHash("sha256") : undefined;
  const finished = Promise.withResolvers<Checksum>();
  const trailers = new Map<string, string>();

  async function* checked(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    const isTrailerSigned = contentHash.endsWith("-TRAILER");
    const signed = chunkSignatures && { signatures: chunkSignatures, isTrailerSigned };
    const data = isChunked ? dechunked(source, trailers, signed) : source;
    for await (const chunk of data) {
      bytes += chunk.length;
      if (expectedBytes !== undefined && bytes > expectedBytes) throw incompleteBody();
      digest.update(chunk);
      md5?.hash.update(chunk);
      sha256?.update(chunk);
      yield chunk;
    }
    if (expectedBytes !== undefined && bytes !== expectedBytes) throw incompleteBody();
    checkSha256(sha256, contentHash);
    checkMd5(md5, md5ShownIn);
    const checksum = { algorithm, value: await digest.base64() };
    const wanted = given?.value ?? trailers.get(`x-amz-checksum-${trailer}`);
    if (trailer && wanted === undefined) throw malformedTrailer();
    checkDigest(checksum, wanted);
    finished.resolve(checksum);
  }

  return { chunks: checked(), claimed, checksum: () => finished.promise };
}

/**
 * Reads a request's body whole. Throws an {@linkcode AwsError}: `tooLarge()` past `bytesMax`,
 * IncompleteBody if the connection ends before the announced length.
 */
export async function readRequest(
  request: Request,
  bytesMax: number,
  tooLarge: () => AwsError,
): Promise<Uint8Array> {
  const announced = request.headers.get("content-length");
  if (announced === null) return await readWhole(chunksOf(request), bytesMax, tooLarge);
  if (Number(announced) > bytesMax) throw tooLarge();
  // One piece takes a third of the time of a stream (measured), and can't exceed this length.
  return await request.bytes().catch((cause) => {
    throw incompleteBody({ cause });
  });
}

/** A request's body as it comes. Throws IncompleteBody if the connection ends before its end. */
export async function* chunksOf({ body }: Request): AsyncGenerator<Uint8Array> {
  if (!body) return;
  try {
    yield* body;
  } catch (cause) {
    throw incompleteBody({ cause });
  }
}

/** Reads a body whole. Throws an {@linkcode AwsError} `tooLarge()` past `bytesMax`. */
export async function readWhole(
  body: AsyncIterable<Uint8Array>,
  bytesMax: number,
  tooLarge: () => AwsError,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

function expectedLength(headers: Headers, isChunked: boolean): number | undefined {
  const text = headers.get(isChunked ? "x-amz-decoded-content-length" : "content-length");
  if (text === null) {
    if (!isChunked && headers.get("transfer-encoding") === null) return undefined;
    if (!isChunked) throw notImplementedHeader("Transfer-Encoding");
    throw new AwsError(
      "MissingContentLength",
      411,
      "You must provide the Content-Length HTTP header.",
    );
  }
  const length = Number(text);
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new AwsError("InvalidArgument", 400, "Content-Length must be a non-negative integer");
  }
  return length;
}

function givenChecksum(headers: Headers): Checksum | undefined {
  for (const name of headers.keys()) {
    const algorithm = /^x-amz-checksum-(.*)$/.exec(name)?.[1] ?? "crc32";
    if (!NOT_CHECKSUMS.has(algorithm) && !isAlgorithm(algorithm)) throw unsupportedChecksum();
  }
  const given = CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
    const value = headers.get(`x-amz-checksum-${algorithm}`);
    return value === null ? [] : [{ algorithm, value }];
  });
  if (given.length > 1) {
    throw invalidRequest(
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  for (const { algorithm, value } of given) {
    if (Buffer.from(value, "base64").length !== CHECKSUM_BYTES[algorithm]) {
      throw invalidRequest(`Value for x-amz-checksum-${algorithm} header is invalid.`);
    }
  }
  return given[0];
}

function trailerAlgorithm(headers: Headers): ChecksumAlgorithm | undefined {
  const trailer = headers.get("x-amz-trailer");
  if (trailer === null) return undefined;
  const algorithm = CHECKSUM_ALGORITHMS.find((name) => trailer.trim() === `x-amz-checksum-${name}`);
  if (algorithm) return algorithm;
  throw unsupportedChecksum();
}

/** An SDK that announces a checksum must send that one. */
function checkAnnounced(announced: string | null, claimed: ChecksumAlgorithm | undefined): void {
  if (announced === null) return;
  if (!isAlgorithm(announced.toLowerCase())) throw unsupportedChecksum();
  if (claimed === undefined) {
    throw invalidRequest(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or " +
        "x-amz-trailer headers were found.",
    );
  }
  if (announced.toLowerCase() !== claimed) {
    throw invalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.");
  }
}

/** Headers that only begin as checksums do: their kind, or whether one is wanted. */
const NOT_CHECKSUMS = new Set(["algorithm", "type", "mode"]);

const isAlgorithm = (text: string) => CHECKSUM_ALGORITHMS.some((known) => known === text);

const unsupportedChecksum = () =>
  invalidRequest(
    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: " +
      VALID_CHECKSUMS,
  );

interface Md5Claim {
  readonly hash: Hash;
  readonly wanted: Buffer;
}

function contentMd5(headers: Headers): Md5Claim | undefined {
  const text = headers.get("content-md5");
  if (text === null) return undefined;
  const wanted = Buffer.from(text, "base64");
  if (wanted.length !== 16 || wanted.toString("base64") !== text) {
    throw new AwsError("InvalidDigest", 400, "The Content-MD5 you specified was invalid.", {
      fields: { "Content-MD5": text },
    });
  }
  return { hash: createHash("md5"), wanted };
}

function checkMd5(md5: Md5Claim | undefined, shownIn: "hex" | "base64"): void {
  const calculated = md5?.hash.digest();
  if (!md5 || !calculated || calculated.equals(md5.wanted)) return;
  throw new AwsError(
    "BadDigest",
    400,
    "The Content-MD5 you specified did not match what we received.",
    {
      fields: {
        ExpectedDigest: md5.wanted.toString(shownIn),
        CalculatedDigest: calculated.toString("base64"),
      },
    },
  );
}

function checkDigest({ algorithm, value }: Checksum, wanted: string | undefined): void {
  if (wanted === undefined || wanted === value) return;
  throw new AwsError(
    "BadDigest",
    400,
    `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
  );
}

function checkSha256(hash: Hash | undefined, wanted: string): void {
  const computed = hash?.digest("hex");
  if (computed === undefined || computed === wanted) return;
  throw new AwsError(
    "XAmzContentSHA256Mismatch",
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { fields: { ClientComputedContentSHA256: wanted, S3ComputedContentSHA256: computed } },
  );
}
