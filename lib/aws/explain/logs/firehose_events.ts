/**
 * Firehose's own log: one JSON document for each kind of error.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 * @module
 */

import { textIn } from "../shared/json_members.ts";
import type { Sign } from "./signs.ts";

/** The code of a line of Firehose's log; empty for any other document. */
export function firehoseEvent(value: Readonly<Record<string, unknown>>): readonly Sign[] {
  const errorCode = textIn(value, "errorCode");
  if (errorCode === undefined || textIn(value, "deliveryStreamARN") === undefined) return [];
  const message = textIn(value, "message") ?? "";
  return [{ kind: "note", note: { topic: "firehose", values: [errorCode, message] } }];
}
