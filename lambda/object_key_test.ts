import { assertEquals } from "@std/assert";
import { objectKeyOf, unknownExpressionIn } from "./object_key.ts";

const PREFIX = "data/!{partitionKeyFromLambda:database}/!{partitionKeyFromLambda:table}/";
const record = { recordId: "4966", partitionKeys: { database: "shop", table: "orders" } };

Deno.test("objectKeyOf() gives the folder that Firehose would use, and another name", () => {
  assertEquals(objectKeyOf(PREFIX, record).value, "data/shop/orders/too-large-4966.gz");
  assertEquals(objectKeyOf("", record).value, "too-large-4966.gz");
});

Deno.test("objectKeyOf() makes a strange record id safe, and names a key that is missing", () => {
  const { value } = objectKeyOf("", { ...record, recordId: "../a" });
  assertEquals(value, "too-large-!2E.!2Fa.gz");
  const { reason } = objectKeyOf("!{partitionKeyFromLambda:year}/", record);
  assertEquals(reason, 'it has no partition key "year"');
});

Deno.test("unknownExpressionIn() finds an expression that only Firehose can evaluate", () => {
  assertEquals(unknownExpressionIn(PREFIX), undefined);
  assertEquals(unknownExpressionIn(`${PREFIX}!{timestamp:yyyy}/`), "!{timestamp:yyyy}");
});
