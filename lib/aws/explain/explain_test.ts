/** What is said of events, responses, lines, error objects and answers. Logs have their own table. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { DOCUMENT, eventOf, gzipped } from "../../../lambda/sample_event.ts";
import { transform } from "../../../lambda/transform.ts";
import { compressed } from "../../sandbox/decoding/testing.ts";
import { CLIENT_OUTPUT } from "./clients/client_output.ts";
import { explainFiles } from "./explain.ts";
import { runtimeOf } from "./shared/runtimes.ts";
import { explained, explainedBytes } from "./testing/explained.ts";
import { eventsOf, invocationLog } from "./testing/platform.ts";
import { WRAPPINGS } from "./testing/wrappings.ts";

const small = eventOf([gzipped(DOCUMENT), gzipped(DOCUMENT)]);
const large = eventOf(
  Array.from({ length: 8 }, (_, id) => gzipped({ ...DOCUMENT, id, text: "a".repeat(1_000_000) })),
);
const ok = (recordId: unknown, changes: Record<string, unknown> = {}) => ({
  recordId,
  result: "Ok",
  data: "e30=",
  ...changes,
});
const [first, second] = small.records.map(({ recordId }) => recordId);

Deno.test("explain says of an event whether its contents fit into a response, and what the transform makes of it", async () => {
  assertStringIncludes(await explained([small]), "can answer this event");
  const said = await explained([large]);
  assertStringIncludes(said, "would get 413 for this event");
  assertMatch(
    said,
    /its records decompress to 8,000,\d\d\d bytes, the largest to 1,000,\d\d\d bytes/,
  );
  assertMatch(said, /has 10,668,381 bytes from Node, 169\.6 % of the limit/);
  assertStringIncludes(said, "3 Ok, 5 Dropped and put back, 0 ProcessingFailed");
  assertStringIncludes(said, "notebooks/4_size_limit.ipynb, Step 4");
});

Deno.test("an event of 10,000 records of 393 bytes fits from Node and does not from Python: explain says so", async () => {
  const event = eventOf(Array.from({ length: 10_000 }, () => Buffer.alloc(393, "a")));
  const records = event.records.map((record, index) => ({
    ...record,
    recordId: `${index}`.padStart(62, "4"),
  }));
  const node = await explained([{ ...event, records }]);
  assertStringIncludes(
    node,
    "A function in Node that answers with the decompressed records can answer this event.",
  );
  assertStringIncludes(node, "has 6,260,013 bytes from Node");
  assertStringIncludes(node, "from Python 3.12 it has 6,320,013 bytes: it does not fit");
  const python = await explained([{ ...event, records }], { runtime: runtimeOf("python3.12") });
  assertStringIncludes(
    python,
    "A function in Python 3.12 that answers with the decompressed records would get 413",
  );
  assertStringIncludes(python, "from Node it has 6,260,013 bytes: it fits");
  assertStringIncludes(python, "sizes are those of Python 3.12, which --runtime names");
});

Deno.test("the runtime is guessed from a log among the files", async () => {
  const log =
    "INIT_START Runtime Version: python:3.11.v36\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:0\n";
  assertStringIncludes(
    await explained([small, log]),
    "sizes are those of Python 3.11, which the log names",
  );
  const run = CLIENT_OUTPUT.find((one) => one.language === "java" && one.case === "throw");
  const java = WRAPPINGS["aws logs tail"](invocationLog(run, {}));
  assertStringIncludes(
    await explained([small, java]),
    "sizes are those of Java, which the log names",
  );
  assertStringIncludes(await explained([small]), "sizes are those of Node, which is assumed");
});

Deno.test("an event's records are named that a function does not expect", async () => {
  const aggregated = Buffer.from([0xf3, 0x89, 0x9a, 0xc2, 1]);
  assertStringIncludes(
    await explained([eventOf([aggregated])]),
    "1 record: records aggregated by the Kinesis Producer Library",
  );
});

const indented = (value: unknown) => JSON.stringify(value, null, 2);

for (
  const [what, contents, ...said] of [
    ["a good answer", [transform(small).response, small], "Firehose accepts this response."],
    ["a good answer without its event", [transform(small).response], "if its ids are those"],
    ["an id left out", [{ records: [ok(first)] }, small], "Lambda.MissingRecordId"],
    [
      "an id twice",
      [{ records: [ok(first), ok(second), ok(first)] }, small],
      "Lambda.DuplicatedRecordId",
      "unknown on AWS",
    ],
    [
      "a foreign id",
      [{ records: [ok(first), ok(second), ok("0")] }, small],
      "Firehose ignores unknown ids",
    ],
    [
      "an id that is a number",
      [{ records: [ok(7)] }],
      "without a recordId",
      "unknown on AWS",
    ],
    [
      "Ok without data",
      [{ records: [{ recordId: first, result: "Ok" }] }],
      "Lambda.InvalidReturnFormat",
    ],
    [
      "another result",
      [{ records: [ok(first, { result: "ok" })] }],
      "refuses the whole batch",
      '1 record with an invalid result: "ok"',
    ],
    [
      "a result in a list",
      [{ records: [ok(first, { result: ["Ok"] })] }],
      "refuses the whole batch",
    ],
    [
      "bad base64",
      [{ records: [ok(first, { data: "{}" })] }],
      "refuses the whole batch",
      "whose data is not base64",
    ],
    [
      "base64 without padding",
      [{ records: [ok(first, { data: "e30" })] }],
      "It is unknown whether AWS accepts this response",
      "the sandbox takes it",
    ],
    [
      "base64 with line feeds",
      [{ records: [ok(first, { data: "e3\n0=" })] }],
      "It is unknown whether AWS accepts this response",
    ],
    [
      "a null among the records",
      [{ records: [null, ok(first)] }],
      "It is unknown whether AWS accepts this response",
    ],
    [
      "a list",
      [[ok(first)]],
      "not an object with records",
      "Lambda.MissingRecordId for every record",
    ],
    ["null", ["null"], "not an object with records"],
    ["an empty object", [{}], "no member records"],
    ["Records with a capital", [{ Records: [ok(first)] }], "no member records"],
    [
      "API Gateway's form",
      [{ statusCode: 200, body: JSON.stringify({ records: [ok(first)] }) }],
      "API Gateway wants statusCode",
    ],
    [
      "JSON inside a text",
      [JSON.stringify(JSON.stringify({ records: [ok(first)] }))],
      "return json.dumps",
      "Return the object itself",
    ],
    [
      "NaN",
      [`{"records": [{"recordId": "1", "result": "Ok", "data": NaN}]}`],
      "Lambda.JsonProcessingException",
      "leave NaN out",
    ],
    [
      "a trailing comma",
      [`{"records":[{"recordId":"1","result":"Ok","data":""},]}`],
      "Lambda.JsonProcessingException",
    ],
    [
      "a byte order mark",
      [`\ufeff${JSON.stringify({ records: [ok(first)] })}`],
      "byte order mark",
      "unknown on AWS",
    ],
    ["an empty partition key", [{
      records: [ok(first, { metadata: { partitionKeys: { k: "" } } })],
    }], "partitioning-failed"],
    [
      "a partition key that is a number",
      [{ records: [ok(first, { metadata: { partitionKeys: { k: 1 } } })] }],
      "number or a boolean",
      "unknown on AWS",
    ],
    [
      "too many bytes",
      [{ records: [ok(first, { data: "a".repeat(6_291_600) })] }],
      "Lambda refuses this response with 413",
    ],
    ["an indented file", [indented({ records: [ok(first)] })], "which is indented; Node sends"],
  ] as const
) {
  Deno.test(`explain says what Firehose makes of a response: ${what}`, async () => {
    const text = await explained(contents);
    for (const one of said) assertStringIncludes(text, one);
  });
}

Deno.test("explain counts the bytes of the file, and says from which runtime the same would be too large", async () => {
  const records = Array.from({ length: 10_000 }, (_, id) => ({
    recordId: `${id}`.padStart(62, "4"),
    result: "Ok",
    data: "a".repeat(524),
  }));
  const text = JSON.stringify({ records });
  const said = await explained([text], { runtime: runtimeOf("python3.12") });
  assertStringIncludes(
    said,
    "it has 6,260,013 bytes in this file, 99.5 % of the limit",
  );
  assertStringIncludes(said, "from Python 3.12 it has 6,320,013 bytes: 413");
});

for (
  const [line, said, course] of [
    [
      '[ERROR] [1583846734215] LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413. {"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).","errorType":"RequestEntityTooLarge"}',
      "larger than Lambda accepts: 413",
      "4_size_limit.ipynb, Step 2",
    ],
    [
      "> LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413 error",
      "larger than Lambda accepts: 413",
      "4_size_limit.ipynb, Step 2",
    ],
    [
      "Lambda Runtime API returned non-200 response: status=413 Payload Too Large",
      "larger than Lambda accepts: 413",
      "4_size_limit.ipynb, Step 2",
    ],
    [
      "2026-11-24T10:00:00.000Z\t6b1\tERROR\tUser: arn:aws:sts::123456789012:assumed-role/r/f is not authorized to perform: firehose:PutRecordBatch on resource: arn:aws:firehose:us-east-1:123456789012:deliverystream/s because no identity-based policy allows the firehose:PutRecordBatch action",
      "may not firehose:PutRecordBatch",
      "4_size_limit.ipynb, Step 4",
    ],
    [
      'record "49" is ProcessingFailed: it does not fit, and the delivery stream did not accept it again: AccessDeniedException',
      "could not be put back: AccessDeniedException",
      "4_size_limit.ipynb, Step 4",
    ],
    [
      'record "49" is ProcessingFailed: it was put back 50 times and still does not fit: the response may have 5242880 bytes',
      "50 rounds",
      "5_endless_loop.ipynb, Step 2",
    ],
    // The words of transforms until 2026-11-30.
    [
      'record "49" is ProcessingFailed: it finds no room, and the delivery stream did not take it back: AccessDeniedException',
      "could not be put back: AccessDeniedException",
      "4_size_limit.ipynb, Step 4",
    ],
    [
      'record "49" is ProcessingFailed: it was put again 50 times and still finds no room: the response may take 5242880 bytes',
      "50 rounds",
      "5_endless_loop.ipynb, Step 2",
    ],
    [
      'record "49" is ProcessingFailed: the data decompresses to more than 3932160 bytes',
      "too large alone",
      "5_endless_loop.ipynb, Step 2",
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
      "REPORT RequestId: x\tDuration: 60000.00 ms\tBilled Duration: 60000 ms\tMemory Size: 512 MB\tMax Memory Used: 140 MB\tStatus: timeout",
      "did not answer within its timeout",
      "3_lambda_partitioning.ipynb, Step 4",
    ],
    [
      "REPORT RequestId: x\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\tStatus: error\tError Type: Runtime.ExitError",
      "The invocation failed (Runtime.ExitError)",
      "3_lambda_partitioning.ipynb, Step 3",
    ],
    [
      "REPORT RequestId: 6b1\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 127 MB\t",
      "nearly all of the memory",
      "3_lambda_partitioning.ipynb, Step 4",
    ],
    [
      '2026-11-24T10:00:00.000Z\t6b1\tERROR\tInvoke Error \t{"errorType":"SyntaxError","errorMessage":"x","stack":[]}',
      "The function threw SyntaxError",
      "3_lambda_partitioning.ipynb, Step 3",
    ],
    [
      "Response payload size (7939876 bytes) exceeded maximum allowed payload size (6291556 bytes).",
      "larger than Lambda accepts: 413",
      "4_size_limit.ipynb, Step 2",
    ],
    [
      "RequestId: x Process exited before completing request",
      "process ended before it answered",
      "3_lambda_partitioning.ipynb, Step 3",
    ],
    [
      "Error: Runtime exited with error: signal: killed",
      "needed more memory",
      "3_lambda_partitioning.ipynb, Step 4",
    ],
    [
      "Unable to import module 'lambda_function': No module named 'requests'",
      "could not be loaded",
      "3_lambda_partitioning.ipynb, Step 4",
    ],
    [
      "module initialization error: [Errno 2] No such file or directory: 'config.json'",
      "module threw an error while it was loaded",
      "3_lambda_partitioning.ipynb, Step 3",
    ],
    [
      "INIT_REPORT Init Duration: 10337.01 ms\tPhase: init\tStatus: timeout",
      "did not start within 10 seconds",
      "3_lambda_partitioning.ipynb, Step 4",
    ],
    [
      '{"deliveryStreamARN":"arn:aws:firehose:us-east-1:123456789012:deliverystream/s","destination":"arn:aws:s3:::b","deliveryStreamVersionId":"1","message":"Access was denied.","errorCode":"Lambda.InvokeAccessDenied"}',
      "role may not invoke the function",
      "3_lambda_partitioning.ipynb, Step 4",
    ],
    [
      '{"deliveryStreamARN":"arn:aws:firehose:us-east-1:123456789012:deliverystream/s","destination":"arn:aws:s3:::b","deliveryStreamVersionId":1,"message":"The specified bucket does not exist.","errorCode":"S3.NoSuchBucket"}',
      "The bucket of the stream does not exist",
      "1_delivery_stream.ipynb, Step 1",
    ],
    [
      "botocore.errorfactory.ServiceUnavailableException: An error occurred (ServiceUnavailableException) when calling the PutRecordBatch operation (reached max retries: 4): Slow down.",
      "Firehose is throttling",
      "1_delivery_stream.ipynb, Step 4",
    ],
  ] as const
) {
  Deno.test(`explain knows the line of a log: ${line.slice(0, 60)}…`, async () => {
    for (const wrapping of ["plain lines", "filter-log-events", "aws logs tail", "Insights' CSV"]) {
      const text = await explainedBytes(WRAPPINGS[wrapping](eventsOf([line])));
      assertStringIncludes(text, said);
      assertStringIncludes(text, course);
    }
  });
}

Deno.test("explain tells the same failure once, with its number and its worst figures", async () => {
  const lines = [[3_000, 120], [3_000, 480], [2_999, 90]].map(([ms, used], id) =>
    `REPORT RequestId: ${id}\tDuration: ${ms}.00 ms\tBilled Duration: ${ms} ms\tMemory Size: 512 MB\tMax Memory Used: ${used} MB\tStatus: timeout\n`
  );
  const said = await explained([lines.join("")]);
  assertStringIncludes(said, "3 times in this log");
  assertStringIncludes(said, "duration 2,999 to 3,000 ms");
  assertStringIncludes(said, "memory used 90 to 480 MB");
  assertEquals(said.split("did not answer").length, 2);
});

Deno.test("a 413 whose answer stands on separate lines is reported once", async () => {
  const answer = {
    errorMessage: "Exceeded maximum allowed payload size (6291556 bytes).",
    errorType: "RequestEntityTooLarge",
  };
  const line =
    "[ERROR] [1764102960370] LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413. ";
  const said = await explained([`${line}\n${JSON.stringify(answer, null, 4)}\n`]);
  assertEquals(said.split("happened").length, 2, said);
  assertStringIncludes(said, "larger than Lambda accepts: 413");
  assertEquals(said.includes("times in this log"), false);
});

Deno.test("explain counts what ended well apart from what failed, and not what may have failed", async () => {
  const report = (id: string, status = "") =>
    `REPORT RequestId: ${id}\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\t${status}\n`;
  const start = (id: string) => `START RequestId: ${id} Version: $LATEST\n`;
  const error = "[ERROR] KeyError: 'x'\nTraceback (most recent call last):\n";
  const apart = await explained([
    start("a") + report("a") + start("b") + error + report("b") + start("c") + report("c"),
  ]);
  assertStringIncludes(apart, "The function threw KeyError.");
  assertStringIncludes(apart, "2 invocations ended without a sign of failure");
  const mixed = await explained([start("a") + start("b") + error + report("a") + report("b")]);
  assertStringIncludes(mixed, "The function threw KeyError.");
  assertStringIncludes(mixed, "It is not known whether they failed");
  assertEquals(mixed.includes("ended without a sign"), false);
});

/** A line of an error object, as Firehose wrote it in 2026, or before 2024. */
function errorLine(
  data: Uint8Array | string,
  errorCode: string,
  { errorMessage = "a message", endingMs = Date.UTC(2026, 10, 24, 10, 1), isOld = false } = {},
): string {
  return JSON.stringify({
    rawData: Buffer.from(data).toString("base64"),
    errorCode,
    errorMessage,
    attemptsMade: 4,
    arrivalTimestamp: Date.UTC(2026, 10, 24, 10),
    attemptEndingTimestamp: endingMs,
    [isOld ? "lambdaArn" : "lambdaARN"]: "arn:aws:lambda:us-east-1:123456789012:function:f",
  });
}

