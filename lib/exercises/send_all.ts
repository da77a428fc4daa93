/**
 * Exercise 1.2: the loop that sends again what a busy stream refused.
 * @module
 */

import type { ExerciseCase } from "../view/exercise.ts";
import { returned } from "./returned.ts";

/** One record of a PutRecordBatch call, as the SDK takes it. */
export interface SentRecord {
  readonly Data: Uint8Array;
}

/** What PutRecordBatch answers: an entry for each record, in order. */
export interface BatchAnswer {
  readonly FailedPutCount: number;
  readonly RequestResponses: readonly {
    readonly RecordId?: string;
    readonly ErrorCode?: string;
    readonly ErrorMessage?: string;
  }[];
}

/** What the loop works with: one call of PutRecordBatch, and a pause in milliseconds. */
export interface BusyStream {
  readonly send: (records: readonly SentRecord[]) => Promise<BatchAnswer>;
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Sends records until the stream has accepted each of them once: only refused ones again, after a
 * pause that grows. At most ten calls; what is left then is given back.
 */
export type SendAll = (stream: BusyStream, records: readonly SentRecord[]) => Promise<SentRecord[]>;

const CALLS_MAX = 10;

/** A solution. */
export const sendAll: SendAll = async ({ send, pause }, records) => {
  let left = [...records];
  for (let call = 1; left.length > 0 && call <= 10; call++) {
    if (call > 1) await pause(Math.random() * 25 * 2 ** call);
    const { RequestResponses } = await send(left);
    left = left.filter((_, index) => RequestResponses[index].ErrorCode);
  }
  return left;
};

/** A stream that refuses by a rule, and what came of it. */
async function trial(
  answer: SendAll,
  count: number,
  refuses: (call: number, index: number) => boolean,
) {
  const accepted = new Map<SentRecord, number>();
  const sent: number[] = [];
  const pauses: number[] = [];
  const records = Array.from({ length: count }, (_, index) => ({ Data: Uint8Array.of(index) }));
  const stream: BusyStream = {
    send: (batch) => {
      sent.push(batch.length);
      if (sent.length > CALLS_MAX * 2) throw new Error("20 calls, and it still goes on");
      if (batch.length === 0) throw new Error("a call without records: AWS refuses it");
      const RequestResponses = batch.map((record, index) => {
        if (refuses(sent.length, index)) {
          return { ErrorCode: "ServiceUnavailableException", ErrorMessage: "Slow down." };
        }
        accepted.set(record, (accepted.get(record) ?? 0) + 1);
        return { RecordId: `${sent.length}-${index}` };
      });
      const FailedPutCount = RequestResponses.filter(({ ErrorCode }) => ErrorCode).length;
      return Promise.resolve({ FailedPutCount, RequestResponses });
    },
    pause: (ms) => {
      if (!(ms >= 0 && ms <= 600_000)) throw new Error(`a pause of ${ms} ms`);
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  let [left, problem]: [number, string] = [0, ""];
  try {
    left = returned(await answer(stream, records)).length;
  } catch (error) {
    problem = `an error: ${error instanceof Error ? error.message : error}`;
  }
  const times = records.map((record) => accepted.get(record) ?? 0);
  return {
    problem,
    sent,
    pauses: pauses.length,
    areAlike: pauses.length > 1 && new Set(pauses).size === 1,
    left,
    lost: times.filter((n) => n === 0).length,
    doubled: times.filter((n) => n > 1).length,
  };
}

/** Runs a reader's loop against streams that refuse more or less. */
export async function sendAllCases(answer: SendAll): Promise<ExerciseCase[]> {
  const tried = async (
    what: string,
    count: number,
    refuses: (call: number, index: number) => boolean,
    wanted: { readonly sent: readonly number[]; readonly left: number },
  ): Promise<ExerciseCase[]> => {
    const { problem, sent, pauses, areAlike, left, lost, doubled } = await trial(
      answer,
      count,
      refuses,
    );
    const one = (name: string, gave: unknown, right: unknown): ExerciseCase => ({
      tried: `${what}: ${name}`,
      gave: () => problem || gave,
      wanted: right,
    });
    return [
      one("records in each call", sent, wanted.sent),
      one("records accepted twice", doubled, 0),
      one("records that are neither accepted nor given back", lost - left, 0),
      one("records given back", left, wanted.left),
      one("number of pauses", pauses, wanted.sent.length - 1),
      one("are all pauses equally long?", areAlike, false),
    ];
  };
  return [
    ...await tried("a stream that accepts all", 5, () => false, { sent: [5], left: 0 }),
    ...await tried(
      "every third is refused, twice",
      9,
      (call, index) => call < 3 && index % 3 === 0,
      {
        sent: [9, 3, 1],
        left: 0,
      },
    ),
    ...await tried("the last one is refused, once", 4, (call, index) => call === 1 && index === 3, {
      sent: [4, 1],
      left: 0,
    }),
    ...await tried(
      "every second is refused, then the last of these",
      6,
      (call, index) => call === 1 ? index % 2 === 1 : call === 2 && index === 2,
      { sent: [6, 3, 1], left: 0 },
    ),
    ...await tried("all are refused, once", 3, (call) => call === 1, { sent: [3, 3], left: 0 }),
    ...await tried("all are always refused", 2, () => true, {
      sent: Array.from({ length: CALLS_MAX }, () => 2),
      left: 2,
    }),
  ];
}
