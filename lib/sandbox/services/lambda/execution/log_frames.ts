/**
 * What a runtime writes: lines, and among them AWS's telemetry frames, in which a message of
 * several lines stays one log event. On AWS frames have their own descriptor; here they share
 * the standard output, because a child of Deno has no further one.
 * @module
 */

import { Buffer } from "node:buffer";
import type { LogLine } from "../../../ports/log_sink.ts";

/** The sandbox's own frame: everything of an invocation (or of the init phase) was written. */
export interface EndMark {
  /** The request id, or `init`. */
  readonly id: string;
  /** Resident memory of the runtime's process. */
  readonly rssBytes: number;
}

/** Where the parts go. */
export interface FrameReader {
  line(line: LogLine): void;
  end(mark: EndMark): void;
}

/** First bytes of every frame. 0xa5 begins no character of UTF-8, so text cannot contain them. */
const FRAME_START = Buffer.from([0xa5, 0x5a, 0x00]);
const FRAME_HEAD_BYTES = 16;
const END_FRAME = 0xa55a00ff;
/** A message longer than this is no message: CloudWatch Logs takes 1 MiB an event. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
/** Longer lines are split, so that an endless line needs no endless memory. */
const LINE_BYTES_MAX = 1024 * 1024;
/**
 * The last moment of a log event, in the year 5138. A function may write any number into a frame, and
 * one that JavaScript can't hold would make the log's streams unreadable.
 */
const TIME_MS_MAX = 10 ** 14 - 1;
const NEWLINE = 10;

/**
 * Reads one stream of a runtime to its end. Lines without a frame are stamped with `nowMs()`.
 * Throws a `RangeError` or `SyntaxError` for a frame that no runtime writes.
 */
export async function readFrames(
  stream: ReadableStream<Uint8Array>,
  reader: FrameReader,
  nowMs: () => number,
): Promise<void> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of stream) {
    rest = takeWhole(rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]));
  }
  if (rest.length > 0) reader.line({ timestampMs: nowMs(), message: textOf(rest) });

  /** Hands on what is whole in `bytes` and gives back the rest. */
  function takeWhole(bytes: Buffer): Uint8Array {
    let offset = 0;
    let frame = nextFrame(bytes, 0);
    while (offset < bytes.length) {
      const newline = indexOfByte(bytes, NEWLINE, offset);
      if (frame >= 0 && frame < offset) frame = nextFrame(bytes, offset);
      const lineEnds = newline >= 0 && (frame < 0 || newline < frame);
      const stop = lineEnds ? newline + 1 : frame;
      if (stop < 0) break;
      if (stop > offset) {
        const message = textOf(bytes.subarray(offset, stop));
        reader.line({ timestampMs: nowMs(), message });
        offset = stop;
        continue;
      }
      const size = frameBytes(bytes, offset);
      if (size === undefined) break;
      takeFrame(bytes.subarray(offset, offset + size));
      offset += size;
    }
    const rest = bytes.subarray(offset);
    if (rest.length <= LINE_BYTES_MAX || isFrame(rest, 0)) return rest;
    reader.line({ timestampMs: nowMs(), message: textOf(rest) });
    return new Uint8Array();
  }

  function takeFrame(frame: Buffer): void {
    const text = textOf(frame.subarray(FRAME_HEAD_BYTES));
    if (frame.readUInt32BE(0) === END_FRAME) {
      const mark: EndMark = JSON.parse(text);
      return reader.end(mark);
    }
    const writtenMs = Number(frame.readBigUInt64BE(8) / 1000n);
    const timestampMs = writtenMs <= TIME_MS_MAX ? writtenMs : nowMs();
    reader.line({ timestampMs, message: `${text}\n` });
  }
}

/** Where the next frame begins, or -1. */
function nextFrame(bytes: Uint8Array, from: number): number {
  let at = indexOfByte(bytes, FRAME_START[0], from);
  while (at >= 0 && !isFrame(bytes, at)) at = indexOfByte(bytes, FRAME_START[0], at + 1);
  return at;
}

const isFrame = (bytes: Uint8Array, at: number) =>
  FRAME_START.every((byte, index) => bytes[at + index] === byte);

/**
 * V8's own search: that of a Buffer for several bytes took 25 of 30 seconds for 300 MB of lines (Deno
 * 2.9.6).
 */
const indexOfByte = (bytes: Uint8Array, byte: number, from: number): number =>
  Uint8Array.prototype.indexOf.call(bytes, byte, from);

/** Bytes of the frame at `offset`, or undefined while it is not whole. */
function frameBytes(bytes: Buffer, offset: number): number | undefined {
  if (bytes.length - offset < FRAME_HEAD_BYTES) return undefined;
  const length = bytes.readUInt32BE(offset + 4);
  if (length > MESSAGE_BYTES_MAX) throw new RangeError(`a frame of ${length} bytes`);
  const size = FRAME_HEAD_BYTES + length;
  return bytes.length - offset < size ? undefined : size;
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
