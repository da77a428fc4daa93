/**
 * Snappy as Firehose writes it, read as a stream: "Snappy" is the framing of the xerial snappy-java
 * library, "HADOOP_SNAPPY" that of Hadoop's codecs (captured, August 2026). Neither is Snappy's own
 * framing format.
 * @module
 */

import { snappyUncompressor } from "hysnappy";
import { DecodingError } from "./decoding_error.ts";

/** Magic, version, and the lowest version that can read it. */
const XERIAL_HEADER_BYTES = 16;
/** Above what either writer makes of one block; a length beyond it is damage. */
const BLOCK_BYTES_MAX = 32 * 1024 * 1024;

/** The blocks of snappy-java's SnappyOutputStream. Files one after the other are one, with a header each. */
export async function* xerialSnappyBlocks(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteReader(chunks);
  await bytes.take(XERIAL_HEADER_BYTES);
  while (await bytes.hasMore()) {
    const length = await bytes.takeLength();
    // The magic of a second header, read as a length.
    if (length === XERIAL_MAGIC) await bytes.take(XERIAL_HEADER_BYTES - 4);
    else yield uncompressed(await bytes.take(checked(length)));
  }
}

const XERIAL_MAGIC = 0x82534e41;

/** The blocks of Hadoop's BlockCompressorStream: a length before compression, then pieces of it. */
export async function* hadoopSnappyBlocks(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteReader(chunks);
  while (await bytes.hasMore()) {
    for (let left = checked(await bytes.takeLength()); left > 0;) {
      const piece = uncompressed(await bytes.take(checked(await bytes.takeLength())));
      if (piece.length === 0 || piece.length > left) throw new DecodingError("a length is wrong");
      left -= piece.length;
      yield piece;
    }
  }
}

/** Hadoop's framing has no magic: two lengths, then Snappy's own length of the same bytes. */
export function isHadoopSnappy(head: Uint8Array): boolean {
  if (head.length < 10) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const [block, piece] = [view.getUint32(0), view.getUint32(4)];
  const { length, lengthBytes } = lengthIn(head.subarray(8));
  return block > 0 && block <= BLOCK_BYTES_MAX && piece > lengthBytes && piece <= BLOCK_BYTES_MAX &&
    length > 0 && length <= block && lengthBytes <= 5;
}

function checked(length: number): number {
  if (length > BLOCK_BYTES_MAX) throw new DecodingError(`a block of ${length} bytes is too long`);
  return length;
}

let uncompress: ReturnType<typeof snappyUncompressor> | undefined;

function uncompressed(block: Uint8Array): Uint8Array {
  const { length } = lengthIn(block);
  checked(length);
  uncompress ??= snappyUncompressor();
  try {
    // A copy: the result may be a view of memory that the next call uses again.
    return uncompress(block, length).slice();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DecodingError(`a Snappy block is damaged: ${reason}`, { cause });
  }
}

/** Snappy's preamble: the length after decompression, seven bits a byte, the lowest first. */
function lengthIn(block: Uint8Array): { readonly length: number; readonly lengthBytes: number } {
  let length = 0;
  for (let at = 0; at < 5 && at < block.length; at++) {
    length += (block[at] & 0x7f) * 2 ** (7 * at);
    if (block[at] < 0x80) return { length, lengthBytes: at + 1 };
  }
  return { length: Infinity, lengthBytes: Infinity };
}

/** Takes bytes off a stream, so many at a time. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async hasMore(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      this.#chunk = value;
    }
    return true;
  }

  async takeLength(): Promise<number> {
    const bytes = await this.take(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  }

  /** Exactly so many bytes. Throws a `DecodingError` where the stream ends before. */
  async take(count: number): Promise<Uint8Array> {
    const taken = new Uint8Array(count);
    for (let at = 0; at < count;) {
      if (!await this.hasMore()) throw new DecodingError("the Snappy is cut off");
      const part = this.#chunk.subarray(0, count - at);
      taken.set(part, at);
      this.#chunk = this.#chunk.subarray(part.length);
      at += part.length;
    }
    return taken;
  }
}
