/** JSON values and lines of text out of bytes, in every way in which they stand in files. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { jsonPieces, type Piece, type PieceOptions } from "./json_pieces.ts";

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const piecesOf = (text: string, options: PieceOptions = {}, size = 65_536): Promise<Piece[]> =>
  Array.fromAsync(jsonPieces(chunksOf(text, size), options));

/** `3 {"a":1}` for a value on line 3, `3 text: …` for a line of text; items with their list's name. */
async function told(text: string, options: PieceOptions = {}, size = 65_536): Promise<string[]> {
  return (await piecesOf(text, options, size)).map((piece) => {
    if (piece.kind === "text") return `${piece.line} text: ${piece.text.trim()}`;
    const of = piece.itemOf === undefined ? "" : ` ${piece.itemOf}[]`;
    return `${piece.line}${of} ${JSON.stringify(piece.value)}`;
  });
}

const A = { a: 1, text: 'x"}{\\' };
const B = { b: [1, { c: null }] };
const [a, b] = [A, B].map((value) => JSON.stringify(value));

for (
  const [what, text, expected] of [
    ["one value a line", `${a}\n${b}\n`, [`1 ${a}`, `2 ${b}`]],
    ["values run together", `${a}${b}${a}`, [`1 ${a}`, `1 ${b}`, `1 ${a}`]],
    ["run together with blanks", `${a} ${b}\n`, [`1 ${a}`, `1 ${b}`]],
    ["indented values", `${JSON.stringify(A, null, 2)}\n${JSON.stringify(B, null, 2)}\n`, [
      `1 ${a}`,
      `5 ${b}`,
    ]],
    ["an indented one run on into the next", `${JSON.stringify(A, null, 2)}${a}\n${b}`, [
      `1 ${a}`,
      `4 ${a}`,
      `5 ${b}`,
    ]],
    ["a line that was cut off", `${a.slice(0, 12)}\n${b}\n`, [
      `1 text: ${a.slice(0, 12)}`,
      `2 ${b}`,
    ]],
    ["a cut after a comma", `{"a":1,\n${b}\n${a}`, ['1 text: {"a":1,', `2 ${b}`, `3 ${a}`]],
    ["a cut after a colon", `{"a":\n${b}\n${a}`, ['1 text: {"a":', `2 ${b}`, `3 ${a}`]],
    ["a value that never ends", `${a}\n{"a": [1,\n2\n`, [
      `1 ${a}`,
      '2 text: {"a": [1,',
      "3 text: 2",
    ]],
    ["text between", `hello\n${a}\n[ERROR] no list\n${b}`, [
      "1 text: hello",
      `2 ${a}`,
      "3 text: [ERROR] no list",
      `4 ${b}`,
    ]],
    ["text after a value", `${a} and more\n${b}`, [`1 ${a}`, "1 text: and more", `2 ${b}`]],
    ["JavaScript that is not JSON", `{\n  name: 'x'\n}\n${a}`, [
      "1 text: {",
      "2 text: name: 'x'",
      "3 text: }",
      `4 ${a}`,
    ]],
    ["a byte order mark", `\ufeff${a}`, [`1 ${a}`]],
    ["carriage returns", `${a}\r\n${b}\r\n`, [`1 ${a}`, `2 ${b}`]],
    ["a text in quotes", `"hello"\n`, ['1 "hello"']],
    ["empty lines inside of a value", `{\n\n"a":1\n\n}\n`, ['1 {"a":1}']],
    ["a trailing comma", `[1,]\n${a}`, ["1 text: [1,]", `2 ${a}`]],
    ["nothing", "\n \n", []],
  ] as const
) {
  Deno.test(`jsonPieces() reads ${what}`, async () => {
    for (const size of [1, 5, 65_536]) assertEquals(await told(text, {}, size), [...expected]);
  });
}

const LISTS = { lists: ["", "events"] };

