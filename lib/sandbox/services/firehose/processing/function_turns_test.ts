/** Turns at a function: in order, one at a time, and none is lost. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { FunctionTurns } from "./function_turns.ts";

const signal = new AbortController().signal;

/** Notes in `order` when a turn is taken. */
async function noted(order: string[], name: string, taken: Promise<void>): Promise<void> {
  await taken;
  order.push(name);
}

Deno.test("turns of a stream come in the order in which they were asked for, one at a time", async () => {
  const turns = new FunctionTurns();
  const [first, second, third] = [turns.of(1), turns.of(1), turns.of(1)];
  const order: string[] = [];
  await first.take(signal);
  const others = [
    noted(order, "second", second.take(signal)),
    noted(order, "third", third.take(signal)),
  ];
  await turns.of(2).take(signal); // another stream's
  assertEquals(order, []);
  assert(first.pass(), "the second has it now");
  await others[0];
  assertEquals(order, ["second"]);
  assert(second.pass());
  await others[1];
  assert(!third.pass(), "nobody waits");
  await first.take(signal);
});

Deno.test("a turn that is taken twice, or passed on twice, is one turn", async () => {
  const turns = new FunctionTurns();
  const [first, second] = [turns.of(1), turns.of(1)];
  await first.take(signal);
  await first.take(signal);
  const waiting = second.take(signal);
  assert(first.pass());
  assert(!first.pass());
  await waiting;
  const order: string[] = [];
  const again = noted(order, "first", first.take(signal));
  assertEquals(order, [], "it waits for the second");
  second.pass();
  await again;
});

Deno.test("an aborted caller leaves the queue, and the next one gets the turn", async () => {
  const turns = new FunctionTurns();
  const [first, second, third] = [turns.of(1), turns.of(1), turns.of(1)];
  await first.take(signal);
  const end = new AbortController();
  const aborted = second.take(end.signal);
  const waiting = third.take(signal);
  end.abort(new Error("deleted"));
  await assertRejects(() => aborted, Error, "deleted");
  await assertRejects(() => second.take(end.signal), Error, "deleted");
  assert(!second.pass(), "it never had the turn");
  assert(first.pass());
  await waiting;
});
