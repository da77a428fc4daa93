/** What a rehearsal's report says at its end, and about records that are not delivered. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { cureOf } from "./cure.ts";
import { recordsLike } from "./like.ts";
import type { Rehearsed } from "./measure.ts";
import { isDelivered, lostRecords, reportText } from "./report.ts";
import { codeOfText, cureText, exampleText, rehearsed } from "./testing.ts";

const RUNTIME = "nodejs22.x";
const encoded = (text: string) => new TextEncoder().encode(text);

async function reportOf(found: Rehearsed): Promise<string> {
  return reportText(found, { retries: 3, cure: await cureOf(found, "handler") });
}

/** Answers each record with the fields that `fields` gives for its text. */
const answering = (fields: string) =>
  `export const handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => {
    const text = Buffer.from(data, "base64").toString();
    return ${fields};
  }) });`;

Deno.test("Records that are Dropped and not put back are named, and control messages of CloudWatch Logs are not lost", async () => {
  const control = '{"messageType":"CONTROL_MESSAGE","logEvents":[]}';
  const records = [control, '{"type":"order"}', '{"type":"heartbeat"}'].map(encoded);
  const source = answering(
    'text.includes("order") ? { recordId, result: "Ok", data } : { recordId, result: "Dropped" }',
  );
  const found = await rehearsed(codeOfText("f.mjs", source, RUNTIME), { records });
  assertEquals([lostRecords(found), isDelivered(found), isDelivered(found, 1)], [1, false, true]);
  const text = await reportOf(found);
  assertStringIncludes(text, "1 record would be LOST");
  assertStringIncludes(text, 'The first is record 3: {"type":"heartbeat"}');
  assertStringIncludes(text, "--expect lost=1");
  assertStringIncludes(
    reportText(found, { retries: 3, lostMax: 1 }),
    "1 record answered Dropped and not put back, as --expect allows. The first is record 3",
  );
  assertStringIncludes(text, "Correctly Dropped: 1 control message");
});

// The answer of Powertools for Python without `data`, and of Java's events with a buffer that was read:
// aws-lambda-powertools 3.37.0 and aws-lambda-java-events 3.16.1, run on 2026-11-30 (docs/lambda.md).
Deno.test("A record that comes back Ok with empty data is lost, unless it was empty before", async () => {
  const records = ['{"id":1}', "", '{"id":3}'].map(encoded);
  const source = answering('{ recordId, result: "Ok", data: text.includes("1") ? data : "" }');
  const found = await rehearsed(codeOfText("f.mjs", source, RUNTIME), { records });
  assertEquals([lostRecords(found), isDelivered(found), isDelivered(found, 1)], [1, false, true]);
  assertStringIncludes(
    await reportOf(found),
    "1 record would be LOST: the function answered Ok with empty data, and did not put them back",
  );
});

Deno.test("A record without an answer is shown by its number and its beginning", async () => {
  const records = ['{"id":1}', '{"id":2,"country":""}'].map(encoded);
  const source = answering(
    'text.includes("country") ? { result: "Ok", data } : ' +
      '{ recordId, result: "Ok", data }',
  );
  const text = await reportOf(await rehearsed(codeOfText("f.mjs", source, RUNTIME), { records }));
  assertStringIncludes(
    text,
    'Lambda.MissingRecordId: 1. The first is record 2: {"id":2,"country":""}',
  );
  assertStringIncludes(text, "1 answer without a recordId");
});

Deno.test("A function that keeps records between invocations is shown by the record's number, and no buffer is called safe", async () => {
  const source = `let calls = 0;
  const kept = [];
  export const handler = async ({ records }) => {
    kept.push(...records.map(({ recordId, data }) => ({ recordId, result: "Ok", data })));
    return { records: ++calls < 3 ? kept : kept.slice(0, 1) };
  };`;
  const records = ['{"id":1}', '{"id":2}'].map(encoded);
  const text = await reportOf(await rehearsed(codeOfText("f.mjs", source, RUNTIME), { records }));
  assertStringIncludes(
    text,
    "NOT SAFE. 2 records failed that did not fail before (Lambda.MissingRecordId)",
  );
  assert(!text.includes("Next: deploy"));
  const late = source.replace("< 3", "> 1");
  const found = await rehearsed(codeOfText("f.mjs", late, RUNTIME), { records });
  const shown = await reportOf(found);
  assertStringIncludes(shown, 'of the event left out: record 2: {"id":2}');
});

