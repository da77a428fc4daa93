/**
 * What one PutRecordBatch takes, and records gathered into as few of them as may be.
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
 * The records in order, as many in each list as one call takes; `bytesOf` tells the bytes of one,
 * at most {@linkcode RECORD_BYTES_MAX}. Of what comes bit by bit, only one list is held.
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
