/**
 * Control messages of CloudWatch Logs: a subscription sends one to see whether the stream can be
 * reached. It holds no log events, so a function or a jq expression often fails on it, and to send it
 * again would make it fail again.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";

/** A control message is a few hundred bytes. */
const CONTROL_BYTES_MAX = 4_096;

/** Whether a record is a control message, gzipped as CloudWatch Logs sends it or as it is. */
export function isControlMessage(data: Uint8Array): boolean {
  if (data.length > CONTROL_BYTES_MAX) return false;
  const content = contentOf(data);
  // Looked for in the bytes: a redrive asks this of every record.
  if (!content.includes("CONTROL_MESSAGE")) return false;
  const text = new TextDecoder().decode(content);
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && "messageType" in document &&
      document.messageType === "CONTROL_MESSAGE";
  } catch {
    return false;
  }
}

function contentOf(data: Uint8Array): Buffer {
  if (data[0] !== 0x1f || data[1] !== 0x8b) {
    return Buffer.from(data.buffer, data.byteOffset, data.length);
  }
  try {
    return gunzipSync(data, { maxOutputLength: CONTROL_BYTES_MAX });
  } catch {
    return Buffer.alloc(0); // damaged, or too large to be one
  }
}
