/**
 * Reads a decompressed record as one JSON document, and writes it as one line.
 * After gunzip, before the partition keys.
 * @module
 */

import { Buffer, isUtf8 } from "node:buffer";
import type { Outcome } from "./outcome.ts";

/** A document of a record. */
export interface JsonDocument {
  /** Decompressed, in UTF-8. */
  readonly bytes: Buffer;
  /** The same bytes as text. */
  readonly text: string;
  readonly object: JsonObject;
}

/** A JSON object from `JSON.parse`: its members are own properties, whatever their names. */
export type JsonObject = Readonly<Record<string, unknown>>;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * The document in `bytes`. Several documents in one record are refused: a response record has one set
 * of partition keys. (The processor `RecordDeAggregation` splits records, but before they are
 * decompressed.)
 */
export function parseDocument(bytes: Buffer): Outcome<JsonDocument> {
  // Decoding would put replacement characters in place of bytes that are not UTF-8.
  if (!isUtf8(bytes)) return { reason: "the document is not UTF-8" };
  const text = bytes.toString();
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch { // Its message quotes the data.
    return { reason: "the document is not JSON, or more than one document" };
  }
  if (!isJsonObject(object)) return { reason: "the document is not a JSON object" };
  return { value: { bytes, text, object } };
}

/** Whether the text has no line end, or only one line feed at its end. Searching text is fast. */
export function isOneLine({ text }: Pick<JsonDocument, "text">): boolean {
  const lineEnd = text.indexOf("\n");
  return (lineEnd < 0 || lineEnd === text.length - 1) && !text.includes("\r");
}

/**
 * The document's bytes as one line with a line feed. Each line end inside becomes a space. In valid
 * JSON line ends stand between tokens only, where a space means the same.
 */
export function toLine(document: Pick<JsonDocument, "bytes" | "text">): Buffer {
  const { bytes } = document;
  let [start, end] = [0, bytes.length];
  while (start < end && isBlank(bytes[start])) start++;
  while (end > start && isBlank(bytes[end - 1])) end--;
  const line = Buffer.allocUnsafe(end - start + 1);
  bytes.copy(line, 0, start, end);
  line[line.length - 1] = LINE_FEED;
  if (isOneLine(document)) return line;
  for (const lineEnd of [LINE_FEED, CARRIAGE_RETURN]) {
    const lastAt = line.length - 1;
    let at = line.indexOf(lineEnd);
    while (at >= 0 && at < lastAt) {
      line[at] = SPACE;
      at = line.indexOf(lineEnd, at + 1);
    }
  }
  return line;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
