/**
 * Decompression of what CloudWatch Logs sends, and extraction of its messages. After the journal,
 * before de-aggregation and `transform`. Follows "Decompression of CloudWatch Logs" and "Message
 * extraction" (https://docs.aws.amazon.com/firehose/latest/dev/Message_extraction.html); what they
 * leave open is as a public capture of AWS (2026) reports it. Pure.
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { Decompression } from "../configuration/logs_processors.ts";
import { isObject } from "../../../values.ts";

/**
 * Bytes that one record may become. Ours, against records that are mostly air: a batch of log
 * events, at most 1 MiB, becomes 8 MiB of JSON in the worst case.
 */
export const DECOMPRESSED_BYTES_MAX = 16 * 1024 * 1024;

/**
 * The bytes that go on in place of a gzip record: its JSON as it stands, or with extraction the
 * message of each log event and a line feed, so that a CONTROL_MESSAGE becomes an empty record.
 * Undefined for a record that is not gzip, not JSON or, with extraction, not from CloudWatch Logs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gzipSync } from "node:zlib";
 * const document = { messageType: "DATA_MESSAGE", logEvents: [{ message: "a" }, { message: "b" }] };
 * const record = gzipSync(JSON.stringify(document));
 * const data = decompressed(record, { extractsMessages: true });
 * assertEquals(new TextDecoder().decode(data), "a\nb\n");
 * ```
 */
export function decompressed(
  record: Uint8Array,
  { extractsMessages }: Decompression,
): Uint8Array | undefined {
  const json = gunzipped(record);
  const document = json && parsed(json);
  if (!document) return undefined;
  return extractsMessages ? messagesOf(document.value) : json;
}

function gunzipped(record: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(record, { maxOutputLength: DECOMPRESSED_BYTES_MAX });
  } catch {
    return undefined;
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function parsed(json: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(UTF8.decode(json)) };
  } catch {
    return undefined;
  }
}

function messagesOf(document: unknown): Uint8Array | undefined {
  if (!isObject(document)) return undefined;
  const { messageType, logEvents } = document;
  if (messageType === "CONTROL_MESSAGE") return new Uint8Array();
  if (messageType !== "DATA_MESSAGE" || !Array.isArray(logEvents)) return undefined;
  const messages = logEvents.map((event) => isObject(event) ? event.message : undefined);
  if (!messages.every((message) => typeof message === "string")) return undefined;
  return Buffer.from(messages.map((message) => `${message}\n`).join(""));
}
