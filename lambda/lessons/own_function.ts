/**
 * A whole transform in one file, without this project's code: notebook 4 shows it as a start for your
 * own function. It decompresses each record, reads its partition keys, stays within a budget, and puts
 * back the rest. `own_function.py` does the same in Python.
 * @module
 */

import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";

const BUDGET_BYTES = 5 * 1024 * 1024; // Lambda takes 6,291,556 bytes of response
const firehose = new FirehoseClient();

/** The event that Firehose sends, as far as this function reads it. */
interface Event {
  readonly deliveryStreamArn: string;
  readonly records: readonly { readonly recordId: string; readonly data: string }[];
}

/** Answers every record: Ok if it fits, Dropped if it is put back, else ProcessingFailed. */
export async function handler(event: Event) {
  let bytes = '{"records":[]}'.length;
  const answers = event.records.map(({ recordId, data }) => {
    const answer = answerOf(recordId, data);
    const size = Buffer.byteLength(JSON.stringify(answer)) + 1; // and a comma
    if (bytes + size <= BUDGET_BYTES) {
      bytes += size;
      return answer;
    }
    return { recordId, result: size > BUDGET_BYTES ? "ProcessingFailed" : "Dropped" };
  });
  const dropped = event.records.filter((_, index) => answers[index].result === "Dropped");
  const refused = await putBack(event.deliveryStreamArn.split("/")[1], dropped);
  // Dropped only if the stream has accepted the record again.
  const records = answers.map((answer) =>
    refused.has(answer.recordId) ? { ...answer, result: "ProcessingFailed" } : answer
  );
  return { records };
}

function answerOf(recordId: string, data: string) {
  try {
    const line = `${gunzipSync(Buffer.from(data, "base64"), { maxOutputLength: 64 * 2 ** 20 })}\n`;
    const { database, table } = JSON.parse(line);
    const partitionKeys = { database: `${database}`, table: `${table}` };
    return { recordId, result: "Ok", data: base64Of(line), metadata: { partitionKeys } };
  } catch (error) {
    console.error(recordId, error); // one bad record fails alone
    return { recordId, result: "ProcessingFailed" };
  }
}

const base64Of = (text: string) => Buffer.from(text).toString("base64");

/** The ids of records that the stream did not accept. */
async function putBack(DeliveryStreamName: string, records: Event["records"]) {
  const refused = new Set<string>();
  for (let start = 0; start < records.length; start += 4) { // 4 records of 1,000 KiB are under 4 MiB
    const some = records.slice(start, start + 4);
    const Records = some.map(({ data }) => ({ Data: Buffer.from(data, "base64") }));
    const { RequestResponses = [] } = await firehose.send(
      new PutRecordBatchCommand({ DeliveryStreamName, Records }),
    ).catch((error) => (console.error(error), { RequestResponses: [] }));
    for (const [index, { recordId }] of some.entries()) {
      if (!RequestResponses[index]?.RecordId) refused.add(recordId);
    }
  }
  return refused;
}
