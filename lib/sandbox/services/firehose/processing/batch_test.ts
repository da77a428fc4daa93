/** How much of a buffer one batch takes. */
import { assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { Database } from "../../../store/database.ts";
import { memorySegments } from "../../../store/segment_files.ts";
import type { LiveBuffer } from "../journal/buffers.ts";
import { Journal } from "../journal/journal.ts";
import { nextBatch } from "./batch.ts";

/** How many records each batch takes of a buffer with `records` in one put. */
async function batchesOf(
  records: readonly Uint8Array[],
  limits: { readonly bytesMax: number; readonly recordsMax: number },
  division: Partial<Parameters<typeof nextBatch>[2]> = {},
): Promise<number[]> {
  const database = new Database(":memory:");
  const journal = new Journal(database, memorySegments(), () => {});
  const row = await database.commit(() =>
    journal.createBuffer({ streamId: 1, kind: "source", key: "" })
  );
  const data = Uint8Array.from(records.flatMap((record) => [...record]));
  const lengths = Uint32Array.from(records, ({ length }) => length);
  await journal.accept(row.log, { arrivalMs: 1, bufferedMs: 1, data, lengths });
  const parts = { decompression: undefined, deAggregation: undefined, ...division };
  const taken: number[] = [];
  let buffer: LiveBuffer = {
    ...row,
    waitingBytes: data.length,
    openedMs: 1,
    failingSinceMs: undefined,
  };
  for (;;) {
    const batch = nextBatch(buffer, limits, parts, journal);
    if (!batch) break;
    taken.push(batch.taken);
    buffer = { ...buffer, position: batch.next };
  }
  await journal.close();
  database.close();
  return taken;
}

const tenBytes = () => new TextEncoder().encode("0123456789");

Deno.test("a batch takes no more records, and no more bytes, than it may", async () => {
  const seven = Array.from({ length: 7 }, tenBytes);
  assertEquals(await batchesOf(seven, { bytesMax: 1_000, recordsMax: 3 }), [3, 3, 1]);
  assertEquals(await batchesOf(seven, { bytesMax: 20, recordsMax: 100 }), [2, 2, 2, 1]);
});

Deno.test("sub-records count as records: a full batch takes no further record", async () => {
  const deAggregation = { subRecordType: "JSON" } as const;
  const pairs = Array.from({ length: 4 }, () => new TextEncoder().encode("{}{}"));
  const limits = { bytesMax: 1_000, recordsMax: 3 };
  assertEquals(await batchesOf(pairs, limits, { deAggregation }), [2, 2]);
});

Deno.test("bytes count as they are after decompression", async () => {
  const document = JSON.stringify({ text: "x".repeat(1_000) });
  const records = Array.from({ length: 4 }, () => new Uint8Array(gzipSync(document)));
  const limits = { bytesMax: 1_500, recordsMax: 100 };
  const decompression = { extractsMessages: false };
  assertEquals(await batchesOf(records, limits, { decompression }), [2, 2]);
});
