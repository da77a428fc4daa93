/** With --open, an access key of twelve digits chooses the account, as LocalStack's users expect. */
import { CreateDeliveryStreamCommand, ListDeliveryStreamsCommand } from "@aws-sdk/client-firehose";
import { CreateUserCommand, ListUsersCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, GetFunctionCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { zipSync } from "fflate";
import { startSandbox } from "./sandbox.ts";
import { clientsFor } from "./testing/clients.ts";
import { tempFolder } from "./testing/temp_folder.ts";
import { until } from "./testing/until.ts";

const clientsOf = (endpoint: string, accountId: string, region = "us-east-1") =>
  clientsFor({
    endpoint,
    region,
    credentials: { accessKeyId: accountId, secretAccessKey: "test" },
  });

/** What a client of an account sees. */
async function thingsIn({ iam, s3, firehose, sts }: ReturnType<typeof clientsFor>) {
  const { Users = [] } = await iam.send(new ListUsersCommand());
  const { Buckets = [] } = await s3.send(new ListBucketsCommand());
  const { DeliveryStreamNames } = await firehose.send(new ListDeliveryStreamsCommand());
  const { Account } = await sts.send(new GetCallerIdentityCommand());
  const buckets = Buckets.map(({ Name }) => Name);
  return {
    account: Account,
    users: Users.map(({ Arn }) => Arn),
    buckets,
    streams: DeliveryStreamNames,
  };
}

Deno.test("each account has its own things, and keeps them over a restart", async () => {
  using folder = tempFolder();
  const start = () => startSandbox({ port: 0, dataDir: folder.path, speed: 60, isOpen: true });
  const first = await start();
  {
    using own = clientsOf(first.endpoint, "test");
    using other = clientsOf(first.endpoint, "000000000000", "eu-west-1");
    await other.iam.send(new CreateUserCommand({ UserName: "alice" }));
    await other.s3.send(new CreateBucketCommand({ Bucket: "theirs" }));
    const RoleARN = "arn:aws:iam::000000000000:role/firehose";
    await other.firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: "people",
        ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: "arn:aws:s3:::theirs" },
      }),
    );
    const nothing = { users: [], buckets: [], streams: [] };
    assertEquals(await thingsIn(own), { account: "123456789012", ...nothing });
  }
  await first.stop();
  const second = await start();
  {
    using other = clientsOf(second.endpoint, "000000000000", "eu-west-1");
    assertEquals(await thingsIn(other), {
      account: "000000000000",
      users: ["arn:aws:iam::000000000000:user/alice"],
      buckets: ["theirs"],
      streams: ["people"],
    });
  }
  await second.stop();
});

const WHO = "export const handler = async () => process.env.AWS_ACCESS_KEY_ID;";

Deno.test("a function of another account has a key of that account, and a link to its code", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, isOpen: true });
  using other = clientsOf(sandbox.endpoint, "111122223333");
  const ZipFile = zipSync({ "index.mjs": new TextEncoder().encode(WHO) });
  const { FunctionArn } = await other.lambda.send(
    new CreateFunctionCommand({
      FunctionName: "who",
      Role: "arn:aws:iam::111122223333:role/execution", // --open needs no role that exists
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile },
    }),
  );
  assertEquals(FunctionArn, "arn:aws:lambda:us-east-1:111122223333:function:who");
  const { Code } = await other.lambda.send(new GetFunctionCommand({ FunctionName: "who" }));
  const zip = await fetch(Code?.Location ?? "");
  assertEquals(new Uint8Array(await zip.arrayBuffer()), ZipFile);
  const accessKeyId = await until("an answer", async () => {
    const answer = await other.lambda.send(new InvokeCommand({ FunctionName: "who" }))
      .catch(() => undefined);
    return answer && JSON.parse(new TextDecoder().decode(answer.Payload));
  });
  using ofFunction = clientsFor({
    endpoint: sandbox.endpoint,
    credentials: { accessKeyId, secretAccessKey: "x", sessionToken: "x" },
  });
  const { Arn } = await ofFunction.sts.send(new GetCallerIdentityCommand());
  assertStringIncludes(Arn ?? "", "arn:aws:sts::111122223333:assumed-role/execution/");
  await sandbox.stop();
});

Deno.test("accounts have a limit, and without --open such a key is unknown", async () => {
  const open = await startSandbox({ port: 0, dataDir: undefined, speed: 60, isOpen: true });
  for (let id = 1; id <= 49; id++) {
    using one = clientsOf(open.endpoint, `${id}`.padStart(12, "0"));
    await one.iam.send(new ListUsersCommand());
  }
  using more = clientsOf(open.endpoint, "999999999999");
  const many = await assertRejects(() => more.iam.send(new ListUsersCommand()), Error);
  assertStringIncludes(many.message, "at most 50 accounts");
  await open.stop();
  const strict = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  using key = clientsOf(strict.endpoint, "000000000000");
  const unknown = await assertRejects(() => key.iam.send(new ListUsersCommand()), Error);
  assertEquals(unknown.name, "InvalidClientTokenId");
  await strict.stop();
});
