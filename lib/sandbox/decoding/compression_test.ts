/** Every form that a delivery stream writes, read in pieces of every size; and damaged ones. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { compressionOf, decompress } from "./compression.ts";
import { DecodingError } from "./decoding_error.ts";
import { compressed } from "./testing.ts";

const TEXT = Array.from(
  { length: 40_000 },
  (_, id) => JSON.stringify({ id, text: "a".repeat(id % 50) }),
)
  .join("\n");

async function* piecesOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(chunks));
}

async function readBack(bytes: Uint8Array, size: number) {
  const { compression, chunks } = await decompress(piecesOf(bytes, size));
  return { compression, text: new TextDecoder().decode(await bytesOf(chunks)) };
}

for (const format of ["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"] as const) {
  Deno.test(`${format}, as the sandbox writes it, is read back in pieces of any size`, async () => {
    const small = TEXT.slice(0, 20_000);
    for (const [text, size] of [["{}", 1], [small, 7], [TEXT, 65_536], [TEXT, Infinity]] as const) {
      const bytes = await compressed(Buffer.from(text), format);
      const pieces = Math.min(size, bytes.length);
      assertEquals(await readBack(bytes, pieces), { compression: format, text });
    }
  });

  if (format === "UNCOMPRESSED") continue;
  Deno.test(`${format} that is cut off is an error, never a shorter text`, async () => {
    const bytes = await compressed(Buffer.from(TEXT), format);
    for (const length of [bytes.length - 200, Math.floor(bytes.length / 2)]) {
      await assertRejects(() => readBack(bytes.subarray(0, length), 4_096), DecodingError);
    }
  });
}

Deno.test("several gzip members are read to the last", async () => {
  const bytes = Buffer.concat(["one\n", "two\n", "three\n"].map((text) => gzipSync(text)));
  for (const size of [1, 30, bytes.length]) {
    assertEquals(await readBack(bytes, size), { compression: "GZIP", text: "one\ntwo\nthree\n" });
  }
});

Deno.test("what follows the gzip and is not gzip is an error, never left out in silence", async () => {
  const bytes = Buffer.concat([gzipSync("one\n"), Buffer.from("two\n")]);
  await assertRejects(() => readBack(bytes, bytes.length), DecodingError, "incorrect header");
});

Deno.test("forms that no stream of plain records writes are named", () => {
  const error = assertThrows(
    () => compressionOf(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)),
    DecodingError,
  );
  assert(error.message.includes("zstd"));
  assertThrows(() => compressionOf(Buffer.from("PAR1")), DecodingError, "Parquet");
});

Deno.test("a reader that stops early leaves nothing open", async () => {
  const { chunks } = await decompress(piecesOf(gzipSync(TEXT), 1_000));
  for await (const chunk of chunks) {
    assert(chunk.length > 0);
    break;
  }
});
