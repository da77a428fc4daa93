/**
 * Records for a rehearsal, out of the files that people have: lines, JSON, a captured event, an error
 * object, each of them compressed or not.
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { failedRecord } from "../../sandbox/knowledge/failed_record.ts";
import { isObject } from "../../sandbox/values.ts";
import { type Captured, captured } from "./captured.ts";
import { elementsIn } from "./json_elements.ts";
import { utf8Text } from "./utf8_text.ts";

/** How the records stand in a file. */
export type FileKind =
  | Captured["kind"]
  | "error object"
  | "JSON array"
  | "JSON document"
  | "lines"
  | "one binary record";

/** What a file was taken for, and the records in it. */
export interface RecordsOfFile {
  readonly kind: FileKind;
  /** What was changed or may surprise, in words; empty if nothing. */
  readonly notes: readonly string[];
  readonly records: readonly Uint8Array[];
}

/** A file may decompress to this; a rehearsal needs a sample, not a day of data. */
const FILE_BYTES_MAX = 512 * 1024 * 1024;

/**
 * The records of a file. A captured event gives the `data` of its records, a captured put its `Data`, an
 * error object the `rawData` of each line, a JSON array its elements, one JSON object over several lines
 * itself, and any other text its lines, without their line ends; JSON objects that run together are parted.
 * Bytes with a zero among them that are no text are one record. A file that is gzip is decompressed
 * first. Throws a `TypeError` for a file without records, or with broken gzip.
 */
export function recordsIn(file: Uint8Array): RecordsOfFile {
  const { bytes, times } = decompressed(file);
  const found = recordsInBytes(bytes);
  return times < 2
    ? found
    : { ...found, notes: [`it is gzip in gzip, decompressed ${times} times`, ...found.notes] };
}

/** The same without gzip: a file, or the beginning of one that holds lines. */
export function recordsInBytes(bytes: Uint8Array): RecordsOfFile {
  const other = OTHER_FORMATS.find(([start]) => start.every((byte, at) => bytes[at] === byte));
  if (other) {
    throw new TypeError(`it is ${other[1]}: ${other[2] ?? "decompress it first, or give gzip"}`);
  }
  const found = fromBytes(bytes);
  if (found.records.length === 0) throw new TypeError("there is no record in it");
  return found;
}

/** The records of further lines of a file that was taken for `kind`. */
export function linesIn(bytes: Uint8Array, kind: FileKind): RecordsOfFile {
  const text = utf8Text(bytes);
  return text === undefined ? notUtf8Lines(bytes) : fromLines(text, bytes, kind);
}

/** A file may be compressed by its producer, by the stream, and by hand. */
export const LAYERS_MAX = 3;

function decompressed(file: Uint8Array): { readonly bytes: Uint8Array; readonly times: number } {
  let bytes = file;
  let times = 0;
  for (; isGzip(bytes) && times < LAYERS_MAX; times++) {
    try {
      bytes = gunzipSync(bytes, { maxOutputLength: FILE_BYTES_MAX });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(`its gzip can't be decompressed: ${reason}`, { cause });
    }
  }
  return { bytes, times };
}

const BYTE_ORDER_MARK = "\uFEFF";

function fromBytes(bytes: Uint8Array): RecordsOfFile {
  const text = utf8Text(bytes);
  if (text === undefined) return fromNoText(bytes);
  const isMarked = text.startsWith(BYTE_ORDER_MARK);
  const bare = isMarked ? text.slice(1) : text;
  const found = fromDocument(bare) ?? fromLines(bare, isMarked ? bytes.subarray(3) : bytes);
  return isMarked
    ? { ...found, notes: ["the byte order mark at its start is left out", ...found.notes] }
    : found;
}

function fromNoText(bytes: Uint8Array): RecordsOfFile {
  return bytes.includes(0)
    ? { kind: "one binary record", notes: [], records: [bytes] }
    : notUtf8Lines(bytes);
}

const notUtf8Lines = (bytes: Uint8Array): RecordsOfFile => ({
  kind: "lines",
  notes: ["it is not UTF-8; lines stay byte for byte"],
  records: byteLines(bytes),
});

/** What begins with these bytes holds no records as they were put, and what to do with it. */
const OTHER_FORMATS: readonly (readonly [readonly number[], string, string?])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "a ZIP archive"],
  [[0xff, 0x06, 0x00, 0x00, 0x73, 0x4e], "Snappy"],
  [[0x28, 0xb5, 0x2f, 0xfd], "Zstandard"],
  [[0x50, 0x41, 0x52, 0x31], "Parquet", "write its rows as lines of JSON"],
];

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Lines as they are, byte for byte. Empty ones are left out. */
function byteLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    if (end > start) lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

