/**
 * `aws-chunked`: chunks inside an HTTP body. With them S3's clients sign a stream, and send checksums
 * after it. Follows "Transferring payload in multiple chunks"
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html).
 * @module
 */

import { Buffer } from "node:buffer";
import { AwsError } from "../errors.ts";
import { incompleteBody, invalidRequest, malformedTrailer } from "./body_errors.ts";
import type { ChunkSignatures } from "./signature.ts";

/** The most bytes of a line (a chunk's head or a trailer), and of all trailers together. */
const LINE_BYTES_MAX = 8_192;
/**
 * The fewest bytes of a chunk, except the last. The guide says it about signed chunks; S3 refuses
 * smaller unsigned ones too (https://github.com/aws/aws-sdk-js-v3/issues/6949).
 */
const CHUNK_BYTES_MIN = 8_192;
/** The most bytes of a signed chunk: it is hashed whole, before any of it is passed on. */
const SIGNED_CHUNK_BYTES_MAX = 16 * 1024 * 1024;

/** How the chunks of a body are signed. */
export interface SignedChunks {
  readonly signatures: ChunkSignatures;
  readonly isTrailerSigned: boolean;
}

/**
 * Decodes the body in `source`, and puts its trailers, by lower-case name, into `trailers`. Clients
 * end it in different ways: after `0\r\n`, after an empty line, or after trailers that end with a bare
 * newline. Throws S3's {@linkcode AwsError} for a malformed body.
 */
export async function* dechunked(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  trailers: Map<string, string>,
  signed?: SignedChunks,
): AsyncGenerator<Uint8Array> {
  const frames = new FrameReader(source);
  try {
    yield* chunksIn(frames, signed);
    await readTrailers(frames, trailers, signed);
  } finally {
    await frames.close();
  }
}

/** The data of all chunks, to the end of the last one, which is empty. */
async function* chunksIn(
  frames: FrameReader,
  signed: SignedChunks | undefined,
): AsyncGenerator<Uint8Array> {
  let previousBytes = Infinity;
  for (let number = 1;; number++) {
    const head = await frames.line();
    const match = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(head ?? "");
    if (!match) throw incompleteBody();
    const sizeBytes = parseInt(match[1], 16);
    if (sizeBytes > 0 && previousBytes < CHUNK_BYTES_MIN) {
      throw chunkTooSmall(number, previousBytes);
    }
    if (signed) {
      const chunk = await signedChunk(frames, sizeBytes, match[2], signed.signatures);
      if (sizeBytes > 0) yield chunk;
    } else {
      yield* frames.bytes(sizeBytes);
    }
    if (sizeBytes === 0) return;
    if (await frames.line() !== "") throw incompleteBody();
    previousBytes = sizeBytes;
  }
}

async function signedChunk(
  frames: FrameReader,
  sizeBytes: number,
  signature: string | undefined,
  signatures: ChunkSignatures,
): Promise<Uint8Array> {
  if (sizeBytes > SIGNED_CHUNK_BYTES_MAX) {
    throw invalidRequest(
      `Chunk of ${sizeBytes} bytes; signed chunks are at most ${SIGNED_CHUNK_BYTES_MAX}`,
    );
  }
  const chunk = await frames.whole(sizeBytes);
  if (!signatures.checkChunk(chunk, signature ?? "")) throw signatureMismatch();
  return chunk;
}

async function readTrailers(
  frames: FrameReader,
  trailers: Map<string, string>,
  signed: SignedChunks | undefined,
): Promise<void> {
  let lines = "";
  let isSigned = false;
  for (let line = await frames.line(); line !== undefined; line = await frames.line()) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    // Nothing may follow the signature: it would not be covered.
    if (colon < 0 || isSigned || lines.length > LINE_BYTES_MAX) throw malformedTrailer();
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "x-amz-trailer-signature") {
      if (signed && !signed.signatures.checkTrailer(lines, value)) throw signatureMismatch();
      isSigned = true;
    } else {
      lines += `${name}:${value}\n`;
      trailers.set(name, value);
    }
  }
  if (signed?.isTrailerSigned && !isSigned) throw signatureMismatch();
}

const signatureMismatch = () =>
  new AwsError(
    "SignatureDoesNotMatch",
    403,
    "The request signature we calculated does not match the signature you provided. Check your " +
      "key and signing method.",
  );

/** Captured: `number` is the number of the chunk after the one that is too small. */
const chunkTooSmall = (number: number, sizeBytes: number) =>
  new AwsError(
    "InvalidChunkSizeError",
    403,
    `Only the last chunk is allowed to have a size less than ${CHUNK_BYTES_MIN} bytes`,
    { fields: { Chunk: String(number), BadChunkSize: String(sizeBytes) } },
  );

/** Reads lines and byte sequences from a stream of chunks. */
class FrameReader {
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#chunks = Symbol.asyncIterator in source
      ? source[Symbol.asyncIterator]()
      : source[Symbol.iterator]();
  }

  /** Gives up the rest of the stream, if there is any: the server then takes it in unread. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done) return false;
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }

  /** The next line without its `\r\n` or `\n`; undefined at the end of the body. */
  async line(): Promise<string | undefined> {
    let end = this.#rest.indexOf(10);
    while (end < 0) {
      if (this.#rest.length > LINE_BYTES_MAX) throw incompleteBody();
      if (!await this.#more()) {
        if (this.#rest.length === 0) return undefined;
        end = this.#rest.length;
        break;
      }
      end = this.#rest.indexOf(10);
    }
    const line = new TextDecoder().decode(this.#rest.subarray(0, end)).replace(/\r$/, "");
    this.#rest = this.#rest.subarray(end + 1);
    return line;
  }

  /** The next `sizeBytes` bytes, in pieces as they arrive. */
  async *bytes(sizeBytes: number): AsyncGenerator<Uint8Array> {
    for (let left = sizeBytes; left > 0;) {
      if (this.#rest.length === 0 && !await this.#more()) throw incompleteBody();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  /** The next `sizeBytes` bytes in one piece. */
  async whole(sizeBytes: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.bytes(sizeBytes)) pieces.push(piece);
    return Buffer.concat(pieces);
  }
}
