import { assertEquals, assertRejects } from "@std/assert";
import { DeliverySlots } from "./delivery_slots.ts";

const never = new AbortController().signal;

Deno.test("no more work is done at once than there are slots, and all of it in order", async () => {
  const slots = new DeliverySlots(3);
  const begun: number[] = [];
  const ends = Array.from({ length: 8 }, () => Promise.withResolvers<void>());
  const works = ends.map(({ promise }, n) =>
    slots.use(never, () => {
      begun.push(n);
      return promise;
    })
  );
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  await settled();
  assertEquals(begun, [0, 1, 2]);
  ends[1].resolve();
  await settled();
  assertEquals(begun, [0, 1, 2, 3]);
  for (const { resolve } of ends) resolve();
  await Promise.all(works);
  assertEquals(begun, [0, 1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("work that fails, and work that is aborted while it waits, give their slots back", async () => {
  const slots = new DeliverySlots(1);
  const abort = new AbortController();
  const failing = slots.use(never, () => Promise.reject(new Error("no")));
  const aborted = slots.use(abort.signal, () => Promise.reject(new Error("never begun")));
  const last = slots.use(never, () => Promise.resolve("done"));
  abort.abort(new Error("deleted"));
  await assertRejects(() => failing, Error, "no");
  await assertRejects(() => aborted, Error, "deleted");
  assertEquals(await last, "done");
});