Deno.test("jsonPieces() hands out the items of a long list, and the document with an empty one", async () => {
  const document = { head: { events: [0] }, events: [A, B, "text", 7], tail: [1] };
  const rest = JSON.stringify({ ...document, events: [] });
  const items = [`events[] ${a}`, `events[] ${b}`, 'events[] "text"', "events[] 7"];
  assertEquals(
    (await told(JSON.stringify(document, null, 2), LISTS, 11)).map((piece) =>
      piece.replace(/^\d+ /, "")
    ),
    [...items, rest],
  );
  assertEquals((await piecesOf(JSON.stringify(document, null, 2), LISTS)).map(({ line }) => line), [
    8,
    12,
    20,
    21,
    1,
  ]);
  assertEquals(await told(JSON.stringify([A, [], B], null, 1), LISTS), [
    `2 [] ${a}`,
    "6 [] []",
    `7 [] ${b}`,
    "1 []",
  ]);
  assertEquals(await told('{\n"events":[\n]}', LISTS), ['1 {"events":[]}']);
});

Deno.test("jsonPieces() keeps no more than an item of a list of any length", async () => {
  const many = `{"events":[${
    Array.from({ length: 100_000 }, (_, id) => `{"id":${id}}`).join(",")
  }]}`;
  let [count, last] = [0, -1];
  for await (const piece of jsonPieces(chunksOf(many, 65_536), LISTS)) {
    if (piece.kind !== "value" || piece.itemOf === undefined) continue;
    assertEquals(piece.value, { id: last + 1 });
    last++;
    count++;
  }
  assertEquals(count, 100_000);
});

Deno.test("jsonPieces() takes the wrapping off each line before it looks at it", async () => {
  const unwrap = (line: string) => line.replace(/^\d\d:\d\d /, "");
  assertEquals(await told(`10:00 {\n"a":1}\n10:01 ${b}\n10:02 hello`, { unwrap }), [
    '1 {"a":1}',
    `3 ${b}`,
    "4 text: hello",
  ]);
  assertEquals(await told(`10:00 {"a":\n10:01 ${b}`, { unwrap }), ['1 text: {"a":', `2 ${b}`]);
});

Deno.test("jsonPieces() finds the same values however they are written and cut", async () => {
  const values = fc.array(
    fc.oneof(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
      fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))),
    ),
  );
  await fc.assert(fc.asyncProperty(
    values,
    fc.constantFrom(0, 1, 2),
    fc.constantFrom("", "\n", " ", "\n\n"),
    fc.integer({ min: 1, max: 40 }),
    async (values, indent, between, size) => {
      const text = values.map((value) => JSON.stringify(value, null, indent)).join(between);
      const pieces = await piecesOf(text, {}, size);
      assertEquals(
        pieces.map((piece) => piece.kind === "value" ? piece.value : piece),
        values.map((value) => JSON.parse(JSON.stringify(value))),
      );
    },
  ));
});

Deno.test("jsonPieces() loses no line of text, whatever it looks like", async () => {
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom("{", "[", '{"a":', "[{", "}", "],", '"', "{}"),
  )
    .map((text) => text.replaceAll(/[\n\r\ufeff]/g, ""));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 40 }), async (lines, size) => {
      const pieces = await piecesOf(lines.join("\n"), {}, size);
      const found = pieces.map((piece) =>
        piece.kind === "text" ? piece.text : JSON.stringify(piece.value)
      ).join("");
      const blanks = /\s/g;
      const plain = (text: string) => text.replaceAll(blanks, "");
      // Values may be spelled differently (1e3, \\u0061): count what is outside of JSON.
      const wanted = lines.filter((text) => !/[{}[\]":\\\d]/.test(text) && text.trim() !== "");
      for (const text of wanted) assert(plain(found).includes(plain(text)), `${text} is missing`);
    }),
  );
});

Deno.test("a value deeper than 512 is a line of text: to walk through it could end a program", async () => {
  const deep = (depth: number) => `{"a":${"[".repeat(depth - 1)}"[[]\\"["${"]".repeat(depth - 1)}}`;
  const wide = JSON.stringify(Array.from({ length: 600 }, () => [{}]));
  const text = [deep(512), deep(513), wide].join("\n");
  assertEquals((await piecesOf(text)).map(({ kind }) => kind), ["value", "text", "value"]);
});
