/**
 * SDK clients for a sandbox under test.
 * @module
 */

import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";

/** Where a client calls, and as whom. */
export interface ClientOptions {
  readonly endpoint: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** us-east-1 unless said otherwise. */
  readonly region?: string;
}

/** One client for each service. They try once: a test wants to see the first answer. */
export function clientsFor({ endpoint, credentials, region = "us-east-1" }: ClientOptions) {
  const options = { endpoint, credentials, region, maxAttempts: 1 };
  const clients = {
    firehose: new FirehoseClient(options),
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
    metrics: new CloudWatchClient(options),
    s3: new S3Client(options),
    sts: new STSClient(options),
  };
  return {
    ...clients,
    /** Closes their connections, which would keep the test waiting. */
    [Symbol.dispose]: () => Object.values(clients).forEach((client) => client.destroy()),
  };
}
