/**
 * Timestamp patterns, compared with Java's own answers. `timestamp_pattern_java17.tsv` holds, for
 * each pattern, what `DateTimeFormatter.ofPattern(pattern, Locale.US)` of OpenJDK 17 prints for the
 * moments below; a pattern alone on its line is one that Java refuses, or cannot print.
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { checkPattern, formatTimestamp } from "./timestamp_pattern.ts";
import { TIME_ZONES } from "./time_zones.ts";

const MOMENTS = [
  ["2026-11-24T15:04:05Z", "UTC"],
  ["2027-01-01T03:00:00Z", "America/New_York"],
  ["2026-07-05T03:00:59Z", "Asia/Tokyo"],
  ["2028-02-28T18:30:00Z", "Asia/Calcutta"],
  ["2026-06-30T22:30:09Z", "Europe/Berlin"],
] as const;

Deno.test("patterns print what Java 17 prints, and those that Java refuses are refused", async () => {
  const file = new URL("timestamp_pattern_java17.tsv", import.meta.url);
  const rows = (await Deno.readTextFile(file)).trimEnd().split("\n").map((row) => row.split("\t"));
  const ours = rows.map(([pattern]) =>
    checkPattern(pattern) === "invalid" ? [pattern] : [
      pattern,
      ...MOMENTS.map(([moment, zone]) => formatTimestamp(pattern, Date.parse(moment), zone)),
    ]
  );
  assertEquals(ours, rows);
});

Deno.test("of the 52 letters 17 are refused (captured, September 2026), and 35 accepted", () => {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];
  const refused = letters.filter((letter) => checkPattern(letter) === "invalid");
  assertEquals(refused.join(" "), "C I J P R T U V b f i j l o p r t");
});

Deno.test("every time zone of the list prints, whatever the field", () => {
  for (const zone of TIME_ZONES) {
    for (const pattern of ["yyyy/MM/dd/HH", "VV", "z", "zzzz", "v", "vvvv", "OOOO", "XXX"]) {
      formatTimestamp(pattern, Date.UTC(2026, 6, 1), zone);
    }
  }
  assertEquals(TIME_ZONES.length, 295);
});

Deno.test("a pattern that was accepted can be printed at any time", () => {
  const pattern = fc.array(
    fc.constantFrom("y", "M", "d", "H", "D", "p", "B", "z", "e", "'", "[", "]", "/", "x", "A", "ü"),
    { maxLength: 8 },
  ).map((characters) => characters.join(""));
  fc.assert(
    fc.property(pattern, fc.date({ noInvalidDate: true, min: new Date(0) }), (pattern, date) => {
      fc.pre(date.getTime() < Date.UTC(2100) && checkPattern(pattern) === "valid");
      formatTimestamp(pattern, date.getTime(), "UTC");
    }),
    { numRuns: 300 },
  );
});
