import { FirehoseClient } from "@aws-sdk/client-firehose";
import { type Sandbox, startSandbox } from "firehose-lab";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as naive from "../src/naive_producer.ts";
import { sendOrders } from "../src/producer.ts";
import { BUCKET, makeStream, STREAM } from "./stream.ts";

const ids = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const orders = ids.map((id) => ({ id }));

let sandbox: Sandbox;
let firehose: FirehoseClient;

beforeAll(async () => {
  sandbox = await startSandbox();
  firehose = new FirehoseClient(sandbox.clientConfig);
});

afterAll(() => sandbox.stop());

beforeEach(async () => {
  await sandbox.reset();
  await makeStream(sandbox);
});

/** Firehose refuses two records of the first batch, as it does when a stream is throttled. */
const refuseTwoRecords = () =>
  sandbox.fault({
    on: { service: "firehose", operation: "PutRecordBatch" },
    when: { first: 1 },
    then: { failRecords: [2, 7] },
  });

/** The ids of all orders in the bucket, sorted. */
async function delivered(): Promise<number[]> {
  await sandbox.flush(STREAM);
  const objects = await sandbox.objects(BUCKET);
  const lines = objects.flatMap((object) => object.text().trimEnd().split("\n"));
  return lines.map((line) => Number(JSON.parse(line).id)).sort((a, b) => a - b);
}

test("orders are delivered", async () => {
  await sendOrders(firehose, STREAM, orders);
  expect(await delivered()).toEqual(ids);
});

test("refused orders are sent again", async () => {
  await refuseTwoRecords();
  await sendOrders(firehose, STREAM, orders, { pauseMs: 1 });
  expect(await delivered()).toEqual(ids);
});

test("the naive producer loses refused orders", async () => {
  await refuseTwoRecords();
  await naive.sendOrders(firehose, STREAM, orders); // no exception
  expect(await delivered()).toEqual(ids.filter((id) => id !== 2 && id !== 7));
});
