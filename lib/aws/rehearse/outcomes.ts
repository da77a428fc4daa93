/**
 * What becomes of each record of a batch, without the data that nothing needs afterwards: a rehearsal
 * of a million records keeps their sizes and keys, and the data of a few.
 * @module
 */

import type { Fate, Verdict } from "../../sandbox/services/firehose/processing/response_judge.ts";
import { type AnswerParts, partitionKeyBytes } from "./answer_sizes.ts";
import type { ProcessingError } from "../../sandbox/services/firehose/record.ts";

/** What becomes of one record. */
export type Outcome =
  | {
    readonly result: "Ok";
    /** Of its data. */
    readonly bytes: number;
    readonly partitionKeys: ReadonlyMap<string, unknown>;
    /** Of some records, among them the first one with its partition keys. */
    readonly data: Uint8Array | undefined;
  }
  | { readonly result: "Dropped" }
  | { readonly result: "ProcessingFailed"; readonly error: ProcessingError };

/** What came of a batch: all its records failed, or each one has an outcome. */
export type BatchOutcome =
  | { readonly kind: "batchFailed"; readonly error: ProcessingError }
  /** In the order of the records. */
  | { readonly kind: "judged"; readonly outcomes: readonly Outcome[] };

/** Records whose data are kept, spread over the first ones; and partitions whose first data are. */
const SAMPLES_MAX = 200;
const PARTITIONS_MAX = 2_000;
/** Outcomes that records with the same size and keys share. */
const SHARED_MAX = 20_000;

type OkOutcome = Extract<Outcome, { readonly result: "Ok" }>;

/** Takes the data out of verdicts, but for some records. */
export class OutcomeKeeper {
  readonly #seen = new Map<string, ReadonlyMap<string, unknown>>();
  readonly #shared = new Map<string, OkOutcome>();
  #samples = 0;

  readonly #runtime: string;

  /** `runtime` decides how partition keys are written in a response. */
  constructor(runtime: string) {
    this.#runtime = runtime;
  }

  /** The outcomes of a verdict, and what each answer takes in the response. */
  keep(
    verdict: Verdict,
  ): { readonly outcome: BatchOutcome; readonly parts: readonly AnswerParts[] } {
    if (verdict.kind === "batchFailed") return { outcome: verdict, parts: [] };
    const parts: AnswerParts[] = [];
    const outcomes = verdict.fates.map((fate): Outcome => {
      if (fate.result !== "Ok") {
        parts.push({ dataBytes: 0, keyBytes: 0 });
        return fate;
      }
      const { data, partitionKeys: keys } = fate;
      const text = keys.size === 0 ? "" : JSON.stringify(Object.fromEntries(keys));
      const keyBytes = partitionKeyBytes(text, keys.size, this.#runtime);
      parts.push({ dataBytes: data.length, keyBytes });
      return this.#slim(fate, text);
    });
    return { outcome: { kind: "judged", outcomes }, parts };
  }

  #slim({ data, partitionKeys }: Extract<Fate, { readonly result: "Ok" }>, text: string): Outcome {
    const known = this.#seen.get(text);
    const isFirst = known === undefined && this.#seen.size < PARTITIONS_MAX;
    if (isFirst) this.#seen.set(text, partitionKeys);
    const outcome = {
      result: "Ok",
      bytes: data.length,
      partitionKeys: known ?? partitionKeys,
    } as const;
    const isKept = isFirst || this.#samples++ < SAMPLES_MAX;
    return isKept ? { ...outcome, data } : this.#sharedOf({ ...outcome, data: undefined }, text);
  }

  /** An outcome like this one that another record has too. */
  #sharedOf(outcome: OkOutcome, text: string): OkOutcome {
    const mark = `${outcome.bytes} ${text}`;
    const known = this.#shared.get(mark);
    if (known) return known;
    if (this.#shared.size < SHARED_MAX) this.#shared.set(mark, outcome);
    return outcome;
  }
}
