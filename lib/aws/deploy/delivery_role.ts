/**
 * The bucket and the role that a delivery stream needs. Notebook 1 makes them by hand; the notebooks
 * after it call this.
 * @module
 */

import { CreateRoleCommand, type IAMClient, ListRoleTagsCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Change } from "./change.ts";
import { ensureRolePolicy } from "./function_role.ts";
import type { Names, Tag } from "../place/names.ts";
import { assertOurs, type FoundTags } from "../place/ownership.ts";
import { bucketTags } from "../place/bucket_tags.ts";

/** The part of a notebook's {@linkcode Lab} that this uses. */
export interface DeliveryPlace {
  readonly iam: IAMClient;
  readonly s3: S3Client;
  readonly names: Names;
  readonly tags: Tag[];
  readonly accountId: string;
}

const POLICY_NAME = "deliver";

/**
 * Makes the notebook's bucket and delivery role, or corrects the role's permissions; what changed.
 * Throws a `NotOursError` if somebody else's have their names.
 */
export async function ensureDelivery(place: DeliveryPlace): Promise<Change[]> {
  const { iam, names } = place;
  const permissions = await ensureRole(place).then(async (change) => [
    change,
    await ensureRolePolicy(iam, names.deliveryRole, POLICY_NAME, deliveryPolicy(names)),
  ]);
  return [await ensureBucket(place), ...permissions];
}

/** Who may assume a role: a service, and only on behalf of this account. */
export function trustPolicy(service: string, accountId: string) {
  return {
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "sts:ExternalId": accountId } },
    }],
  };
}

/**
 * What a delivery stream needs to write to its bucket and its log.
 * https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
 */
export function deliveryPolicy({ bucketArn, streamLogGroup, streamArn }: Names) {
  const [, partition, , region, accountId] = streamArn.split(":");
  const logGroup = `arn:${partition}:logs:${region}:${accountId}:log-group:${streamLogGroup}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: [
          "s3:AbortMultipartUpload",
          "s3:GetBucketLocation",
          "s3:GetObject",
          "s3:ListBucket",
          "s3:ListBucketMultipartUploads",
          "s3:PutObject",
        ],
        Resource: [bucketArn, `${bucketArn}/*`],
      },
      {
        Effect: "Allow",
        Action: ["logs:PutLogEvents"],
        Resource: [`${logGroup}:log-stream:*`],
      },
    ],
  };
}

async function ensureBucket({ s3, names, tags }: DeliveryPlace): Promise<Change> {
  const Bucket = names.bucket;
  const change = await created(
    "BucketAlreadyOwnedByYou",
    () => s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { Tags: tags } })),
    async () => await bucketTags(s3, Bucket),
    `bucket ${Bucket}`,
  );
  return { what: `bucket ${Bucket}`, change };
}

async function ensureRole({ iam, names, tags, accountId }: DeliveryPlace): Promise<Change> {
  const RoleName = names.deliveryRole;
  const trust = trustPolicy("firehose.amazonaws.com", accountId);
  const create = new CreateRoleCommand({
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify(trust),
    Description: "Delivery role of a Firehose Lab notebook",
    Tags: tags,
  });
  const change = await created(
    "EntityAlreadyExistsException",
    () => iam.send(create),
    async () => (await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags,
    `role ${RoleName}`,
  );
  return { what: `role ${RoleName}`, change };
}

/** Creates a thing, or finds that it is there. Throws a `NotOursError` if it is somebody else's. */
async function created(
  thereAlready: string,
  create: () => Promise<unknown>,
  tagsOf: () => Promise<FoundTags>,
  what: string,
): Promise<Change["change"]> {
  try {
    await create();
    return "created";
  } catch (error) {
    if (!(error instanceof Error) || error.name !== thereAlready) throw error;
  }
  await assertOurs(what, tagsOf);
  return "unchanged";
}
