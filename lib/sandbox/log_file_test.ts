import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { boundedLog, olderLog } from "./log_file.ts";
import { tempFolder } from "./testing/temp_folder.ts";

Deno.test("the log of a sandbox in the background takes two files of a bounded size, and keeps the last lines", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "sandbox.log");
  using file = Deno.openSync(path, { append: true, create: true });
  const log = boundedLog(async (bytes) => void await file.write(bytes), path, 100);
  const lines = Array.from({ length: 50 }, (_, n) => `line ${n}`.padEnd(19) + "\n");
  for (const line of lines) await log(new TextEncoder().encode(line));
  const [older, newer] = [olderLog(path), path].map((each) => Deno.readTextFileSync(each));
  assertEquals([older, newer], [lines.slice(40, 45).join(""), lines.slice(45).join("")]);
});

Deno.test("a log whose folder was removed is written on", async () => {
  const written: number[] = [];
  const log = boundedLog(
    (bytes) => Promise.resolve(void written.push(bytes.length)),
    "/none/log",
    5,
  );
  for (let call = 0; call < 3; call++) await log(new Uint8Array(4));
  assertEquals(written, [4, 4, 4]);
});
