/**
 * Events of other services for functions: people have them at hand when they look for Firehose's.
 * @module
 */

import { COURSE, type Explanation } from "../../../sandbox/knowledge/explanation.ts";
import { memberOf, objectIn, textIn } from "../shared/json_members.ts";

type Document = Readonly<Record<string, unknown>>;

/** An event that another service than Firehose sends to a function; undefined for other documents. */
export function explainOtherEvent(document: Document): Explanation | undefined {
  const service = serviceOf(document);
  if (service === undefined) return undefined;
  return {
    subject: `an event of ${service}`,
    happened:
      "Firehose does not send this to a function. Its event has records, each with recordId, " +
      "approximateArrivalTimestamp and data in base64.",
    numbers: [],
    cure:
      "Log the event that your function gets from Firehose, or use the course's sample. A function " +
      "that is written for this event cannot be the stream's processor.",
    course: COURSE.event,
  };
}

function serviceOf(document: Document): string | undefined {
  if (textIn(objectIn(document.awslogs), "data") !== undefined) {
    return "a CloudWatch Logs subscription";
  }
  if ("httpMethod" in document || "routeKey" in document) return "API Gateway";
  if ("detail-type" in document) return "EventBridge";
  const records = memberOf(document, "Records");
  const [first] = Array.isArray(records) ? records.map(objectIn) : [];
  const source = first && (textIn(first, "eventSource") ?? textIn(first, "EventSource"));
  // CloudTrail's logs have such lists too: their sources are like firehose.amazonaws.com.
  return source?.startsWith("aws:") ? source : undefined;
}
