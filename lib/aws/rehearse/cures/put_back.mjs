// The function's role needs firehose:PutRecordBatch.
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { Buffer } from "node:buffer";

const firehose = new FirehoseClient();

/** Puts back what does not fit. A record that can never fit is ProcessingFailed. */
const withinBudget = (handler, budgetBytes = 5_000_000) => async (event, context) => {
  let left = budgetBytes;
  const late = [];
  const { records } = await handler(event, context);
  for (const answer of records) {
    const size = Buffer.byteLength(JSON.stringify(answer)) + 1;
    if (size <= left) {
      left -= size;
    } else if (answer.data !== undefined) {
      answer.data = answer.metadata = undefined;
      answer.result = "ProcessingFailed";
      if (size <= budgetBytes) late.push(answer);
    }
  }
  const sources = new Map(event.records.map(({ recordId, data }) => [recordId, data]));
  const DeliveryStreamName = event.deliveryStreamArn.split("/")[1];
  for (let start = 0; start < late.length; start += 4) { // 4 records of 1,000 KiB are under 4 MiB
    const some = late.slice(start, start + 4);
    const Records = some.map(({ recordId }) => ({
      Data: Buffer.from(sources.get(recordId), "base64"),
    }));
    const put = await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
    put.RequestResponses.forEach(({ RecordId }, index) => {
      if (RecordId) some[index].result = "Dropped"; // only for records that the stream has
    });
  }
  return { records };
};

// yourHandler is the handler you have: rename it so, and leave out its "export".
export const HANDLER = withinBudget(yourHandler);
