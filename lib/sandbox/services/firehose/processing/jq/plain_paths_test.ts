import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Jq } from "./engine.ts";
import { plainQueryOf } from "./plain_paths.ts";

/** Members that records have and paths name. */
const name = fc.constantFrom("a", "b", "odd key", "é", "__proto__", "length", "if");

const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.constantFrom("x".repeat(999), "é".repeat(2000), "\u0000", "😀😀😀", "a\nb"),
    fc.double({ noNaN: true }),
    fc.constantFrom(
      0,
      -0,
      1e15,
      1e16,
      1e17,
      1e-4,
      1e-5,
      1e-7,
      1.25e20,
      123456.5,
      123456789012345680000,
      9007199254740993,
      0.1 + 0.2,
    ),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

const step = fc.oneof(
  fc.constantFrom(".a", ".b", ".if", ".length", '["a"]', '["odd key"]', '["é"]', '["__proto__"]'),
  fc.constantFrom("[0:2]", "[1:]", "[:3]", "[2:1]"),
);
const path = fc.tuple(
  fc.constantFrom(".a", ".b", '.["odd key"]', '.["a"]', ".[0:2]"),
  fc.array(step, { maxLength: 2 }),
)
  .map(([first, others]) => first + others.join(""));

Deno.test("plain paths give what jq gives, whatever the record", async () => {
  const jq = new Jq();
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(path, { minLength: 1, maxLength: 3 }),
      fc.array(value, { minLength: 200, maxLength: 200 }),
      async (paths, records) => {
        const keys = paths.map((_, index) => `k${index}`);
        const query = (around: (path: string) => string) =>
          `{${paths.map((path, index) => `k${index}: ${around(path)}`).join(", ")}}`;
        const plain = plainQueryOf(query((path) => path), keys);
        assert(plain, "they are plain");
        const texts = records.map((record) => JSON.stringify(record));
        const bytes = texts.map((text) => new TextEncoder().encode(text));
        const results = await jq.extract({ text: query((path) => `(${path} | .)`), keys }, bytes);
        for (const [index, result] of results.entries()) {
          const values = plain(JSON.parse(texts[index]));
          if (!values) continue;
          answered++;
          assertEquals<unknown>({ kind: "values", values }, result, `${paths} on ${texts[index]}`);
        }
      },
    ),
    { numRuns: 15 },
  );
  await jq.stop();
  assert(answered > 300, `${answered} records were read without jq`);
});

for (
  const query of [
    "{a: .a | ascii_downcase}",
    "{a: (.a)}",
    "{a: .a?}",
    "{a: .[0]}",
    "{a: .a[-1:]}",
    "{a: .a[1.5:]}",
    "{a: .a[:]}",
    "{a: .}",
    "{a: .a, a: .b}",
    '{a: "x"}',
    '{a: .["\\(.b)"]}',
    "{a: .b, c: .d,, e: .f}",
    "{a: .b[.c:2]}",
    "{(.a): .b}",
    ".a",
    '{a: "',
  ]
) {
  Deno.test(`${query} is left to jq`, () => {
    assertEquals(plainQueryOf(query, ["a"]), undefined);
  });
}

Deno.test("what every object inherits in JavaScript is no member", () => {
  const plain = plainQueryOf('{a: .a.constructor, b: .["__proto__"]}', ["a", "b"]);
  assertEquals(plain?.({ a: {} }), [null, null]);
});

Deno.test("a key alone is the path of its name", () => {
  assertEquals(plainQueryOf('{a, "b c"}', ["b c", "a"])?.({ a: 1, "b c": "x" }), ["x", "1"]);
});

Deno.test("a key that the query does not give is left to jq", () => {
  assertEquals(plainQueryOf("{a: .a}", ["a", "b"]), undefined);
});

Deno.test("a path to a member whose key is not asked for can fail a record all the same", () => {
  const plain = plainQueryOf("{a: .a, b: .b.c}", ["a"]);
  assertEquals(plain?.({ a: "x", b: { c: 1 } }), ["x"]);
  assertEquals(plain?.({ a: "x", b: 1 }), undefined);
});
