/** Regions through the real SDK clients. */
import { CreateDeliveryStreamCommand, ListDeliveryStreamsCommand } from "@aws-sdk/client-firehose";
import { CreateUserCommand } from "@aws-sdk/client-iam";
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { clientsFor } from "./testing/clients.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "./sandbox.ts";

function sandboxTest(
  name: string,
  run: (sandbox: Sandbox) => Promise<void>,
  options: Partial<SandboxOptions> = {},
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, ...options });
    try {
      await run(sandbox);
    } finally {
      await sandbox.stop();
    }
  });
}

const rootClients = ({ endpoint, rootKey }: Sandbox, region: string) =>
  clientsFor({ endpoint, credentials: rootKey, region });

sandboxTest("a region has its own buckets and streams, with its own ARNs", async (sandbox) => {
  using ireland = rootClients(sandbox, "eu-west-1");
  using virginia = rootClients(sandbox, "us-east-1");
  await ireland.s3.send(new CreateBucketCommand({ Bucket: "in-ireland" }));
  const where = await ireland.s3.send(new GetBucketLocationCommand({ Bucket: "in-ireland" }));
  assertEquals(where.LocationConstraint, "eu-west-1");
  const create = new CreateDeliveryStreamCommand({
    DeliveryStreamName: "people",
    ExtendedS3DestinationConfiguration: {
      RoleARN: "arn:aws:iam::123456789012:role/delivery",
      BucketARN: "arn:aws:s3:::in-ireland",
    },
  });
  const { DeliveryStreamARN } = await ireland.firehose.send(create);
  assertEquals(DeliveryStreamARN, "arn:aws:firehose:eu-west-1:123456789012:deliverystream/people");
  const { DeliveryStreamNames } = await virginia.firehose.send(new ListDeliveryStreamsCommand({}));
  assertEquals(DeliveryStreamNames, []);
  const { message } = await assertRejects(() => virginia.firehose.send(create), Error);
  assertEquals(
    message,
    "The sandbox does not support a bucket of another region (in-ireland is in eu-west-1).",
  );
}, { isOpen: true });

sandboxTest("IAM is the same in every region", async (sandbox) => {
  using ireland = rootClients(sandbox, "eu-west-1");
  using nowhere = rootClients(sandbox, "aws-global");
  await ireland.iam.send(new CreateUserCommand({ UserName: "u" }));
  const again = () => nowhere.iam.send(new CreateUserCommand({ UserName: "u" }));
  assertStringIncludes((await assertRejects(again, Error)).message, "already exists");
});

sandboxTest(
  "bucket names are one for all regions, and a bucket answers in its own",
  async (sandbox) => {
    using ireland = rootClients(sandbox, "eu-west-1");
    using virginia = rootClients(sandbox, "us-east-1");
    await ireland.s3.send(new CreateBucketCommand({ Bucket: "in-ireland" }));
    await virginia.s3.send(new CreateBucketCommand({ Bucket: "in-virginia" }));
    await virginia.s3.send(
      new CreateBucketCommand({
        Bucket: "in-tokyo",
        CreateBucketConfiguration: { LocationConstraint: "ap-northeast-1" },
      }),
    );
    const { Buckets } = await ireland.s3.send(new ListBucketsCommand({ MaxBuckets: 10 }));
    assertEquals(Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion]), [
      ["in-ireland", "eu-west-1"],
      ["in-tokyo", "ap-northeast-1"],
      ["in-virginia", "us-east-1"],
    ]);
    const taken = () => virginia.s3.send(new CreateBucketCommand({ Bucket: "in-ireland" }));
    assertEquals((await assertRejects(taken, Error)).name, "BucketAlreadyOwnedByYou");
    const elsewhere = () => virginia.s3.send(new HeadBucketCommand({ Bucket: "in-ireland" }));
    const moved = await assertRejects(elsewhere, Error);
    assert(moved instanceof S3ServiceException);
    assertEquals(moved.$metadata.httpStatusCode, 301);
    const s3 = new S3Client({
      endpoint: sandbox.endpoint,
      credentials: sandbox.rootKey,
      region: "us-east-1",
      followRegionRedirects: true,
    });
    await s3.send(new PutObjectCommand({ Bucket: "in-tokyo", Key: "k", Body: "x" }));
    s3.destroy();
  },
);

for (
  const [region, constraint, code] of [
    ["us-east-1", "us-east-1", "InvalidLocationConstraint"],
    ["us-east-1", "nowhere", "InvalidLocationConstraint"],
    ["eu-west-1", "us-west-1", "IllegalLocationConstraintException"],
    ["moon-base", undefined, "AuthorizationHeaderMalformed"],
  ] as const
) {
  sandboxTest(`CreateBucket in ${region} for ${constraint} is ${code}`, async (sandbox) => {
    const create = async () => {
      using clients = rootClients(sandbox, region);
      await clients.s3.send(
        new CreateBucketCommand({
          Bucket: "somewhere",
          CreateBucketConfiguration: constraint && {
            // Not all of them are regions: that is what is tested.
            LocationConstraint: constraint as BucketLocationConstraint,
          },
        }),
      );
    };
    assertEquals((await assertRejects(create, Error)).name, code);
  });
}

Deno.test("what a region holds is there after a restart", async () => {
  const dataDir = await Deno.makeTempDir();
  const start = () => startSandbox({ port: 0, dataDir: join(dataDir, "data"), speed: 60 });
  const before = await start();
  {
    using tokyo = rootClients(before, "ap-northeast-1");
    await tokyo.s3.send(new CreateBucketCommand({ Bucket: "kept" }));
    await tokyo.s3.send(new PutObjectCommand({ Bucket: "kept", Key: "k", Body: "x" }));
  }
  await before.stop();
  const after = await start();
  {
    using virginia = rootClients(after, "us-east-1");
    const { Buckets } = await virginia.s3.send(new ListBucketsCommand());
    assertEquals(Buckets?.map(({ Name }) => Name), ["kept"]);
    using tokyo = rootClients(after, "ap-northeast-1");
    const { Body } = await tokyo.s3.send(new GetObjectCommand({ Bucket: "kept", Key: "k" }));
    assertEquals(await Body!.transformToString(), "x");
  }
  await after.stop();
  await Deno.remove(dataDir, { recursive: true });
});
