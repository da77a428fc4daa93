/**
 * The lines of bytes that come in chunks. A long line is cut: memory does not grow with it.
 * @module
 */

/** A line without its line feed. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Where it begins, in bytes. */
  readonly start: number;
  /** The first {@linkcode LINE_BYTES_MAX} bytes. */
  readonly bytes: Uint8Array;
  /** Bytes of the whole line. */
  readonly length: number;
}

/** Bytes of a line that are kept: more than a record of Firehose in base64. */
export const LINE_BYTES_MAX = 2 * 1024 * 1024;

const LINE_FEED = 10;

/** The lines of `chunks`. After the last line feed there is a line only if it is not empty. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let [number, start, length, kept] = [1, 0, 0, 0];
  const take = (bytes: Uint8Array) => {
    const room = bytes.subarray(0, Math.max(0, LINE_BYTES_MAX - kept));
    if (room.length > 0) parts.push(room);
    kept += room.length;
    length += bytes.length;
  };
  const line = (): Line => {
    const bytes = parts.length === 1 ? parts[0] : joined(parts, kept);
    const done = { number, start, bytes, length };
    start += length + 1;
    number++;
    [parts, length, kept] = [[], 0, 0];
    return done;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      take(chunk.subarray(from, at));
      yield line();
      from = at + 1;
    }
    take(chunk.subarray(from));
  }
  if (length > 0) yield line();
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
