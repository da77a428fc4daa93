/**
 * Constraints of CloudWatch's members, from its model (2010-08-01), and its dimensions.
 * @module
 */

import type { Dimension, StandardUnit } from "@aws-sdk/client-cloudwatch";
import type { MemberConstraint } from "../../constraints.ts";
import type { AccessRequest, ConditionContext } from "../../access/caller.ts";

export const NAMESPACE: MemberConstraint = { length: [1, 255], pattern: "[^:].*" };
export const METRIC_NAME: MemberConstraint = { length: [1, 255] };
export const DIMENSIONS: MemberConstraint = {
  length: [0, 30],
  item: {
    members: {
      Name: { required: true, length: [1, 255] },
      Value: { required: true, length: [1, 1_024] },
    },
  },
};
export const PERIOD: MemberConstraint = { required: true, range: [1, Number.MAX_SAFE_INTEGER] };
/** The units of metrics, in the order in which a refusal names them. */
// deno-fmt-ignore
export const UNITS: readonly StandardUnit[] = [
  "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes",
  "Megabytes", "Gigabytes", "Terabytes", "Bits", "Kilobits",
  "Megabits", "Gigabits", "Terabits", "Percent", "Count",
  "Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second",
  "Bits/Second", "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second",
  "Count/Second", "None",
];
export const UNIT: MemberConstraint = { enum: UNITS };
export const required = (constraint: MemberConstraint): MemberConstraint => ({
  ...constraint,
  required: true,
});

/** Dimensions as a record; the last of a name counts. */
export function dimensionRecord(dimensions: readonly Dimension[] = []): Record<string, string> {
  return Object.fromEntries(dimensions.map(({ Name = "", Value = "" }) => [Name, Value]));
}

/** What an operation asks of IAM: CloudWatch's metrics are no resources. */
export function metricAccess(action: string, conditions?: ConditionContext): AccessRequest[] {
  return [{ action: `cloudwatch:${action}`, resource: "*", conditions, shownAs: "" }];
}
