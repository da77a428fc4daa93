/**
 * Condition keys through the real SDK clients: the keys that AWS documents for the actions of each
 * service hold, and grants that need another value don't.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
} from "@aws-sdk/client-firehose";
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutUserPolicyCommand,
  TagUserCommand,
} from "@aws-sdk/client-iam";
import { CreateLogGroupCommand, DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { assert, assertEquals } from "@std/assert";
import { startSandbox } from "./sandbox.ts";
import { clientsFor } from "./testing/clients.ts";

type Clients = ReturnType<typeof clientsFor>;
type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A sandbox with its root user's clients and those of a user, whose only policy `grant` sets. */
function grantTest(
  name: string,
  run: (
    root: Clients,
    user: Clients,
    grant: (Action: string | readonly string[], Condition?: Condition) => Promise<unknown>,
  ) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 600 });
    const { endpoint } = sandbox;
    try {
      using root = clientsFor({ endpoint, credentials: sandbox.rootKey });
      await root.iam.send(new CreateUserCommand({ UserName: "ann" }));
      const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
      assert(AccessKey?.AccessKeyId && AccessKey.SecretAccessKey);
      const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey;
      using user = clientsFor({ endpoint, credentials: { accessKeyId, secretAccessKey } });
      const grant = (Action: string | readonly string[], Condition?: Condition) =>
        root.iam.send(
          new PutUserPolicyCommand({
            UserName: "ann",
            PolicyName: "p",
            PolicyDocument: JSON.stringify({
              Version: "2012-10-17",
              Statement: { Effect: "Allow", Action, Resource: "*", Condition },
            }),
          }),
        );
      await run(root, user, grant);
    } finally {
      await sandbox.stop();
    }
  });
}

/** Whether a call is allowed: anything but a refusal of permission counts. */
async function isAllowed(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof Error && /AccessDenied|403/.test(error.name)) return false;
    throw error;
  }
}

/** The input of a stream with these tags; its bucket and role exist afterwards. */
async function streamInput({ iam, s3 }: Clients, team: string) {
  await s3.send(new CreateBucketCommand({ Bucket: "records" }));
  const trust = { Effect: "Allow", Principal: { Service: "firehose.amazonaws.com" } };
  await iam.send(
    new CreateRoleCommand({
      RoleName: "delivery",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: { ...trust, Action: "sts:AssumeRole" },
      }),
    }),
  );
  return {
    DeliveryStreamName: "people",
    ExtendedS3DestinationConfiguration: {
      RoleARN: "arn:aws:iam::123456789012:role/delivery",
      BucketARN: "arn:aws:s3:::records",
    },
    Tags: [{ Key: "team", Value: team }],
  };
}

grantTest(
  "aws:RequestTag and aws:TagKeys hold on Firehose's actions",
  async (root, user, grant) => {
    const input = await streamInput(root, "blue");
    const stream = { DeliveryStreamName: "people" };
    // The role is passed without tags, so its permission is a separate policy.
    const PolicyArn = "arn:aws:iam::aws:policy/AWSLambda_FullAccess"; // allows iam:PassRole
    await root.iam.send(new AttachUserPolicyCommand({ UserName: "ann", PolicyArn }));
    await grant("firehose:*", { StringEquals: { "aws:RequestTag/team": "blue" } });
    const create = (Value: string) => () =>
      user.firehose.send(
        new CreateDeliveryStreamCommand({ ...input, Tags: [{ Key: "team", Value }] }),
      );
    assertEquals([await isAllowed(create("red")), await isAllowed(create("blue"))], [false, true]);
    const tag = (Key: string) => () =>
      user.firehose.send(new TagDeliveryStreamCommand({ ...stream, Tags: [{ Key, Value: "x" }] }));
    await grant("firehose:*", { "ForAllValues:StringEquals": { "aws:TagKeys": ["stage"] } });
    assertEquals([await isAllowed(tag("stage")), await isAllowed(tag("other"))], [true, false]);
    const untag = (key: string) => () =>
      user.firehose.send(new UntagDeliveryStreamCommand({ ...stream, TagKeys: [key] }));
    assertEquals([await isAllowed(untag("stage")), await isAllowed(untag("team"))], [true, false]);
  },
);

