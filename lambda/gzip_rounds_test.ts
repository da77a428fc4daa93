import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { readRounds, ROUNDS_COUNT_MAX, withoutRounds, withRounds } from "./gzip_rounds.ts";
import { gzipHeader, gzipWith } from "./testing.ts";

Deno.test("withRounds() writes a count that readRounds() reads, and every gunzip gives the same content", () => {
  const rounds = fc.integer({ min: 1, max: ROUNDS_COUNT_MAX });
  fc.assert(
    fc.property(fc.uint8Array(), gzipHeader, rounds, rounds, (content, parts, one, other) => {
      const once = withRounds(gzipWith(content, parts), one);
      assert(once);
      assertEquals(readRounds(once), one);
      assertEquals(gunzipSync(once), Buffer.from(content));
      const again = withRounds(once, other);
      assert(again);
      assertEquals([readRounds(again), again.length], [other, once.length]);
      assertEquals(gunzipSync(again), Buffer.from(content));
    }),
  );
});

Deno.test("withRounds() is read by an independent gunzip, and by gzip's own header check", async () => {
  const content = Buffer.from("content");
  const data = withRounds(gzipWith(content, { name: "a.json", hasChecksum: true }), 3);
  assert(data);
  const stream = new Blob([Uint8Array.from(data)]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  assertEquals(Buffer.from(await new Response(stream).arrayBuffer()), content);
});

Deno.test("withRounds() keeps the file's name, its comment and foreign subfields", () => {
  const extra = Buffer.from("BC\x02\0xy");
  const data = withRounds(gzipWith(Buffer.from("{}"), { extra, name: "n", comment: "c" }), 1);
  assertEquals(
    data?.subarray(10, 10 + 2 + 11 + 4).toString("latin1"),
    "\x0b\0BC\x02\0xyFR\x01\0\x01n\0c\0",
  );
});

Deno.test("withRounds() is undefined if the extra field is full", () => {
  const extra = Buffer.concat([Buffer.from([0x42, 0x43, 0xfb, 0xff]), Buffer.alloc(0xfffb)]);
  assertEquals(withRounds(gzipWith(Buffer.from("{}"), { extra }), 1), undefined);
});

Deno.test("readRounds() is 0 for data that no transform has put, whatever the bytes", () => {
  assertEquals(readRounds(gzipSync("{}")), 0);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
    assert(readRounds(Buffer.from(bytes)) >= 0);
  }));
});

Deno.test("withRounds() changes no damaged header, and never throws", () => {
  const whole = gzipWith(Buffer.from("{}"), { extra: Buffer.from("BC\x02\0xy"), name: "name" });
  for (let length = 0; length < 10 + 2 + 6 + 5; length++) {
    assertEquals(withRounds(whole.subarray(0, length), 1), undefined);
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
    withRounds(Buffer.from([0x1f, 0x8b, 8, ...bytes]), 1);
  }));
});

Deno.test("withoutRounds() returns the bytes as they were, whatever the header", () => {
  const noCount = gzipHeader.map(({ extra, ...parts }) => ({
    ...parts,
    extra: extra?.includes("FR") || extra?.length === 0 ? undefined : extra,
  }));
  fc.assert(fc.property(fc.uint8Array(), noCount, (content, parts) => {
    const data = gzipWith(content, parts);
    assertEquals(withoutRounds(data), data);
    const counted = withRounds(data, 7);
    assert(counted);
    assertEquals(withoutRounds(counted), data);
  }));
  assertEquals(withoutRounds(Buffer.from("not gzip")), Buffer.from("not gzip"));
});
