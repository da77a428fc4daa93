import { assertEquals, assertRejects } from "@std/assert";
import { pause, stopWaiting, unlessStopped } from "./stop.ts";
import { until } from "./until.ts";

Deno.test("Stop ends a pause, and what else waits, at once", async () => {
  const ends = Promise.all([
    assertRejects(() => pause(60_000), Error, "Stopped"),
    assertRejects(() => unlessStopped(Promise.withResolvers<void>().promise), Error, "Stopped"),
    assertRejects(
      () => until("never", () => Promise.resolve(false), { withinSeconds: 60 }),
      Error,
      "Stopped",
    ),
  ]);
  await pause(1); // until() is then in the pause between two probes
  stopWaiting();
  await ends;
});

Deno.test("Stop ends a wait whose probe never answers", async () => {
  const waits = assertRejects(
    () => until("never", () => Promise.withResolvers<boolean>().promise, { withinSeconds: 60 }),
    Error,
    "Stopped",
  );
  await pause(1);
  stopWaiting();
  await waits;
});

Deno.test("what ended before Stop keeps its result", async () => {
  const value = await unlessStopped(Promise.resolve(7));
  stopWaiting();
  assertEquals(value, 7);
  await assertRejects(() => unlessStopped(Promise.reject(new TypeError("own"))), TypeError, "own");
});
