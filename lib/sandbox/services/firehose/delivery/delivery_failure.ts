/**
 * Why a delivery was refused: the codes and texts that Firehose writes to its CloudWatch log.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 * @module
 */

import type { AwsError } from "../../../errors.ts";

/** A delivery that will be tried again. */
export class DeliveryFailure extends Error {
  constructor(readonly errorCode: string, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

// Captured in 2026: the guide still says "Kinesis Data Firehose".
export const s3AccessDenied = () =>
  new DeliveryFailure(
    "S3.AccessDenied",
    "Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose " +
      "to assume the role, and the access policy allows access to the S3 bucket.",
  );

export const s3NoSuchBucket = () =>
  new DeliveryFailure(
    "S3.NoSuchBucket",
    "The specified bucket does not exist. Create the bucket or use a different bucket that does " +
      "exist.",
  );

/** A prefix of 512 characters may be over 1,024 bytes of UTF-8 with the rest of the key. */
export const s3KeyTooLong = () =>
  internalError("S3 answered KeyTooLongError: Your key is too long");

const ACCOUNT_DISABLED = "Access to the account provided has been disabled. Contact AWS Support.";

/**
 * S3's other refusals that Firehose has a code for, and its texts (guide, copy of 2023). Those of KMS
 * come by a fault only, since the sandbox has no keys.
 */
const S3_TEXTS: Readonly<Record<string, string>> = {
  MethodNotAllowed:
    "The specified method is not allowed against this resource. Modify the bucket's policy to allow " +
    "the correct Amazon S3 operation permissions.",
  AccountProblem:
    "There is a problem with your AWS account that prevents the operation from completing " +
    "successfully. Contact AWS Support.",
  AllAccessDisabled: ACCOUNT_DISABLED,
  InvalidPayer: ACCOUNT_DISABLED,
  NotSignedUp:
    "The account is not signed up for Amazon S3. Sign the account up or use a different account.",
  "KMS.NotFoundException":
    "The provided AWS KMS key was not found. If you are using what you believe to be a valid AWS KMS " +
    "key with the correct role, check if there is a problem with the account to which the AWS KMS " +
    "key is attached.",
  "KMS.RequestLimitExceeded":
    "The KMS request per second limit was exceeded while attempting to encrypt S3 objects. Increase " +
    "the request per second limit.",
};

/** What Firehose says of an error of S3. Errors without a code of Firehose's are internal to it. */
export function s3Failure({ code, message }: AwsError): DeliveryFailure {
  if (code === "AccessDenied") return s3AccessDenied();
  if (code === "NoSuchBucket") return s3NoSuchBucket();
  const known = code === KMS_THROTTLED ? "KMS.RequestLimitExceeded" : code;
  const text = S3_TEXTS[known];
  if (text === undefined) return internalError(`S3 answered ${code}: ${message}`);
  return new DeliveryFailure(`S3.${known}`, text);
}

/**
 * KMS's answer to too many requests, also to those that S3 makes; S3 itself answers SlowDown.
 * https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html
 */
const KMS_THROTTLED = "ThrottlingException";

/** A problem of the sandbox itself, such as a full disk: not a refusal by AWS. */
export const internalError = (cause: unknown) =>
  new DeliveryFailure(
    "InternalError",
    "An internal error occurred while attempting to deliver data. Delivery will be retried; if " +
      "the error persists, then it will be reported to AWS for resolution.",
    { cause },
  );
