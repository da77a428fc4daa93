import { CreateLogGroupCommand, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateDeliveryStreamCommand } from "@aws-sdk/client-firehose";
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  ListRolesCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Lab } from "../place/begin.ts";
import { ensureDelivery, trustPolicy } from "../deploy/delivery_role.ts";
import { COURSE_PROFILE, tagMap, tagsOf } from "../place/names.ts";
import { profileNames, writeProfile } from "../place/profiles.ts";
import { labTest, printed } from "../testing.ts";
import { cleanUp, findLeftovers } from "./mod.ts";

const found = async (lab: Lab) =>
  (await findLeftovers(lab)).map(({ kind, name }) => `${kind} ${name}`);

async function createStream({ firehose, names, tags }: Lab) {
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: names.stream,
      ExtendedS3DestinationConfiguration: {
        BucketARN: names.bucketArn,
        RoleARN: names.deliveryRoleArn,
      },
      Tags: tags,
    }),
  );
}

labTest(
  "cleanUp() removes stream, full bucket and role, and a second time nothing",
  1,
  async (lab) => {
    const { iam, s3, names } = lab;
    await ensureDelivery(lab);
    await createStream(lab);
    await iam.send(
      new AttachRolePolicyCommand({
        RoleName: names.deliveryRole,
        PolicyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
      }),
    );
    for (const Key of ["a", "b/c"]) {
      await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body: "12345" }));
    }
    assertEquals(await found(lab), [
      "delivery stream firehose-lab-1",
      `bucket ${names.bucket}`,
      "role firehose-lab-1-delivery",
    ]);
    const said = await printed(() => cleanUp(lab));
    assertStringIncludes(said, "2 objects, 10 bytes");
    assertStringIncludes(said, "Removed all 3");
    assertEquals(await found(lab), []);
    assertStringIncludes(await printed(() => cleanUp(lab)), "Nothing is left of notebook 1");
  },
);

labTest(
  "cleanUp() removes users with keys and policies, and the profiles of such keys",
  0,
  async (lab) => {
    const { iam, names, tags, files, region } = lab;
    const UserName = names.user;
    await iam.send(new CreateUserCommand({ UserName, Tags: tags }));
    await iam.send(
      new AttachUserPolicyCommand({
        UserName,
        PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    );
    const document = { Version: "2012-10-17", Statement: [] };
    await iam.send(
      new PutUserPolicyCommand({
        UserName,
        PolicyName: "none",
        PolicyDocument: JSON.stringify({
          ...document,
          Statement: [{ Effect: "Deny", Action: "s3:*", Resource: "*" }],
        }),
      }),
    );
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ??
      {};
    await writeProfile(files, COURSE_PROFILE, { accessKeyId, secretAccessKey, region });
    const said = await printed(() => cleanUp(lab));
    assertStringIncludes(said, "1 access key, profile firehose-lab");
    assertEquals(await found(lab), []);
    assertEquals(await profileNames(files), ["sandbox"]);
  },
);

labTest("cleanUp() removes the stream's log group if the notebook made it", 1, async (lab) => {
  const { logs, names, tags } = lab;
  const logGroupName = names.streamLogGroup;
  await logs.send(new CreateLogGroupCommand({ logGroupName: `${logGroupName}0` }));
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  assertEquals(await found(lab), []);
  await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogGroupCommand({ logGroupName, tags: tagMap(tags) }));
  assertEquals(await found(lab), [`log group ${logGroupName}`]);
  await printed(() => cleanUp(lab));
  assertEquals(await found(lab), []);
});

labTest("cleanUp() removes nothing without this notebook's tags", 1, async (lab) => {
  const { iam, s3 } = lab;
  await s3.send(new CreateBucketCommand({ Bucket: "firehose-lab-of-somebody-else" }));
  const CreateBucketConfiguration = { Tags: tagsOf(2) };
  await s3.send(new CreateBucketCommand({ Bucket: "firehose-lab-2-x", CreateBucketConfiguration }));
  await iam.send(
    new CreateRoleCommand({
      RoleName: "firehose-lab-role",
      AssumeRolePolicyDocument: JSON.stringify(
        trustPolicy("firehose.amazonaws.com", lab.accountId),
      ),
      Tags: [{ Key: "project", Value: "firehose-lab" }],
    }),
  );
  await printed(() => cleanUp(lab));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  assertEquals(Buckets.length, 2);
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  assertEquals(Roles.length, 1);
});

labTest("cleanUp() on a real account removes nothing while nobody says yes", 1, async (lab) => {
  await ensureDelivery(lab);
  const said = await printed(() => cleanUp({ ...lab, mode: "real account" }));
  assertStringIncludes(said, "Nothing was removed");
  assert((await found(lab)).length > 0);
});

labTest("cleanUp() removes nothing in another region", 1, async (lab) => {
  const elsewhere = new S3Client({
    endpoint: lab.endpoint,
    credentials: await lab.s3.config.credentials(),
    region: "eu-west-1",
  });
  const Bucket = `${lab.names.bucket}-elsewhere`;
  const CreateBucketConfiguration = { Tags: lab.tags, LocationConstraint: "eu-west-1" } as const;
  await elsewhere.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  assertEquals(await found(lab), []);
  elsewhere.destroy();
});
