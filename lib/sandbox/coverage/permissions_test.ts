/**
 * The permissions that each operation asks for. Sources: "Actions, resources, and condition keys" of each
 * service (https://docs.aws.amazon.com/service-authorization/latest/reference/), read 2026-12, and the
 * pages of the operations.
 */
import { assertEquals } from "@std/assert";
import { verifiedBody } from "../http/body.ts";
import { PROBES } from "./coverage.ts";
import { ACCOUNT_ID, BUCKET, Scene } from "./scene.ts";

/** Operations that need another permission than that of their own name, or further ones. */
const OTHERS: Readonly<Record<string, string>> = {
  "firehose CreateDeliveryStream": "firehose:CreateDeliveryStream iam:PassRole",
  "firehose UpdateDestination": "firehose:UpdateDestination iam:PassRole",
  "iam CreatePolicy": "iam:CreatePolicy iam:TagPolicy", // the probes of these give tags
  "iam CreateRole": "iam:CreateRole iam:TagRole",
  "iam CreateUser": "iam:CreateUser iam:TagUser",
  "lambda CreateFunction": "lambda:CreateFunction lambda:TagResource iam:PassRole",
  "lambda Invoke": "", // decided with the function's resource policy
  "logs CreateLogGroup": "logs:CreateLogGroup logs:TagResource",
  "logs PutSubscriptionFilter": "logs:PutSubscriptionFilter iam:PassRole",
  "s3 CompleteMultipartUpload": "s3:PutObject",
  "s3 CopyObject": "s3:GetObject s3:PutObject",
  "s3 CreateMultipartUpload": "s3:PutObject",
  "s3 DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3 DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
  "s3 DeleteBucketTagging": "s3:PutBucketTagging",
  "s3 DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
  "s3 DeleteObjects": "", // decided key by key
  "s3 GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
  "s3 GetBucketCors": "s3:GetBucketCORS",
  "s3 GetBucketEncryption": "s3:GetEncryptionConfiguration",
  "s3 GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
  "s3 GetBucketNotificationConfiguration": "s3:GetBucketNotification",
  "s3 GetBucketReplication": "s3:GetReplicationConfiguration",
  "s3 GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
  "s3 GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
  "s3 HeadBucket": "s3:ListBucket",
  "s3 HeadObject": "s3:GetObject",
  "s3 ListBuckets": "s3:ListAllMyBuckets",
  "s3 ListMultipartUploads": "s3:ListBucketMultipartUploads",
  "s3 ListObjectVersions": "s3:ListBucketVersions",
  "s3 ListObjects": "s3:ListBucket",
  "s3 ListObjectsV2": "s3:ListBucket",
  "s3 ListParts": "s3:ListMultipartUploadParts",
  "s3 PutBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3 PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
  "s3 UploadPart": "s3:PutObject",
  "s3 UploadPartCopy": "s3:GetObject s3:PutObject",
  "sts AssumeRole": "", // decided with the role's trust policy
  "sts GetCallerIdentity": "", // needs none
  "sts GetSessionToken": "", // needs none
};

/** Prefixes of actions that are not the signing name. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

Deno.test("every operation asks for the permissions that AWS's reference lists", async () => {
  await using scene = await Scene.open();
  const asked: Record<string, string> = {};
  const wanted: Record<string, string> = {};
  for (const [service, probes] of Object.entries(PROBES)) {
    for (const [name, probe] of Object.entries(probes)) {
      const input = await probe.input(scene);
      const requests = scene.operation(service, name).access(input, scene.request(probe));
      const id = `${service} ${name}`;
      asked[id] = requests.map(({ action }) => action).join(" ");
      wanted[id] = OTHERS[id] ?? `${PREFIXES[service] ?? service}:${name}`;
    }
  }
  assertEquals(asked, wanted);
});

/** Puts the object that copies are made of. */
async function putTagged(scene: Scene): Promise<void> {
  const Body = verifiedBody(new Blob(["x"]).stream(), { headers: new Headers() });
  await scene.call("s3", "PutObject", { Bucket: BUCKET, Key: "tagged", Tagging: "a=1", Body });
}

