import { assertEquals } from "@std/assert";
import { setTimeout as pause } from "node:timers/promises";
import { RestTimer } from "./rest_timer.ts";

Deno.test("a rest begins once after the last use, and again after another use", async () => {
  let rests = 0;
  const rested = () => pause(20); // timers end in the order of their times
  const timer = new RestTimer(5, () => void rests++);
  timer.use();
  timer.use();
  await rested();
  assertEquals(rests, 1);
  timer.use();
  await rested();
  assertEquals(rests, 2);
  timer.use();
  timer.stop();
  await rested();
  assertEquals(rests, 2);
});
