import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { LogTail } from "./log_tail.ts";

Deno.test("a log's tail is its end, whole lines of 64 KiB at least, whatever the lines", () => {
  const line = fc.integer({ min: 0, max: 90_000 }).map((length) => `${"x".repeat(length)}\n`);
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const tail = new LogTail();
      for (const line of lines) tail.add(line);
      const [all, kept] = [lines.join(""), tail.text()];
      assert(all.endsWith(kept));
      assertEquals(tail.bytes, all.length);
      assert(kept.length >= Math.min(all.length, 65_536) && kept.length < 65_536 + 90_002);
    }),
    { numRuns: 50 },
  );
});

Deno.test("a short log is its own tail", () => {
  const tail = new LogTail();
  tail.add("START\n");
  tail.add("END\n");
  assertEquals(tail.text(), "START\nEND\n");
});
