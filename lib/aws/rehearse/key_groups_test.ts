import { assertEquals, assertStringIncludes } from "@std/assert";
import { KeyGroups } from "./key_groups.ts";
import { partitionLines, partitionsOf, prefixKeysOf } from "./partitions.ts";

const NOW = Date.UTC(2026, 0, 15);
const DATA = new TextEncoder().encode("{}");

/** Groups records with these keys, of which no more than two sets are kept. */
function grouped(groups: KeyGroups, records: readonly Readonly<Record<string, unknown>>[]) {
  const ids = records.map((keys) =>
    groups.idOf(new Map(Object.entries(keys)), JSON.stringify(keys), DATA)
  );
  const counts = groups.noCounts();
  for (const id of ids) counts[id]++;
  return groups.withCounts(counts);
}

Deno.test("Records of further sets of keys are counted, and the report says so", async () => {
  const records = [{ a: "1" }, { a: "2" }, { a: "3" }, { a: "1" }, { a: "4" }];
  const { groups, furtherRecords } = grouped(new KeyGroups(undefined, 2), records);
  assertEquals([groups.map((group) => group.records), furtherRecords], [[2, 1], 2]);
  const [line, further] = partitionLines(
    await partitionsOf(groups, undefined, NOW, furtherRecords),
  );
  assertEquals(
    line.startsWith("Partition keys: a (at least 2 values). They make at least 2"),
    true,
  );
  assertEquals(further.trim().startsWith("2 records have still other keys"), true);
});

Deno.test("Keys that a given prefix does not name make no group, and what it refuses is counted beyond the others", async () => {
  const prefix = await prefixKeysOf("!{partitionKeyFromLambda:a}/", NOW);
  const records = [
    ...["x", "y", "z"].map((id) => ({ a: "1", id })),
    ...["2", "3", "", "4", "x".repeat(600)].map((a) => ({ a })),
    { b: "7" },
  ];
  const { groups, furtherRecords } = grouped(new KeyGroups(prefix, 2), records);
  const found = groups.map((group) => [group.keys.get("a"), group.records]);
  assertEquals(found, [["", 3], ["1", 3], ["2", 1]]);
  assertEquals(furtherRecords, 2);
});

Deno.test("Keys that a given prefix refuses are shown as the function gave them", async () => {
  const prefix = "!{partitionKeyFromLambda:custmer}/";
  const { groups } = grouped(new KeyGroups(await prefixKeysOf(prefix, NOW)), [{ customer: "7" }]);
  const text = partitionLines(await partitionsOf(groups, prefix, NOW)).join("\n");
  assertStringIncludes(text, 'Their keys: {"customer":"7"}');
});
