import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { LINE_BYTES_MAX, linesOf } from "./lines.ts";

const encode = (text: string) => new TextEncoder().encode(text);

async function textLines(chunks: readonly Uint8Array[]) {
  const lines = [];
  for await (const { bytes, start } of linesOf(ReadableStream.from(chunks))) {
    lines.push([start, new TextDecoder().decode(bytes)]);
  }
  return lines;
}

Deno.test("linesOf() gives the same lines however the bytes are cut into chunks", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.stringMatching(/^[a-z]{0,3}$/), { minLength: 1 }),
    fc.array(fc.nat(12)),
    async (lines, cuts) => {
      const bytes = encode(lines.join("\n"));
      const places = cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
      const chunks = [0, ...places].map((from, index) => bytes.subarray(from, places[index]));
      const wanted = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
      const found = await textLines(chunks);
      assertEquals(found.map(([, text]) => text), wanted);
      for (const [start, text] of found) {
        const at = Number(start);
        assertEquals(new TextDecoder().decode(bytes.subarray(at, at + `${text}`.length)), text);
      }
    },
  ));
});

Deno.test("linesOf() cuts a line that is too long, and says how long it was", async () => {
  const long = encode("x".repeat(LINE_BYTES_MAX - 1));
  const lines = [];
  for await (const line of linesOf(ReadableStream.from([long, encode("yz\nend")]))) {
    lines.push(line);
  }
  assertEquals(lines.map(({ bytes, length }) => [bytes.length, length]), [
    [LINE_BYTES_MAX, LINE_BYTES_MAX + 1],
    [3, 3],
  ]);
});
