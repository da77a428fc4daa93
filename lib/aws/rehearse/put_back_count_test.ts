import { PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { assertEquals } from "@std/assert";
import type { Answered } from "../../sandbox/http/answered.ts";
import { createActiveStream, labTest } from "../testing.ts";
import { PutBackCount } from "./put_back_count.ts";

let requests = 0;

function answered(operation: string, output: unknown, callId?: string): Answered {
  return {
    ...{ method: "POST", path: "/", status: 200, atMs: 0, durationMs: 1 },
    ...{ requestId: `${requests++}`, callId, operation, output },
  };
}

const batch = (...accepted: readonly boolean[]) => ({
  FailedPutCount: accepted.filter((is) => !is).length,
  RequestResponses: accepted.map((is, index) =>
    is ? { RecordId: `${index}` } : { ErrorCode: "ServiceUnavailableException" }
  ),
});

Deno.test("records count as put back if the stream accepted them", () => {
  const count = new PutBackCount();
  count.note(answered("PutRecordBatch", batch(true, false, true), "a"));
  count.note(answered("PutRecord", { RecordId: "1" }));
  count.note(answered("PutRecord", undefined)); // refused
  count.note(answered("PutObject", { ETag: "x" }));
  assertEquals(count.records, 3);
});

Deno.test("a call that an SDK sends again counts once, with the most records that were accepted", () => {
  const count = new PutBackCount();
  for (const id of ["a", "b"]) count.note(answered("PutRecordBatch", batch(true, false, true), id));
  count.note(answered("PutRecordBatch", batch(true, true, true), "a"));
  count.note(answered("PutRecordBatch", batch(false, true, false), "b"));
  assertEquals(count.records, 5);
});

Deno.test("calls without an id are separate calls", () => {
  const count = new PutBackCount();
  for (let call = 0; call < 2; call++) count.note(answered("PutRecordBatch", batch(true, true)));
  assertEquals(count.records, 4);
});

const count = new PutBackCount();
let puts = 0;

// As boto3 1.44.8 does, too: both attempts have the same amz-sdk-invocation-id (2026-11-30).
labTest(
  "records whose put lost its answer count once, though the SDK put them twice",
  1,
  async (lab, { endpoint, token }) => {
    await createActiveStream(lab);
    const fault = {
      on: { service: "firehose", operation: "PutRecordBatch" },
      ...{ when: { first: 1 }, then: { drop: true } },
    };
    const added = await fetch(`${endpoint}/_sandbox/faults`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(fault),
    });
    assertEquals(added.status, 201, await added.text());
    const DeliveryStreamName = lab.names.stream;
    const Records = ["a", "b", "c"].map((text) => ({ Data: new TextEncoder().encode(text) }));
    await lab.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
    assertEquals([puts, count.records], [2, 3]);
  },
  {
    log: {
      answered: (answer) => {
        if (answer.operation === "PutRecordBatch") puts++;
        count.note(answer);
      },
      problem: () => {},
      close: () => Promise.resolve(),
    },
  },
);