Deno.test("A few records that fit are no promise: the report says what a full buffer of them would do", async () => {
  const few = [...recordsLike({ bytes: 100_000, ratio: 6 }, 2)];
  const naive = codeOfText("f.mjs", await exampleText("naive.mjs"), RUNTIME);
  const text = await reportOf(await rehearsed(naive, { records: few }));
  assertStringIncludes(text, "NOT SAFE with BufferSizeInMBs 1");
  assertStringIncludes(text, "export const handler = compressed(yourHandler);");
});

Deno.test("A function that puts back is not judged by a buffer, and the report says how often a record goes round", async () => {
  const naive = (await exampleText("naive.mjs")).replace(
    "export const handler",
    "const yourHandler",
  );
  const cure = (await cureText("put_back.mjs")).replaceAll("HANDLER", "handler")
    .replace("5_000_000", "500_000").replace(/^import \{ Buffer \} from "node:buffer";\n/m, "");
  const code = codeOfText("f.mjs", naive + cure, RUNTIME);
  const found = await rehearsed(code);
  assert(found.putBack > 0);
  assertEquals([found.safe, found.tried], [undefined, undefined]);
  const text = await reportOf(found);
  assertStringIncludes(text, "The function itself keeps its responses small");
  assertStringIncludes(text, "times on average until it is delivered");
  assertStringIncludes(text, "Next: deploy this function");
});

// Answers of pyarrow 26.0.1 begin and end so. Within gzip, no reader takes such a file.
Deno.test("A function that answers Parquet files is not told to compress them, but that nobody reads them", async () => {
  const source = answering(
    '{ recordId, result: "Ok", data: Buffer.from("PAR1" + "0".repeat(90_000) + "PAR1").toString("base64") }',
  );
  const records = new Array(100).fill(encoded("x".repeat(5_000)));
  const found = await rehearsed(codeOfText("f.mjs", source, RUNTIME), { records });
  const text = await reportOf(found);
  assertStringIncludes(text, "Unreadable objects: the answers are Parquet files.");
  assertEquals((await cureOf(found, "handler"))?.strategy, "put-back");
});

// As AWS's blueprint for CloudWatch Logs does with a record whose answer is larger than 6 MB.
Deno.test("A function that puts back two halves of a record is said to divide it, and no number of rounds is made up", async () => {
  const source = `import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
    const firehose = new FirehoseClient({});
    export const handler = async ({ deliveryStreamArn, records }) => {
      const Records = records.flatMap(() => [{ Data: Buffer.from("a") }, { Data: Buffer.from("b") }]);
      const DeliveryStreamName = deliveryStreamArn.split("/")[1];
      await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
      return { records: records.map(({ recordId }) => ({ recordId, result: "Dropped" })) };
    };`;
  const records = ["ab", "ab", "ab"].map(encoded);
  const found = await rehearsed(codeOfText("f.mjs", source, RUNTIME), { records });
  const text = await reportOf(found);
  assertStringIncludes(
    text,
    "The function put 6 records back into the stream. These are more than it",
  );
  assertEquals(text.includes("times on average"), false);
});

Deno.test("A function that expects gzip and gets plain records is advised to add --gzip-each", async () => {
  const naive = codeOfText("f.mjs", await exampleText("naive.mjs"), RUNTIME);
  const text = await reportOf(await rehearsed(naive, { records: [encoded('{"id":1}')] }));
  assertStringIncludes(text, "add --gzip-each");
});

Deno.test("Where a function throws, the report says what its records hold", async () => {
  const source = answering('{ recordId, result: "Ok", data: JSON.parse(text) }');
  const aggregated = new Uint8Array([0xf3, 0x89, 0x9a, 0xc2, 1]);
  const records = [gzipSync("{}"), gzipSync(gzipSync("{}")), aggregated];
  const text = await reportOf(await rehearsed(codeOfText("f.mjs", source, RUNTIME), { records }));
  assertStringIncludes(
    text,
    "The records of the first failed batch:\n  1 record: gzip of one JSON object\n",
  );
  assertStringIncludes(text, "1 record: gzip twice, of one JSON object (they were gzipped twice");
  assertStringIncludes(text, "1 record: records aggregated by the Kinesis Producer Library");
});

Deno.test("What is wrong with a response that is too large is seen in a smaller batch", async () => {
  const source = answering(
    '({ recordId, result: "ok", data: Buffer.alloc(1e6, text).toString("base64") })',
  );
  const records = Array.from({ length: 6 }, () => encoded("x"));
  const text = await reportOf(await rehearsed(codeOfText("f.mjs", source, RUNTIME), { records }));
  assertStringIncludes(text, "413: too large");
  assertStringIncludes(text, "The responses of smaller batches, sent to measure:");
  assertStringIncludes(text, 'with an invalid result: "ok"');
});
