import { assertEquals, assertRejects } from "@std/assert";
import { DeliverySlots } from "./delivery_slots.ts";

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** Takes a slot for work that lasts until its promise resolves, and notes when it begins. */
async function work(slots: DeliverySlots, begun: number[], n: number, end: Promise<void>) {
  await new Promise<void>((resolve) => slots.take(resolve));
  begun.push(n);
  await end;
  slots.giveBack();
}

Deno.test("no more work is done at once than there are slots, and all of it in order", async () => {
  const slots = new DeliverySlots(3);
  const begun: number[] = [];
  const ends = Array.from({ length: 8 }, () => Promise.withResolvers<void>());
  const works = ends.map(({ promise }, n) => work(slots, begun, n, promise));
  await settled();
  assertEquals(begun, [0, 1, 2]);
  ends[1].resolve();
  await settled();
  assertEquals(begun, [0, 1, 2, 3]);
  for (const { resolve } of ends) resolve();
  await Promise.all(works);
  assertEquals(begun, [0, 1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("a slot is free while its owner waits outside, also if the wait fails", async () => {
  const slots = new DeliverySlots(1);
  const begun: number[] = [];
  slots.take(() => {});
  const [wait, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const outside = slots.outside(() => wait.promise);
  const other = work(slots, begun, 1, end.promise);
  await settled();
  assertEquals(begun, [1]);
  wait.reject(new Error("aborted"));
  end.resolve();
  await assertRejects(() => outside, Error, "aborted");
  const last = work(slots, begun, 2, Promise.resolve());
  await settled();
  assertEquals(begun, [1], "the first has its slot again");
  slots.giveBack();
  await Promise.all([other, last]);
  assertEquals(begun, [1, 2]);
});
