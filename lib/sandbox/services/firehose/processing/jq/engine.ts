/**
 * jq 1.6 for the MetadataExtraction processor, in a thread that is stopped when a run takes too
 * long or too much memory. A batch goes through in one run; if that run fails, its records are
 * taken apart, so that one of them costs no other its keys.
 * @module
 */

import { RestTimer } from "../../../../rest_timer.ts";
import { plainProgram } from "./program.ts";
import { JqThread } from "./thread.ts";
import type { BatchRequest, JqAnswer, JqQuery, ProgramRequest, RecordResult } from "./worker.ts";

export type { JqQuery };

/** What jq found in one record. */
export type JqResult = RecordResult | { readonly kind: "stopped" };

/** What a program gave for one JSON text. */
export type Evaluation =
  /** All results, in order, each as JSON text. */
  | { readonly kind: "results"; readonly results: readonly string[] }
  /** jq's own words: the program does not compile, or the value does not fit. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "stopped" };

/** How long a run may take, in true time: some twenty times what a batch takes. */
const RUN_MS_MAX = 2_000;
/** Records that are taken apart are first tried in groups of this size. */
const GROUP_RECORDS = 32;
/**
 * How many runs of one batch may be stopped; records that have not gone through by then count as
 * stopped too. A query without an end must not hold up its stream.
 */
const STOPS_MAX = 8;
/** jq's exit status for a program that does not compile. */
const DOES_NOT_COMPILE = 3;

/** jq, in a thread that starts when it is needed. One run at a time: the others wait. */
export class Jq {
  readonly #runMsMax: number;
  readonly #nowMs: () => number;
  readonly #startThread: () => Promise<JqThread>;
  readonly #rest: RestTimer | undefined;
  #thread: Promise<JqThread> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  /** Runs that have not ended. */
  #runs = 0;

  /**
   * `runMsMax`: how long a run may take, in milliseconds. `nowMs`: what jq's `now` reads. `restMs`: how
   * long after the last run the thread ends; never when absent. To start again takes about 50 ms.
   */
  constructor(
    { runMsMax = RUN_MS_MAX, nowMs = Date.now, restMs, startThread = JqThread.start }: {
      readonly runMsMax?: number;
      readonly nowMs?: () => number;
      readonly restMs?: number;
      readonly startThread?: () => Promise<JqThread>;
    } = {},
  ) {
    this.#runMsMax = runMsMax;
    this.#nowMs = nowMs;
    this.#startThread = startThread;
    if (restMs !== undefined) this.#rest = new RestTimer(restMs, () => this.#endAtRest());
  }

  /** Whether the thread runs, or is being started. */
  get isRunning(): boolean {
    return this.#thread !== undefined;
  }

  /** jq's words about a `query` that does not compile; undefined if it does. */
  async complaint(query: string): Promise<string | undefined> {
    const program = plainProgram(query, this.#nowMs());
    const end = await this.#run({ kind: "program", program, data: new Uint8Array() });
    if (end.kind !== "printed") return "jq was stopped";
    return end.status === DOES_NOT_COMPILE ? end.stderr.trimEnd() : undefined;
  }

  /**
   * All results of `program` for one JSON text. It runs as a query does: `now` is all it knows of the
   * machine. `runMsMax`: the limit of this run, in milliseconds; the engine's own when absent.
   */
  async evaluate(
    program: string,
    json: string,
    { runMsMax }: { readonly runMsMax?: number } = {},
  ): Promise<Evaluation> {
    const request: ProgramRequest = {
      kind: "program",
      program: plainProgram(program, this.#nowMs()),
      data: new TextEncoder().encode(json),
    };
    const end = await this.#run(request, { runMsMax });
    if (end.kind !== "printed") return { kind: "stopped" };
    if (end.status !== 0) return { kind: "failed", message: end.stderr.trimEnd() };
    return { kind: "results", results: end.stdout.split("\n").slice(0, -1) };
  }

  /** What the query finds in each of `records`. Throws the signal's reason when it is aborted. */
  async extract(
    query: JqQuery,
    records: readonly Uint8Array[],
    signal?: AbortSignal,
  ): Promise<JqResult[]> {
    return await this.#resolve(records, { query, stopsLeft: STOPS_MAX, signal });
  }

  /** Ends the thread. A run that is under way ends as stopped. */
  async stop(): Promise<void> {
    this.#rest?.stop();
    const thread = this.#thread;
    this.#thread = undefined;
    (await thread?.catch(() => undefined))?.end();
  }

  async #resolve(records: readonly Uint8Array[], batch: Batch): Promise<JqResult[]> {
    if (batch.stopsLeft === 0) return records.map(() => ({ kind: "stopped" }));
    const request = requestOf(batch.query, records, this.#nowMs());
    const end = await this.#run(request, { signal: batch.signal });
    if (end.kind === "results") return [...end.results];
    if (end.kind === "stopped") batch.stopsLeft--;
    if (records.length === 1) {
      return [
        end.kind === "failed" ? { kind: "error", message: end.message } : { kind: "stopped" },
      ];
    }
    const size = records.length > GROUP_RECORDS ? GROUP_RECORDS : 1;
    const results: JqResult[] = [];
    for (let start = 0; start < records.length; start += size) {
      results.push(...await this.#resolve(records.slice(start, start + size), batch));
    }
    return results;
  }

  #endAtRest(): void {
    if (this.#runs === 0) void this.stop();
  }

  /** Runs when those before have ended. */
  #run(request: BatchRequest | ProgramRequest, options: RunOptions = {}): Promise<JqAnswer> {
    this.#runs++;
    const run = this.#last.then(() => this.#runNow(request, options)).finally(() => {
      this.#runs--;
      if (this.#thread) this.#rest?.use();
    });
    this.#last = run.catch(() => {});
    return run;
  }

  async #runNow(
    request: BatchRequest | ProgramRequest,
    { signal, runMsMax = this.#runMsMax }: RunOptions,
  ): Promise<JqAnswer> {
    signal?.throwIfAborted();
    try {
      // A thread that could not be started is not kept, either: the next run starts another.
      const thread = await (this.#thread ??= this.#startThread());
      const end = await thread.run({ ...request, runMsMax }, signal);
      // The memory that it took comes back with its thread.
      if (end.kind === "stopped") await this.stop();
      return end;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }
}

/** How one run may end early. */
interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** The engine's own limit when absent. */
  readonly runMsMax?: number | undefined;
}

/** A batch on its way through. */
interface Batch {
  readonly query: JqQuery;
  readonly signal: AbortSignal | undefined;
  stopsLeft: number;
}

function requestOf(query: JqQuery, records: readonly Uint8Array[], nowMs: number): BatchRequest {
  const lengths = Uint32Array.from(records, ({ length }) => length);
  const data = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let offset = 0;
  for (const record of records) {
    data.set(record, offset);
    offset += record.length;
  }
  return { kind: "batch", query, nowMs, data, lengths };
}
