import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fakePeople, largeEvents, sampleEvents } from "../data/mod.ts";
import { readerResults } from "./results.ts";
import { strategyReaders, strategySizes, strategyTable } from "./strategies.ts";

const oneTable = { partitionKeysOf: () => ({ value: { table: "people" } }) };

Deno.test("strategySizes() shows what merging saves for small records: a fifth of kept members", () => {
  const [plain, kept, merged] = strategySizes(fakePeople(1_000), oneTable);
  assertEquals([kept.storedBytes, kept.members], [157_961, 2_000]);
  assert(merged.storedBytes < kept.storedBytes / 4 && merged.storedBytes <= plain.storedBytes);
  assertEquals([plain.members, merged.members], [1, 1]);
  assert(merged.responseBytes < merged.requestBytes / 2);
});

Deno.test("strategySizes() counts rounds and responses until every large record is delivered", () => {
  const [plain, kept, merged] = strategySizes(largeEvents(8, 1_000_000));
  assertEquals([plain.rounds, kept.rounds, merged.rounds], [3, 1, 1]);
  assertEquals([plain.failed, kept.failed, merged.failed], [0, 0, 0]);
  assert(plain.responseBytes > 8_000_000);
  assert(merged.responseBytes < merged.requestBytes && merged.responseBytes < kept.responseBytes);
});

Deno.test("strategyReaders() says that every reader reads plain lines, and that some lose kept members", () => {
  const [plain, kept, merged] = strategyReaders();
  assert(plain.right.length > 20, `${plain.right.length} readers`);
  assertEquals([plain.wrong, plain.error], [[], []]);
  assert(kept.wrong.length > 4 && merged.wrong.length > 4);
  assert(kept.error.length > 1);
});

Deno.test("strategyTable() has a row for each strategy", () => {
  const rows = strategyTable(sampleEvents(20));
  assertEquals(rows.map(({ strategy }) => strategy), [
    "drop-and-reingest",
    "keep-compressed",
    "merge-compressed",
  ]);
  assertEquals(rows[0]["rows lost in silence by"], "none");
});

Deno.test("docs/strategies.md has these numbers", async () => {
  const [page, readme] = await Promise.all(
    ["docs/strategies.md", "README.md"].map((path) =>
      Deno.readTextFile(new URL(`../../${path}`, import.meta.url))
    ),
  );
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  const sizes = strategySizes(fakePeople(1_000), oneTable);
  strategyReaders().forEach(({ strategy, right, wrong, error }, index) => {
    const row = rows.find((line) => line.startsWith(`| \`${strategy}\` `));
    const tried = right.length + wrong.length + error.length;
    assertStringIncludes(row ?? "", `${sizes[index].storedBytes.toLocaleString("en")} bytes`);
    assertStringIncludes(row ?? "", `${right.length} of ${tried}`);
  });
  const readers = new Set(readerResults().results.map(({ reader }) => reader)).size;
  assertStringIncludes(page, `${readers} readers`);
  assertStringIncludes(readme, `${readers} readers`);
  for (const { storedBytes } of strategySizes(sampleEvents(500))) {
    assertStringIncludes(page, storedBytes.toLocaleString("en"));
  }
});
