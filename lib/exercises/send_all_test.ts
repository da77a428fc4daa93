import { type SendAll, sendAll, sendAllCases, type SentRecord } from "./send_all.ts";
import { fairTest } from "./testing.ts";

/** A loop whose parts can be exchanged. */
const loop = (
  {
    next = (left, failed) => left.filter((_, index) => failed[index]),
    calls = 10,
    ends = false,
    pauseMs = (call) => 50 * 2 ** call,
    pausesFirst = false,
    result = (left) => left,
  }: {
    readonly next?: (
      left: SentRecord[],
      failed: boolean[],
      all: readonly SentRecord[],
    ) => SentRecord[];
    readonly calls?: number;
    readonly ends?: boolean;
    readonly pauseMs?: (call: number) => number | undefined;
    readonly pausesFirst?: boolean;
    readonly result?: (left: SentRecord[], all: readonly SentRecord[]) => SentRecord[];
  },
): SendAll =>
async ({ send, pause }, records) => {
  let left = [...records];
  for (let call = 1; (ends || left.length > 0) && call <= calls; call++) {
    const ms = call > 1 || pausesFirst ? pauseMs(call) : undefined;
    if (ms !== undefined) await pause(ms);
    const { RequestResponses } = await send(left);
    left = next(left, RequestResponses.map(({ ErrorCode }) => ErrorCode !== undefined), records);
  }
  return result(left, records);
};

fairTest("1.2", {
  casesOf: sendAllCases,
  right: {
    "the published one": sendAll,
    "a loop": loop({}),
    "recursion": async function again({ send, pause }, records, call = 1): Promise<SentRecord[]> {
      const { RequestResponses } = await send(records);
      const failed = records.filter((_, index) => !RequestResponses[index].RecordId);
      if (failed.length === 0 || call === 10) return failed;
      await pause(100 * call);
      return await again({ send, pause }, failed, call + 1);
    },
    "while": async ({ send, pause }, records) => {
      let [left, call] = [[...records], 0];
      while (left.length > 0 && call < 10) {
        if (call++ > 0) await pause(2 ** call);
        const answer = await send(left);
        if (answer.FailedPutCount === 0) return [];
        left = left.flatMap((record, index) =>
          answer.RequestResponses[index].ErrorMessage ? [record] : []
        );
      }
      return left;
    },
    "a fixed pause with chance": loop({ pauseMs: () => 10 + Math.random() }),
  },
  wrong: {
    "the starter: one call": async ({ send }, records) => {
      await send(records);
      return [];
    },
    "the whole batch again": loop({ next: (left, failed) => failed.includes(true) ? left : [] }),
    "all records of the start again": loop({
      next: (_, failed, all) => failed.includes(true) ? [...all] : [],
    }),
    "those that were accepted": loop({
      next: (left, failed) => left.filter((_, at) => !failed[at]),
    }),
    "as many as failed, from the front": loop({
      next: (left, failed) => left.slice(0, failed.filter((it) => it).length),
    }),
    "places of the first call": loop({
      next: (left, failed, all) => all.filter((record, at) => failed[at] && left.includes(record)),
    }),
    "without a pause": loop({ pauseMs: () => undefined }),
    "a pause before the first call": loop({ pausesFirst: true }),
    "one try too few": loop({ calls: 9 }),
    "one try too many": loop({ calls: 11 }),
    "two tries": loop({ calls: 2 }),
    "without end": loop({ calls: Infinity }),
    "until a call without records": loop({ ends: true }),
    "nothing is given back": loop({ result: () => [] }),
    "all are given back": loop({ result: (_, all) => [...all] }),
    "the first is forgotten": loop({
      next: (left, failed) => left.filter((_, at) => at > 0 && failed[at]),
    }),
    "the last is forgotten": loop({
      next: (left, failed) => left.filter((_, at) => at < left.length - 1 && failed[at]),
    }),
    "every pause as long as the others": loop({ pauseMs: () => 100 }),
    "a negative pause": loop({ pauseMs: (call) => -call }),
    "it throws when some fail": async ({ send }, records) => {
      if ((await send(records)).FailedPutCount > 0) throw new Error("some failed");
      return [];
    },
    "never sent": (_, records) => Promise.resolve([...records]),
  },
});
