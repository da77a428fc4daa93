/** Lambda's limits to the byte, on the path that Firehose uses: its batch, its retries, its errors. */
import { PutRecordCommand } from "@aws-sdk/client-firehose";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { getSize } from "../../lambda/size.ts";
import { until } from "../sandbox/testing/until.ts";
import type { Lab } from "./place/begin.ts";
import { ensureDelivery } from "./deploy/delivery_role.ts";
import { failedRecordsUnder } from "./streams/error_objects.ts";
import { logMessages } from "./measure/function_log.ts";
import { deployModule } from "./deploy/functions.ts";
import { objectsUnder } from "./streams/objects.ts";
import { createActiveStream, labTest } from "./testing.ts";

const RESPONSE_BYTES_MAX = 6_291_556;
const REQUEST_BYTES_MAX = 6_291_456;

/** Answers a batch of one record in exactly the bytes that the record asks for, filled with its text. */
const PADDING = `
  const sizeOf = (value) => Buffer.byteLength(JSON.stringify(value));
  export const handler = async (event) => {
    if (!event.records) return Buffer.byteLength(JSON.stringify(event));
    const [{ recordId, data }] = event.records;
    const { bytes, text } = JSON.parse(Buffer.from(data, "base64").toString());
    const answer = { records: [{ recordId, result: "Ok", data }], padding: "" };
    const missing = bytes - sizeOf(answer);
    answer.padding = text.repeat(Math.floor(missing / Buffer.byteLength(text)));
    answer.padding += "a".repeat(bytes - sizeOf(answer));
    return answer;
  };
`;

const createStream = (lab: Lab) =>
  createActiveStream(lab, {
    ErrorOutputPrefix: "error/!{firehose:error-output-type}/",
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{
        Type: "Lambda",
        Parameters: [{ ParameterName: "LambdaArn", ParameterValue: lab.names.functionArn }],
      }],
    },
  });

labTest(
  "a response of 6,291,556 bytes passes and one byte more is refused with 413, whatever the text",
  4,
  async (lab) => {
    const { firehose, logs, s3, names } = lab;
    await createStream(lab);
    const { functionName, streamName } = { functionName: names.function, streamName: names.stream };
    await deployModule(lab, PADDING, { functionName, streamName });
    const put = (bytes: number, text: string) =>
      firehose.send(
        new PutRecordCommand({
          DeliveryStreamName: names.stream,
          Record: { Data: new TextEncoder().encode(JSON.stringify({ bytes, text })) },
        }),
      );
    const failures = () => failedRecordsUnder(s3, names.bucket, "error/processing-failed/");

    const texts = ["a", "é", "€", "😀"];
    for (const [index, text] of texts.entries()) {
      await put(RESPONSE_BYTES_MAX, text);
      await until("the object", async () => {
        assertEquals(await failures(), []);
        const objects = await objectsUnder(s3, names.bucket, "data/");
        return objects.length > index || undefined;
      });
    }
    for (const [index, text] of texts.entries()) {
      await put(RESPONSE_BYTES_MAX + 1, text);
      await until("the error line", async () => (await failures()).length > index || undefined);
    }
    for (const { errorCode, attemptsMade } of await failures()) {
      assertEquals([errorCode, attemptsMade], ["Lambda.FunctionError", 4]);
    }
    const refusals = await until("every attempt's line", async () => {
      const lines = await logMessages(logs, {
        logGroupName: names.functionLogGroup,
        filterPattern: '"Http response code: 413"',
      });
      return lines.length >= 4 * texts.length ? lines : undefined;
    });
    assertEquals(refusals.length, 4 * texts.length);
    assertStringIncludes(
      refusals[0].message,
      "LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413. " +
        '{"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).",' +
        '"errorType":"RequestEntityTooLarge"}',
    );
  },
);

labTest(
  "a request of 6,291,456 bytes reaches the function and one byte more is refused with 413, whatever the text",
  4,
  async (lab) => {
    const { lambda, names } = lab;
    await ensureDelivery(lab);
    await deployModule(lab, PADDING, { functionName: names.function });
    const invoke = async (bytes: number, text: string) => {
      const payload = { padding: "", rest: "" };
      const room = bytes - getSize(payload);
      payload.padding = text.repeat(Math.floor(room / new TextEncoder().encode(text).length));
      payload.rest = "a".repeat(bytes - getSize(payload));
      const Payload = new TextEncoder().encode(JSON.stringify(payload));
      assertEquals(Payload.length, bytes);
      const command = new InvokeCommand({ FunctionName: names.function, Payload });
      return new TextDecoder().decode((await lambda.send(command)).Payload);
    };
    for (const text of ["a", "é", "€", "😀"]) {
      assertEquals(await invoke(REQUEST_BYTES_MAX, text), `${REQUEST_BYTES_MAX}`);
      const error = await assertRejects(
        () => invoke(REQUEST_BYTES_MAX + 1, text),
        Error,
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
      );
      assert(error.name === "RequestEntityTooLargeException", error.name);
    }
  },
);
