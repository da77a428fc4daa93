/**
 * Records out of a stream of bytes that may be larger than memory: a large file of lines is read block by
 * block, anything else as a whole.
 * @module
 */

import { Buffer } from "node:buffer";
import { decompress, textBytes } from "../../sandbox/decoding/compression.ts";
import { DecodingError } from "../../sandbox/decoding/decoding_error.ts";
import { type FileKind, LAYERS_MAX, linesIn, recordsInBytes } from "./records.ts";

/** What a file was taken for. */
export interface FileRead {
  readonly kind: FileKind;
  /** What was changed or may surprise, in words; empty if nothing. */
  readonly notes: readonly string[];
  readonly count: number;
}

/** A file of up to so many bytes is read as a whole, whatever kind it is. */
const WHOLE_BYTES = 8 * 1024 * 1024;
/** Lines of a larger one are read in blocks of about this size. */
const BLOCK_BYTES = 1024 * 1024;
interface BlockSizes {
  readonly wholeBytes: number;
  readonly blockBytes: number;
}

/** The most of a file that is one JSON document: it must be in memory as a whole. */
const DOCUMENT_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Gives each record of a file to `add`, in order, as `recordsIn` finds them. A file in any compression that a stream
 * writes is decompressed first.
 * Throws a `TypeError` for a file without records, with broken gzip, or with a document of more than
 * 256 MiB.
 */
export async function readRecords(
  chunks: AsyncIterable<Uint8Array>,
  add: (record: Uint8Array) => void,
  sizes: BlockSizes = { wholeBytes: WHOLE_BYTES, blockBytes: BLOCK_BYTES },
): Promise<FileRead> {
  const { bytes, times } = await decompressed(chunks).catch((cause: unknown) => {
    throw asTypeError(cause);
  });
  const blocks = inBlocks(bytes, sizes);
  const notes = new Set(times < 2 ? [] : [`it is compressed ${times} times`]);
  let kind: FileKind | undefined;
  let count = 0;
  for await (const block of blocks) {
    const found = kind === undefined ? recordsInBytes(block) : linesIn(block, kind);
    kind ??= found.kind;
    found.notes.forEach((note) => notes.add(note));
    for (const record of found.records) add(record);
    count += found.records.length;
  }
  if (kind === undefined || count === 0) throw new TypeError("there is no record in it");
  return { kind, notes: [...notes], count };
}

/**
 * Whole lines, of about so many bytes. A file that is no lines comes as one block; one that is smaller
 * does too.
 */
async function* inBlocks(
  chunks: AsyncIterable<Uint8Array>,
  { wholeBytes, blockBytes }: BlockSizes,
): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let [bytes, wanted, isLines] = [0, wholeBytes, false];
  for await (const chunk of chunks) {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes < wanted) continue;
    const together = Buffer.concat(waiting);
    const end = together.lastIndexOf(LINE_FEED) + 1;
    isLines ||= beginsWithLines(together);
    if (isLines && end > 0) {
      yield together.subarray(0, end);
      waiting = [Uint8Array.from(together.subarray(end))];
      [bytes, wanted] = [together.length - end, blockBytes];
    } else if (bytes > DOCUMENT_BYTES_MAX) {
      throw new TypeError(
        "it has one document or line of more than 256 MiB: use a part of it, or write its records as lines",
      );
    } else {
      waiting = [together];
      wanted = 2 * bytes;
    }
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

const LINE_FEED = 0x0a;

/** Whether a large file holds a record in each line, by its first line. */
function beginsWithLines(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(LINE_FEED);
  if (end < 0 || bytes.includes(0)) return false;
  const line = new TextDecoder().decode(bytes.subarray(0, end)).trim();
  if (!/^[[{]/.test(line)) return true;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return /^\{.*\}$/.test(line); // objects that run together in a line
  }
}

/**
 * The bytes without their layers of compression: everything that a delivery stream writes, since error
 * objects are as the stream's other objects.
 */
async function decompressed(chunks: AsyncIterable<Uint8Array>) {
  let [bytes, times] = [chunks, 0];
  for (; times < LAYERS_MAX; times++) {
    const layer = await decompress(bytes);
    bytes = layer.chunks;
    if (layer.compression === "UNCOMPRESSED") break;
  }
  return { bytes: readable(bytes), times };
}

/** Says what is wrong with a file as this module does, and what to do with one that is no lines as it is. */
async function* readable(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* textBytes(chunks, ["UTF-16", "tar"]);
  } catch (cause) {
    throw asTypeError(cause);
  }
}

function asTypeError(cause: unknown): unknown {
  return cause instanceof DecodingError ? new TypeError(cause.message, { cause }) : cause;
}