Deno.test("explain sums an error object by code, in every compression, and suspects 413 where contents are too large", async () => {
  const big = gzipped({ ...DOCUMENT, text: "a".repeat(3_000_000) });
  const text = [
    errorLine(big, "Lambda.FunctionError"),
    errorLine(big, "Lambda.FunctionError", { isOld: true }),
    errorLine(gzipped(DOCUMENT), "Lambda.MissingRecordId"),
  ].join("\n");
  for (const format of ["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"] as const) {
    const said = await explainedBytes(await compressed(Buffer.from(text), format));
    assertStringIncludes(said, "error output: 2 records with Lambda.FunctionError");
    assertStringIncludes(said, "probably 413");
    assertStringIncludes(said, '"a message"');
    assertStringIncludes(said, "after 4 attempts");
    assertStringIncludes(said, "error output: 1 record with Lambda.MissingRecordId");
    assertStringIncludes(said, "deno task redrive");
  }
});

Deno.test("explain names the commands that go on from an error object, with the function and the time of its lines", async () => {
  const line = (isOld: boolean) => errorLine(gzipped(DOCUMENT), "Lambda.FunctionError", { isOld });
  const arrivedMs = Date.UTC(2026, 10, 24, 10);
  for (const isOld of [false, true]) {
    const said = await explained([line(isOld)]);
    assertStringIncludes(
      said,
      `aws logs filter-log-events --log-group-name /aws/lambda/f --start-time ${arrivedMs} ` +
        `--end-time ${arrivedMs + 120_000} --region us-east-1 | deno task explain -`,
    );
    assertStringIncludes(said, "deno task rehearse FUNCTION --records THIS-FILE");
  }
});

