import { assertEquals, assertThrows } from "@std/assert";
import { keysOfQuery, QueryFault } from "./query.ts";

for (
  const [query, keys] of [
    ["{customer: .customer_id}", ["customer"]],
    ['{database: .database, year: .time | strftime("%Y")}', ["database", "year"]],
    ['{"a b": .x, c}', ["a b", "c"]],
    ["{a: .x, a: .y}", ["a"]],
    ["{a: {b: .c, d: .e}, f: [.g, .h]}", ["a", "f"]],
    ['{a: "x,\\(.b, {c: 1}),y", d: .e}', ["a", "d"]],
    ["# {x: 1}\n{a: .b # , c: .d\n, e: .f} # end", ["a", "e"]],
    ['{@base64 "a": 1}', ["a"]],
    ["{if: .if, a: .x|tostring,}", ["if", "a"]],
    ["{a: (. as {b: $c} | $c)}", ["a"]],
    ['{a: .["}"], b: "{"}', ["a", "b"]],
  ] as const
) {
  Deno.test(`keysOfQuery() reads the keys ${keys} in ${query}`, () => {
    assertEquals<readonly string[]>(keysOfQuery(query), keys);
  });
}

for (
  const [query, part, why] of [
    [".customer_id", "one object", "it is no object"],
    ["", "one object", "there is nothing"],
    ["{}", "one key", "there is no key"],
    ["{a: .b", "one key", "the object has no end"],
    ["{a: .b} | {c: .a}", "nothing around", "something follows"],
    [". as $r | {a: $r}", "nothing around", "something precedes"],
    ["{a: 1}) | ({b: 2}", "nothing around", "it would leave its parentheses"],
    ["{(.x): 1}", "known beforehand", "the key is known only at run time"],
    ['{"a\\(.x)": 1}', "known beforehand", "so is this one"],
    ['{a: "b}', "no end", "a string has no end"],
  ] as const
) {
  Deno.test(`keysOfQuery() refuses ${query || "an empty query"}: ${why}`, () => {
    assertThrows(() => keysOfQuery(query), QueryFault, part);
  });
}
