import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { AwsError } from "../errors.ts";
import { readWhole, verifiedBody } from "./body.ts";

const UNSIGNED = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const encode = (text: string) => new TextEncoder().encode(text);

async function read(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(Buffer.concat(await Array.fromAsync(chunks)));
}

/** A body in pieces of `pieceBytes`, as it arrives. */
function inPieces(bytes: Uint8Array, pieceBytes: number): ReadableStream<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    pieces.push(bytes.slice(at, at + pieceBytes));
  }
  return ReadableStream.from(pieces);
}

function chunked(chunks: readonly Uint8Array[], end: string): Uint8Array {
  const parts = chunks.filter(({ length }) => length > 0).flatMap((chunk) => [
    encode(`${chunk.length.toString(16)}\r\n`),
    chunk,
    encode("\r\n"),
  ]);
  return Uint8Array.from([...parts, encode(`0\r\n${end}`)].flatMap((part) => [...part]));
}

Deno.test("an aws-chunked body decodes to the same bytes, with any chunks and any ending", async () => {
  const ends = fc.constantFrom("", "\r\n", "\n\r\n");
  // All chunks but the last have at least 8 KiB: S3 accepts no others.
  const chunk = fc.uint8Array({ maxLength: 40 });
  const full = chunk.map((bytes) => new Uint8Array([...bytes, ...new Uint8Array(8_192)]));
  const chunks = fc.tuple(fc.array(full, { maxLength: 3 }), chunk)
    .map(([most, last]) => [...most, last]);
  await fc.assert(
    fc.asyncProperty(chunks, ends, fc.integer({ min: 1, max: 9_000 }), async (cut, end, piece) => {
      const whole = Uint8Array.from(cut.flatMap((chunk) => [...chunk]));
      const headers = new Headers({
        "x-amz-content-sha256": UNSIGNED,
        "x-amz-decoded-content-length": String(whole.length),
      });
      const body = verifiedBody(inPieces(chunked(cut, end), piece), { headers });
      assertEquals(await read(body.chunks), whole);
      assertEquals((await body.checksum()).algorithm, "crc64nvme");
    }),
    { numRuns: 40 },
  );
});

for (
  const [headers, body, code, why] of [
    [{ "content-length": "9" }, "short", "IncompleteBody", "shorter than announced"],
    [{ "content-length": "2" }, "longer", "IncompleteBody", "longer than announced"],
    [
      { "x-amz-content-sha256": "0".repeat(64) },
      "x",
      "XAmzContentSHA256Mismatch",
      "with another hash",
    ],
    [{ "x-amz-checksum-crc32": "AAAAAA==" }, "x", "BadDigest", "with another CRC32"],
    [{ "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" }, "x", "BadDigest", "with another MD5"],
    [
      {
        "x-amz-content-sha256": UNSIGNED,
        "x-amz-decoded-content-length": "1",
        "x-amz-trailer": "x-amz-checksum-crc32",
      },
      "1\r\nx\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
      "BadDigest",
      "with another CRC32 in its trailer",
    ],
    [
      {
        "x-amz-content-sha256": UNSIGNED,
        "x-amz-decoded-content-length": "1",
        "x-amz-trailer": "x-amz-checksum-crc32",
      },
      "1\r\nx\r\n0\r\n\r\n",
      "MalformedTrailerError",
      "without the trailer it announced",
    ],
    [
      { "x-amz-content-sha256": UNSIGNED, "x-amz-decoded-content-length": "5" },
      "5\r\nhel",
      "IncompleteBody",
      "that ends within a chunk",
    ],
  ] as const
) {
  Deno.test(`a body ${why} ends in ${code}`, async () => {
    const verified = verifiedBody(inPieces(encode(body), 3), { headers: new Headers(headers) });
    const error = await assertRejects(() => read(verified.chunks), AwsError);
    assertEquals(error.code, code);
  });
}

Deno.test("the CRC32 in a trailer is checked and kept", async () => {
  const headers = new Headers({
    "x-amz-content-sha256": UNSIGNED,
    "x-amz-decoded-content-length": "10",
    "x-amz-trailer": "x-amz-checksum-crc32",
  });
  const bytes = chunked(
    [encode("helloworld")],
    "x-amz-checksum-crc32:+esgrQ==\r\n\r\n",
  );
  const body = verifiedBody(inPieces(bytes, 7), { headers });
  assertEquals(await read(body.chunks), encode("helloworld"));
  assertEquals(await body.checksum(), { algorithm: "crc32", value: "+esgrQ==" });
});

Deno.test("readWhole() stops at its limit, without holding more", async () => {
  const tooLarge = () => new AwsError("TooLarge", 413, "too large");
  const whole = await readWhole(inPieces(encode("12345"), 2), 5, tooLarge);
  assertEquals(new Uint8Array(whole), encode("12345"));
  await assertRejects(
    () => readWhole(inPieces(encode("123456"), 2), 5, tooLarge),
    AwsError,
    "too large",
  );
});