Deno.test("explain does not judge an error object in S3 as data for readers", async () => {
  const text = errorLine(gzipped(DOCUMENT), "Lambda.FunctionError");
  const open = () => ReadableStream.from([Buffer.from(text)]);
  const [{ explanations }] = await explainFiles([{ name: "s3://b/errors/o", open }]);
  assertEquals(explanations.map(({ subject }) => subject), [
    "error output: 1 record with Lambda.FunctionError",
  ]);
});

Deno.test("the suspicion of a 413 is about one attempt, with each record's envelope", async () => {
  const big = gzipped({ ...DOCUMENT, text: "a".repeat(3_000_000) });
  const lines = (count: number, data: Uint8Array | string, apart: boolean) =>
    Array.from(
      { length: count },
      (_, id) => errorLine(data, "Lambda.FunctionError", { endingMs: apart ? id : 7 }),
    ).join("\n");
  assertStringIncludes(
    await explained([lines(2, big, false)]),
    "the response of this batch has about 8,0",
  );
  assertEquals((await explained([lines(2, big, true)])).includes("413"), true); // the code's own cure names it
  assertEquals((await explained([lines(2, big, true)])).includes("probably 413"), false);
  // 200 bytes are 268 in base64, and 101 more with the envelope.
  const data = "a".repeat(200);
  assertStringIncludes(await explained([lines(17_100, data, false)]), "probably 413");
  assertEquals((await explained([lines(16_900, data, false)])).includes("probably 413"), false);
});

