/**
 * The types of resources that a template may have.
 * @module
 */

import type { ResourceType } from "../resource.ts";
import { DELIVERY_STREAM } from "./firehose.ts";
import { MANAGED_POLICY, POLICY, ROLE, USER } from "./iam.ts";
import { FUNCTION, PERMISSION } from "./lambda.ts";
import { LOG_GROUP, LOG_STREAM, SUBSCRIPTION_FILTER } from "./logs.ts";
import { BUCKET } from "./s3.ts";

export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map([
  ["AWS::IAM::ManagedPolicy", MANAGED_POLICY],
  ["AWS::IAM::Policy", POLICY],
  ["AWS::IAM::Role", ROLE],
  ["AWS::IAM::User", USER],
  ["AWS::KinesisFirehose::DeliveryStream", DELIVERY_STREAM],
  ["AWS::Lambda::Function", FUNCTION],
  ["AWS::Lambda::Permission", PERMISSION],
  ["AWS::Logs::LogGroup", LOG_GROUP],
  ["AWS::Logs::LogStream", LOG_STREAM],
  ["AWS::Logs::SubscriptionFilter", SUBSCRIPTION_FILTER],
  ["AWS::S3::Bucket", BUCKET],
]);

/** Types that make nothing, and why. */
export const MAKES_NOTHING: ReadonlyMap<string, string> = new Map([
  ["AWS::CDK::Metadata", "tells AWS the version of CDK"],
  ["Custom::S3AutoDeleteObjects", "acts when the stack is deleted"],
]);
