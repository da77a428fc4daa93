import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatTimestamp } from "./timestamp_pattern.ts";
import { plainTimestamp } from "./timestamps.ts";

/** What java.time's port prints, or that it refuses. */
function byJava(pattern: string, epochMs: number): string | undefined {
  try {
    return formatTimestamp(pattern, epochMs, "UTC");
  } catch {
    return undefined;
  }
}

const pieces = fc.oneof(
  fc.constantFrom(
    "yyyy",
    "MM",
    "dd",
    "HH",
    "mm",
    "ss",
    "yy",
    "M",
    "EEE",
    "'T'",
    "''",
    "'",
    "[",
    "]",
  ),
  fc.constantFrom("/", "-", ":", " ", "#", "{", "é", "😀", "p", "'a b'"),
);
const moments = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });

Deno.test("plain timestamps are those of java.time, or are left to it", () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), moments, (parts, epochMs) => {
      const pattern = parts.join("");
      const text = plainTimestamp(pattern, epochMs);
      if (text === undefined) return;
      plain++;
      assertEquals(text, byJava(pattern, epochMs), pattern);
    }),
    { numRuns: 2_000 },
  );
  assertEquals(plain > 100, true, "some are plain");
});

Deno.test("the patterns of an object's name are plain", () => {
  const moment = Date.UTC(2026, 10, 30, 7, 8, 9, 999);
  for (
    const [pattern, text] of [
      ["yyyy/MM/dd/HH/", "2026/11/30/07/"],
      ["yyyy-MM-dd-HH-mm-ss", "2026-11-30-07-08-09"],
      ["'year='yyyy", "year=2026"],
    ]
  ) assertEquals(plainTimestamp(pattern, moment), text);
});
