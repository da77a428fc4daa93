import { assertEquals, assertRejects } from "@std/assert";
import { allEnded, allSteps, throwAfter } from "./all_steps.ts";

const failing = (message: string) => () => {
  throw new Error(message);
};

Deno.test("allSteps() does every step in order, and throws all errors together", async () => {
  const done: string[] = [];
  const step = (name: string) => () => void done.push(name);
  const steps = [step("a"), failing("one"), step("b"), () => Promise.reject(new Error("two"))];
  const error = await assertRejects(() => allSteps(...steps, step("c")), AggregateError);
  assertEquals([done, error.message], [["a", "b", "c"], "one; two"]);
  const only = new Error("only");
  const thrown = await assertRejects(() => allSteps(() => Promise.reject(only), step("d")), Error);
  assertEquals(thrown === only, true);
  await allSteps(step("e"));
});

Deno.test("allEnded() waits for every work, and throws all errors together", async () => {
  const late = Promise.withResolvers<void>();
  let isOver = false;
  const waiting = allEnded([Promise.reject(new Error("first")), late.promise])
    .finally(() => isOver = true);
  waiting.catch(() => {});
  await Promise.resolve();
  assertEquals(isOver, false);
  late.reject(new Error("late"));
  await assertRejects(() => waiting, AggregateError, "first; late");
});

Deno.test("throwAfter() throws the first error, with the one of the step that follows", async () => {
  const first = new Error("first");
  assertEquals(await assertRejects(() => throwAfter(first, () => {}), Error) === first, true);
  await assertRejects(() => throwAfter(first, failing("then")), AggregateError, "first; then");
});
