import { assertEquals, assertThrows } from "@std/assert";
import { switchOf } from "./cures.ts";
import { CASES, FOLDERS, readerResults, resultsFor } from "./results.ts";

Deno.test("every result names a known object or folder, and its part has a date", () => {
  const { measured, results } = readerResults();
  for (const { part, case: name } of results) {
    assertEquals([name in CASES || name in FOLDERS, part in measured], [true, true]);
  }
});

const SILENT_CASES = [
  "keptMembers",
  "mergedMembers",
  "httpMembers",
  "lateDecimal",
  "lateMember",
  "lateLarge",
  "lateText",
  "numberTexts",
] as const;

Deno.test("every reader that loses rows or values in silence has a switch or another reader", () => {
  const without = SILENT_CASES.flatMap((name) =>
    resultsFor(name).filter(({ outcome, reader }) => outcome === "wrong" && !switchOf(reader, name))
  );
  assertEquals(without, []);
});

Deno.test("resultsFor() gives the results of one object", () => {
  const [first] = resultsFor("keptMembers");
  assertEquals(first.case, "keptMembers");
});

for (const file of [null, {}, { measured: {}, results: [{ outcome: "fine" }] }]) {
  Deno.test(`readerResults() refuses ${JSON.stringify(file)}`, () => {
    assertThrows(() => readerResults(file), TypeError);
  });
}
