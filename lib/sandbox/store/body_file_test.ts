import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "../testing/temp_folder.ts";
import { BodyFile, PIECE_BYTES } from "./body_file.ts";

const source = new Uint8Array(4 * PIECE_BYTES).map((_, index) => index % 251);

/** Sizes about which something changes: a block, a piece, two of them. */
const sizes = fc.tuple(
  fc.constantFrom(0, 4096, PIECE_BYTES, 2 * PIECE_BYTES),
  fc.integer({ min: -3, max: 3 }),
).map(([size, more]) => Math.max(0, size + more));
const parts = fc.array(fc.record({ length: sizes, isCopied: fc.boolean() }), { maxLength: 6 });

const md5Hex = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

Deno.test("a body is written as it came, from memory and from files", () => {
  using folder = tempFolder();
  const from = join(folder.path, "source");
  Deno.writeFileSync(from, source);
  let bodies = 0;
  fc.assert(
    fc.property(parts, (parts) => {
      const path = join(folder.path, `${bodies++}`);
      const body = new BodyFile(path);
      for (const { length, isCopied } of parts) {
        if (isCopied) body.copy({ path: from, offset: 7, length });
        else body.write(source.subarray(7, 7 + length));
      }
      const whole = Buffer.concat(parts.map(({ length }) => source.subarray(7, 7 + length)));
      assertEquals(body.finish(), { sizeBytes: whole.length, md5Hex: md5Hex(whole) });
      assertEquals(md5Hex(readFileSync(path)), md5Hex(whole));
      Deno.removeSync(path);
    }),
    { numRuns: 100 },
  );
});

Deno.test("bodies that are written at the same time do not mix", () => {
  using folder = tempFolder();
  const bodies = Array.from({ length: 40 }, (_, n) => {
    const path = join(folder.path, `${n}`);
    return { n, path, file: new BodyFile(path) };
  });
  for (let turn = 0; turn < 3; turn++) {
    for (const { n, file } of bodies) file.write(new Uint8Array(PIECE_BYTES - 100).fill(n));
  }
  for (const { n, path, file } of bodies) {
    file.finish();
    assertEquals(Deno.readFileSync(path).every((byte) => byte === n), true);
    assertEquals(Deno.statSync(path).size, 3 * (PIECE_BYTES - 100));
  }
});

Deno.test("a body that is discarded leaves no file", () => {
  using folder = tempFolder();
  const body = new BodyFile(join(folder.path, "1"));
  body.write(new Uint8Array(PIECE_BYTES + 1));
  body.discard();
  assertEquals([...Deno.readDirSync(folder.path)], []);
});