/** Whether bytes begin as gzip does. */
export const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** A file that is one JSON document; undefined if it is not. */
function fromDocument(text: string): RecordsOfFile | undefined {
  const value = parsed(text);
  const found = captured(value);
  if (found) return found;
  if (isObject(value) && text.trim().includes("\n") && !("rawData" in value)) {
    return { kind: "JSON document", notes: [], records: [Buffer.from(text.trim())] };
  }
  if (!Array.isArray(value)) return undefined;
  const records = elementsIn(text).map((element) => Buffer.from(element));
  return { kind: "JSON array", notes: [], records };
}

/** Records share the memory of `bytes`: a file of a million lines is there once. */
function fromLines(text: string, bytes: Uint8Array, known?: FileKind): RecordsOfFile {
  const all = byteLines(bytes).filter((line) => !isBlank(line));
  const { lines, notes } = withoutCarriageReturns(all, bytes.at(-1) === LINE_FEED);
  const kind = known ?? (isErrorObject(lines) ? "error object" : "lines");
  if (kind === "error object") return { kind, notes, records: lines.map(failedDataIn) };
  const mayRunTogether = /\}[^\S\n]*\{/.test(text);
  const records = mayRunTogether ? lines.flatMap(partsOf) : lines;
  return { kind: "lines", notes, records };
}

/** Lines of Windows end with CR and LF. The last one may end with the file instead. */
function withoutCarriageReturns(lines: readonly Uint8Array[], lastHasLineFeed: boolean) {
  const hasOne = (line: Uint8Array) => line.at(-1) === CARRIAGE_RETURN;
  const having = lines.filter(hasOne).length;
  const isFromWindows = having > 0 &&
    lines.every((line, at) => hasOne(line) || (!lastHasLineFeed && at === lines.length - 1));
  if (isFromWindows) {
    return {
      lines: lines.map((line) => hasOne(line) ? line.subarray(0, -1) : line),
      notes: ["its lines end with CR and LF; both are left out"],
    };
  }
  return {
    lines,
    notes: having > 0 ? ["a CR at the end of a line stays, because not all lines have one"] : [],
  };
}

/** Whether Firehose wrote these lines to its error output: the first one says so. */
function isErrorObject([first]: readonly Uint8Array[]): boolean {
  const line = first && parsed(decoded(first));
  if (!isObject(line) || typeof line.rawData !== "string") return false;
  // Format conversion has another name for the code.
  return typeof (line.errorCode ?? line.lastErrorCode) === "string";
}

/** The original record in a line of an error object. */
function failedDataIn(line: Uint8Array): Uint8Array {
  const text = decoded(line);
  try {
    return failedRecord(parsed(text)).data;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const shown = JSON.stringify(text.slice(0, SHOWN_CHARACTERS));
    throw new TypeError(
      `it begins as an error object, but one of its lines can't be read (${why}): ${shown}. It may be cut off`,
      { cause },
    );
  }
}

/** Of a line that can't be read. */
const SHOWN_CHARACTERS = 60;

function partsOf(line: Uint8Array): Uint8Array[] {
  const parts = documentsIn(decoded(line));
  return parts.length === 1 ? [line] : parts.map((part) => Buffer.from(part));
}

const decoded = (line: Uint8Array) => new TextDecoder().decode(line);

const isBlank = (line: Uint8Array) => line.length < BLANK_BYTES_MAX && decoded(line).trim() === "";
/** A longer line of blanks is a record. */
const BLANK_BYTES_MAX = 100;

/**
 * The JSON documents that stand in a line without anything between them, as a stream without
 * delimiters writes them; else the line itself.
 */
function documentsIn(line: string): string[] {
  if (!/\}\s*\{/.test(line) || parsed(line) !== undefined) return [line];
  const documents: string[] = [];
  let [depth, start] = [0, 0];
  // Strings with what is escaped in them, and brackets: nothing else decides where a document ends.
  for (const { 0: token, index } of line.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") depth++;
    if (token !== "}" || --depth > 0) continue;
    documents.push(line.slice(start, index + 1).trim());
    start = index + 1;
  }
  const isWhole = line.slice(start).trim() === "";
  return isWhole && documents.every((text) => parsed(text) !== undefined) ? documents : [line];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
