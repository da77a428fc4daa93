/**
 * Many records: what each takes of the processor on its way to an object, and how long a start takes
 * while they wait.
 * @module
 */

import { type FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { processorMs } from "../child.ts";
import { BENCH_BUCKET, createStream } from "../pipeline.ts";
import type { Row } from "../row.ts";
import { clientsOf, inParallel, untilTrue } from "./clients.ts";

const RECORD_BYTES = 100;
const BATCH_RECORDS = 500;
const CONNECTIONS = 4;
/** Until code is compiled and caches are full. */
const WARM_UP_RECORDS = 100_000;
/** How many times as many records are put in the second measurement. */
const TIMES = 10;
/** The last buffer is delivered when its interval is over; a slow machine needs time for the others. */
const DELIVERED_WITHIN_MS = 600_000;

/** Processor time of a record from its put to its object, with ten times as many records before. */
export const recordCosts: Row = async ({ fresh, manyRecords }) => {
  const { sandbox, target } = await fresh();
  using clients = clientsOf(target);
  const stream = "bench-records";
  await createStream(target, stream, 5, {
    BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 },
  });
  let all = 0;
  const microsOf = async (records: number) => {
    const beganMs = await processorMs(sandbox);
    all += await putRecords(clients.firehose, stream, records);
    await untilTrue(
      "the objects",
      async () => await storedBytes(clients.s3) === all * RECORD_BYTES,
      DELIVERED_WITHIN_MS,
    );
    return (await processorMs(sandbox) - beganMs) * 1000 / records;
  };
  await microsOf(WARM_UP_RECORDS);
  const few = await microsOf(manyRecords);
  const many = await microsOf(manyRecords * TIMES);
  const count = (records: number) => records.toLocaleString("en");
  return [{
    measured: `processor time of a record of ${RECORD_BYTES} bytes, put to object: ` +
      `${count(manyRecords * TIMES)} records to ${count(manyRecords)}`,
    figure: `${(many / few).toFixed(2)}  (${many.toFixed(2)} to ${few.toFixed(2)} µs)`,
    aim: "at most 1.1",
    cost: many / few,
    costMax: 1.1,
  }];
};

/** A buffer of 900 s is then open for 225 s: nothing is delivered before the restart. */
const SLOW = 4;

/** The start of a sandbox whose stream holds many records that are not delivered. */
export const restart: Row = async ({ fresh, manyRecords }) => {
  const bench = await fresh({ speed: SLOW });
  using clients = clientsOf(bench.target);
  await createStream(bench.target, "bench-restart", 128);
  const put = await putRecords(clients.firehose, "bench-restart", manyRecords);
  const stored = await storedBytes(clients.s3);
  if (stored > 0) throw new Error(`${stored} bytes were delivered before the restart`);
  const { readyMs } = await bench.restart();
  return [{
    measured: `ready after a restart with ${put.toLocaleString("en")} undelivered records`,
    figure: `${readyMs.toFixed(0)} ms`,
    aim: "at most 200 ms",
    cost: readyMs,
    costMax: 200,
  }];
};

/** Puts at least so many records; the number that it put. */
async function putRecords(
  client: FirehoseClient,
  DeliveryStreamName: string,
  records: number,
): Promise<number> {
  const Data = new Uint8Array(RECORD_BYTES).fill(0x61);
  const Records = Array.from({ length: BATCH_RECORDS }, () => ({ Data }));
  const batches = Math.ceil(records / BATCH_RECORDS);
  await inParallel(batches, CONNECTIONS, async () => {
    const { FailedPutCount } = await client.send(
      new PutRecordBatchCommand({ DeliveryStreamName, Records }),
    );
    if (FailedPutCount !== 0) throw new Error(`${FailedPutCount} records were refused`);
  });
  return batches * BATCH_RECORDS;
}

async function storedBytes(client: S3Client): Promise<number> {
  let bytes = 0;
  for await (
    const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: BENCH_BUCKET })
  ) {
    for (const { Size = 0 } of Contents) bytes += Size;
  }
  return bytes;
}
