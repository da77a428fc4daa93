import { assert, assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { gunzip } from "./gunzip.ts";

Deno.test("gunzip() accepts data that decompresses to the limit, and refuses one byte more", () => {
  assertEquals(gunzip(gzipSync(Buffer.alloc(1_000)), 1_000).value?.length, 1_000);
  assertEquals(
    gunzip(gzipSync(Buffer.alloc(1_001)), 1_000).reason,
    "the data decompresses to more than 1000 bytes",
  );
});

Deno.test("gunzip() reads all members, and counts them together", () => {
  const twice = Buffer.concat([gzipSync("one "), gzipSync("two")]);
  assertEquals(gunzip(twice, 7).value?.toString(), "one two");
  assert(gunzip(twice, 6).reason);
});

Deno.test("gunzip() reads documents of any size, whatever length they say at their end", () => {
  for (const bytes of [1, 4_095, 4_096, 4_097, 16_384, 50_000]) {
    const content = Buffer.alloc(bytes, "abc");
    assertEquals(gunzip(gzipSync(content), 60_000).value, content, `${bytes} bytes`);
    const withEnd = Buffer.concat([gzipSync(content), gzipSync("\n")]);
    assertEquals(gunzip(withEnd, 60_000).value, Buffer.concat([content, Buffer.from("\n")]));
  }
});

const good = gzipSync("hello hello hello");
const damaged = Buffer.from(good);
damaged[damaged.length - 8] ^= 1; // its checksum
for (
  const [data, reason] of [
    [Buffer.alloc(0), "the record is empty"],
    [Buffer.from("plain text"), "the data is not gzip"],
    [Buffer.from([0x1f]), "the data is not gzip"],
    [good.subarray(0, 2), "the gzip data is truncated"],
    [good.subarray(0, 15), "the gzip data is truncated"],
    [good.subarray(0, -1), "the gzip data is truncated"],
    [damaged, "the gzip data is damaged"],
    [Buffer.concat([good, Buffer.from("rest")]), "the gzip data is damaged"],
  ] as const
) {
  Deno.test(`gunzip() says that ${reason}, given ${data.toString("hex") || "no byte"}`, () => {
    assertEquals(gunzip(data, 1_000), { reason });
  });
}

Deno.test("gunzip() gives an outcome for any bytes, and for any change in good ones", () => {
  const bytesMax = 100;
  const outcomeOf = (data: Buffer) => {
    const { value, reason } = gunzip(data, bytesMax);
    assert((value === undefined) !== (reason === undefined));
    if (value) assert(value.length <= bytesMax);
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
    outcomeOf(Buffer.from(tail));
    outcomeOf(Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), tail]));
  }));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), fc.nat(255), (plain, at, byte) => {
      const changed = gzipSync(plain);
      changed[at % changed.length] = byte;
      outcomeOf(changed);
    }),
  );
});

Deno.test("gunzip() holds no more than its limit while it refuses a bomb", () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000));
  const before = process.memoryUsage();
  for (let i = 0; i < 20; i++) assert(gunzip(bomb, 1_000_000).reason);
  const after = process.memoryUsage();
  // Twenty times 100 MB would be two gigabytes.
  assertLess(after.external - before.external, 60_000_000);
});
