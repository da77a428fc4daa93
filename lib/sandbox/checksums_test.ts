import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { CHECKSUM_BYTES, combinedCrc, digestOf } from "./checksums.ts";

for (
  const [algorithm, sum] of [
    // The check values of the CRC catalogue, of the digits 1 to 9.
    ["crc32", "cbf43926"],
    ["crc32c", "e3069283"],
    ["crc64nvme", "ae8b14860a799888"],
  ] as const
) {
  const sumOf = async (bytes: Uint8Array) => {
    const digest = digestOf(algorithm);
    digest.update(bytes);
    return await digest.base64();
  };

  Deno.test(`${algorithm} of "123456789" is ${sum}`, async () => {
    const base64 = await sumOf(new TextEncoder().encode("123456789"));
    assertEquals(Uint8Array.fromBase64(base64).toHex(), sum);
  });

  Deno.test(`${algorithm} of no bytes is what the SDK computes`, async () => {
    const { Crc32, Crc32c, Crc64Nvme } = await import("@aws-sdk/checksums/crc");
    const sdk = { crc32: Crc32, crc32c: Crc32c, crc64nvme: Crc64Nvme };
    const expected = (await new sdk[algorithm]().digest()).toBase64();
    assertEquals(await digestOf(algorithm).base64(), expected);
    assertEquals(await sumOf(new Uint8Array()), expected);
  });

  Deno.test(`the ${algorithm} of pieces is that of the whole, wherever it is cut`, async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(pieces, async (cut) => {
        const sums = [];
        for (const piece of cut) {
          sums.push({ value: await sumOf(piece), sizeBytes: piece.length });
        }
        const whole = Uint8Array.from(cut.flatMap((piece) => [...piece]));
        assertEquals(combinedCrc(algorithm, sums), await sumOf(whole));
      }),
    );
  });
}

for (
  const [algorithm, sum] of [
    // Of no bytes and no seed: RFC 1321, FIPS 180-4, and the XXHash specification.
    ["md5", "d41d8cd98f00b204e9800998ecf8427e"],
    [
      "sha512",
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce" +
      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    ],
    ["xxhash64", "ef46db3751d8e999"],
    ["xxhash3", "2d06800538d394c2"],
    ["xxhash128", "99aa06d3014798d86001c324468d497f"],
  ] as const
) {
  Deno.test(`${algorithm} of nothing is ${sum.slice(0, 16)}…, as long as S3 wants it`, async () => {
    const bytes = Uint8Array.fromBase64(await digestOf(algorithm).base64());
    assertEquals([bytes.toHex(), bytes.length], [sum, CHECKSUM_BYTES[algorithm]]);
  });
}
