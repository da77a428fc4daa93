/**
 * The only error class that reaches an AWS client. Services throw it. The protocol of the request
 * decides its form on the wire (JSON `__type`, XML `<Code>`, `x-amzn-ErrorType`).
 * @module
 */

/** What an error may carry besides its code, status and message. */
export interface AwsErrorDetails {
  /** Members beside the message: XML elements of S3 (`BucketName`), JSON members (`Reason`). */
  readonly fields?: Readonly<Record<string, string>>;
  /** Headers of the answer, such as S3's `x-amz-bucket-region`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * An error as AWS would answer it: `code` is the type on the wire
 * (`ResourceNotFoundException`, `NoSuchKey`), `status` the HTTP status, `message` AWS's own
 * text if it is known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const error = new AwsError("NoSuchBucket", 404, "The specified bucket does not exist", {
 *   fields: { BucketName: "b" },
 * });
 * assertEquals(error.fields, { BucketName: "b" });
 * ```
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    status: number,
    message: string,
    details: AwsErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.name = code;
    this.code = code;
    this.status = status;
    this.fields = details.fields ?? {};
    this.headers = details.headers ?? {};
  }
}
