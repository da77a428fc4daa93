/** A producer that looks right, and loses records. */
import { type FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";

/** Sends all orders in one batch. */
export async function sendOrders(firehose: FirehoseClient, stream: string, orders: unknown[]) {
  const Records = orders.map((order) => ({ Data: Buffer.from(`${JSON.stringify(order)}\n`) }));
  // An answer with status 200 may still refuse some of the records.
  await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: stream, Records }));
}
