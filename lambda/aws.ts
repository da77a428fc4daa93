/**
 * The function's calls to AWS, with AWS's own clients. A client is loaded at its first call: most
 * invocations make none, so the function starts faster.
 * @module
 */

import type { FirehoseClient } from "@aws-sdk/client-firehose";
import type { S3Client } from "@aws-sdk/client-s3";
import type { FunctionAws } from "./answer.ts";

/**
 * Each call is tried once: the caller knows how much time is left. Region, credentials and endpoint
 * come from the function's environment.
 */
const CLIENT_OPTIONS = { maxAttempts: 1 };

/** Calls AWS as the function's role. Connections stay open from one invocation to the next. */
export function connectAws(): FunctionAws {
  let firehose: FirehoseClient | undefined;
  let s3: S3Client | undefined;
  return {
    putRecordBatch: async (deliveryStreamName, records, signal) => {
      const { FirehoseClient, PutRecordBatchCommand } = await import("@aws-sdk/client-firehose");
      firehose ??= new FirehoseClient(CLIENT_OPTIONS);
      const { RequestResponses = [] } = await firehose.send(
        new PutRecordBatchCommand({
          DeliveryStreamName: deliveryStreamName,
          Records: records.map((data) => ({ Data: data })),
        }),
        { abortSignal: signal },
      );
      return RequestResponses.map(({ RecordId, ErrorCode }) =>
        RecordId ? undefined : ErrorCode ?? "NoRecordId"
      );
    },
    putObject: async ({ bucket, key, body }, signal) => {
      const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
      s3 ??= new S3Client(CLIENT_OPTIONS);
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }),
        { abortSignal: signal },
      );
    },
  };
}
