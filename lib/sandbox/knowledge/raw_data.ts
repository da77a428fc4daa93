/**
 * Looks into a record's bytes: what a producer put, and what that means for an error code.
 * @module
 */

import { gunzipSync } from "node:zlib";
import { isControlMessage } from "./control_message.ts";
import { count } from "./explanation.ts";

/** What a record holds, once its gzip is off. */
export type Content =
  | "empty"
  | "aggregated"
  | "damagedGzip"
  | "logsDocument"
  | "controlMessage"
  | "json"
  | "jsonTogether"
  | "jsonList"
  | "jsonScalar"
  | "brokenJson"
  | "base64"
  | "text"
  | "utf16"
  | "binary";

/** What was seen in a record. */
export interface RawData {
  readonly content: Content;
  /** How often it is gzipped: 0, 1 or 2. */
  readonly gzips: number;
  /** Bytes once the gzip is off; at most {@linkcode MEASURED_BYTES_MAX} are counted. */
  readonly bytes: number;
}

/** More than this is not decompressed: it is more than a response can hold in any case. */
const MEASURED_BYTES_MAX = 8 * 1024 * 1024;
const GZIPS_MAX = 2;

/** What a record's bytes are. */
export function lookInto(data: Uint8Array): RawData {
  if (isControlMessage(data)) {
    const gzips = isGzip(data) ? 1 : 0;
    return { content: "controlMessage", gzips, bytes: contentBytes(data) };
  }
  let [content, gzips] = [data, 0];
  while (isGzip(content) && gzips < GZIPS_MAX) {
    const plain = gunzipped(content);
    if (plain === "damaged") return { content: "damagedGzip", gzips, bytes: content.length };
    gzips++;
    if (plain === "large") return { content: "text", gzips, bytes: MEASURED_BYTES_MAX };
    content = plain;
  }
  return { content: contentOf(content), gzips, bytes: content.length };
}

/** Bytes that a record decompresses to, at most {@linkcode MEASURED_BYTES_MAX}. */
export function contentBytes(data: Uint8Array): number {
  if (!isGzip(data)) return data.length;
  const plain = gunzipped(data);
  if (plain === "large") return MEASURED_BYTES_MAX;
  return plain === "damaged" ? data.length : plain.length;
}

const isGzip = (data: Uint8Array) => data[0] === 0x1f && data[1] === 0x8b;

function gunzipped(data: Uint8Array): Uint8Array | "damaged" | "large" {
  try {
    return gunzipSync(data, { maxOutputLength: MEASURED_BYTES_MAX });
  } catch (error) {
    return error instanceof RangeError ? "large" : "damaged";
  }
}

/** What the Kinesis Producer Library puts before the records that it joins. */
const KPL_MAGIC = [0xf3, 0x89, 0x9a, 0xc2];

function contentOf(data: Uint8Array): Content {
  if (data.length === 0) return "empty";
  if (KPL_MAGIC.every((byte, at) => data[at] === byte)) return "aggregated";
  if (isUtf16(data)) return "utf16";
  const text = textOf(data);
  if (text === undefined) return "binary";
  return contentOfText(text.trim());
}

function isUtf16(data: Uint8Array): boolean {
  const [first, second] = data;
  if (first === 0xff && second === 0xfe || first === 0xfe && second === 0xff) return true;
  // ASCII in UTF-16 has a zero in every second byte.
  const looked = Math.min(data.length, 64) & ~1;
  let zeros = 0;
  for (let at = 0; at < looked; at++) if (data[at] === 0) zeros++;
  return looked >= 4 && zeros === looked / 2;
}

function textOf(data: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
    // deno-lint-ignore no-control-regex
    return /[\x00-\x08\x0e-\x1a]/.test(text.slice(0, 1_000)) ? undefined : text;
  } catch {
    return undefined;
  }
}

