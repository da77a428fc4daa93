/** Calls at moments of a clock: one wait for all that are due together. */
import { assertEquals } from "@std/assert";
import { ManualClock } from "../../../clock.ts";
import { Alarms } from "./alarms.ts";

/** A clock that counts the waits under way. */
class CountingClock extends ManualClock {
  waits = 0;

  override async waitUntil(momentMs: number, signal?: AbortSignal): Promise<void> {
    this.waits++;
    try {
      await super.waitUntil(momentMs, signal);
    } finally {
      this.waits--;
    }
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("a thousand calls at the same moment are one wait, and all are made, in order", async () => {
  const clock = new CountingClock(0);
  const alarms = new Alarms(clock);
  const called: number[] = [];
  for (let n = 0; n < 1_000; n++) alarms.set(5_000, () => called.push(n));
  alarms.set(6_000, () => called.push(-1));
  assertEquals(clock.waits, 2);
  clock.advance(4_999);
  await settled();
  assertEquals(called, []);
  clock.advance(1);
  await settled();
  assertEquals(called, Array.from({ length: 1_000 }, (_, n) => n));
  clock.advance(1_000);
  await settled();
  assertEquals([called.at(-1), clock.waits], [-1, 0]);
});

Deno.test("a cancelled call is not made, and the wait ends with the last call of its moment", async () => {
  const clock = new CountingClock(0);
  const alarms = new Alarms(clock);
  const called: string[] = [];
  const [first, second] = [() => called.push("first"), () => called.push("second")];
  alarms.set(1_000, first);
  alarms.set(1_000, second);
  alarms.cancel(1_000, first);
  alarms.cancel(1_000, first);
  assertEquals(clock.waits, 1);
  alarms.cancel(1_000, second);
  await settled();
  assertEquals(clock.waits, 0);
  alarms.set(1_000, second);
  clock.advance(1_000);
  await settled();
  assertEquals(called, ["second"]);
});

Deno.test("a moment that is over calls back soon, and not before `set` returns", async () => {
  const alarms = new Alarms(new ManualClock(10_000));
  let calls = 0;
  alarms.set(9_000, () => calls++);
  assertEquals(calls, 0);
  await settled();
  assertEquals(calls, 1);
});