grantTest(
  "aws:ResourceTag holds on a delivery stream, as it is tagged now",
  async (root, user, grant) => {
    await root.firehose.send(new CreateDeliveryStreamCommand(await streamInput(root, "blue")));
    const stream = { DeliveryStreamName: "people" };
    const describe = () => user.firehose.send(new DescribeDeliveryStreamCommand(stream));
    await grant("firehose:DescribeDeliveryStream", {
      StringEquals: { "aws:ResourceTag/team": "blue" },
    });
    assertEquals(await isAllowed(describe), true);
    await root.firehose.send(
      new TagDeliveryStreamCommand({ ...stream, Tags: [{ Key: "team", Value: "red" }] }),
    );
    assertEquals(await isAllowed(describe), false);
    // ABAC: the caller's tag and the resource's.
    await grant("firehose:DescribeDeliveryStream", {
      StringEquals: { "aws:ResourceTag/team": "${aws:PrincipalTag/team}" },
    });
    assertEquals(await isAllowed(describe), false);
    await root.iam.send(
      new TagUserCommand({ UserName: "ann", Tags: [{ Key: "team", Value: "red" }] }),
    );
    assertEquals(await isAllowed(describe), true);
  },
);

grantTest(
  "the region, the agent and the kind of credentials are condition keys",
  async (root, user, grant) => {
    const list = () => user.s3.send(new ListObjectsV2Command({ Bucket: "records" }));
    await root.s3.send(new CreateBucketCommand({ Bucket: "records" }));
    for (
      const [Condition, expected] of [
        [{ StringEquals: { "aws:RequestedRegion": "us-east-1" } }, true],
        [{ StringEquals: { "aws:RequestedRegion": "eu-west-1" } }, false],
        [{ StringLike: { "aws:UserAgent": "aws-sdk-js/*" } }, true],
        [{ Bool: { "aws:ViaAWSService": "true" } }, false],
        [{ Null: { "aws:TokenIssueTime": "true" } }, true],
        [{
          StringEquals: { "s3:authType": "REST-HEADER", "s3:signatureversion": "AWS4-HMAC-SHA256" },
        }, true],
        [{ NumericLessThan: { "s3:signatureAge": "600000" } }, true],
        [{ StringEquals: { "s3:ResourceAccount": "999999999999" } }, false],
      ] as const
    ) {
      await grant("s3:ListBucket", Condition);
      assertEquals([Condition, await isAllowed(list)], [Condition, expected]);
    }
  },
);

grantTest(
  "S3's condition keys hold: tags, headers and conditional writes",
  async (root, user, grant) => {
    await root.s3.send(new CreateBucketCommand({ Bucket: "records" }));
    const at = { Bucket: "records", Key: "k" };
    const put = (more: object) => () =>
      user.s3.send(new PutObjectCommand({ ...at, Body: "x", ...more }));
    const both = ["s3:PutObject", "s3:PutObjectTagging", "s3:ListBucket"];
    await grant(both, { StringEquals: { "s3:RequestObjectTag/team": "blue" } });
    assertEquals(await isAllowed(put({ Tagging: "team=red" })), false);
    assertEquals(await isAllowed(put({ Tagging: "team=blue" })), true);
    await grant(both, { Null: { "s3:if-none-match": "false" } });
    assertEquals(await isAllowed(put({})), false);
    assertEquals(await isAllowed(put({ Key: "new", IfNoneMatch: "*" })), true);
    await grant(both, { StringEquals: { "s3:x-amz-server-side-encryption": "AES256" } });
    assertEquals(await isAllowed(put({})), false);
    assertEquals(await isAllowed(put({ ServerSideEncryption: "AES256" })), true);
    const get = () => user.s3.send(new GetObjectCommand(at));
    await grant("s3:GetObject", { StringEquals: { "s3:ExistingObjectTag/team": "blue" } });
    assertEquals(await isAllowed(get), false);
    const Tagging = { TagSet: [{ Key: "team", Value: "blue" }] };
    await root.s3.send(new PutObjectTaggingCommand({ ...at, Tagging }));
    assertEquals(await isAllowed(get), true);
  },
);

