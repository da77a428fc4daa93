import { PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { assert, assertEquals } from "@std/assert";
import { busyStream } from "./busy_stream.ts";
import { failedEntries, putAll } from "./put_all.ts";

/** A stream that accepts all records, and those it accepted, in order. */
function calmStream() {
  const accepted: number[] = [];
  const send = (command: PutRecordBatchCommand) => {
    const RequestResponses = (command.input.Records ?? []).map(({ Data = [] }) => {
      accepted.push(Data[0]);
      return { RecordId: `${Data[0]}` };
    });
    return Promise.resolve({ FailedPutCount: 0, RequestResponses });
  };
  return { accepted, send };
}

const records = Array.from({ length: 100 }, (_, index) => ({ Data: Uint8Array.of(index) }));

Deno.test("busyStream() sends on what it accepts, and answers each record in its place", async () => {
  const calm = calmStream();
  const busy = busyStream(calm, { share: 0.3 });
  const command = new PutRecordBatchCommand({ DeliveryStreamName: "people", Records: records });
  const { RequestResponses = [], FailedPutCount } = await busy.send(command);
  const failed = failedEntries(records, RequestResponses);
  assertEquals(RequestResponses.length, 100);
  assertEquals(failed.length, FailedPutCount);
  assert(failed.length > 15 && failed.length < 45, `${failed.length} of 100`);
  const refused = failed.map(({ Data }) => Data[0]);
  assertEquals([...calm.accepted, ...refused].toSorted((a, b) => a - b), [...records.keys()]);
  assertEquals(
    RequestResponses.filter(({ RecordId }) => RecordId).map(({ RecordId }) => Number(RecordId)),
    calm.accepted,
  );
});

Deno.test("putAll() gets everything through a busy stream, once", async () => {
  const calm = calmStream();
  const pauseMs = () => Promise.resolve();
  await putAll(busyStream(calm, { share: 0.5, seed: 2 }), "people", records, { pauseMs });
  assertEquals(calm.accepted.toSorted((a, b) => a - b), [...records.keys()]);
});

Deno.test("busyStream() that refuses all sends nothing", async () => {
  const calm = calmStream();
  const busy = busyStream(calm, { share: 1 });
  const command = new PutRecordBatchCommand({ DeliveryStreamName: "people", Records: records });
  assertEquals((await busy.send(command)).FailedPutCount, 100);
  assertEquals(calm.accepted, []);
});
