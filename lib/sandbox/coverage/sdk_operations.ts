/**
 * All operations of the sandbox's services that AWS's SDK knows, from its schemas.
 * @module
 */

import * as cloudWatch from "@aws-sdk/client-cloudwatch";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as firehose from "@aws-sdk/client-firehose";
import * as iam from "@aws-sdk/client-iam";
import * as lambda from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import * as sts from "@aws-sdk/client-sts";
import { operationSchemas } from "../sdk_schemas.ts";

/** A service's name for people, and its operations. */
export interface SdkService {
  readonly title: string;
  readonly operations: readonly string[];
}

/** By signing name. */
export const SDK_SERVICES: ReadonlyMap<string, SdkService> = new Map([
  ["firehose", service("Amazon Data Firehose", firehose)],
  ["s3", service("Amazon S3", s3)],
  ["iam", service("AWS Identity and Access Management (IAM)", iam)],
  ["sts", service("AWS Security Token Service (STS)", sts)],
  ["lambda", service("AWS Lambda", lambda)],
  ["logs", service("Amazon CloudWatch Logs", logs)],
  ["monitoring", service("Amazon CloudWatch", cloudWatch)],
]);

function service(title: string, client: object): SdkService {
  return { title, operations: operationSchemas(client).map((schema) => schema[2]).sort() };
}
