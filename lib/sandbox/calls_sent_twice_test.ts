/**
 * Calls sent twice, as a client's retry does after a lost answer. The second answer is AWS's own, by
 * its API references and, where they are silent, by answers that LocalStack captured from AWS
 * (2025-11).
 */
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  PutRolePolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagUserCommand,
  UntagUserCommand,
} from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-lambda";
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";
import { strToU8, zipSync } from "fflate";
import { startSandbox } from "./sandbox.ts";
import { clientsFor } from "./testing/clients.ts";
import { until } from "./testing/until.ts";

type Clients = ReturnType<typeof clientsFor>;
type Call = readonly [name: string, second: string, send: () => Promise<unknown>];

/** What the second of two equal calls is answered with: `ok` or the code of its error. */
async function secondAnswer(send: () => Promise<unknown>): Promise<string> {
  await send();
  return await send().then(() => "ok", (error: Error) => error.name);
}

function twice(service: string, calls: (clients: Clients, accountId: string) => Promise<Call[]>) {
  Deno.test(`a call of ${service} sent twice is answered the second time as AWS does`, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 600 });
    try {
      const { endpoint, rootKey, accountId } = sandbox;
      using clients = clientsFor({ endpoint, credentials: rootKey });
      const [wanted, seen]: string[][] = [[], []];
      for (const [name, second, send] of await calls(clients, accountId)) {
        wanted.push(`${name}: ${second}`);
        seen.push(`${name}: ${await secondAnswer(send)}`);
      }
      assertEquals(seen, wanted);
    } finally {
      await sandbox.stop();
    }
  });
}

// CompleteMultipartUpload stands in services/s3/multipart_test.ts.
twice("S3", async ({ s3 }) => {
  await s3.send(new CreateBucketCommand({ Bucket: "parts" }));
  const [open, dropped] = await Promise.all(["open", "dropped"].map(async (Key) => {
    const made = await s3.send(new CreateMultipartUploadCommand({ Bucket: "parts", Key }));
    return { Bucket: "parts", Key, UploadId: made.UploadId };
  }));
  const bucket = { Bucket: "twice" };
  const object = { ...bucket, Key: "k" };
  const Tagging = { TagSet: [{ Key: "a", Value: "1" }] };
  return [
    // In us-east-1 only: elsewhere it is BucketAlreadyOwnedByYou, see buckets' own tests.
    ["CreateBucket", "ok", () => s3.send(new CreateBucketCommand(bucket))],
    ["PutBucketTagging", "ok", () => s3.send(new PutBucketTaggingCommand({ ...bucket, Tagging }))],
    ["DeleteBucketTagging", "ok", () => s3.send(new DeleteBucketTaggingCommand(bucket))],
    ["PutObject", "ok", () => s3.send(new PutObjectCommand({ ...object, Body: "a" }))],
    [
      "PutObject with If-None-Match",
      "PreconditionFailed",
      () => s3.send(new PutObjectCommand({ ...bucket, Key: "new", Body: "a", IfNoneMatch: "*" })),
    ],
    [
      "CopyObject",
      "ok",
      () => s3.send(new CopyObjectCommand({ ...bucket, Key: "copy", CopySource: "twice/k" })),
    ],
    ["PutObjectTagging", "ok", () => s3.send(new PutObjectTaggingCommand({ ...object, Tagging }))],
    ["DeleteObjectTagging", "ok", () => s3.send(new DeleteObjectTaggingCommand(object))],
    ["DeleteObject", "ok", () => s3.send(new DeleteObjectCommand(object))],
    [
      "DeleteObjects",
      "ok",
      () =>
        s3.send(
          new DeleteObjectsCommand({
            ...bucket,
            Delete: { Objects: [{ Key: "copy" }, { Key: "new" }] },
          }),
        ),
    ],
    [
      "UploadPart",
      "ok",
      () => s3.send(new UploadPartCommand({ ...open, PartNumber: 1, Body: "a" })),
    ],
    [
      "AbortMultipartUpload",
      "NoSuchUpload",
      () => s3.send(new AbortMultipartUploadCommand(dropped)),
    ],
    ["DeleteBucket", "NoSuchBucket", () => s3.send(new DeleteBucketCommand(bucket))],
  ];
});

