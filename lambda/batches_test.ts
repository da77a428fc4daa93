import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, batchesOf, RECORD_BYTES_MAX } from "./batches.ts";

const batched = async (sizes: readonly number[]) =>
  await Array.fromAsync(batchesOf(sizes, (bytes) => bytes));

Deno.test("batchesOf() keeps the order and PutRecordBatch's limits, whatever the sizes", async () => {
  const large = fc.array(fc.nat(RECORD_BYTES_MAX), { maxLength: 60 });
  await fc.assert(fc.asyncProperty(large, fc.nat(1_200), async (sizes, more) => {
    const records = [...sizes, ...new Array<number>(more).fill(3)];
    const batches = await batched(records);
    assertEquals(batches.flat(), records);
    for (const batch of batches) {
      assert(batch.length > 0 && batch.length <= BATCH_RECORDS_MAX);
      assert(batch.reduce((sum, bytes) => sum + bytes, 0) <= BATCH_BYTES_MAX);
    }
  }));
});

for (
  const [count, bytes, batches, why] of [
    [0, 1, [], "there are none"],
    [500, 1, [500], "the most records of one call"],
    [501, 1, [500, 1], "one more"],
    [4, 1_048_576, [4], "exactly 4 MiB"],
    [5, 1_000_000, [4, 1], "the fifth is beyond 4 MiB"],
  ] as const
) {
  Deno.test(`batchesOf() makes ${batches.length} batches of ${count} records: ${why}`, async () => {
    const made = await batched(new Array<number>(count).fill(bytes));
    assertEquals(made.map(({ length }) => length), [...batches]);
  });
}
