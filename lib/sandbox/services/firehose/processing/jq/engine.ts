/**
 * jq for the MetadataExtraction processor: the real one, in a thread of its own that is stopped
 * when a run takes too long or grows too large. A batch goes through in one run; only where that
 * does not end well are its records taken apart, so that one of them costs no other its keys.
 * @module
 */

import { batchProgram, compiledOnly, type Extraction, extractionOf } from "./program.ts";
import { JqThread, type RunEnd } from "./thread.ts";
import type { JqRequest } from "./worker.ts";

/** What came of one record. */
export type JqResult = Extraction | { readonly kind: "notJson" } | { readonly kind: "stopped" };

/** A query and the keys that are wanted of what it gives. */
export interface JqQuery {
  readonly text: string;
  readonly keys: readonly string[];
}

/** How long a run may take, in true time: some hundred times what a batch takes. */
const RUN_MS_MAX = 2_000;
/** Records that are taken apart are first tried in groups of this size. */
const GROUP_RECORDS = 32;
/**
 * So many runs of a batch may be stopped; records that have not gone through by then count as
 * stopped too. A query without an end must not hold up its stream for ever.
 */
const STOPS_MAX = 8;
/** jq never gives memory back: beyond this, the next run begins afresh. */
const MEMORY_BYTES_KEPT = 96 * 1024 * 1024;

/** jq, in a thread that starts when it is first needed. One run at a time: the others wait. */
export class Jq {
  readonly #runMsMax: number;
  #thread: Promise<JqThread> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ runMsMax = RUN_MS_MAX }: { readonly runMsMax?: number } = {}) {
    this.#runMsMax = runMsMax;
  }

  /** jq's complaint about `query`, which has no record to run on; undefined if it compiles. */
  async complaint(query: string): Promise<string | undefined> {
    const end = await this.#compile(compiledOnly(query));
    if (end.kind === "lines") return undefined;
    // Without what stands before the query, for a message that speaks of nothing else. A minus
    // would make an option of it.
    const plain = await this.#compile(query.replace(/^-/, " -"));
    return plain.kind === "failed" ? plain.message : "jq was stopped";
  }

  #compile(program: string): Promise<RunEnd> {
    return this.#run({ program, data: new Uint8Array(), lengths: new Uint32Array() });
  }

  /** What the query finds in each of `records`. Throws the signal's reason when it is aborted. */
  async extract(
    { text, keys }: JqQuery,
    records: readonly Uint8Array[],
    signal?: AbortSignal,
  ): Promise<JqResult[]> {
    const program = batchProgram(text, keys);
    return await this.#resolve(records, { program, stopsLeft: STOPS_MAX, signal });
  }

  /** Ends the thread. A run that is under way ends as stopped. */
  async stop(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    (await thread?.catch(() => undefined))?.end();
  }

  async #resolve(records: readonly Uint8Array[], batch: Batch): Promise<JqResult[]> {
    if (batch.stopsLeft === 0) return records.map(() => ({ kind: "stopped" }));
    const end = await this.#run(requestOf(batch.program, records), batch.signal);
    if (end.kind === "lines") return end.lines.map(resultOf);
    if (end.kind === "stopped") batch.stopsLeft--;
    if (records.length === 1) {
      return [end.kind === "failed" ? { kind: "error", message: end.message } : end];
    }
    const size = records.length > GROUP_RECORDS ? GROUP_RECORDS : 1;
    const results: JqResult[] = [];
    for (let start = 0; start < records.length; start += size) {
      results.push(...await this.#resolve(records.slice(start, start + size), batch));
    }
    return results;
  }

  /** Runs when those before have ended. */
  #run(request: JqRequest, signal?: AbortSignal): Promise<RunEnd> {
    const run = this.#last.then(() => this.#runNow(request, signal));
    this.#last = run.catch(() => {});
    return run;
  }

  async #runNow(request: JqRequest, signal: AbortSignal | undefined): Promise<RunEnd> {
    signal?.throwIfAborted();
    const thread = await (this.#thread ??= JqThread.start());
    const end = await thread.run(request, this.#runMsMax, signal).catch((error) => error);
    const isFit = !(end instanceof Error) && end.kind !== "stopped" &&
      end.memoryBytes <= MEMORY_BYTES_KEPT;
    if (!isFit) await this.stop();
    if (end instanceof Error) throw end;
    return end;
  }
}

/** A batch on its way through. */
interface Batch {
  readonly program: string;
  readonly signal: AbortSignal | undefined;
  stopsLeft: number;
}

function requestOf(program: string, records: readonly Uint8Array[]): JqRequest {
  const lengths = Uint32Array.from(records, ({ length }) => length);
  const data = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let offset = 0;
  for (const record of records) {
    data.set(record, offset);
    offset += record.length;
  }
  return { program, data, lengths };
}

const resultOf = (line: string | undefined): JqResult =>
  line === undefined ? { kind: "notJson" } : extractionOf(line);
