import { assertEquals, assertStringIncludes } from "@std/assert";
import { bufferingHints, type Hints, hintsCases } from "./buffering_hints.ts";
import { fairTest } from "./testing.ts";

const hints = (SizeInMBs: number, IntervalInSeconds: number): Hints => ({
  SizeInMBs,
  IntervalInSeconds,
});

fairTest("1.1", {
  casesOf: hintsCases,
  right: {
    "the published one": bufferingHints,
    "closed by size, the interval is long": hints(10, 900),
    "closed by the interval": hints(128, 60),
    "both as large as they may be": hints(34, 120),
    "the interval just long enough": hints(128, 18),
    "exactly 5 MiB": hints(5, 18),
  },
  wrong: {
    "the starter": hints(1, 60),
    "the notebook's": hints(1, 300),
    "AWS's defaults for size, and a short interval": hints(5, 10),
    "one second too short": hints(128, 17),
    "a MiB too small": hints(4, 120),
    "everything at the maximum": hints(128, 900),
    "a second too long": hints(128, 121),
    "too large for the time": hints(40, 900),
    "no size": hints(0, 60),
    "too large a size": hints(129, 60),
    "no interval": hints(5, 0),
    "too long an interval": hints(5, 901),
    "a negative interval": hints(5, -60),
    "bytes in place of MiB": hints(5 * 1024 * 1024, 60),
    "milliseconds in place of seconds": hints(5, 60_000),
    "half a MiB": hints(5.5, 60),
    "half a second": hints(6, 30.5),
    "not a number": hints(NaN, 60),
  },
});

Deno.test("exercise 1.1 shows a text as a text: 60 in quotes is not the number 60", () => {
  const [, interval] = hintsCases(JSON.parse('{"SizeInMBs":5,"IntervalInSeconds":"60"}'));
  assertStringIncludes(interval.tried, 'IntervalInSeconds "60"');
});

Deno.test("exercise 1.1 takes hints that are missing as a wrong answer", () => {
  assertEquals(hintsCases(undefined).map(({ gave }) => gave()), [false, false, false, false]);
});
