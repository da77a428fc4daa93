/**
 * What IAM's policies allow and how AWS's text names the resource of a refusal, through the real SDK
 * clients. Texts as seen on AWS, 2018 to 2026: public error reports of GetRole, CreateAccessKey,
 * GetPolicy, CreatePolicy with tags and `aws s3 ls`.
 */
import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateRoleCommand,
  GetPolicyCommand,
  GetRoleCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";
import { clientsFor } from "../../testing/clients.ts";
import { said } from "../../testing/said.ts";
import { ACCOUNT, allow, type Clients, createUser, iamTest } from "./testing.ts";

const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const refusal = (action: string, on: string) =>
  `User: ${ACCOUNT}:user/u is not authorized to perform: ${action}${on} because no ` +
  `identity-based policy allows the ${action} action`;

const grant = ({ iam }: Clients, PolicyDocument: string) =>
  iam.send(new PutUserPolicyCommand({ UserName: "u", PolicyName: "p", PolicyDocument }));

iamTest("a refusal names a user, role or policy as the call does", async (root, endpoint) => {
  using user = clientsFor({ endpoint, credentials: await createUser(root, "u") });
  const texts = {
    role: await said(() => user.iam.send(new GetRoleCommand({ RoleName: "r" }))),
    policy: await said(() => user.iam.send(new GetPolicyCommand({ PolicyArn }))),
    list: await said(() => user.iam.send(new ListUsersCommand({}))),
    buckets: await said(() => user.s3.send(new ListBucketsCommand({}))),
  };
  assertEquals(texts, {
    role: `AccessDenied: ${refusal("iam:GetRole", " on resource: role r")}`,
    policy: `AccessDenied: ${refusal("iam:GetPolicy", ` on resource: policy ${PolicyArn}`)}`,
    list: `AccessDenied: ${refusal("iam:ListUsers", ` on resource: ${ACCOUNT}:user/`)}`,
    buckets: `AccessDenied: ${refusal("s3:ListAllMyBuckets", "")}`,
  });
});

iamTest("a role with tags is created only with iam:TagRole", async (root, endpoint) => {
  using user = clientsFor({ endpoint, credentials: await createUser(root, "u") });
  const create = (tags: readonly { Key: string; Value: string }[]) =>
    user.iam.send(
      new CreateRoleCommand({
        RoleName: "r",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: "firehose.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        }),
        Tags: [...tags],
      }),
    );
  await grant(root, allow("iam:CreateRole"));
  const tags = [{ Key: "project", Value: "lab" }];
  assertEquals(
    await said(() => create(tags)),
    `AccessDenied: ${refusal("iam:TagRole", " on resource: role r")}`,
  );
  await grant(root, allow("iam:*Role"));
  await create(tags);
});

// The policy of "User policy examples" in S3's guide names all buckets by ARN.
for (
  const [Resource, isAllowed] of [
    ["*", true],
    ["arn:aws:s3:::*", true],
    ["arn:aws:s3:::records", false],
  ] as const
) {
  iamTest(
    `s3:ListAllMyBuckets on ${Resource} ${isAllowed ? "lists" : "does not list"} the buckets`,
    async (root, endpoint) => {
      using user = clientsFor({ endpoint, credentials: await createUser(root, "u") });
      await grant(root, allow("s3:ListAllMyBuckets", Resource));
      const list = () => user.s3.send(new ListBucketsCommand({}));
      if (isAllowed) await list();
      else assertEquals(await said(list), `AccessDenied: ${refusal("s3:ListAllMyBuckets", "")}`);
    },
  );
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
iamTest(
  "an object that is not there is known only to who may list the bucket",
  async (root, endpoint) => {
    using user = clientsFor({ endpoint, credentials: await createUser(root, "u") });
    await root.s3.send(new CreateBucketCommand({ Bucket: "records" }));
    const get = () => user.s3.send(new GetObjectCommand({ Bucket: "records", Key: "k" }));
    await grant(root, allow("s3:GetObject"));
    const on = ' on resource: "arn:aws:s3:::records"';
    assertEquals(await said(get), `AccessDenied: ${refusal("s3:ListBucket", on)}`);
    await grant(root, allow("s3:*"));
    assertEquals(await said(get), "NoSuchKey: The specified key does not exist.");
  },
);

for (const action of ["logs:TagResource", "logs:TagLogGroup"]) {
  iamTest(`a log group with tags is created with ${action}`, async (root, endpoint) => {
    using user = clientsFor({ endpoint, credentials: await createUser(root, "u") });
    const create = () =>
      user.logs.send(new CreateLogGroupCommand({ logGroupName: "g", tags: { a: "1" } }));
    await grant(root, allow("logs:CreateLogGroup"));
    assertEquals(
      await said(create),
      "AccessDeniedException: " + refusal(
        "logs:TagResource",
        " on resource: arn:aws:logs:us-east-1:123456789012:log-group:g",
      ),
    );
    await grant(
      root,
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["logs:CreateLogGroup", action], Resource: "*" }],
      }),
    );
    await create();
  });
}
