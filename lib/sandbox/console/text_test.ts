import { assertEquals } from "@std/assert";
import { count, duration, size, visible } from "./page/text.ts";

Deno.test("visible() shows characters that hide or turn text around, and leaves all others", () => {
  assertEquals(visible("a\u202eb\u0007\u200b"), "a⟨U+202E⟩b⟨U+0007⟩⟨U+200B⟩");
  assertEquals(visible("line\n\ttab, é, 日本, עברית, 🙂"), "line\n\ttab, é, 日本, עברית, 🙂");
});

Deno.test("numbers come with their unit", () => {
  assertEquals([count(1, "record"), count(1_234, "record")], ["1 record", "1,234 records"]);
  assertEquals([size(1), size(1_023), size(1_024), size(6_291_556), size(64 * 1024 * 1024)], [
    "1 byte",
    "1023 bytes",
    "1.0 KiB",
    "6.0 MiB",
    "64 MiB",
  ]);
  assertEquals([duration(-5), duration(400), duration(59_400), duration(300_000)], [
    "0.0 s",
    "0.4 s",
    "59 s",
    "5 min",
  ]);
});