for (
  const [what, data, errorCode, errorMessage, said] of [
    [
      "gzip where jq reads",
      gzipSync("{}"),
      "DynamicPartitioning.MetadataExtractionFailed",
      "Non JSON record provided",
      "gzip of one JSON object (the stream has no function or processor that decompresses",
    ],
    [
      "gzip twice",
      gzipSync(gzipSync("{}")),
      "Lambda.FunctionError",
      "x",
      "gzip twice, of one JSON object (they were gzipped twice",
    ],
    [
      "a control message",
      gzipSync('{"messageType":"CONTROL_MESSAGE","logEvents":[]}'),
      "Lambda.ProcessingFailedStatus",
      "x",
      "Do not redrive it",
    ],
    [
      "a CloudWatch Logs document",
      gzipSync('{"messageType":"DATA_MESSAGE","logEvents":[]}'),
      "Lambda.FunctionError",
      "x",
      "gzip of a CloudWatch Logs document",
    ],
    [
      "JSON run together",
      '{"a":1}{"a":2}',
      "DynamicPartitioning.MetadataExtractionFailed",
      "Non JSON record provided",
      "RecordDeAggregation of type JSON takes them apart",
    ],
    [
      "a JSON list",
      "[{},{}]",
      "DynamicPartitioning.MetadataExtractionFailed",
      "Non JSON record provided",
      "does not take lists apart",
    ],
    [
      "text",
      "hello there",
      "DataFormatConversion.ParseError",
      "x",
      "text that is not JSON (only JSON can be read here)",
    ],
    [
      "UTF-16",
      Buffer.from('{"a":1}', "utf16le"),
      "DataFormatConversion.ParseError",
      "x",
      "text in UTF-16 (JSON is read as UTF-8)",
    ],
    [
      "an aggregated record",
      Buffer.concat([Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2), Buffer.alloc(40, 7)]),
      "Lambda.FunctionError",
      "x",
      "aggregated by the Kinesis Producer Library",
    ],
    [
      "base64 twice",
      Buffer.from('{"a":"hello there"}').toString("base64"),
      "DataFormatConversion.ParseError",
      "x",
      "the producer encoded its data itself",
    ],
    [
      "no gzip where Decompression is on",
      "{}",
      "Decompression failed.",
      "x",
      "they are not gzip, and Decompression takes nothing else",
    ],
    ["malformed JSON", '{"a":', "DataFormatConversion.ParseError", "x", "malformed JSON"],
    [
      "JSON that does not fit",
      '{"a":"x"}',
      "DataFormatConversion.MalformedData",
      "x",
      "does not fit the table",
    ],
    [
      "a wrong result",
      "{}",
      "Lambda.FunctionError",
      "Invalid output structure. Check your function",
      "The function's own log shows nothing wrong",
    ],
    [
      "a function that fails",
      "{}",
      "Lambda.FunctionError",
      "The Lambda function was successfully invoked but it returned an error result.",
      "The function failed at every attempt",
    ],
    [
      "a KMS code that is not in the guide",
      "{}",
      "S3.KMS.DisabledException",
      "x",
      "cannot be used. (S3.KMS.DisabledException)",
    ],
    ["a VPC code", "{}", "Lambda.ENILimitReachedException", "x", "network interfaces is reached"],
    ["an unknown code", "{}", "New.Code", "x", "This tool does not know that code"],
  ] as const
) {
  Deno.test(`explain looks into rawData, and knows the code: ${what}`, async () => {
    assertStringIncludes(await explained([errorLine(data, errorCode, { errorMessage })]), said);
  });
}

