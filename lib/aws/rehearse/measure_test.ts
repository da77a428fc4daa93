import { assertEquals } from "@std/assert";
import { batchRanges } from "./batches.ts";
import { sendAll, triedOf } from "./measure.ts";
import { madeInvocation } from "./invocation_testing.ts";
import type { Attempt } from "./rehearsal.ts";

Deno.test("triedOf() takes all of a few batches, and of many those with the largest answers", () => {
  const answers = Array.from({ length: 30 }, (_, index) => (index * 7) % 30);
  const ranges = batchRanges(answers.map(() => 10), 10);
  const tried = triedOf(ranges, answers, "response").map(({ start }) => start);
  assertEquals(tried, [...answers.keys()].filter((index) => answers[index] >= 6));
  assertEquals(triedOf(ranges.slice(0, 24), answers, undefined), ranges.slice(0, 24));
});

Deno.test("triedOf() takes three batches of a function that time limits", () => {
  const ranges = batchRanges([1, 1, 1, 1, 1], 1);
  assertEquals(triedOf(ranges, [], "time"), ranges.slice(0, 3));
});

for (
  const [what, logs, sent] of [
    ["stops after three batches of which none was answered in time", [
      "late",
      "late",
      "late",
      "late",
      "late",
    ], 3],
    ["goes on if one was answered", ["late", "fine", "late", "late", "late"], 5],
  ] as const
) {
  Deno.test(`sendAll() ${what}`, async () => {
    const asked: number[] = [];
    const send = (start: number, end: number): Promise<Attempt> => {
      asked.push(start);
      const hasFailed = logs[start] === "late";
      const log = hasFailed ? "Task timed out after 3.00 seconds" : "";
      return Promise.resolve({
        invocation: madeInvocation(log, { start, end, hasFailed }),
        ...{ error: undefined, answers: [], log, failedAnswers: new Map() },
      });
    };
    const made = await sendAll(send, batchRanges(logs.map(() => 1), 1));
    assertEquals([made.length, asked], [sent, [...logs.keys()].slice(0, sent)]);
  });
}
