/** `deno task rehearse` with a stream, its function and objects of the running sandbox. */
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { zipSync } from "fflate";
import { gzipSync } from "node:zlib";
import type { Lab } from "../aws/place/begin.ts";
import { profileSettings, writeProfile } from "../aws/place/profiles.ts";
import { createActiveStream, labTest } from "../aws/testing.ts";
import { callsOf } from "./rehearse_account.ts";

const TOOL = new URL("./rehearse.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

Deno.test("rehearse names the calls that it makes in an account: they only read", () => {
  const wanted = {
    profile: "mine",
    functionName: "f",
    streamName: "s",
    usesStreamsFunction: false,
  };
  assertEquals(callsOf({ ...wanted, objects: ["s3://lake/raw/"] }), [
    "sts:GetCallerIdentity",
    "firehose:DescribeDeliveryStream s",
    "lambda:GetFunction f",
    "s3:ListObjectsV2 and s3:GetObject s3://lake/raw/",
  ]);
});

labTest(
  "rehearse takes a stream's settings, its function and records out of objects",
  4,
  async (lab) => {
    await createPipeline(lab);
    const { bucket, stream, functionArn } = lab.names;
    const args = ["--stream", stream, "--records", `s3://${bucket}/raw/`];

    const { code, out, said } = await rehearse(lab, ...args);
    for (
      const line of [
        `Reads from the running sandbox and changes nothing: firehose:DescribeDeliveryStream ${stream}, ` +
        "lambda:GetFunction the function that the stream names",
        `s3://${bucket}/raw/a.json: 2 records (lines)`,
        `s3://${bucket}/raw/b.json.gz: 1 record (lines)`,
      ]
    ) assertStringIncludes(said, line);
    assertEquals(code, 1, said);
    for (
      const line of [
        "Batches with BufferSizeInMBs 0.5: 1.",
        "Ok 3, Dropped 0, failed 0.",
        "They make 2 partitions with the prefix data/!{partitionKeyFromLambda:kind}/",
        'Refused: 1 record, "partitionKeys values must not be null or empty"',
        "data/blue/",
      ]
    ) assertStringIncludes(out, line);

    const named = await rehearse(
      lab,
      "--function",
      functionArn,
      "--like",
      "bytes=500,ratio=1",
      "--json",
    );
    assertEquals(JSON.parse(named.out).failed, 100, named.said); // they are gzip, and no JSON
    const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } =
      await profileSettings(lab.files, "credentials", "sandbox");
    const { endpoint, region } = lab;
    await writeProfile(lab.files, "work", { accessKeyId, secretAccessKey, region, endpoint });
    const work = await rehearse(lab, ...args, "--profile", "work");
    assertStringIncludes(
      work.said,
      "Reads from the account of profile work and changes nothing: sts:",
    );
    assertStringIncludes(work.out, "Ok 3, Dropped 0, failed 0.");
    // The function's answers have no line feed, but the stream writes one between them.
    assertEquals(work.out.includes("Run together"), false);
    const none = await rehearse(lab, ...args.slice(0, 2), "--records", `s3://${bucket}/none/`);
    assertEquals([none.code, none.said.includes("There is no object under")], [2, true]);
  },
);

async function createPipeline(lab: Lab): Promise<void> {
  const { names, s3, iam, lambda } = lab;
  const Statement = [
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
  ];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  const RoleName = "rehearsed-function";
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const source = `export const handler = async ({ records }) => ({ records: records.map((r) => ({
    recordId: r.recordId, result: "Ok", data: r.data,
    metadata: { partitionKeys: { kind: JSON.parse(atob(r.data)).kind ?? "" } } })) });`;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: names.function,
      Role: Role?.Arn,
      Runtime: "nodejs22.x",
      Handler: "main.handler",
      Code: { ZipFile: zipSync({ "main.mjs": new TextEncoder().encode(source) }) },
    }),
  );
  const wait = { client: lambda, maxWaitTime: 60, minDelay: 0.05, maxDelay: 1 };
  await waitUntilFunctionActiveV2(wait, { FunctionName: names.function });
  const parameters = [
    ["LambdaArn", names.functionArn],
    ["BufferSizeInMBs", "0.5"],
    ["BufferIntervalInSeconds", "60"],
    ["NumberOfRetries", "1"],
  ] as const;
  await createActiveStream(lab, {
    Prefix: "data/!{partitionKeyFromLambda:kind}/",
    ErrorOutputPrefix: "error/",
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    DynamicPartitioningConfiguration: { Enabled: true },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{
        Type: "Lambda",
        Parameters: parameters.map(([ParameterName, ParameterValue]) => ({
          ParameterName,
          ParameterValue,
        })),
      }, {
        Type: "AppendDelimiterToRecord",
        Parameters: [{ ParameterName: "Delimiter", ParameterValue: "\\n" }],
      }],
    },
  });
  const objects = [
    ["raw/a.json", '{"kind":"blue"}\n{"kind":"red"}\n'],
    ["raw/b.json.gz", gzipSync('{"other":1}\n')],
  ] as const;
  for (const [Key, Body] of objects) {
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body }));
  }
}

async function rehearse({ files }: Lab, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", CONFIG, TOOL, ...args],
    env: {
      AWS_PROFILE: "sandbox",
      AWS_CONFIG_FILE: files.config,
      AWS_SHARED_CREDENTIALS_FILE: files.credentials,
      NO_COLOR: "1",
    },
    stdin: "null",
  }).output();
  const [out, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, said };
}
