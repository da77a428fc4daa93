import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { tempFolder } from "../testing/temp_folder.ts";
import { until } from "../testing/until.ts";
import { BodyThread } from "./body_thread.ts";

const BYTES = new Uint8Array([1, 2, 3]);
const MD5 = "5289df737df57326fcdd22597afb1fac";

Deno.test("the thread ends in a rest, and the next body starts it again", async () => {
  using folder = tempFolder();
  using thread = new BodyThread({ restMs: 10 });
  for (const name of ["first", "second"]) {
    const body = thread.create(join(folder.path, name));
    assertEquals(thread.isRunning, true);
    await body.write(BYTES);
    assertEquals(await body.finish(), { sizeBytes: 3, md5Hex: MD5 });
    await until("the thread to end", () => !thread.isRunning);
  }
  const discarded = thread.create(join(folder.path, "third"));
  await discarded.discard();
  await until("the thread to end", () => !thread.isRunning);
});

Deno.test("a body that is not finished keeps the thread, however long its client waits", async () => {
  using folder = tempFolder();
  using thread = new BodyThread({ restMs: 1 });
  const body = thread.create(join(folder.path, "slow"));
  await body.write(BYTES);
  await pause(20); // a timer that ends after that of the rest
  assertEquals(thread.isRunning, true);
  assertEquals(await body.finish(), { sizeBytes: 3, md5Hex: MD5 });
});
