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

Deno.test("systemClock() moves the time and the waits on, each wait by its own measure", async () => {
  const clock = systemClock(60);
  const openedMs = clock.nowMs();
  const over = clock.wait(900_000).then(() => "over");
  const isLeft = clock.deadlineMs(openedMs, 3_600_000);
  clock.advance(900_000);
  assertEquals(await over, "over");
  assertEquals(Math.round((clock.nowMs() - clock.trueMs()) / 1000), 900);
  // 45 minutes of waits are left of the hour: 45 seconds of true time.
  const left = clock.deadlineMs(openedMs, 3_600_000) - clock.nowMs();
  assertEquals(Math.round(left / 1000), 45);
  assertEquals(Math.round((isLeft - openedMs) / 1000), 60);
  // A wait that begins now does not know of what was before.
  assertEquals(Math.round(clock.deadlineMs(clock.nowMs(), 60_000) - clock.nowMs()), 1_000);
});

Deno.test("systemClock() knows what its time was at a true moment before it was advanced", async () => {
  const clock = systemClock(1);
  const beforeMs = clock.trueMs();
  await clock.wait(2);
  clock.advance(5_000);
  await clock.wait(2);
  assertEquals(clock.momentOf(beforeMs), beforeMs);
  assertEquals(clock.momentOf(beforeMs + 1_000), beforeMs + 6_000);
});
