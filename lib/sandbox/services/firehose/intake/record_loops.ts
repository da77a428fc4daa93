/**
 * Records that come back again and again: a function that answers `Dropped` and puts the record to
 * its own stream again may do so without end, and each round costs. AWS does not report it; the
 * sandbox does.
 *
 * A record has come back when the stream's own function puts a content that it has put before. A
 * hash of the bytes identifies the content; for gzip data it leaves out the header, where a function
 * may keep a count. Two records with the same content count as one.
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Caller } from "../../../access/caller.ts";
import type { DeliveryStream } from "../delivery_stream.ts";
import { lambdaProcessor } from "../configuration/processors.ts";

/** Contents remembered for one stream, the most recent ones: some megabytes at most. */
const CONTENTS_MAX = 10_000;
/** A line is written at this round, and each time the number has doubled. */
const ROUNDS_FIRST = 4;

/** Prices of us-east-1 as noted in 2026, first tier: https://aws.amazon.com/firehose/pricing/ */
const USD_PER_GB = 0.029;
const BILLED_STEP_BYTES = 5 * 1024;
/** https://aws.amazon.com/lambda/pricing/ */
const USD_PER_MILLION_INVOCATIONS = 0.2;
const DAY_MS = 86_400_000;
/** The shortest round: a function without a buffer interval is not invoked more often. */
const ROUND_MS_MIN = 1_000;

/** The result of a put by a stream's own function. */
export interface Returned {
  /** The highest number of rounds among the records. */
  readonly rounds: number;
  /** A line for the log; only at some rounds, so that a loop does not fill it. */
  readonly line: string | undefined;
}

/** Remembers what functions put back. In memory only: a restart sets the counts to zero. */
export class RecordLoops {
  /** By stream id: rounds by content, in the order in which they came back. */
  readonly #rounds = new Map<number, Map<string, number>>();

  /** Undefined unless `caller` is the stream's own function. */
  notice(
    stream: DeliveryStream,
    caller: Caller,
    records: readonly Uint8Array[],
  ): Returned | undefined {
    const lambda = lambdaProcessor(stream.destination);
    if (!lambda || records.length === 0 || !isFunction(caller, lambda.functionArn)) {
      return undefined;
    }
    const contents = new Map(records.map((data) => [contentHash(data), data.length]));
    const counted = [...contents].map(([content, bytes]) => ({
      bytes,
      rounds: this.#count(stream.id, content),
    }));
    const rounds = Math.max(...counted.map(({ rounds }) => rounds));
    const isNews = counted.some(({ rounds }) => isDoubled(rounds));
    if (!isNews) return { rounds, line: undefined };
    const going = counted.filter(({ rounds }) => rounds >= ROUNDS_FIRST);
    return { rounds, line: lineOf(going, rounds, lambda) };
  }

  /** Forgets a stream that was deleted. */
  forget(streamId: number): void {
    this.#rounds.delete(streamId);
  }

  #count(streamId: number, content: string): number {
    const known = this.#rounds.get(streamId) ?? new Map<string, number>();
    this.#rounds.set(streamId, known);
    const rounds = (known.get(content) ?? 0) + 1;
    known.delete(content);
    known.set(content, rounds);
    const [oldest] = known.keys();
    if (known.size > CONTENTS_MAX) known.delete(oldest);
    return rounds;
  }
}

/** Lambda names the session of a function's role after the function. */
function isFunction(caller: Caller, functionArn: string): boolean {
  const [, , , , , , name] = functionArn.split(":");
  return caller.kind === "session" && caller.sessionName === name;
}

function isDoubled(rounds: number): boolean {
  return rounds >= ROUNDS_FIRST && Number.isInteger(Math.log2(rounds));
}

function lineOf(
  going: readonly { readonly bytes: number }[],
  rounds: number,
  { functionArn, intervalMs }: { readonly functionArn: string; readonly intervalMs: number },
): string {
  const [, , , , , , functionName] = functionArn.split(":");
  const roundMs = Math.max(intervalMs, ROUND_MS_MIN);
  const roundsADay = DAY_MS / roundMs;
  const billed = going.reduce((sum, { bytes }) => sum + Math.ceil(bytes / BILLED_STEP_BYTES), 0) *
    BILLED_STEP_BYTES;
  const usd = roundsADay *
    (billed / 2 ** 30 * USD_PER_GB + USD_PER_MILLION_INVOCATIONS / 1_000_000);
  const subject = going.length === 1 ? "1 record goes" : `${going.length} records go`;
  return `${subject} round: the function ${functionName} has put the same content back up ` +
    `to ${rounds} times. With a round every ${roundMs / 1000} s, its buffer interval, that makes ` +
    `${
      roundsADay.toLocaleString("en", { maximumFractionDigits: 0 })
    } rounds a day. On AWS they cost about ` +
    `${usd.toLocaleString("en", { maximumSignificantDigits: 2 })} USD for Firehose's intake and ` +
    "Lambda's requests. The function's duration is not included.";
}

function contentHash(data: Uint8Array): string {
  return createHash("sha256").update(withoutGzipHeader(data)).digest("base64");
}

const HEADER_BYTES = 10;
const [HAS_CHECKSUM, HAS_EXTRA, HAS_NAME, HAS_COMMENT] = [2, 4, 8, 16];

/** Gzip data without its header (RFC 1952); other bytes as they are. */
export function withoutGzipHeader(data: Uint8Array): Uint8Array {
  const isGzip = data[0] === 0x1f && data[1] === 0x8b && data.length > HEADER_BYTES + 2;
  if (!isGzip) return data;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const flags = bytes[3];
  let start = HEADER_BYTES;
  if (flags & HAS_EXTRA) start += 2 + bytes.readUInt16LE(start);
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if (!(flags & flag)) continue;
    const end = bytes.indexOf(0, start);
    if (end < 0) return data;
    start = end + 1;
  }
  if (flags & HAS_CHECKSUM) start += 2;
  return start < data.length ? data.subarray(start) : data;
}
