import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { DOCUMENT, eventOf, gzipped } from "../../../lambda/sample_event.ts";
import { transform } from "../../../lambda/transform.ts";
import { explainFiles } from "./explain.ts";
import { explanationText } from "./explanation.ts";

/** All that is said of files with these contents: texts, or values as JSON. */
function explained(...contents: readonly unknown[]): string {
  const files = contents.map((content, index) => ({
    name: `file ${index}`,
    bytes: content instanceof Uint8Array
      ? content
      : Buffer.from(typeof content === "string" ? content : JSON.stringify(content)),
  }));
  return explainFiles(files).flatMap(({ explanations }) => explanations).map(explanationText)
    .join("\n");
}

const small = eventOf([gzipped(DOCUMENT), gzipped(DOCUMENT)]);
const large = eventOf(
  Array.from({ length: 8 }, (_, id) => gzipped({ ...DOCUMENT, id, text: "a".repeat(1_000_000) })),
);
const ok = (recordId: string) => ({ recordId, result: "Ok", data: "e30=" });
const [first, second] = small.records.map(({ recordId }) => recordId);

Deno.test("explain says of an event whether its contents fit into a response, and what the transform makes of it", () => {
  assertStringIncludes(explained(small), "can answer this event");
  const said = explained(large);
  assertStringIncludes(said, "would get 413 for this event");
  assertMatch(
    said,
    /its records decompress to 8,000,\d\d\d bytes, the largest to 1,000,\d\d\d bytes/,
  );
  assertMatch(said, /that is 10,668,381 bytes, 169\.6 % of what a response may take/);
  assertStringIncludes(said, "3 Ok, 5 Dropped and put back, 0 ProcessingFailed");
  assertStringIncludes(said, "notebooks/4_size_limit.ipynb, Step 4");
});

for (
  const [what, contents, said] of [
    ["a good answer", [transform(small).response, small], "Firehose takes this response."],
    ["a good answer without its event", [transform(small).response], "if the ids are those"],
    ["an id left out", [{ records: [ok(first)] }, small], "Lambda.MissingRecordId"],
    [
      "an id twice",
      [{ records: [ok(first), ok(second), ok(first)] }, small],
      "Lambda.DuplicatedRecordId",
    ],
    [
      "a foreign id",
      [{ records: [ok(first), ok(second), ok("0")] }, small],
      "Unknown ids are ignored",
    ],
    [
      "Ok without data",
      [{ records: [{ recordId: first, result: "Ok" }] }],
      "Lambda.InvalidReturnFormat",
    ],
    ["another result", [{ records: [{ ...ok(first), result: "ok" }] }], "refuses the whole batch"],
    ["bad base64", [{ records: [{ ...ok(first), data: "e30" }] }], "refuses the whole batch"],
    [
      "too many bytes",
      [{ records: [{ ...ok(first), data: "a".repeat(6_291_600) }] }],
      "Lambda refuses this response with 413",
    ],
  ] as const
) {
  Deno.test(`explain says what Firehose makes of a response: ${what}`, () => {
    assertStringIncludes(explained(...contents), said);
  });
}

