/**
 * Records for a rehearsal, out of the files that people have: lines, JSON, a captured event, an error
 * object, each of them compressed or not.
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { isObject } from "../../sandbox/values.ts";

/** What a file was taken for, and the records in it. */
export interface RecordsOfFile {
  readonly kind: "captured event" | "error object" | "JSON array" | "lines";
  readonly records: readonly Uint8Array[];
}

/** A file may decompress to this; a rehearsal needs a sample, not a day of data. */
const FILE_BYTES_MAX = 512 * 1024 * 1024;

/**
 * The records of a file. A captured event gives the `data` of its records, an error object the
 * `rawData` of each line, a JSON array its elements, and any other text its lines, without their
 * line feeds. A file that is gzip is decompressed first. Throws a `TypeError` for a file without
 * records, and zlib's error for broken gzip.
 */
export function recordsIn(file: Uint8Array): RecordsOfFile {
  const bytes = isGzip(file) ? gunzipSync(file, { maxOutputLength: FILE_BYTES_MAX }) : file;
  const text = new TextDecoder().decode(bytes);
  const found = fromDocument(text) ?? fromLines(text);
  if (found.records.length === 0) throw new TypeError("there is no record in it");
  return found;
}

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** A file that is one JSON document; undefined if it is not. */
function fromDocument(text: string): RecordsOfFile | undefined {
  const value = parsed(text);
  if (isObject(value) && Array.isArray(value.records)) {
    const data = value.records.flatMap((record) =>
      isObject(record) && typeof record.data === "string"
        ? [Buffer.from(record.data, "base64")]
        : []
    );
    return { kind: "captured event", records: data };
  }
  if (!Array.isArray(value)) return undefined;
  return { kind: "JSON array", records: value.map((item) => Buffer.from(JSON.stringify(item))) };
}

function fromLines(text: string): RecordsOfFile {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const raw = lines.map((line) => rawDataOf(parsed(line)));
  return raw.length > 0 && raw.every((data) => data !== undefined)
    ? { kind: "error object", records: raw.filter((data) => data !== undefined) }
    : { kind: "lines", records: lines.map((line) => Buffer.from(line)) };
}

/** The original record in a line of Firehose's error output. */
function rawDataOf(line: unknown): Uint8Array | undefined {
  if (!isObject(line) || typeof line.errorCode !== "string") return undefined;
  return typeof line.rawData === "string" ? Buffer.from(line.rawData, "base64") : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
