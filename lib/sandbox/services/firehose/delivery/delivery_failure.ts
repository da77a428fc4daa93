/**
 * Why a delivery was refused: the codes and texts that Firehose writes to its CloudWatch log.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 * @module
 */

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

/** A problem of the sandbox itself, such as a full disk: not a refusal by AWS. */
export const internalError = (cause: unknown) =>
  new DeliveryFailure(
    "InternalError",
    "An internal error occurred while attempting to deliver data. Delivery will be retried; if " +
      "the error persists, then it will be reported to AWS for resolution.",
    { cause },
  );
