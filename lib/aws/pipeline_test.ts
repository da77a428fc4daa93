/** A notebook's way through this folder: deliver, watch, read back, look at what failed. */
import { CreateDeliveryStreamCommand } from "@aws-sdk/client-firehose";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { jsonBytes, parseJsonLines } from "../data/json.ts";
import { alreadyThere } from "./errors/already_there.ts";
import { ensureStreamLog } from "./streams/stream_log.ts";
import type { Lab } from "./place/begin.ts";
import { ensureDelivery, trustPolicy } from "./deploy/delivery_role.ts";
import { failedRecordsUnder } from "./streams/error_objects.ts";
import { onceRoleIsKnown } from "./place/eventual.ts";
import { objectsUnder, readObject, readObjects } from "./streams/objects.ts";
import { putAll } from "./streams/put_all.ts";
import { hintsOf, isActive, streamStatus } from "./streams/streams.ts";
import { createActiveStream, labTest, printed } from "./testing.ts";
import { watchBuffer } from "./streams/watch_buffer.ts";

const HINTS = { SizeInMBs: 1, IntervalInSeconds: 60 };

const activeStream = (lab: Lab) => createActiveStream(lab, { Prefix: "people/" });

labTest(
  "watchBuffer() ends when S3 has what putAll() sent, and all of it can be read back",
  1,
  async (lab) => {
    await activeStream(lab);
    const { firehose, s3, names } = lab;
    const people = Array.from({ length: 1200 }, (_, id) => ({ id, name: "é".repeat(500) }));
    const records = people.map((person) => ({ Data: jsonBytes(person) }));
    const said = await printed(async () => {
      const arrived = await watchBuffer(lab, {
        prefix: "people/",
        hints: HINTS,
        send: (onAccepted) =>
          putAll(firehose, names.stream, records, { onProgress: ({ bytes }) => onAccepted(bytes) }),
      });
      assert(arrived.length >= 2, "more than one buffer of 1 MiB");
      assertEquals(arrived.length, (await objectsUnder(s3, names.bucket, "people/")).length);
      const back = (await readObjects(s3, names.bucket, arrived)).flatMap(parseJsonLines);
      assertEquals(back.length, people.length);
      assertEquals(new Set(back.map((person) => JSON.stringify(person))).size, people.length);
    });
    assertStringIncludes(said, "The buffer has");
  },
);

labTest("hintsOf() are those that the stream was created with", 1, async (lab) => {
  await activeStream(lab);
  assertEquals(await hintsOf(lab.firehose, lab.names.stream), HINTS);
});

labTest("watchBuffer() passes on an error of sending", 1, async (lab) => {
  await ensureDelivery(lab);
  const send = () => Promise.reject(new RangeError("record 3 is too large"));
  await printed(() =>
    assertRejects(
      () => watchBuffer(lab, { prefix: "", hints: HINTS, send }),
      RangeError,
      "record 3",
    )
  );
});

labTest(
  "readObject() gunzips several members one after the other, and leaves other bytes alone",
  1,
  async ({ s3, names }) => {
    await s3.send(new CreateBucketCommand({ Bucket: names.bucket }));
    const put = (Key: string, Body: Uint8Array | string) =>
      s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body }));
    await put("zipped", new Uint8Array([...gzipSync("one\n"), ...gzipSync("two\n")]));
    await put("plain", "three\n");
    assertEquals(await readObject(s3, names.bucket, "zipped"), "one\ntwo\n");
    assertEquals(await readObject(s3, names.bucket, "plain"), "three\n");
  },
);

labTest("failedRecordsUnder() decodes the records of error objects", 1, async ({ s3, names }) => {
  await s3.send(new CreateBucketCommand({ Bucket: names.bucket }));
  const line = {
    rawData: btoa("what was sent"),
    errorCode: "Lambda.ProcessingFailedStatus",
    errorMessage: "ProcessingFailed status set for record",
    attemptsMade: 1,
    arrivalTimestamp: 1_789_014_240_448,
  };
  const Body = `${JSON.stringify(line)}\n`;
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: "errors/1", Body }));
  const [failed] = await failedRecordsUnder(s3, names.bucket, "errors/");
  assertEquals(new TextDecoder().decode(failed.data), "what was sent");
  assertEquals(failed.errorCode, line.errorCode);
  assertEquals(failed.arrived.getTime(), line.arrivalTimestamp);
});

labTest("creating twice is success: alreadyThere() says so, for each service", 1, async (lab) => {
  const { s3, iam, firehose, names, tags } = lab;
  await activeStream(lab);
  const said = await printed(async () => {
    await s3.send(
      new CreateBucketCommand({ Bucket: names.bucket, CreateBucketConfiguration: { Tags: tags } }),
    ).catch(alreadyThere);
    await iam.send(
      new CreateRoleCommand({ RoleName: names.deliveryRole, AssumeRolePolicyDocument: "{}" }),
    ).catch(alreadyThere);
    await firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: names.stream,
        ExtendedS3DestinationConfiguration: {
          BucketARN: names.bucketArn,
          RoleARN: names.deliveryRoleArn,
        },
      }),
    ).catch(alreadyThere);
  });
  assertEquals(said.match(/It already exists/g)?.length, 3);
  assertEquals(await printed(async () => void await ensureStreamLog(lab)), "");
  assertEquals(await printed(async () => void await ensureStreamLog(lab)), "");
  assertEquals((await ensureDelivery(lab)).map(({ change }) => change), [
    "unchanged",
    "unchanged",
    "unchanged",
  ]);
});

labTest(
  "alreadyThere() says what a bucket's name must be, and throws what is no such error",
  1,
  async ({ s3 }) => {
    const create = (Bucket: string) =>
      s3.send(new CreateBucketCommand({ Bucket })).catch(alreadyThere);
    const error = await assertRejects(() => create("No_Such_Name"), Error, "lower-case");
    assertEquals(error.name, "InvalidBucketName");
    const taken = Object.assign(new Error("not available"), { name: "BucketAlreadyExists" });
    await assertRejects(() => alreadyThere(taken), Error, "Somebody else has this bucket");
    await assertRejects(() => alreadyThere(new RangeError("other")), RangeError);
  },
);

labTest("streamStatus() is undefined where there is no such stream", 1, async ({ firehose }) => {
  assertEquals(await streamStatus(firehose, "firehose-lab-none"), undefined);
  assertEquals(await isActive(firehose, "firehose-lab-none"), false);
});

Deno.test("onceRoleIsKnown() repeats while the role can't be assumed, and passes on other errors", async () => {
  let calls = 0;
  const early = Object.assign(new Error("Firehose is unable to assume role arn:…"), {
    name: "InvalidArgumentException",
  });
  const act = () => ++calls === 1 ? Promise.reject(early) : Promise.resolve("created");
  await printed(async () => assertEquals(await onceRoleIsKnown(act), "created"));
  const other = () => Promise.reject(Object.assign(new Error("no"), { name: "LimitExceeded" }));
  await printed(() => assertRejects(() => onceRoleIsKnown(other), Error, "no"));
});

Deno.test("trustPolicy() lets a service assume the role on behalf of one account only", () => {
  const { Statement: [statement] } = trustPolicy("firehose.amazonaws.com", "123456789012");
  assertEquals(statement.Principal, { Service: "firehose.amazonaws.com" });
  assertEquals(statement.Condition, { StringEquals: { "sts:ExternalId": "123456789012" } });
});
