import { assertEquals, assertThrows } from "@std/assert";
import { firstEnded, machineProcesses } from "./parents.ts";

const sleeper = () => new Deno.Command("sleep", { args: ["600"] }).spawn();

Deno.test("the first of the processes that ends is named", async () => {
  const [one, other] = [sleeper(), sleeper()];
  const ended = firstEnded([one.pid, other.pid]);
  other.kill("SIGKILL");
  await other.status;
  assertEquals(await ended, other.pid);
  one.kill();
  await one.status;
});

Deno.test("a killed parent that keeps its process id has ended once another parent is there", async () => {
  let parent = 41;
  const ended = firstEnded([41], { parent: () => parent, isThere: () => true });
  parent = 1;
  assertEquals(await ended, 41);
});

Deno.test("a process that is not there is refused at the start", async () => {
  const child = sleeper();
  child.kill("SIGKILL");
  await child.status;
  assertThrows(() => firstEnded([child.pid]), TypeError, `--parent is ${child.pid}; there is no`);
  assertEquals(machineProcesses.isThere(Deno.pid), true);
});
