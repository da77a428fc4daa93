/**
 * The thread in which jq runs: one request at a time, until it is stopped. jq computes without a
 * pause, so nothing else can run in its thread.
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { Script } from "node:vm";
import { type CoreRun, runCore } from "./core.ts";
import { type PlainQuery, plainQueryOf } from "./plain_paths.ts";
import { batchProgram, type Extraction, extractionOf } from "./program.ts";

/** A query and the keys to take from its result. */
export interface JqQuery {
  readonly text: string;
  readonly keys: readonly string[];
}

/** A request, and how long its run may take. */
export type JqRequest = (BatchRequest | ProgramRequest) & { readonly runMsMax: number };

/** Runs a query on each record of a batch. */
export interface BatchRequest {
  readonly kind: "batch";
  readonly query: JqQuery;
  /** The time that the query sees. */
  readonly nowMs: number;
  /** The records, one after the other, and the bytes of each. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly lengths: Uint32Array<ArrayBuffer>;
}

/** Runs a program as it stands. */
export interface ProgramRequest {
  readonly kind: "program";
  readonly program: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What comes of a record that jq was run on. */
export type RecordResult = Extraction | { readonly kind: "notJson" };

/** How a run ended. */
export type JqAnswer =
  | { readonly kind: "results"; readonly results: readonly RecordResult[] }
  /** The program ran: what it printed, and jq's exit status. */
  | {
    readonly kind: "printed";
    readonly status: number;
    readonly stdout: string;
    readonly stderr: string;
  }
  /** A record ended the run: jq's own words. */
  | { readonly kind: "failed"; readonly message: string }
  /** The run took too long, or jq ended itself: without memory, or at an error in jq. */
  | { readonly kind: "stopped" };

self.onmessage = ({ data: request }: MessageEvent<JqRequest>) => {
  self.postMessage(answerInTime(request));
};
self.postMessage("ready");

/**
 * The time limit is node:vm's, which ends WebAssembly too: `terminate()` does not stop a worker that
 * computes, and its thread and memory would stay (Deno 2.9.6).
 */
function answerInTime(request: JqRequest): JqAnswer {
  let answer: JqAnswer = { kind: "stopped" };
  Object.assign(globalThis, { runJq: () => answer = answerOf(request) });
  try {
    RUN.runInThisContext({ timeout: request.runMsMax });
  } catch (error) {
    if (!isTimeout(error)) throw error;
  }
  return answer;
}

const RUN = new Script("void runJq()");

const isTimeout = (error: unknown) =>
  error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";

const answerOf = (request: BatchRequest | ProgramRequest): JqAnswer =>
  request.kind === "batch" ? batchAnswer(request) : programAnswer(request);

function programAnswer({ program, data }: ProgramRequest): JqAnswer {
  const { kind, ...printed } = runCore({ args: ["-c", program], input: data });
  return kind === "broken" ? { kind: "stopped" } : { kind: "printed", ...printed };
}

function batchAnswer({ query, nowMs, data, lengths }: BatchRequest): JqAnswer {
  const records = recordsOf(data, lengths);
  const plain = plainQueryOf(query.text, query.keys);
  const results = records.map((bytes) => resultWithoutJq(bytes, plain));
  const left = records.filter((_, index) => results[index] === undefined);
  if (left.length === 0) return { kind: "results", results: results.filter(isKnown) };
  const run = runCore({
    args: ["-c", batchProgram(query.text, query.keys, nowMs)],
    input: linesOf(left),
  });
  return merged(results, run, left.length);
}

const isKnown = <T>(result: T | undefined): result is T => result !== undefined;

/** Fills `results` up with what jq printed for the others. */
function merged(
  results: readonly (RecordResult | undefined)[],
  run: CoreRun,
  records: number,
): JqAnswer {
  if (run.kind === "broken") return { kind: "stopped" };
  const lines = run.stdout.split("\n").slice(0, -1);
  if (lines.length !== records) {
    return { kind: "failed", message: run.stderr.trimEnd() || "a record ended the run" };
  }
  let next = 0;
  return {
    kind: "results",
    results: results.map((result) => result ?? extractionOf(lines[next++])),
  };
}

/** Undefined for a record that jq must be run on. */
function resultWithoutJq(
  bytes: Uint8Array,
  plain: PlainQuery | undefined,
): RecordResult | undefined {
  const parsed = parse(bytes);
  if (!parsed) return { kind: "notJson" };
  const values = plain && !mayBeDeep(bytes) ? plain(parsed.value) : undefined;
  return values && { kind: "values", values };
}

/** One JSON document; jq itself takes less, and more. Its numbers are doubles, as jq 1.6's are. */
function parse(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(decoder.decode(bytes)) };
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** jq refuses deeper documents. */
const DEPTH_MAX = 256;
const [BRACE, BRACKET] = [0x7b, 0x5b];

function mayBeDeep(bytes: Uint8Array): boolean {
  return countOf(BRACE, bytes) + countOf(BRACKET, bytes) >= DEPTH_MAX;
}

/** How often `byte` is in `bytes`; no more than {@linkcode DEPTH_MAX}. */
function countOf(byte: number, bytes: Uint8Array): number {
  let count = 0;
  let at = bytes.indexOf(byte);
  while (at >= 0 && ++count < DEPTH_MAX) at = bytes.indexOf(byte, at + 1);
  return count;
}

function recordsOf(data: Uint8Array, lengths: Uint32Array): Uint8Array[] {
  let offset = 0;
  return Array.from(lengths, (length) => data.subarray(offset, offset += length));
}

function linesOf(records: readonly Uint8Array[]): Uint8Array {
  const lines = new Uint8Array(records.reduce((sum, { length }) => sum + length + 1, 0));
  let offset = 0;
  for (const record of records) {
    lines.set(record, offset);
    offset += record.length + 1;
    lines[offset - 1] = 0x0a;
  }
  return lines;
}
