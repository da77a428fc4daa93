import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { gzipJson } from "../../data/gzip.ts";
import type { Lab } from "../place/begin.ts";
import { Fates } from "./arrivals.ts";
import { labTest } from "../testing.ts";

async function putText({ s3, names }: Lab, Key: string, Body: string | Uint8Array) {
  await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body }));
}

const errorLine = (id: string, errorCode: string) =>
  JSON.stringify({
    rawData: Buffer.from(gzipJson({ id })).toString("base64"),
    errorCode,
    errorMessage: "a message",
    attemptsMade: 1,
    arrivalTimestamp: 1_795_512_600_000,
  });

labTest("Fates counts records by id: delivered, twice, failed and missing", 4, async (lab) => {
  await lab.s3.send(new CreateBucketCommand({ Bucket: lab.names.bucket }));
  const fates = new Fates(lab, { data: "data/", errors: "error/" });
  const records = ["a", "b", "c", "d"].map((id) => ({ id }));
  const nothing = { sent: 4, delivered: 0, twice: 0, failed: 0, missing: 4 };
  assertEquals(await fates.tally(records), nothing);

  await putText(lab, "data/1", '{"id":"a"}\n{"id":"b"}\n');
  await putText(lab, "data/2.gz", gzipSync('{"id":"b"}\n'));
  await putText(lab, "error/1", `${errorLine("c", "one")}\n${errorLine("a", "two")}\n`);
  await putText(lab, "error/2", `${errorLine("c", "one")}\n`);
  await putText(lab, "error/_redrive/s/1.jsonl", '{"stream":"s"}\n');
  const some = { sent: 4, delivered: 2, twice: 1, failed: 1, missing: 1 };
  assertEquals(await fates.tally(records), some);
  assertEquals([...fates.codesOf(records)], [["two", 1], ["one", 2]]);
  // An object that was read is not read or counted again.
  assertEquals(await fates.tally(records), some);
});
