import { assertEquals } from "@std/assert";
import { AwsError } from "../errors.ts";
import type { Answered } from "../http/answered.ts";
import { RequestLog } from "./request_log.ts";

const answerOf = (answer: Partial<Answered>): Answered => ({
  ...{ method: "POST", path: "/", requestId: "r", atMs: 1_000, status: 200, durationMs: 2 },
  ...answer,
});

const batchOf = (stream: string, count: number, output: unknown = { FailedPutCount: 0 }) =>
  answerOf({
    service: "firehose",
    operation: "PutRecordBatch",
    input: { DeliveryStreamName: stream, Records: new Array(count).fill({}) },
    output,
  });

const seen = (log: RequestLog, version = 0) =>
  log.since(version).map(({ operation, resource, count, records }) => [
    ...[operation, resource, count, records],
  ]);

Deno.test("accepted calls of the same are one entry, which counts them and their records", () => {
  const log = new RequestLog();
  for (let put = 0; put < 1_000; put++) log.add(batchOf(put % 2 ? "one" : "two", 3));
  assertEquals(seen(log), [
    ["PutRecordBatch", "two", 500, 1_500],
    ["PutRecordBatch", "one", 500, 1_500],
  ]);
  for (const Key of ["a", "b", "a"]) {
    log.add(answerOf({ operation: "GetObject", input: { Bucket: "x", Key } }));
  }
  assertEquals(seen(log).slice(2), [
    ["GetObject", "x/a", 2, undefined],
    ["GetObject", "x/b", 1, undefined],
  ]);
});

Deno.test("a page gets what is new or changed since it asked last", () => {
  const log = new RequestLog();
  log.add(batchOf("one", 1));
  const { version } = log;
  log.add(answerOf({ operation: "ListBuckets" }));
  assertEquals(seen(log, version), [["ListBuckets", "", 1, undefined]]);
  log.add(batchOf("one", 1));
  assertEquals(seen(log, version).map(([operation]) => operation), [
    "PutRecordBatch",
    "ListBuckets",
  ]);
});

Deno.test("a refusal has an entry with its reason, also of records within an answer of 200", () => {
  const log = new RequestLog();
  const error = new AwsError("AccessDeniedException", 403, "User: x is not authorized");
  log.add(answerOf({ operation: "PutRecord", input: { DeliveryStreamName: "one" }, error }));
  const RequestResponses = [{ RecordId: "1" }, { ErrorCode: "ServiceUnavailableException" }];
  log.add(batchOf("one", 2, { FailedPutCount: 1, RequestResponses }));
  assertEquals(log.since(0).map(({ errorCode, reason }) => [errorCode, reason]), [
    ["AccessDeniedException", "User: x is not authorized"],
    ["ServiceUnavailableException", "1 of 2 records were not accepted: send these again"],
  ]);
});

Deno.test("the newest 300 entries are kept, however many come", () => {
  const log = new RequestLog();
  for (let call = 0; call < 5_000; call++) log.add(answerOf({ operation: `Call${call}` }));
  const kept = log.since(0);
  assertEquals([kept.length, kept[0].operation, kept.at(-1)?.operation], [
    ...[300, "Call4700", "Call4999"],
  ]);
});
