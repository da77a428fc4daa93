import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync, inflateRawSync } from "node:zlib";
import { headerEndOf, withPlainHeader } from "./gzip_header.ts";
import { gzipHeader, gzipWith } from "./testing.ts";

Deno.test("withPlainHeader() leaves ten bytes of header, and the compressed bytes as they are", () => {
  fc.assert(fc.property(fc.uint8Array(), gzipHeader, (content, parts) => {
    const data = gzipWith(content, parts);
    const plain = withPlainHeader(data);
    assertEquals(plain[3], 0);
    assertEquals(plain.subarray(10), gzipSync(content).subarray(10));
    assertEquals(gunzipSync(plain), Buffer.from(content));
  }));
});

Deno.test("withPlainHeader() returns data with a plain header unchanged", () => {
  const data = gzipSync("{}");
  assert(withPlainHeader(data) === data);
});

Deno.test("headerEndOf() finds where the deflate data begins, or says that the header is damaged", () => {
  fc.assert(fc.property(fc.uint8Array(), gzipHeader, fc.nat(100), (content, parts, cutAt) => {
    const data = gzipWith(content, parts);
    const end = headerEndOf(data);
    assert(end !== undefined);
    assertEquals(inflateRawSync(data.subarray(end)), Buffer.from(content));
    const cut = data.subarray(0, Math.min(cutAt, end));
    assertEquals([headerEndOf(cut), withPlainHeader(cut)], [undefined, cut]);
  }));
});
