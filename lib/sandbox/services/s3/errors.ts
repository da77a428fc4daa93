/**
 * S3's errors, with AWS's texts: some end without a full stop.
 * @module
 */

import { AwsError } from "../../errors.ts";

export const noSuchBucket = (BucketName: string) =>
  new AwsError("NoSuchBucket", 404, "The specified bucket does not exist", {
    fields: { BucketName },
  });

/**
 * A bucket of another region than that of the signature. The endpoint is the sandbox's, so that a
 * client that follows it does not reach AWS.
 */
export const permanentRedirect = (Bucket: string, region: string) =>
  new AwsError(
    "PermanentRedirect",
    301,
    "The bucket you are attempting to access must be addressed using the specified endpoint. " +
      "Please send all future requests to this endpoint.",
    {
      fields: { Endpoint: `${Bucket}.s3.${region}.localhost`, Bucket },
      headers: { "x-amz-bucket-region": region },
    },
  );

export const noSuchVersion = () =>
  new AwsError("NoSuchVersion", 404, "The specified version does not exist.");

export const noSuchKey = (Key: string) =>
  new AwsError("NoSuchKey", 404, "The specified key does not exist.", { fields: { Key } });

/** AWS does not show every value. */
export const invalidArgument = (message: string, ArgumentName: string, ArgumentValue?: string) =>
  new AwsError("InvalidArgument", 400, message, {
    fields: { ArgumentName, ...(ArgumentValue === undefined ? {} : { ArgumentValue }) },
  });

export const invalidRequest = (message: string) => new AwsError("InvalidRequest", 400, message);

export const preconditionFailed = (Condition: string) =>
  new AwsError(
    "PreconditionFailed",
    412,
    "At least one of the pre-conditions you specified did not hold",
    { fields: { Condition } },
  );

export const malformedXml = () =>
  new AwsError(
    "MalformedXML",
    400,
    "The XML you provided was not well-formed or did not validate against our published schema",
  );

export const badDigest = (algorithm: string) =>
  new AwsError(
    "BadDigest",
    400,
    `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
  );

/** A header, query key or member for something that the sandbox does not have. */
export const notImplemented = (Header: string) =>
  new AwsError(
    "NotImplemented",
    501,
    `A header you provided implies functionality that is not implemented: ${Header}`,
    { fields: { Header } },
  );

/** Refuses a version: without versioning there is "null" only. */
export function checkVersion(versionId: string | undefined): void {
  if (versionId === undefined || versionId === "null") return;
  throw invalidArgument(
    versionId === "" ? "Version id cannot be the empty string" : "Invalid version id specified",
    "versionId",
    versionId,
  );
}
