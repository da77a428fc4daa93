import { PutObjectCommand } from "@aws-sdk/client-s3";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { Lab } from "../aws/place/begin.ts";
import { createActiveStream, labTest } from "../aws/testing.ts";

const TASKS = new URL("../../deno.json", import.meta.url).pathname;

/** Runs the task with the permissions that it has in deno.json. */
async function explain({ files }: Lab, ...args: readonly string[]) {
  const { tasks } = JSON.parse(await Deno.readTextFile(TASKS));
  const [, ...command] = `${tasks.explain}`.split(" ");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...command, ...args],
    cwd: new URL("../../", import.meta.url).pathname,
    env: {
      AWS_PROFILE: "sandbox",
      AWS_CONFIG_FILE: files.config,
      AWS_SHARED_CREDENTIALS_FILE: files.credentials,
      NO_COLOR: "1",
    },
    stdin: "null",
  }).output();
  const [output, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { success, output, complaint };
}

labTest("explain reads an object of S3, with its path and its Content-Encoding", 1, async (lab) => {
  const { names, s3 } = lab;
  await createActiveStream(lab);
  const Body = Buffer.concat([gzipSync('{"id":1}\n'), gzipSync('{"id":2}\n')]);
  const Key = "data/month=01/part-1.json.gz";
  const put = { Bucket: names.bucket, Key, Body, ContentEncoding: "gzip" };
  await s3.send(new PutObjectCommand(put));

  const { success, output, complaint } = await explain(lab, `s3://${names.bucket}/${Key}`);
  assertEquals(success, true, complaint);
  for (
    const said of [
      `s3://${names.bucket}/${Key}: a delivered object with 2 records`,
      "2 gzip members in one object",
      "Content-Encoding: gzip, and several members",
      "partition path: month=01",
    ]
  ) assertStringIncludes(output, said);

  const missing = await explain(lab, `s3://${names.bucket}/no/such/key`);
  assertEquals(missing.success, false);
  assertStringIncludes(missing.complaint, "no/such/key");
  const prefix = await explain(lab, `s3://${names.bucket}/data/`);
  assertStringIncludes(prefix.complaint, "is not an object in S3: write s3://BUCKET/KEY");
  const profile = await explain(lab, "--profile", "mine", TASKS);
  assertStringIncludes(profile.complaint, "--profile is for objects");
});
