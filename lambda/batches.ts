/**
 * The limits of one PutRecordBatch, and records split into as few calls as possible.
 * https://docs.aws.amazon.com/firehose/latest/dev/limits.html
 * @module
 */

/** Bytes of a record's data in a put, before base64. */
export const RECORD_BYTES_MAX = 1_000 * 1024;
/** Records of one PutRecordBatch. */
export const BATCH_RECORDS_MAX = 500;
/** Bytes of one PutRecordBatch, before base64. */
export const BATCH_BYTES_MAX = 4 * 1024 * 1024;

/**
 * The records in order, in lists of as many as one call takes. `bytesOf` gives the bytes of a record,
 * at most {@linkcode RECORD_BYTES_MAX}. Only one list is held in memory.
 */
export async function* batchesOf<Item>(
  records: Iterable<Item> | AsyncIterable<Item>,
  bytesOf: (record: Item) => number,
): AsyncGenerator<Item[]> {
  let [batch, bytes]: [Item[], number] = [[], 0];
  for await (const record of records) {
    const isFull = batch.length === BATCH_RECORDS_MAX || bytes + bytesOf(record) > BATCH_BYTES_MAX;
    if (isFull && batch.length > 0) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(record);
    bytes += bytesOf(record);
  }
  if (batch.length > 0) yield batch;
}
