/**
 * The documents that CloudWatch Logs sends to the destination of a subscription filter, and their
 * gzip form. Pure.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 * @module
 */

import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { placeDigits } from "./event_pages.ts";
import type { Position } from "./log_events.ts";

/** Bytes of a record of a delivery stream. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const RECORD_BYTES_MAX = 1_024_000;

/** An event that a filter forwards. */
export interface ForwardedEvent extends Position {
  readonly message: string;
}

/** A DATA_MESSAGE, as JSON: the events of one log stream. */
export function dataMessage(
  { owner, logGroup, logStream, filterName, events }: {
    /** The account's id. */
    readonly owner: string;
    readonly logGroup: string;
    readonly logStream: string;
    readonly filterName: string;
    readonly events: readonly ForwardedEvent[];
  },
): string {
  return JSON.stringify({
    messageType: "DATA_MESSAGE",
    owner,
    logGroup,
    logStream,
    subscriptionFilters: [filterName],
    logEvents: events.map((event) => ({
      id: placeDigits(event),
      timestamp: event.timestampMs,
      message: event.message,
    })),
  });
}

/** What a destination gets first, when a filter is put: members and text as AWS sends them. */
export function controlMessage(nowMs: number): string {
  return JSON.stringify({
    messageType: "CONTROL_MESSAGE",
    owner: "CloudwatchLogs",
    logGroup: "",
    logStream: "",
    subscriptionFilters: [],
    logEvents: [{
      id: "",
      timestamp: nowMs,
      message: "CWL CONTROL MESSAGE: Checking health of destination Firehose.",
    }],
  });
}

/** How many events a document holds. */
export const eventCount = (document: string): number => eventsOf(document).length;

/**
 * A document in two halves of its events, where it is too large for one record; undefined if it
 * holds a single event.
 */
export function halves(document: string): readonly [string, string] | undefined {
  const events = eventsOf(document);
  if (events.length < 2) return undefined;
  const whole: Readonly<Record<string, unknown>> = JSON.parse(document);
  const part = (logEvents: readonly unknown[]) => JSON.stringify({ ...whole, logEvents });
  const middle = Math.ceil(events.length / 2);
  return [part(events.slice(0, middle)), part(events.slice(middle))];
}

/** Our own documents, written by {@linkcode dataMessage}. */
function eventsOf(document: string): readonly unknown[] {
  const { logEvents }: { readonly logEvents: readonly unknown[] } = JSON.parse(document);
  return logEvents;
}

const gzipped = promisify(gzip);

/** The document as a record: gzip. Undefined if that is too large for a record. */
export async function recordOf(document: string): Promise<Uint8Array | undefined> {
  const record = await gzipped(document);
  return record.length <= RECORD_BYTES_MAX ? new Uint8Array(record) : undefined;
}
