/**
 * `AWS::S3::Bucket`. The settings that every new bucket has (private, encrypted with AES256) may be
 * given; others are refused, since the sandbox's buckets have no settings.
 * @module
 */

import { type Call, joinedName, refuse, type Resource, type ResourceType } from "../resource.ts";
import { isList, isMap, listAt, mapAt, textAt, type Value, type ValueMap } from "../value.ts";

const domain = (host: string) => ({ name }: Resource) => `${name}.${host}`;
const regional = (host: string) => ({ name, stack: { region } }: Resource) =>
  `${name}.${host}.${region}.amazonaws.com`;

/** What GetBucket… says of every bucket here, by property. */
const SETTINGS_OF_EVERY_BUCKET: Readonly<Record<string, (value: Value) => boolean>> = {
  AccessControl: (value) => value === "Private",
  BucketEncryption: isDefaultEncryption,
  OwnershipControls: (value) =>
    rulesOf(value).every(({ ObjectOwnership }) => ObjectOwnership === "BucketOwnerEnforced"),
  PublicAccessBlockConfiguration: (value) =>
    isMap(value) && Object.values(value).every((setting) => `${setting}` === "true"),
  VersioningConfiguration: (value) => isMap(value) && value.Status !== "Enabled",
};

export const BUCKET: ResourceType = {
  nameProperty: "BucketName",
  newName: (parts) => joinedName(parts, 63).toLowerCase(),
  reads: ["BucketName", "Tags", ...Object.keys(SETTINGS_OF_EVERY_BUCKET)],
  attributes: {
    Arn: ({ name }) => `arn:aws:s3:::${name}`,
    DomainName: domain("s3.amazonaws.com"),
    RegionalDomainName: regional("s3"),
    DualStackDomainName: regional("s3.dualstack"),
  },
  calls: bucketCalls,
};

function bucketCalls(bucket: Resource): Call[] {
  for (const [name, isUsual] of Object.entries(SETTINGS_OF_EVERY_BUCKET)) {
    const value = bucket.property(name);
    if (value !== undefined && !isUsual(value)) refuse(bucket, [name], ` as ${shown(value)}`);
  }
  const Bucket = bucket.name;
  const tags = listAt(bucket.property("Tags"), [...bucket.path, "Tags"]);
  return [
    createBucket(Bucket, bucket.stack.region),
    ...(tags.length === 0 ? [] : [{
      operation: "PutBucketTagging",
      input: { Bucket, Tagging: { TagSet: tags } },
    }]),
  ];
}

/** CreateBucket in a region; us-east-1 is the one that is not named. */
export function createBucket(Bucket: string, region: string): Call {
  const CreateBucketConfiguration = region === "us-east-1"
    ? undefined
    : { LocationConstraint: region };
  return { operation: "CreateBucket", input: { Bucket, CreateBucketConfiguration } };
}

function isDefaultEncryption(value: Value): boolean {
  const { ServerSideEncryptionConfiguration: rules } = mapAt(value, []);
  return isList(rules) && rules.every((rule) => {
    const { ServerSideEncryptionByDefault: usual } = mapAt(rule, []);
    return isMap(usual) && usual.SSEAlgorithm === "AES256";
  });
}

function rulesOf(value: Value): readonly ValueMap[] {
  return listAt(mapAt(value, []).Rules, []).map((rule) => mapAt(rule, []));
}

const shown = (value: Value): string =>
  isMap(value) || isList(value) ? JSON.stringify(value) : textAt(value, []);
