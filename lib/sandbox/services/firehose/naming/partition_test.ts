import { assertEquals } from "@std/assert";
import { PartitionBufferKeys, partitionOfBuffer } from "./partition.ts";

const keysOf = (prefixCharacters = 0) =>
  new PartitionBufferKeys({
    prefix: "p/",
    keys: [
      { kind: "partitionKeyFromQuery", key: "a" },
      { kind: "partitionKeyFromLambda", key: "b" },
    ],
    fixed: { prefixCharacters, keyBytes: 0 },
  });

const given = (a: string, b: unknown) => ({
  query: new Map([["a", a]]),
  lambda: new Map([["b", b]]),
});

Deno.test("records with the same values have one buffer's key, and others have others", () => {
  const keys = keysOf();
  const first = keys.of(given("x", "yz"));
  assertEquals(keys.of(given("x", "yz")), first);
  const others = [given("xy", "z"), given("x1:y", "z"), given("x", "1:yz"), given("yz", "x")];
  assertEquals(new Set([first, ...others.map((gave) => keys.of(gave))]).size, 5);
  assertEquals(
    typeof first === "string" && [...partitionOfBuffer(first).keys],
    [["partitionKeyFromQuery:a", "x"], ["partitionKeyFromLambda:b", "yz"]],
  );
});

Deno.test("a record without a value, or with values that are too long, has the reason each time", () => {
  const keys = keysOf();
  for (const _ of ["first", "again"]) {
    const missing = keys.of(given("x", null));
    assertEquals(
      typeof missing === "string" ? missing : missing.errorMessage,
      "partitionKeys values must not be null or empty",
    );
    const long = keysOf(1_000).of(given("x".repeat(500), "y"));
    assertEquals(
      typeof long === "string" ? long : long.errorCode,
      "DynamicPartitioning.PartitioningFailed",
    );
  }
  assertEquals(typeof keys.of(given("x", 1)), "string");
});
