/**
 * Events of other services for functions: people have them at hand when they look for Firehose's.
 * @module
 */

import { COURSE, type Explanation } from "../../../sandbox/knowledge/explanation.ts";
import { memberOf, objectIn, textIn } from "../shared/json_members.ts";

type Document = Readonly<Record<string, unknown>>;

/**
 * An event that another service than Firehose sends to a function, or that Firehose sends for another source,
 * or a producer's call; undefined for other documents.
 */
export function explainOtherEvent(document: Document): Explanation | undefined {
  if (isOfMsk(document)) return MSK_EVENT;
  if (isPut(document)) return PUT;
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

function isOfMsk(document: Document): boolean {
  const records = memberOf(document, "records");
  const [first] = Array.isArray(records) ? records.map(objectIn) : [];
  return textIn(first ?? {}, "kafkaRecordValue") !== undefined;
}

/** https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html, December 2026. */
const MSK_EVENT: Explanation = {
  subject: "the event of a delivery stream that reads from MSK",
  happened:
    "Its function finds the data of a record in kafkaRecordValue, and answers it there, not in data.",
  numbers: [],
  cure: "This project has streams with Direct PUT only: it can't say more of this event.",
};

function isPut(document: Document): boolean {
  if (textIn(document, "DeliveryStreamName") === undefined) return false;
  return "Record" in document || Array.isArray(memberOf(document, "Records"));
}

const PUT: Explanation = {
  subject: "what a producer puts: the input of PutRecord or PutRecordBatch",
  happened:
    "Firehose gives its records to the function in an event, each with a recordId and the same data.",
  numbers: [],
  next: ["deno task rehearse FUNCTION --records THIS-FILE sends them through your function"],
  course: COURSE.event,
};

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