Deno.test("explain counts the lines of an error object that cannot be read, and names them", async () => {
  const good = errorLine("{}", "Lambda.FunctionError");
  const odd = good.replace(/"arrivalTimestamp":\d+/, '"arrivalTimestamp":"soon"');
  const said = await explained([`${good}\n${good.slice(0, 50)}\n${odd}\n${good}`]);
  assertStringIncludes(said, "2 records with Lambda.FunctionError");
  assertStringIncludes(said, "2 lines of the error object that cannot be read");
  assertStringIncludes(said, "line 2: it is not JSON");
  assertStringIncludes(said, 'line 3: its arrivalTimestamp "soon" is not a number of milliseconds');
});

for (
  const [what, value, said] of [
    ["a response that is too large", {
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
      errorType: "Function.ResponseSizeTooLarge",
    }, "larger than Lambda accepts: 413"],
    ["a timeout", {
      errorType: "Sandbox.Timedout",
      errorMessage: "RequestId: x Error: Task timed out after 3.00 seconds",
    }, "did not answer within its timeout"],
    ["a timeout before 2025", {
      errorMessage: "2024-04-08T16:56:22.000Z x Task timed out after 1.00 seconds",
    }, "did not answer within its timeout"],
    ["a process that was killed", {
      errorType: "Runtime.ExitError",
      errorMessage: "RequestId: x Error: Runtime exited with error: signal: killed",
    }, "needed more memory"],
    ["a process that ended", {
      errorType: "Runtime.ExitError",
      errorMessage: "RequestId: x Error: Runtime exited with error: exit status 3",
    }, "(Runtime exited with error: exit status 3)"],
    ["Python's exception", {
      errorMessage: "'x'",
      errorType: "KeyError",
      requestId: "x",
      stackTrace: [],
    }, "The function threw KeyError"],
    ["a process that ended, before 2019", {
      errorMessage: "RequestId: x Process exited before completing request",
    }, "process ended before it answered"],
    [
      "an event of another service",
      { Records: [{ eventSource: "aws:kinesis" }] },
      "an event of aws:kinesis",
    ],
    [
      "an event of a subscription",
      { awslogs: { data: "H4sI" } },
      "an event of a CloudWatch Logs subscription",
    ],
    ["a missing module", {
      errorType: "Runtime.ImportModuleError",
      errorMessage: "Error: Cannot find module 'x'",
      trace: [],
    }, "could not be loaded"],
    ["a failed invocation of the CLI", {
      StatusCode: 200,
      FunctionError: "Unhandled",
      ExecutedVersion: "$LATEST",
    }, "HTTP 200 only says"],
    [
      "a throttled invocation",
      { __type: "TooManyRequestsException", message: "Rate Exceeded." },
      "too many run at the same time",
    ],
    ["a batch with failures", {
      FailedPutCount: 2,
      Encrypted: false,
      RequestResponses: [{ RecordId: "x" }, {
        ErrorCode: "ServiceUnavailableException",
        ErrorMessage: "Slow down.",
      }, { ErrorCode: "InternalFailure", ErrorMessage: "x" }],
    }, "2 records of the batch were not accepted, although the call succeeded"],
    [
      "a batch without failures",
      { FailedPutCount: 0, RequestResponses: [{ RecordId: "x" }] },
      "accepted all records",
    ],
    ["a put that is throttled", {
      __type: "com.amazonaws.firehose#ServiceUnavailableException",
      message: "Slow down.",
    }, "Firehose is throttling"],
  ] as const
) {
  Deno.test(`explain knows what a caller gets: ${what}`, async () => {
    assertStringIncludes(await explained([value]), said);
  });
}

