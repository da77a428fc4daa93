/**
 * The bucket and the role that a delivery stream needs. Notebook 1 makes them by hand; the ones
 * after it by these.
 * @module
 */

import { CreateRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Change } from "./change.ts";
import { ensureRolePolicy } from "./function_role.ts";
import type { Names, Tag } from "../place/names.ts";

/** What is needed of a notebook's {@linkcode Lab}. */
export interface DeliveryPlace {
  readonly iam: IAMClient;
  readonly s3: S3Client;
  readonly names: Names;
  readonly tags: Tag[];
  readonly accountId: string;
}

const POLICY_NAME = "deliver";

/** Makes the notebook's bucket and delivery role, or mends the role's permissions; what changed. */
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
  const change = await created("BucketAlreadyOwnedByYou", () =>
    s3.send(
      new CreateBucketCommand({ Bucket: names.bucket, CreateBucketConfiguration: { Tags: tags } }),
    ));
  return { what: `bucket ${names.bucket}`, change };
}

async function ensureRole({ iam, names, tags, accountId }: DeliveryPlace): Promise<Change> {
  const trust = trustPolicy("firehose.amazonaws.com", accountId);
  const change = await created("EntityAlreadyExistsException", () =>
    iam.send(
      new CreateRoleCommand({
        RoleName: names.deliveryRole,
        AssumeRolePolicyDocument: JSON.stringify(trust),
        Description: "Delivery role of a Firehose Lab notebook",
        Tags: tags,
      }),
    ));
  return { what: `role ${names.deliveryRole}`, change };
}

async function created(
  thereAlready: string,
  create: () => Promise<unknown>,
): Promise<Change["change"]> {
  try {
    await create();
    return "created";
  } catch (error) {
    if (error instanceof Error && error.name === thereAlready) return "unchanged";
    throw error;
  }
}
