/** Quotas of direct PUT, and what the metrics say of puts and of the other operations. */
import type { PutRecordBatchOutput } from "@aws-sdk/client-firehose";
import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { directPutQuota, DirectPutThrottle } from "./direct_put_quota.ts";
import { World } from "../testing.ts";

const DeliveryStreamName = "stream";

async function putBatch(world: World, sizes: readonly number[]): Promise<PutRecordBatchOutput> {
  const Records = sizes.map((size) => ({ Data: new Uint8Array(size) }));
  const output = await world.call("PutRecordBatch", { DeliveryStreamName, Records });
  return Object(output);
}

const KIB = 1024;

Deno.test("a batch beyond 5 MiB a second fails in part, and the failed records can be sent again", async () => {
  await using world = await World.with({ quotas: "enforced" });
  await world.createStream();
  const sizes = [1000, 1000, 1000, 1000].map((size) => size * KIB);
  assertEquals((await putBatch(world, sizes)).FailedPutCount, 0);
  // 1,120 KiB are left: the first record fits, the second does not, the third does again.
  const partly = await putBatch(world, [1000 * KIB, 500 * KIB, 100 * KIB]);
  assertEquals(partly.FailedPutCount, 1);
  assertEquals(partly.RequestResponses?.map(({ ErrorCode }) => ErrorCode), [
    undefined,
    "ServiceUnavailableException",
    undefined,
  ]);
  assertEquals(partly.RequestResponses?.[1], {
    ErrorCode: "ServiceUnavailableException",
    ErrorMessage: "Slow down.",
  });
  assertEquals(partly.RequestResponses?.[0].RecordId?.length, 224);
  const { name, message } = await assertRejects(
    () =>
      world.call("PutRecord", {
        DeliveryStreamName,
        Record: { Data: new Uint8Array(500 * KIB) },
      }),
    Error,
  );
  assertEquals(`${name}: ${message}`, "ServiceUnavailableException: Slow down.");
  assertEquals(world.metric("ThrottledRecords"), [1, 1]);
  world.clock.advance(100);
  assertEquals((await putBatch(world, [500 * KIB])).FailedPutCount, 0);
  // Only what was taken counts as incoming.
  assertEquals(world.metric("IncomingRecords"), [4, 2, 1]);
  assertEquals(world.metric("IncomingBytes"), [4000 * KIB, 1100 * KIB, 500 * KIB]);
});

Deno.test("records that were refused are not delivered, those that were taken are", async () => {
  await using world = await World.with({ quotas: "enforced" });
  await world.createStream({ BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 60 } });
  await putBatch(world, [1000, 1000, 1000, 1000].map((size) => size * KIB));
  await putBatch(world, [1000, 500, 119].map((size) => size * KIB));
  world.clock.advance(60_000);
  const [object] = await world.objectsOnceThere(1);
  assertEquals(object.sizeBytes, 5119 * KIB);
});

Deno.test("more than 2,000 requests in a second are refused as a whole", async () => {
  await using world = await World.with({ quotas: "enforced" });
  await world.createStream();
  for (let n = 0; n < 2_000; n++) await putBatch(world, [0]);
  const { name } = await assertRejects(() => putBatch(world, [0, 0]), Error);
  assertEquals(name, "ServiceUnavailableException");
  assertEquals(world.metric("ThrottledRecords"), [2]);
  world.clock.advance(1);
  await putBatch(world, [0]);
});

Deno.test("quotas can be set, and what is not set is AWS's", async () => {
  await using world = await World.with({ quotas: { records: 2, bytes: 100 } });
  await world.createStream();
  const answer = await putBatch(world, [40, 70, 40, 40]);
  const codes = answer.RequestResponses?.map(({ ErrorCode }) => ErrorCode !== undefined);
  assertEquals(codes, [false, true, false, true]);
  assertEquals(world.metric("BytesPerSecondLimit"), [100]);
  assertEquals(world.metric("PutRequestsPerSecondLimit"), [2_000]);
});

Deno.test("without --quotas nothing is throttled", async () => {
  await using world = await World.with();
  await world.createStream({ BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 900 } });
  for (let n = 0; n < 3; n++) {
    const output = await putBatch(world, [1000, 1000, 1000, 1000].map((size) => size * KIB));
    assertEquals(output.FailedPutCount, 0);
  }
  assertEquals(world.metric("ThrottledRecords"), []);
});

Deno.test("a stream never takes more than its quota gives in the time and one second more", () => {
  const put = fc.record({
    pauseMs: fc.integer({ min: 0, max: 700 }),
    sizes: fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 10 }),
  });
  fc.assert(
    fc.property(fc.array(put), (puts) => {
      const quota = directPutQuota("eu-central-1");
      const throttle = new DirectPutThrottle(quota, 0);
      let nowMs = 0;
      let bytes = 0;
      for (const { pauseMs, sizes } of puts) {
        nowMs += pauseMs;
        const admitted = throttle.admit(sizes, nowMs) ?? [];
        bytes += sizes.reduce((sum, size, index) => sum + (admitted[index] ? size : 0), 0);
      }
      return bytes <= quota.bytes * (1 + nowMs / 1000);
    }),
  );
});

Deno.test("a put is counted with raw sizes, one sample a call, and its limits once a minute", async () => {
  await using world = await World.with();
  await world.createStream({ CompressionFormat: "GZIP" });
  await world.call("PutRecord", { DeliveryStreamName, Record: { Data: new Uint8Array(10) } });
  await putBatch(world, [20, 30]);
  const samples = world.samples.filter(({ metricName }) => /Put|Incoming|Limit/.test(metricName));
  assertEquals(samples.map(({ metricName, value, unit }) => `${metricName} ${value} ${unit}`), [
    "IncomingBytes 10 Bytes",
    "IncomingRecords 1 Count",
    "IncomingPutRequests 1 Count",
    "BytesPerSecondLimit 5242880 Bytes",
    "RecordsPerSecondLimit 500000 Count",
    "PutRequestsPerSecondLimit 2000 Count",
    "PutRecord.Bytes 10 Bytes",
    "PutRecord.Requests 1 Count",
    "PutRecord.Latency 0 Milliseconds",
    "IncomingBytes 50 Bytes",
    "IncomingRecords 2 Count",
    "IncomingPutRequests 1 Count",
    "PutRecordBatch.Bytes 50 Bytes",
    "PutRecordBatch.Records 2 Count",
    "PutRecordBatch.Requests 1 Count",
    "PutRecordBatch.Latency 0 Milliseconds",
  ]);
  for (const { namespace, dimensions } of samples) {
    assertEquals([namespace, dimensions], ["AWS/Firehose", { DeliveryStreamName }]);
  }
});

Deno.test("describing, listing and updating are counted too", async () => {
  await using world = await World.with();
  await world.createStream();
  await world.call("DescribeDeliveryStream", { DeliveryStreamName });
  await world.call("ListDeliveryStreams", {});
  await world.update({ Prefix: "new/" });
  const seen = world.samples.filter(({ metricName }) => metricName.endsWith(".Requests"))
    .map(({ metricName, dimensions }) => [metricName, dimensions.DeliveryStreamName]);
  assertEquals(seen, [
    ["DescribeDeliveryStream.Requests", DeliveryStreamName],
    ["ListDeliveryStreams.Requests", undefined],
    ["UpdateDeliveryStream.Requests", DeliveryStreamName],
  ]);
});
