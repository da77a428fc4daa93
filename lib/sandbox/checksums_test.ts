import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { combinedCrc, digestOf } from "./checksums.ts";

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
