import { assertEquals } from "@std/assert";
import { type Constraints, violations } from "./constraints.ts";

const CONSTRAINTS: Constraints = {
  Name: { required: true, length: [1, 4], pattern: "[a-z]+" },
  Hints: { members: { SizeInMBs: { range: [1, 128] } } },
  Format: { enum: ["GZIP", "ZIP"] },
  Keys: { item: { length: [0, 3], pattern: "[a-z]*" } },
  Weights: { key: { length: [1, 2] }, item: { range: [0, 1], isDouble: true } },
  Records: { length: [1, 2], item: { members: { Data: { required: true, length: [0, 3] } } } },
};
const shown = { showsValue: () => true, itemsNotNull: true };
const hidden = { showsValue: () => false };

for (
  const [input, text, why] of [
    [{ Name: "abc" }, undefined, "nothing is wrong"],
    [
      {},
      "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
      "a required member is missing",
    ],
    [
      { Name: "ABC" },
      "1 validation error detected: Value 'ABC' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
      "a pattern does not match as a whole",
    ],
    [
      { Name: "a", Hints: { SizeInMBs: 129 } },
      "1 validation error detected: Value '129' at 'hints.sizeInMBs' failed to satisfy constraint: Member must have value less than or equal to 128",
      "a number within a structure is too large",
    ],
    [
      { Name: "a", Hints: { SizeInMBs: 5.5 } },
      "1 validation error detected: Value '5.5' at 'hints.sizeInMBs' failed to satisfy constraint: Member must be an integer",
      "an integer has a fraction",
    ],
    [
      { Name: "a", Format: "gzip" },
      "1 validation error detected: Value 'gzip' at 'format' failed to satisfy constraint: Member must satisfy enum value set: [GZIP, ZIP]",
      "a word has the wrong case",
    ],
    [
      { Name: "a", Records: [{ Data: new Uint8Array(3) }, { Data: new Uint8Array(4) }] },
      "1 validation error detected: Value at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 3",
      "an item of a list has too many bytes",
    ],
    // As Lambda answers for the methods of a function's URL: seen in 2025.
    [
      { Name: "a", Keys: ["b", "OPTIONS"] },
      "1 validation error detected: Value '[b, OPTIONS]' at 'keys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 3, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: [a-z]*, Member must not be null]",
      "an item of a list of words breaks a rule",
    ],
    // As AWS answered for RoutingConfig: LocalStack's test_lambda_api snapshot,
    // test_notfound_and_invalid_routingconfigs, recorded 2025-11-25.
    [
      { Name: "a", Weights: { abc: 2 } },
      "2 validation errors detected: Value '{abc=2}' at 'weights' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 2, Member must have length greater than or equal to 1]; " +
      "Value '{abc=2.0}' at 'weights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]",
      "a key and a value of a map break rules",
    ],
  ] as const
) {
  Deno.test(`violations() when ${why}`, () => {
    assertEquals(violations(CONSTRAINTS, input, shown), text);
  });
}

Deno.test("violations() joins several, and leaves values out where AWS does", () => {
  assertEquals(
    violations(CONSTRAINTS, { Name: "ABCDE", Records: [] }, hidden),
    "3 validation errors detected: " +
      "Value at 'name' failed to satisfy constraint: Member must have length less than or equal to 4; " +
      "Value at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+; " +
      "Value at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
});

Deno.test("violations() lists a thousand, and counts the others", () => {
  const input = { Name: "a", Records: Array.from({ length: 1_200 }, () => ({})) };
  const text = violations({ Records: CONSTRAINTS.Records }, input, hidden) ?? "";
  const [, count] = /^(\d+) validation errors detected: /.exec(text) ?? [];
  assertEquals(text.split("; ").length, 1_001);
  assertEquals(text.slice(text.lastIndexOf("; ")), `; and ${Number(count) - 1_000} more`);
});