function contentOfText(text: string): Content {
  if (text === "") return "empty";
  const value = parse(text);
  if (value !== undefined) return contentOfValue(value);
  if (/^[{[]/.test(text)) return /\}\s*[,]?\s*[{[]/.test(text) ? "jsonTogether" : "brokenJson";
  const isBase64 = text.length >= 16 && text.length % 4 === 0 &&
    /^[A-Za-z0-9+/\n]+={0,2}$/.test(text);
  return isBase64 ? "base64" : "text";
}

function contentOfValue(value: unknown): Content {
  if (Array.isArray(value)) return "jsonList";
  if (typeof value !== "object" || value === null) return "jsonScalar";
  if ("messageType" in value && "logEvents" in value) {
    return value.messageType === "CONTROL_MESSAGE" ? "controlMessage" : "logsDocument";
  }
  return "json";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How a content is called: `gzip of a CloudWatch Logs document`. */
export function rawDataText({ content, gzips }: Pick<RawData, "content" | "gzips">): string {
  const name = NAMES[content];
  if (gzips === 0) return name;
  return gzips === 1 ? `gzip of ${name}` : `gzip twice, of ${name}`;
}

const NAMES: Readonly<Record<Content, string>> = {
  empty: "nothing (empty records)",
  aggregated: "records aggregated by the Kinesis Producer Library",
  damagedGzip: "gzip that is damaged or cut off",
  logsDocument: "a CloudWatch Logs document",
  controlMessage: "a control message of CloudWatch Logs",
  json: "one JSON object",
  jsonTogether: "several JSON texts run together",
  jsonList: "a JSON list",
  jsonScalar: "JSON that is not an object",
  brokenJson: "JSON that is broken or cut off",
  base64: "text in base64",
  text: "text that is not JSON",
  utf16: "text in UTF-16",
  binary: "binary data",
};

/** What such records mean for an error code; undefined where nothing follows. */
export function rawDataMeaning(
  { content, gzips }: Pick<RawData, "content" | "gzips">,
  errorCode: string,
): string | undefined {
  if (content === "controlMessage") {
    return "a control message is not a failure: CloudWatch Logs sends it to try the stream. Do not redrive it";
  }
  if (content === "aggregated") {
    return "Firehose takes such records apart only where it reads a Kinesis stream, not after a put";
  }
  if (gzips > 1) {
    return "they were gzipped twice: most often a client compressed what was gzip already";
  }
  if (errorCode.startsWith("Decompression")) {
    return gzips === 0 ? "they are not gzip, and Decompression takes nothing else" : undefined;
  }
  const readsJson = errorCode.endsWith("MetadataExtractionFailed") ||
    errorCode.startsWith("DataFormatConversion.");
  if (!readsJson) {
    return content === "damagedGzip" ? "a function that decompresses fails on them" : undefined;
  }
  if (gzips > 0) {
    return "the stream has no function or processor that decompresses them before they are read as JSON";
  }
  return JSON_MEANINGS[content];
}

const JSON_MEANINGS: Readonly<Partial<Record<Content, string>>> = {
  jsonTogether: "RecordDeAggregation of type JSON takes them apart, up to 500 in a record",
  jsonList: "RecordDeAggregation does not take lists apart: put the objects one after the other",
  base64: "the producer encoded its data itself: the SDK does that already",
  text: "only JSON can be read here",
  utf16: "JSON is read as UTF-8",
  brokenJson: "the producer cut the text off, or wrote it in pieces",
  damagedGzip: "they are not JSON",
  binary: "only JSON can be read here",
  empty: "an empty record is not JSON",
};

interface RawDataCount {
  readonly content: Content;
  readonly meaning: string | undefined;
  records: number;
}

/**
 * Counts records with one error code by what they hold.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const counts = new ContentCounts("Lambda.FunctionError");
 * counts.add({ content: "json", gzips: 1 });
 * assertEquals(counts.lines(), ["1 record: gzip of one JSON object"]);
 * ```
 */
export class ContentCounts {
  readonly #errorCode: string;
  readonly #counts = new Map<string, RawDataCount>();

  constructor(errorCode: string) {
    this.#errorCode = errorCode;
  }

  /** Whether all records are control messages of CloudWatch Logs. */
  get areControlMessages(): boolean {
    return [...this.#counts.values()].every(({ content }) => content === "controlMessage");
  }

  add({ content, gzips }: Pick<RawData, "content" | "gzips">): void {
    const name = rawDataText({ content, gzips });
    const meaning = rawDataMeaning({ content, gzips }, this.#errorCode);
    const known = this.#counts.get(name) ?? { content, meaning, records: 0 };
    this.#counts.set(name, known);
    known.records++;
  }

  /** A line for each kind of content, with what it means for the error code. */
  lines(): string[] {
    return [...this.#counts].map(([name, { records, meaning }]) =>
      `${count(records, "record")}: ${name}${meaning ? ` (${meaning})` : ""}`
    );
  }
}