const IAM = `arn:aws:iam::${ACCOUNT_ID}`;
const Tags = [{ Key: "a", Value: "1" }];
const NAMED = { Bucket: BUCKET, Key: "copy" };
const SOURCE = { ...NAMED, CopySource: `${BUCKET}/tagged` };

// Where a refusal names no ARN, its words after "on resource:" stand behind the action.
for (
  const [service, name, input, wanted] of [
    // Refusals seen on AWS: CreateRole and CreatePolicy with Terraform's default tags (2021 to 2026).
    ["iam", "CreateUser", { UserName: "u", Tags }, ["iam:CreateUser", "iam:TagUser user u"]],
    ["iam", "CreateUser", { UserName: "u", Tags: [] }, ["iam:CreateUser"]],
    ["iam", "CreateRole", { RoleName: "r", Tags }, ["iam:CreateRole", "iam:TagRole role r"]],
    ["iam", "CreatePolicy", { PolicyName: "p", Tags }, [
      "iam:CreatePolicy",
      "iam:TagPolicy policy p",
    ]],
    ["iam", "GetRole", { RoleName: "r" }, ["iam:GetRole role r"]],
    ["iam", "PutUserPolicy", { UserName: "u" }, ["iam:PutUserPolicy user u"]],
    ["iam", "CreateAccessKey", { UserName: "u" }, ["iam:CreateAccessKey user u"]],
    ["iam", "GetPolicy", { PolicyArn: `${IAM}:policy/p` }, [
      `iam:GetPolicy policy ${IAM}:policy/p`,
    ]],
    ["s3", "ListBuckets", {}, ["s3:ListAllMyBuckets (unnamed)"]],
    // Seen on AWS in 2026.
    ["s3", "CreateBucket", { Bucket: "new-bucket", CreateBucketConfiguration: { Tags } }, [
      "s3:CreateBucket",
      "s3:TagResource",
    ]],
    ["s3", "PutObject", { ...NAMED, Tagging: "a=1" }, ["s3:PutObject", "s3:PutObjectTagging"]],
    ["s3", "CreateMultipartUpload", { ...NAMED, Tagging: "a=1" }, [
      "s3:PutObject",
      "s3:PutObjectTagging",
    ]],
    // The tags of the source are copied, unless the request replaces them.
    ["s3", "CopyObject", SOURCE, [
      "s3:GetObject",
      "s3:GetObjectTagging",
      "s3:PutObject",
      "s3:PutObjectTagging",
    ]],
    ["s3", "CopyObject", { ...SOURCE, TaggingDirective: "REPLACE", Tagging: "b=2" }, [
      "s3:GetObject",
      "s3:PutObject",
      "s3:PutObjectTagging",
    ]],
    ["s3", "CopyObject", { ...SOURCE, TaggingDirective: "REPLACE" }, [
      "s3:GetObject",
      "s3:PutObject",
    ]],
    ["logs", "CreateLogGroup", { logGroupName: "g", tags: { a: "1" } }, [
      "logs:CreateLogGroup",
      "logs:TagResource or logs:TagLogGroup",
    ]],
    ["firehose", "CreateDeliveryStream", { DeliveryStreamName: "s", Tags }, [
      "firehose:CreateDeliveryStream",
      "firehose:TagDeliveryStream",
    ]],
  ] as const
) {
  const given = Object.keys(input).join(", ");
  Deno.test(`${name} with ${given || "nothing"} asks for ${wanted.join(", ")}`, async () => {
    await using scene = await Scene.open();
    if (name === "CopyObject") await putTagged(scene);
    const requests = scene.operation(service, name).access(input, scene.request());
    assertEquals(
      requests.map(({ action, orAction, shownAs }) =>
        action + (orAction ? ` or ${orAction}` : "") +
        (shownAs === undefined ? "" : ` ${shownAs || "(unnamed)"}`)
      ),
      [...wanted],
    );
  });
}