twice("IAM", async ({ iam }, accountId) => {
  const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statement });
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: accountId } },
  });
  const user = { UserName: "u" };
  const role = { RoleName: "r" };
  const inline = { ...role, PolicyName: "p" };
  const PolicyArn = `arn:aws:iam::${accountId}:policy/m`;
  const attached = { ...user, PolicyArn };
  const Tags = [{ Key: "a", Value: "1" }];
  await iam.send(new CreatePolicyCommand({ PolicyName: "spare", PolicyDocument }));
  return [
    ["CreateUser", "EntityAlreadyExistsException", () => iam.send(new CreateUserCommand(user))],
    ["TagUser", "ok", () => iam.send(new TagUserCommand({ ...user, Tags }))],
    ["UntagUser", "ok", () => iam.send(new UntagUserCommand({ ...user, TagKeys: ["a"] }))],
    [
      "CreatePolicy",
      "EntityAlreadyExistsException",
      () => iam.send(new CreatePolicyCommand({ PolicyName: "m", PolicyDocument })),
    ],
    // There is no token: each call makes a version.
    [
      "CreatePolicyVersion",
      "ok",
      () => iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument })),
    ],
    [
      "SetDefaultPolicyVersion",
      "ok",
      () => iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v1" })),
    ],
    ...["v2", "v3"].map((VersionId): Call => [
      `DeletePolicyVersion ${VersionId}`,
      "NoSuchEntityException",
      () => iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })),
    ]),
    ["AttachUserPolicy", "ok", () => iam.send(new AttachUserPolicyCommand(attached))],
    [
      "DetachUserPolicy",
      "NoSuchEntityException",
      () => iam.send(new DetachUserPolicyCommand(attached)),
    ],
    [
      "DeletePolicy",
      "NoSuchEntityException",
      () => iam.send(new DeletePolicyCommand({ PolicyArn })),
    ],
    ["DeleteUser", "NoSuchEntityException", () => iam.send(new DeleteUserCommand(user))],
    [
      "CreateRole",
      "EntityAlreadyExistsException",
      () => iam.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument })),
    ],
    [
      "PutRolePolicy",
      "ok",
      () => iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument })),
    ],
    [
      "DeleteRolePolicy",
      "NoSuchEntityException",
      () => iam.send(new DeleteRolePolicyCommand(inline)),
    ],
    ["DeleteRole", "NoSuchEntityException", () => iam.send(new DeleteRoleCommand(role))],
  ];
});

twice("CloudWatch Logs", ({ logs }) => {
  const group = { logGroupName: "g" };
  const stream = { ...group, logStreamName: "s" };
  return Promise.resolve<Call[]>([
    [
      "CreateLogGroup",
      "ResourceAlreadyExistsException",
      () => logs.send(new CreateLogGroupCommand(group)),
    ],
    [
      "PutRetentionPolicy",
      "ok",
      () => logs.send(new PutRetentionPolicyCommand({ ...group, retentionInDays: 1 })),
    ],
    [
      "CreateLogStream",
      "ResourceAlreadyExistsException",
      () => logs.send(new CreateLogStreamCommand(stream)),
    ],
    [
      "DeleteLogStream",
      "ResourceNotFoundException",
      () => logs.send(new DeleteLogStreamCommand(stream)),
    ],
    [
      "DeleteLogGroup",
      "ResourceNotFoundException",
      () => logs.send(new DeleteLogGroupCommand(group)),
    ],
  ]);
});

twice("Lambda", async ({ iam, lambda }, accountId) => {
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "lambda.amazonaws.com" },
    },
  });
  await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument }));
  const named = { FunctionName: "f" };
  const alias = { ...named, Name: "live" };
  const permission = { ...named, StatementId: "s" };
  const Resource = `arn:aws:lambda:us-east-1:${accountId}:function:f`;
  const create = {
    ...named,
    Role: `arn:aws:iam::${accountId}:role/r`,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: { ZipFile: zipSync({ "index.mjs": strToU8("export const handler = () => 1;") }) },
  } as const;
  const active = () =>
    until("the function to be active", async () => {
      const { Configuration } = await lambda.send(new GetFunctionCommand(named));
      return Configuration?.State === "Active" ? true : undefined;
    });
  return [
    [
      "CreateFunction",
      "ResourceConflictException",
      () => lambda.send(new CreateFunctionCommand(create)),
    ],
    // The second call finds no change, and makes no version.
    [
      "PublishVersion",
      "ok",
      () => active().then(() => lambda.send(new PublishVersionCommand(named))),
    ],
    [
      "CreateAlias",
      "ResourceConflictException",
      () => lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: "1" })),
    ],
    ["DeleteAlias", "ok", () => lambda.send(new DeleteAliasCommand(alias))],
    [
      "AddPermission",
      "ResourceConflictException",
      () =>
        lambda.send(
          new AddPermissionCommand({
            ...permission,
            Action: "lambda:InvokeFunction",
            Principal: "s3.amazonaws.com",
          }),
        ),
    ],
    [
      "RemovePermission",
      "ResourceNotFoundException",
      () => lambda.send(new RemovePermissionCommand(permission)),
    ],
    [
      "TagResource",
      "ok",
      () => lambda.send(new TagResourceCommand({ Resource, Tags: { a: "1" } })),
    ],
    [
      "UntagResource",
      "ok",
      () => lambda.send(new UntagResourceCommand({ Resource, TagKeys: ["a"] })),
    ],
    [
      "PutFunctionConcurrency",
      "ok",
      () =>
        lambda.send(
          new PutFunctionConcurrencyCommand({ ...named, ReservedConcurrentExecutions: 1 }),
        ),
    ],
    [
      "DeleteFunctionConcurrency",
      "ok",
      () => lambda.send(new DeleteFunctionConcurrencyCommand(named)),
    ],
    [
      "DeleteFunction",
      "ResourceNotFoundException",
      () => lambda.send(new DeleteFunctionCommand(named)),
    ],
  ];
});