for (
  const [line, said, course] of [
    [
      '[ERROR] [1583846734215] LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413. {"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).","errorType":"RequestEntityTooLarge"}',
      "larger than Lambda takes: 413",
      "4_size_limit.ipynb, Step 2",
    ],
    [
      "2026-11-24T10:00:00.000Z\t6b1\tERROR\tUser: arn:aws:sts::123456789012:assumed-role/r/f is not authorized to perform: firehose:PutRecordBatch on resource: arn:aws:firehose:us-east-1:123456789012:deliverystream/s because no identity-based policy allows the firehose:PutRecordBatch action",
      "may not firehose:PutRecordBatch",
      "4_size_limit.ipynb, Step 4",
    ],
    [
      'record "49" is ProcessingFailed: it finds no room, and the delivery stream did not take it back: AccessDeniedException',
      "could not be put back: AccessDeniedException",
      "4_size_limit.ipynb, Step 4",
    ],
    [
      'record "49" is ProcessingFailed: it was put again 50 times and still finds no room: the response may take 5242880 bytes',
      "50 rounds",
      "4_size_limit.ipynb, Step 5",
    ],
    [
      'record "49" is ProcessingFailed: the data decompresses to more than 3932160 bytes',
      "too large by itself",
      "4_size_limit.ipynb, Step 5",
    ],
    [
      'record "49" is ProcessingFailed: the data is not gzip',
      "could not read the record: the data is not gzip",
      "3_lambda_partitioning.ipynb, Step 6",
    ],
    [
      "2026-11-24T10:00:00.000Z 6b1 Task timed out after 3.00 seconds",
      "did not answer within its timeout",
      "3_lambda_partitioning.ipynb, Step 4",
    ],
    [
      "REPORT RequestId: 6b1\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 127 MB\t",
      "nearly all of its memory",
      "3_lambda_partitioning.ipynb, Step 4",
    ],
    [
      '2026-11-24T10:00:00.000Z\t6b1\tERROR\tInvoke Error \t{"errorType":"SyntaxError","errorMessage":"x","stack":[]}',
      "failed with SyntaxError",
      "3_lambda_partitioning.ipynb, Step 3",
    ],
    [
      '{"deliveryStreamARN":"arn:aws:firehose:us-east-1:123456789012:deliverystream/s","destination":"arn:aws:s3:::b","deliveryStreamVersionId":"1","message":"Access was denied.","errorCode":"Lambda.InvokeAccessDenied"}',
      "role may not invoke the function",
      "3_lambda_partitioning.ipynb, Step 4",
    ],
  ] as const
) {
  Deno.test(`explain knows the line of a log: ${line.slice(0, 60)}…`, () => {
    for (const content of [line, { events: [{ message: `${line}\n` }] }]) {
      const text = explained(content);
      assertStringIncludes(text, said);
      assertStringIncludes(text, course);
    }
  });
}

Deno.test("explain tells lines that say the same once, with their number", () => {
  const line = "Failed to post handler success response. Http response code: 413.";
  assertStringIncludes(explained(`${line}\nother\n${line}\n${line}\n`), "3 lines like this");
});

/** A line of an error object, as Firehose wrote it in 2026, or before 2024. */
function errorLine(data: Uint8Array, errorCode: string, arn: "lambdaARN" | "lambdaArn"): string {
  return JSON.stringify({
    rawData: Buffer.from(data).toString("base64"),
    errorCode,
    errorMessage: "a message",
    attemptsMade: 4,
    arrivalTimestamp: Date.UTC(2026, 10, 24, 10),
    attemptEndingTimestamp: Date.UTC(2026, 10, 24, 10, 1),
    [arn]: "arn:aws:lambda:us-east-1:123456789012:function:f",
  });
}

Deno.test("explain sums an error object by code, gzipped too, and suspects 413 where contents are too large", () => {
  const big = gzipped({ ...DOCUMENT, text: "a".repeat(3_000_000) });
  const text = [
    errorLine(big, "Lambda.FunctionError", "lambdaARN"),
    errorLine(big, "Lambda.FunctionError", "lambdaArn"),
    errorLine(gzipped(DOCUMENT), "Lambda.MissingRecordId", "lambdaARN"),
  ].join("\n");
  for (const content of [text, gzipSync(text)]) {
    const said = explained(content);
    assertStringIncludes(said, "error output: 2 records with Lambda.FunctionError");
    assertStringIncludes(said, "probably 413");
    assertStringIncludes(said, '"a message" after 4 attempts');
    assertStringIncludes(said, "error output: 1 record with Lambda.MissingRecordId");
    assertStringIncludes(said, "deno task redrive");
  }
});

Deno.test("explain knows what an invoker gets for a response that is too large", () => {
  const said = explained({
    errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    errorType: "Function.ResponseSizeTooLarge",
  });
  assertStringIncludes(said, "larger than Lambda takes: 413");
});

Deno.test("explain says nothing of what it does not know, and throws for no text", () => {
  assertEquals(explained("hello"), "");
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
    assert(typeof explained(text) === "string");
  }));
});
