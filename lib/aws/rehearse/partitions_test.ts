import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type KeyGroup, membersOf } from "./key_groups.ts";
import { partitionLines, partitionsOf, refusedRecords } from "./partitions.ts";

const NOW = Date.UTC(2026, 0, 15, 22, 8, 59);

const ok = (keys: Record<string, unknown>, data = "{}"): KeyGroup => ({
  keys: new Map(Object.entries(keys)),
  members: membersOf(new TextEncoder().encode(data)),
  records: 1,
});

Deno.test("Partitions are counted by the keys that the prefix names, with an object's key of each", async () => {
  const fates = [ok({ a: "1", b: "x" }), ok({ a: "1", b: "y" }), ok({ a: "2", b: "x" })];
  const found = await partitionsOf(
    fates,
    "data/!{partitionKeyFromLambda:a}/!{timestamp:yyyy}/",
    NOW,
  );
  assertEquals(found?.count, 2);
  assertEquals(found?.values, { a: 2, b: 2 });
  assertStringIncludes(found?.examples[0] ?? "", "data/1/2026/my-stream-1-2026-01-15-22-08-59-");
});

Deno.test("Without a prefix, one is made of the names that the function gave", async () => {
  const found = await partitionsOf([ok({ a: "1" })], undefined, NOW);
  assertEquals(found?.prefix, "a=!{partitionKeyFromLambda:a}/");
  assertEquals(await partitionsOf([ok({})], undefined, NOW), undefined);
});

for (
  const [value, reason] of [
    [undefined, "must not be null or empty"],
    ["", "must not be null or empty"],
    ["x".repeat(600), "cannot be greater than 512"],
  ] as const
) {
  Deno.test(`A record with the key ${JSON.stringify(value)?.slice(0, 9)} is refused by a prefix that names it`, async () => {
    const found = await partitionsOf(
      [ok({ a: value }), ok({ a: "1" })],
      "!{partitionKeyFromLambda:a}/",
      NOW,
    );
    assertEquals(refusedRecords(found), 1);
    assertStringIncludes(found?.refused[0].reason ?? "", reason);
  });
}

Deno.test("Values that readers read differently are named", async () => {
  const fates = [
    ok({ month: "01" }),
    ok({ month: "_x" }),
    ok({ month: "a/b" }),
    ok({ month: "7" }, '{"month":7}'),
  ];
  const text = partitionLines(await partitionsOf(fates, undefined, NOW)).join("\n");
  for (
    const said of [
      "month=01: Some readers",
      "month=a/b: A value has a slash",
      "member with the same name",
    ]
  ) {
    assertStringIncludes(text, said);
  }
});

Deno.test("A prefix with a key of a jq query is refused", async () => {
  await assertRejects(
    () => partitionsOf([ok({})], "!{partitionKeyFromQuery:q}/", NOW),
    TypeError,
    "only keys of the function",
  );
});
