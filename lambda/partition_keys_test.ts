import { assertEquals } from "@std/assert";
import { KEY_VALUE_BYTES_MAX } from "./key_value.ts";
import { partitionKeysOf } from "./partition_keys.ts";
import { DOCUMENT } from "./sample_event.ts";

Deno.test("partitionKeysOf() gives database, table and the event's own hour in UTC", () => {
  assertEquals<unknown>(partitionKeysOf({ ...DOCUMENT, time: "2026-11-24T01:30:00+02:00" }), {
    value: {
      database: "shop",
      table: "orders",
      year: "2026",
      month: "11",
      day: "23",
      hour: "23",
    },
  });
});

Deno.test("partitionKeysOf() makes the values safe for S3 keys", () => {
  const { value } = partitionKeysOf({ ...DOCUMENT, database: "../shop", table: "a/b" });
  assertEquals([value?.database, value?.table], ["!2E.!2Fshop", "a!2Fb"]);
});

const { table: _table, ...withoutTable } = DOCUMENT;
for (
  const [document, reason] of [
    [withoutTable, 'the member "table" is missing'],
    [{ ...DOCUMENT, database: "" }, 'the member "database" is empty'],
    [{ ...DOCUMENT, database: null }, 'the member "database" is not text'],
    [{ ...DOCUMENT, table: 7 }, 'the member "table" is not text'],
    [{ ...DOCUMENT, table: ["orders"] }, 'the member "table" is not text'],
    [{ ...DOCUMENT, time: 1_795_512_600 }, 'the member "time" is not text'],
    [
      { ...DOCUMENT, time: "yesterday" },
      'the member "time" is not an RFC 3339 time with an offset',
    ],
    [{ ...DOCUMENT, table: "a\udc00" }, 'the member "table" has half of a surrogate pair'],
    [
      Object.assign(Object.create({ table: "inherited" }), withoutTable),
      'the member "table" is missing',
    ],
  ] as const
) {
  Deno.test(`partitionKeysOf() says that ${reason}, given ${JSON.stringify(document)}`, () => {
    assertEquals<unknown>(partitionKeysOf(document), { reason });
  });
}

for (
  const [table, isTaken, why] of [
    ["a".repeat(KEY_VALUE_BYTES_MAX), true, "the most"],
    ["a".repeat(KEY_VALUE_BYTES_MAX + 1), false, "one more"],
    ["/".repeat(KEY_VALUE_BYTES_MAX / 3), true, "the most, all escaped"],
    ["/".repeat(KEY_VALUE_BYTES_MAX / 3) + "a", false, "one more than fits escaped"],
  ] as const
) {
  Deno.test(`partitionKeysOf() ${isTaken ? "takes" : "refuses"} ${table.length} characters: ${why}`, () => {
    assertEquals(partitionKeysOf({ ...DOCUMENT, table }).value !== undefined, isTaken);
  });
}
