import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  groupLines,
  type MergeableLine,
  MERGED_BYTES_MAX,
  mergeLines,
  WAITING_BYTES_MAX,
} from "./merge_lines.ts";

function lineOf(index: number, text: string, table = "orders"): MergeableLine {
  const line = Buffer.from(`${text}\n`);
  const compressed = gzipSync(line);
  return { recordId: `${index}`, index, partitionKeys: { table }, line, compressed };
}

Deno.test("groupLines() puts every line into one group with the same partition keys, in order", () => {
  const table = fc.constantFrom("a", "b", "c");
  fc.assert(fc.property(fc.array(fc.tuple(fc.string(), table)), (texts) => {
    const lines = texts.map(([text, table], index) => lineOf(index, text, table));
    const groups = [...groupLines(lines)];
    assertEquals(groups.length, new Set(texts.map(([, table]) => table)).size);
    for (const group of groups) {
      const [{ partitionKeys }] = group;
      assertEquals(group, lines.filter((line) => line.partitionKeys.table === partitionKeys.table));
    }
  }));
});

Deno.test("groupLines() ends a group before its compressed lines exceed the limit", () => {
  const noise = () => randomBytes(300_000).toString("base64"); // some 300 kB compressed
  const lines = Array.from({ length: 8 }, (_, index) => lineOf(index, noise()));
  const groups = [...groupLines(lines)];
  assertEquals(groups.map(({ length }) => length), [3, 3, 2]);
  for (const group of groups) assert(mergeLines(group).length <= MERGED_BYTES_MAX);
});

Deno.test("groupLines() ends the largest group when too many bytes wait", () => {
  const half = "a".repeat(WAITING_BYTES_MAX / 2 - 100);
  const lines = [lineOf(0, "small", "b"), ...[1, 2, 3, 4].map((index) => lineOf(index, half))];
  const groups = [...groupLines(lines)].map((group) => group.map(({ index }) => index));
  assertEquals(groups, [[1, 2, 3], [0], [4]]);
});

Deno.test("groupLines() takes no line before the one ahead of it is grouped", () => {
  let taken = 0;
  function* lines() {
    const half = "a".repeat(WAITING_BYTES_MAX / 2);
    for (; taken < 10; taken++) yield lineOf(taken, half);
  }
  const groups = groupLines(lines());
  groups.next();
  assertEquals(taken, 1);
});

Deno.test("mergeLines() makes one gzip member of the lines", () => {
  const lines = [lineOf(0, '{"id":0}'), lineOf(1, '{"id":1}'), lineOf(2, '{"id":2}')];
  const merged = mergeLines(lines);
  assertEquals(gunzipSync(merged).toString(), '{"id":0}\n{"id":1}\n{"id":2}\n');
  assertEquals(merged.indexOf(Buffer.from([0x1f, 0x8b, 8]), 1), -1);
});

Deno.test("mergeLines() takes no more bytes than the lines as they were compressed", () => {
  fc.assert(fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) => {
    const lines = texts.map((text, index) => lineOf(index, text));
    const compressedBytes = lines.reduce((sum, { compressed }) => sum + compressed.length, 0);
    assert(mergeLines(lines).length <= compressedBytes);
  }));
});

Deno.test("mergeLines() keeps the members of a producer that compressed better", () => {
  const line = Buffer.from("as good as compressed by a better compressor\n");
  // Stands for bytes that this zlib cannot reach: only lengths are compared.
  const better = { ...lineOf(0, ""), line, compressed: Buffer.from([1, 2, 3]) };
  assertEquals(mergeLines([better, better]), Buffer.from([1, 2, 3, 1, 2, 3]));
});