Deno.test("explain says of an unknown file what it looked like, what is known and what to try", async () => {
  const [file] = await explainFiles([{
    name: "x",
    open: () => ReadableStream.from([Buffer.from("hello\nthere")]),
  }]);
  assertEquals(file.isKnown, false);
  const said = await explained(["hello\nthere"]);
  assertStringIncludes(said, 'text that begins with "hello"');
  assertStringIncludes(said, "explain knows: the event that Firehose sends");
  assertStringIncludes(await explained([{ a: 1, b: 2 }]), "a JSON object with the members a, b");
  assertStringIncludes(await explained([Uint8Array.of(0, 1, 2, 255)]), "binary data");
  assertStringIncludes(await explained([""]), "an empty file");
  assertStringIncludes(await explained([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)]), "it is zstd");
  assertStringIncludes(await explained([gzipSync("hello").subarray(0, 15)]), "cut off or damaged");
});

Deno.test("explain tells what it could read of a file that was cut off, and that this is not all", async () => {
  const lines = Array.from(
    { length: 30_000 },
    (_, id) => errorLine(`record ${id}`, "Lambda.FunctionError"),
  );
  const whole = gzipSync(lines.join("\n"));
  const file = {
    name: "x",
    open: () => ReadableStream.from([whole.subarray(0, whole.length / 2), Uint8Array.of()]),
  };
  const [{ isKnown, explanations }] = await explainFiles([file]);
  assertEquals(isKnown, false);
  assertMatch(explanations[0].subject, /error output: [\d,]+ records with Lambda.FunctionError/);
  assertEquals(explanations.at(-1)?.subject, "the rest of the file");
});

