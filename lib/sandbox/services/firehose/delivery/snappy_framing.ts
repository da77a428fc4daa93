/**
 * Snappy as streams. Neither is Snappy's own framing format: Firehose's "Snappy" is that of the
 * xerial snappy-java library, its "HADOOP_SNAPPY" that of Hadoop's codecs (captured, August 2026).
 * @module
 */

import { snappyCompressor } from "hysnappy";

/** Compressed bytes, which may be handed to another thread. */
export type Piece = Uint8Array<ArrayBuffer>;

/** A synchronous compressor. */
export interface PieceEncoder {
  push(bytes: Uint8Array): void;
  finish(): void;
  /** The pieces that became ready since the last call. */
  drain(): Piece[];
}

/** SnappyOutputStream of snappy-java: a header, then blocks of 32 KiB, each with its length. */
export function xerialSnappy(): PieceEncoder {
  const frame: Frame = (_block, compressed) => [uint32(compressed.length), compressed];
  return new Blocks(XERIAL_BLOCK_BYTES, frame, XERIAL_HEADER);
}

/** BlockCompressorStream of Hadoop: each block with its length before and after compression. */
export function hadoopSnappy(): PieceEncoder {
  return new Blocks(HADOOP_BLOCK_BYTES, (block, compressed) => [
    uint32(block.length),
    uint32(compressed.length),
    compressed,
  ]);
}

const XERIAL_BLOCK_BYTES = 32 * 1024;
/** Magic, version, and the lowest version that can read it. */
const XERIAL_HEADER = Uint8Array.of(
  0x82,
  0x53,
  0x4e,
  0x41,
  0x50,
  0x50,
  0x59,
  0,
  0,
  0,
  0,
  1,
  0,
  0,
  0,
  1,
);

/**
 * What Hadoop's SnappyCodec puts into a block: its buffer of 256 KiB less the room that Snappy may
 * need for bytes it cannot compress. A larger block would not fit into a reader's buffer.
 */
const HADOOP_BLOCK_BYTES = 256 * 1024 - (Math.floor(256 * 1024 / 6) + 32);

type Frame = (block: Uint8Array, compressed: Piece) => Piece[];

/** Cuts what is pushed into blocks of one size; the last may be smaller. */
class Blocks implements PieceEncoder {
  readonly #block: Uint8Array;
  readonly #frame: Frame;
  readonly #compress = snappyCompressor();
  #filled = 0;
  #ready: Piece[];

  constructor(blockBytes: number, frame: Frame, header?: Piece) {
    this.#block = new Uint8Array(blockBytes);
    this.#frame = frame;
    this.#ready = header ? [header] : [];
  }

  push(bytes: Uint8Array): void {
    for (let left = bytes; left.length > 0;) {
      const part = left.subarray(0, this.#block.length - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      if (this.#filled === this.#block.length) this.#close();
      left = left.subarray(part.length);
    }
  }

  finish(): void {
    if (this.#filled > 0) this.#close();
  }

  drain(): Piece[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #close(): void {
    const block = this.#block.subarray(0, this.#filled);
    this.#ready.push(...this.#frame(block, new Uint8Array(this.#compress(block))));
    this.#filled = 0;
  }
}

function uint32(value: number): Piece {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
