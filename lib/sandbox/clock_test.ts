import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ManualClock, systemClock } from "./clock.ts";

Deno.test("ManualClock wakes those whose moment has come, in the order of their moments", async () => {
  const clock = new ManualClock(0);
  const woken: string[] = [];
  const late = clock.wait(2_000).then(() => woken.push("late"));
  const early = clock.wait(1_000).then(() => woken.push("early"));
  const never = clock.wait(9_000, AbortSignal.abort("stopped"));
  clock.advance(2_000);
  await Promise.all([late, early]);
  assertEquals(woken, ["early", "late"]);
  assertEquals(await never.catch((reason) => reason), "stopped");
});

Deno.test("systemClock() shortens waits by its speed and leaves the time of day alone", async () => {
  const clock = systemClock(60_000);
  assertEquals(clock.deadlineMs(1_000, 60_000), 1_001);
  const before = Date.now();
  await clock.wait(60_000);
  assertEquals(clock.nowMs() >= before, true);
});

Deno.test("systemClock() ends a wait when its signal is aborted", async () => {
  const stop = new AbortController();
  const waiting = systemClock(1).wait(3_600_000, stop.signal);
  stop.abort(new Error("stopped"));
  await assertRejects(() => waiting, Error, "stopped");
});

Deno.test("systemClock() refuses a speed that is not positive", () => {
  for (const speed of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => systemClock(speed),
      RangeError,
      "must be a positive number",
    );
  }
});
