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
    ["{a: .b | abs}", "abs/0", "the function is newer"],
    ["{a: pick(.b) | .b}", "pick/1", "the function is newer"],
    ["{a: 1 | debug(.)}", "debug/1", "the function is newer"],
    ['{a: [.b | scan("x"; "g")]}', "scan/2", "the function is newer"],
    ["{a: (.b | if . then 1 end)}", "`if` without `else`", "the syntax is newer"],
    ["{a: .b.[0]}", "`.[`", "the syntax is newer"],
    ["{if}", "{if}", "the syntax is newer"],
  ] as const
) {
  Deno.test(`keysOfQuery() refuses ${query || "an empty query"}: ${why}`, () => {
    assertThrows(() => keysOfQuery(query), QueryFault, part);
  });
}

for (
  const query of [
    "{abs, b: .abs}",
    "{a: (def abs: 1; abs)}",
    "{a: (if .b then 1 elif .c then 2 else (if .d then 3 else 4 end) end)}",
    "{a: (if .[0] then .[1] else .[2] end)}",
    '{a: "\\(if .b then 1 else 2 end)"}',
    '{a: .b | scan("x")}',
    "{a: .b[0]?[1]}",
  ]
) {
  Deno.test(`keysOfQuery() takes ${query}, which jq 1.6 knows`, () => {
    assertEquals(keysOfQuery(query)[0].length > 0, true);
  });
}
