/** A producer that sends refused records again. */
import { type FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { setTimeout as pause } from "node:timers/promises";

/** Records that one batch takes. */
const BATCH_RECORDS_MAX = 500;
const ATTEMPTS_MAX = 8;

/** Sends all orders. Throws an `Error` if some are refused again and again. */
export async function sendOrders(
  firehose: FirehoseClient,
  stream: string,
  orders: readonly unknown[],
  { pauseMs = 100 } = {},
): Promise<void> {
  const records = orders.map((order) => Buffer.from(`${JSON.stringify(order)}\n`));
  for (let start = 0; start < records.length; start += BATCH_RECORDS_MAX) {
    await send(firehose, stream, records.slice(start, start + BATCH_RECORDS_MAX), pauseMs);
  }
}

async function send(firehose: FirehoseClient, stream: string, records: Buffer[], pauseMs: number) {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const { RequestResponses = [] } = await firehose.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: stream,
        Records: records.map((Data) => ({ Data })),
      }),
    );
    records = records.filter((_, index) => RequestResponses[index].ErrorCode !== undefined);
    if (records.length === 0) return;
    await pause(pauseMs * 2 ** attempt);
  }
  throw new Error(`${records.length} orders were refused ${ATTEMPTS_MAX} times`);
}
