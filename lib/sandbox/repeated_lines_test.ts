import { assertEquals } from "@std/assert";
import { RepeatedLines } from "./repeated_lines.ts";

/** The seconds at which a line is shown that comes every second, and how. */
function shownAt(seconds: number, isThere: (second: number) => boolean = () => true) {
  let nowMs = 0;
  const lines = new RepeatedLines(() => nowMs);
  const shown: [number, string][] = [];
  for (let second = 0; second < seconds; second++) {
    nowMs = second * 1_000;
    const text = isThere(second) ? lines.shown("denied") : undefined;
    if (text !== undefined) shown.push([second, text]);
  }
  return shown;
}

Deno.test("a line that comes every second is shown at once, and then at growing intervals", () => {
  assertEquals(shownAt(160), [
    [0, "denied"],
    [10, "denied (9 times more since)"],
    [30, "denied (19 times more since)"],
    [70, "denied (39 times more since)"],
    [150, "denied (79 times more since)"],
  ]);
});

Deno.test("the intervals grow to ten minutes and no further", () => {
  const seconds = shownAt(7_200).map(([second]) => second);
  const last = seconds.slice(-3);
  assertEquals([last[1] - last[0], last[2] - last[1]], [600, 600]);
});

Deno.test("a line that stayed away for five minutes is shown at once again", () => {
  const times = shownAt(400, (second) => second < 3 || second > 310);
  assertEquals(times.slice(0, 2), [[0, "denied"], [311, "denied"]]);
});

Deno.test("a delivery that is denied every two minutes is not reported each time", () => {
  const isAttempt = (second: number) => second % 120 === 0;
  const times = shownAt(3_600, isAttempt).map(([second]) => second);
  assertEquals(times, [0, 120, 240, 360, 480, 720, 1_080, 1_680, 2_280, 2_880, 3_480]);
});

Deno.test("other lines are shown, and so many that the first is forgotten", () => {
  const lines = new RepeatedLines(() => 0);
  assertEquals([lines.shown("a"), lines.shown("b"), lines.shown("a")], ["a", "b", undefined]);
  for (let line = 0; line < 600; line++) lines.shown(`${line}`);
  assertEquals(lines.shown("a"), "a");
});
