/**
 * Control messages of CloudWatch Logs: a subscription sends one to see whether the stream can be
 * reached. It holds no log events, so a function or a jq expression often fails on it, and to send it
 * again would make it fail again.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 * @module
 */

import { gunzipSync } from "node:zlib";

/** A control message is a few hundred bytes. */
const CONTROL_BYTES_MAX = 4_096;

/** Whether a record is a control message, gzipped as CloudWatch Logs sends it or as it is. */
export function isControlMessage(data: Uint8Array): boolean {
  if (data.length > CONTROL_BYTES_MAX) return false;
  const text = textOf(data);
  if (!text.includes("CONTROL_MESSAGE")) return false;
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && "messageType" in document &&
      document.messageType === "CONTROL_MESSAGE";
  } catch {
    return false;
  }
}

function textOf(data: Uint8Array): string {
  if (data[0] !== 0x1f || data[1] !== 0x8b) return new TextDecoder().decode(data);
  try {
    const content = gunzipSync(data, { maxOutputLength: CONTROL_BYTES_MAX });
    return new TextDecoder().decode(content);
  } catch {
    return ""; // damaged, or too large to be one
  }
}