grantTest(
  "of two tags whose keys differ in case only, a grant sees neither",
  async (root, user, grant) => {
    const input = await streamInput(root, "blue");
    await root.iam.send(
      new AttachUserPolicyCommand({
        UserName: "ann",
        PolicyArn: "arn:aws:iam::aws:policy/AWSLambda_FullAccess", // allows iam:PassRole
      }),
    );
    await grant("firehose:*", { StringEquals: { "aws:RequestTag/team": "blue" } });
    const Tags = [{ Key: "team", Value: "red" }, { Key: "Team", Value: "blue" }];
    const create = () => user.firehose.send(new CreateDeliveryStreamCommand({ ...input, Tags }));
    assertEquals(await isAllowed(create), false);
  },
);

grantTest("a Deny on a key of S3's holds for each key of DeleteObjects", async (root, user) => {
  const Bucket = "records";
  await root.s3.send(new CreateBucketCommand({ Bucket }));
  await root.iam.send(
    new PutUserPolicyCommand({
      UserName: "ann",
      PolicyName: "p",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "s3:*", Resource: "*" },
          {
            Effect: "Deny",
            Action: "s3:DeleteObject",
            Resource: "*",
            Condition: { StringEquals: { "s3:authType": "REST-HEADER" } },
          },
        ],
      }),
    }),
  );
  const { Errors, Deleted } = await user.s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "k" }] } }),
  );
  assertEquals([Errors?.map(({ Code }) => Code), Deleted], [["AccessDenied"], undefined]);
});

grantTest("tags of log groups, users and roles are condition keys", async (root, user, grant) => {
  await root.logs.send(new CreateLogGroupCommand({ logGroupName: "g", tags: { team: "blue" } }));
  const streams = () => user.logs.send(new DescribeLogStreamsCommand({ logGroupName: "g" }));
  await grant("logs:*", { StringEquals: { "aws:ResourceTag/team": "red" } });
  assertEquals(await isAllowed(streams), false);
  await grant("logs:*", { StringEquals: { "aws:ResourceTag/team": "blue" } });
  assertEquals(await isAllowed(streams), true);
  const attach = (name: string) => () =>
    user.iam.send(
      new AttachUserPolicyCommand({
        UserName: "ann",
        PolicyArn: `arn:aws:iam::aws:policy/${name}`,
      }),
    );
  await grant("iam:AttachUserPolicy", {
    ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
  });
  assertEquals(await isAllowed(attach("AdministratorAccess")), false);
  assertEquals(await isAllowed(attach("AmazonS3ReadOnlyAccess")), true);
  await root.iam.send(
    new CreateRoleCommand({
      RoleName: "r",
      Tags: [{ Key: "team", Value: "blue" }],
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { AWS: "123456789012" },
          Action: "sts:AssumeRole",
        },
      }),
    }),
  );
  const assume = () =>
    user.sts.send(
      new AssumeRoleCommand({ RoleArn: "arn:aws:iam::123456789012:role/r", RoleSessionName: "ss" }),
    );
  await grant("sts:AssumeRole", { StringEquals: { "iam:ResourceTag/team": "red" } });
  assertEquals(await isAllowed(assume), false);
  await grant("sts:AssumeRole", { StringEquals: { "iam:ResourceTag/team": "blue" } });
  assertEquals(await isAllowed(assume), true);
});

grantTest("keys of the call hold on lambda:InvokeFunction", async (_root, user, grant) => {
  // A function that does not exist is only named to a caller who may invoke it.
  const invoke = async () => {
    const error = await user.lambda.send(new InvokeCommand({ FunctionName: "f" }))
      .catch((error: Error) => error);
    return error instanceof Error ? error.name : "invoked";
  };
  const answers = [];
  for (const agent of ["aws-sdk-js/*", "curl/*"]) {
    await grant("lambda:InvokeFunction", { StringLike: { "aws:UserAgent": agent } });
    answers.push(await invoke());
  }
  assertEquals(answers, ["ResourceNotFoundException", "AccessDeniedException"]);
});
