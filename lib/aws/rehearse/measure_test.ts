import { assertEquals } from "@std/assert";
import { batchRanges } from "./batches.ts";
import { triedOf } from "./measure.ts";

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