Deno.test("explain never counts less than an error object holds without saying so", async () => {
  const [a, b] = ["a", "b"].map((text) => errorLine(text, "Lambda.FunctionError"));
  const { rawData: _, ...rest }: Record<string, unknown> = JSON.parse(a);
  for (
    const [what, content, problem] of [
      ["its last line is cut", `${a}\n${b.slice(0, 60)}`, "line 2: it is not JSON"],
      ["a line is no JSON at all", `${a}\nsomething else\n${b}`, "line 2: it is not JSON"],
      ["its only record has lost its data", JSON.stringify(rest), "line 1: it has no rawData"],
      ["a record has lost its data", `${a}\n${JSON.stringify(rest)}`, "line 2: it has no rawData"],
    ] as const
  ) {
    const file = { name: "x", open: () => ReadableStream.from([Buffer.from(content)]) };
    const [{ isKnown, explanations }] = await explainFiles([file]);
    const { subject, numbers } = explanations.at(-1) ?? {};
    assertEquals([isKnown, subject], [
      false,
      "1 line of the error object that cannot be read",
    ], what);
    assertStringIncludes(`${numbers}`, problem);
  }
});

const CLOUDTRAIL = {
  Records: [{
    ...{ eventVersion: "1.08", eventSource: "firehose.amazonaws.com" },
    ...{ eventName: "PutRecordBatch", errorCode: "AccessDenied" },
  }],
};

for (
  const [what, content, said] of [
    ["an error object in a tar archive", tarOf(errorLine("a", "x")), "unpack it with tar -xf"],
    [
      "a log that PowerShell wrote",
      Buffer.from("\ufeffREPORT RequestId: x", "utf16le"),
      "convert it with iconv -f UTF-16 -t UTF-8",
    ],
    [
      "an error object that was compressed twice",
      gzipSync(gzipSync(errorLine("a", "x"))),
      "Decompress it once",
    ],
    ["a search without a result", { events: [], searchedLogStreams: [] }, "found nothing"],
    ["a query without a result", { results: [], status: "Complete" }, "found nothing"],
    ["a log of CloudTrail", CLOUDTRAIL, "a log of CloudTrail"],
    [
      "a log of CloudTrail as it lies in S3",
      gzipSync(JSON.stringify(CLOUDTRAIL)),
      "a log of CloudTrail",
    ],
    ["no output of a command", "", "look at what that command said"],
  ] as const
) {
  Deno.test(`explain says what to do with ${what}`, async () => {
    assertStringIncludes(await explained([content]), said);
  });
}

/** The header of a tar archive has its name at byte 257; the content follows at byte 512. */
function tarOf(content: string): Uint8Array {
  const header = Buffer.alloc(512);
  header.write("error-object");
  header.write("ustar", 257);
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc(1_024)]);
}

for (
  const [what, errorType, errorMessage, cure] of [
    [
      "a mistake in the syntax",
      ...["Runtime.UserCodeSyntaxError", "Syntax error in module 'f': expected ':' (f.py, line 1)"],
      "Fix the syntax",
    ],
    [
      "a handler that is async",
      ...[
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type coroutine is not JSON serializable",
      ],
      "does not await a handler",
    ],
    [
      "an ES module that Node takes for CommonJS",
      ...[
        "Runtime.UserCodeSyntaxError",
        "SyntaxError: Cannot use import statement outside a module",
      ],
      "name it .mjs",
    ],
    [
      "the name of a built-in module",
      ...[
        "Runtime.BuiltInModuleConflict",
        "Cannot use built-in module syslog as a handler module",
      ],
      "Rename the function's file",
    ],
    [
      "a write outside /tmp",
      ...["OSError", "[Errno 30] Read-only file system: 'out.txt'"],
      "Write to /tmp",
    ],
    ["a function for another event", ...["KeyError", "'Records'"], "the event of another service"],
    [
      "a response of Powertools as it is",
      ...[
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type KinesisFirehoseDataTransformationResponse is not JSON serializable",
      ],
      "asdict()",
    ],
    [
      "a handler that yields",
      ...[
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type generator is not JSON serializable",
      ],
      "Return a list",
    ],
  ]
) {
  // The texts are those of awslambdaric 4.2.2 on Python 3.11 and of Node 20.20.2, seen 2026-11.
  Deno.test(`explain says how to cure ${what}`, async () => {
    assertStringIncludes(await explained([{ errorType, errorMessage }]), cure);
  });
}

