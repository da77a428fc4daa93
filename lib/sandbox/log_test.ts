import { CreateBucketCommand, DeleteBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { clientsFor } from "./testing/clients.ts";
import { AwsError } from "./errors.ts";
import { type LogForm, requestLog } from "./log.ts";
import { textLine } from "./log_line.ts";
import { startSandbox } from "./sandbox.ts";

/** The log of three calls: a bucket, an object, and the removal of a bucket that is not empty. */
async function logOfThreeCalls(form: LogForm): Promise<string[]> {
  let text = "";
  const log = requestLog(form, (bytes) => {
    text += new TextDecoder().decode(bytes);
    return Promise.resolve();
  });
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, log });
  {
    using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
    await root.s3.send(new CreateBucketCommand({ Bucket: "things" }));
    await root.s3.send(new PutObjectCommand({ Bucket: "things", Key: "a\nb", Body: "hello" }));
    await assertRejects(() => root.s3.send(new DeleteBucketCommand({ Bucket: "things" })), Error);
  }
  await sandbox.stop();
  return text.trim().split("\n");
}

Deno.test("a request is one line, and a refusal has its reason in it", async () => {
  const lines = await logOfThreeCalls("text");
  assertEquals(lines.map((line) => line.replace(/\d+ ms$/, "N ms")), [
    "CreateBucket things  N ms",
    "PutObject things/a b  5 bytes  N ms",
    "DeleteBucket things  409 BucketNotEmpty: The bucket you tried to delete is not empty  N ms",
  ]);
});

Deno.test("--json-log writes one object per line, with the facts of the text", async () => {
  const entries = (await logOfThreeCalls("json")).map((line) => JSON.parse(line));
  const told = entries.map(({ service, operation, resource, status, errorCode }) => [
    ...[service, operation, resource, status, errorCode],
  ]);
  assertEquals(told, [
    ["s3", "CreateBucket", "things", 200, undefined],
    ["s3", "PutObject", "things/a\nb", 200, undefined],
    ["s3", "DeleteBucket", "things", 409, "BucketNotEmpty"],
  ]);
  assert(entries.every(({ time, requestId }) => Date.parse(time) > 0 && requestId !== ""));
});

const HEAD = { method: "POST", path: "/", requestId: "r", atMs: 0, durationMs: 1.6 };

for (const form of ["text", "json"] as const) {
  Deno.test(`no control character of a request reaches a terminal in the ${form} log`, async () => {
    let written = "";
    const log = requestLog(form, (bytes) => {
      written += new TextDecoder().decode(bytes);
      return Promise.resolve();
    });
    const input = { Bucket: "things", Key: "\x1b]0;title\x07\x9b2J\u202e" };
    log.answered?.({ ...HEAD, operation: "PutObject", input, status: 200 });
    log.problem("\x9b2J");
    await log.close();
    // deno-lint-ignore no-control-regex -- those are looked for
    assertEquals(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.exec(written), null);
    const [line] = written.split("\n");
    if (form === "json") assertEquals(JSON.parse(line).resource, `things/${input.Key}`);
  });
}

Deno.test("a batch's line counts records, and says why some were not accepted", () => {
  const input = { DeliveryStreamName: "people", Records: [{}, {}, {}] };
  const failed = { ErrorCode: "ServiceUnavailableException" };
  const output = { FailedPutCount: 2, RequestResponses: [{ RecordId: "1" }, failed, failed] };
  assertEquals(
    textLine({ ...HEAD, operation: "PutRecordBatch", input, output, status: 200 }),
    "PutRecordBatch people  3 records, 2 failed: ServiceUnavailableException  2 ms",
  );
});

Deno.test("a request without an operation is logged with its method and path", () => {
  const error = new AwsError("AccessDenied", 403, "Access Denied");
  assertEquals(
    textLine({ ...HEAD, method: "GET", path: "/b/k", status: 403, error }),
    "GET /b/k  403 AccessDenied: Access Denied  2 ms",
  );
});

Deno.test("a page of another origin is refused, and the log says why", async () => {
  let text = "";
  const log = requestLog("text", (bytes) => {
    text += new TextDecoder().decode(bytes);
    return Promise.resolve();
  });
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, log });
  const headers = { origin: "http://evil.example" };
  const response = await fetch(`${sandbox.endpoint}/b/k`, { headers });
  assertEquals(response.status, 403);
  await response.body?.cancel();
  await sandbox.stop();
  assertStringIncludes(
    text,
    "GET /b/k  403 Forbidden: The sandbox does not answer pages of http://evil.example.",
  );
});

Deno.test("a log with a slow reader drops lines, and says how many", async () => {
  const reading = Promise.withResolvers<void>();
  const written: string[] = [];
  const log = requestLog("text", async (bytes) => {
    await reading.promise;
    written.push(new TextDecoder().decode(bytes));
  });
  const long = "x".repeat(1024 * 1024);
  for (let line = 0; line < 6; line++) log.problem(`${line}${long}`);
  reading.resolve();
  await log.close();
  assertEquals(written.length, 1);
  assertStringIncludes(written[0], "(3 lines left out)");
});