Deno.test("no input ends in an exception, and each gets something said", async () => {
  const lines = CLIENT_OUTPUT.flatMap(({ stdout, stderr }) => `${stdout}${stderr}`.split("\n"));
  const line = fc.oneof(
    fc.constantFrom(...lines),
    fc.string(),
    fc.json(),
    fc.constantFrom("{", "[", "START RequestId: ", "EVENTS\t1\t"),
  );
  await fc.assert(fc.asyncProperty(fc.array(line), fc.uint8Array(), async (some, bytes) => {
    assert((await explained([some.join("\n")])).length > 0);
    assert((await explained([bytes])).length > 0);
    assert((await explained([gzipSync(bytes)])).length > 0);
  }));
});

Deno.test("no lines before, between and after turn a failure into an invocation that ended well", async () => {
  const failing = CLIENT_OUTPUT.filter(({ case: name, language, version }) =>
    ["throw", "throwLines", "tooLarge", "unserialisable"].includes(name) &&
    !(language === "node" && version.startsWith("4"))
  );
  const harmless = fc.constantFrom(
    "a line of the function",
    "2026-11-30T10:00:00.000Z\t8f507cfc\tINFO\tREPORT of the day: Duration: 3 ms",
    "START RequestId: other Version: $LATEST",
    "{ name: 'x' }",
    '{"level":"INFO","message":"hello"}',
    "    at Object.<anonymous> (/var/task/index.js:1:1)",
    "",
    "[INFO]\t2026-11-30T10:00:00.000Z\tx\tTraceback of nothing",
  );
  await fc.assert(fc.asyncProperty(
    fc.constantFrom(...failing),
    fc.array(harmless),
    fc.array(harmless),
    async (run, before, after) => {
      const own = invocationLog(run, {}).map(({ message }) => message.trimEnd());
      const said = await explained([[...before, ...own, ...after].join("\n")]);
      assertEquals(said.includes("ended without a sign of failure"), false, said);
      assertMatch(said, /threw|413|cannot be written/);
    },
  ));
});

Deno.test("explain says something of JSON that is too deep to walk through, wherever it stands", async () => {
  const deep = "[".repeat(20_000) + "]".repeat(20_000);
  const data = Buffer.from(deep).toString("base64");
  const zipped = gzipSync(`{"messageType":"DATA_MESSAGE","logEvents":${deep}}`).toString("base64");
  const arrival = '"attemptsMade":1,"arrivalTimestamp":1,"errorCode":"x"';
  for (
    const text of [
      deep,
      `{"records":${deep}}`,
      `{"records":[{"recordId":"1","result":"Ok","data":${deep}}]}`,
      `{"records":[{"recordId":"1","result":"Ok","data":"${data}"}]}`,
      `{"errorType":"a","errorMessage":"b","trace":${deep}}`,
      `{${arrival},"errorMessage":${deep},"rawData":"QQ=="}`,
      `{${arrival},"errorMessage":"a","rawData":"${data}"}`,
      `{${arrival},"errorMessage":"a","rawData":"${zipped}"}`,
      ...[data, zipped].map((data) => JSON.stringify({ ...eventOf([]), records: [{ data }] })),
      `2026-01-01T00:00:00Z a log line ${deep}`,
    ]
  ) {
    const files = [{ name: "f", open: () => new Blob([text]).stream() }];
    const [{ explanations }] = await explainFiles(files, {});
    assert(explanations.length > 0, text.slice(0, 60));
  }
});

for (
  const [what, line, said] of [
    [
      "a pool of processes",
      "    sl = self._semlock = _multiprocessing.SemLock(",
      "Lambda has no /dev/shm",
    ],
    [
      "a service that the sandbox does not have",
      '[ERROR] ClientError: An error occurred (NotImplemented) when calling the GetParameter operation: The sandbox does not have the service "ssm"; it has iam, sts.',
      "this call may work on AWS",
    ],
    [
      "a client that the sandbox does not have",
      "[sandbox] @aws-sdk/client-ssm is not here. On AWS the whole SDK is.",
      "loads the SDK's client for ssm",
    ],
  ] as const
) {
  Deno.test(`explain says what a log means with ${what}`, async () => {
    const id = "8f507cfc-xmpl-4697-b07a-ac58fc914c95";
    const log = [`START RequestId: ${id} Version: $LATEST`, line, `END RequestId: ${id}`];
    assertStringIncludes(await explained([log.join("\n")]), said);
  });
}

for (
  const [document, said] of [
    [
      { records: [{ recordId: "1", kafkaRecordValue: "YQ==" }] },
      "a delivery stream that reads from MSK",
    ],
    [{ DeliveryStreamName: "a", Record: { Data: "YQ==" } }, "what a producer puts"],
    [{ DeliveryStreamName: "a", Records: [{ Data: "YQ==" }] }, "what a producer puts"],
  ] as const
) {
  Deno.test(`explain knows ${said}: ${JSON.stringify(document).slice(0, 50)}`, async () => {
    assertStringIncludes(await explained([document]), said);
    assertStringIncludes(await explained([JSON.stringify(document, null, 2)]), said);
  });
}
