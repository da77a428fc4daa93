/**
 * What to do about a reader that gets an object wrong: its own switch, or another setting of the
 * stream. Each switch was measured too, as a separate reader.
 * @module
 */

import { type Case, RIGHT_VALUES } from "./results.ts";

/** The switch of each reader that loses rows of several gzip members or refuses them. */
const SWITCHES: Readonly<Record<string, string>> = {
  "Python zlib.decompress(data, 31)":
    "`gzip.decompress`, or a new `decompressobj(31)` for `unused_data`",
  "commons-compress": "`new GzipCompressorInputStream(in, true)`",
  "flate2 GzDecoder": "`MultiGzDecoder`",
  "libflate Decoder": "`MultiDecoder`",
  "async-compression GzipDecoder": "`multiple_members(true)`",
  "Perl IO::Uncompress::Gunzip": "`MultiStream => 1`",
  "pako Inflate, in pieces": "`ungzip` of the whole, or fflate's `Gunzip`",
  "fflate gunzipSync": "fflate's `Gunzip`, which streams",
  "Deno DecompressionStream": "`gunzipSync` or `createGunzip` of `node:zlib`",
  "Chromium DecompressionStream": "fflate's `Gunzip`",
  "Java GZIPInputStream over AWS SDK 2.34 ApacheHttpClient":
    "`getObjectAsBytes`, or commons-compress with `decompressConcatenated`",
  "Java GZIPInputStream over AWS SDK 2.34 UrlConnectionHttpClient":
    "`getObjectAsBytes`, or commons-compress with `decompressConcatenated`",
  "requests, urllib3 2.8":
    "`get(url, stream=True).raw.read(decode_content=False)`, then `gzip.decompress`",
  httpx: "`stream()` and `iter_raw()`, then `gzip.decompress`",
  aiohttp: "`auto_decompress=False`, then `gzip.decompress`",
  "Apache HttpClient": "`disableContentCompression()`, then commons-compress",
  OkHttp: "`Accept-Encoding: identity`, then `GZIPInputStream`",
  reqwest: "`gzip(false)`, then `MultiGzDecoder`",
  "curl --compressed": "without `--compressed`, then `zcat`",
  "Deno fetch": "`node:http`, then `gunzipSync`",
  "Chromium fetch": "none: copy the object without its Content-Encoding",
};

/** What to change about the stream, so that every reader reads the object. */
const STREAM_SETTINGS: Readonly<Partial<Record<Case, string>>> = {
  keptMembers: "plain lines in a stream with CompressionFormat GZIP",
  mergedMembers: "plain lines in a stream with CompressionFormat GZIP",
  headerFields: "a function that writes plain headers, as this project's does",
  runTogether: "the processor AppendDelimiterToRecord, or a line feed at the end of each record",
  emptyLines: "records that do not end in a line feed, or no AppendDelimiterToRecord",
  glued: "read the objects one by one, or let producers end each record with a line feed",
  snappy: "CompressionFormat GZIP",
  hadoopSnappy: "CompressionFormat GZIP",
  zip: "CompressionFormat GZIP",
  httpMembers: "plain lines in a stream with CompressionFormat GZIP",
};

/** Switches for JSON whose records share lines, or whose last line has no line feed. */
const JSON_SWITCHES: Readonly<Record<string, string>> = {
  duckdb: "`format='unstructured'`",
  "fastjson2 parseObject by lines": "`JSONReader.of(…)` in a loop",
};

const JSON_CASES: readonly Case[] = ["lines", "runTogether", "glued", "emptyLines"];

/** Switches for objects whose records do not have the same members and types. */
const MIXED_SWITCHES: Readonly<Record<string, string>> = {
  pandas: "`dtype={…}` with every member",
  polars: "each object alone, then `concat(…, how='diagonal_relaxed')`",
  "polars, infer_schema_length=None": "each object alone, then `concat(…, how='diagonal_relaxed')`",
  duckdb: "`columns={…}` with every member",
  "duckdb, union_by_name=true": "`columns={…}` with every member",
  chdb: "`schema_inference_mode='union'`",
  "pyarrow.dataset": "`schema=…` with every member",
  datafusion: "`schema=…` with every member",
  daft: "`schema=…` with every member",
};

const isMixed = (name: Case) => name in RIGHT_VALUES;

/** The reader's own switch that makes it read all of such an object; undefined if none is known. */
export function switchOf(reader: string, name: Case): string | undefined {
  if (isMixed(name)) return MIXED_SWITCHES[reader];
  const isJson = JSON_CASES.includes(name);
  return (isJson ? JSON_SWITCHES : SWITCHES)[reader];
}

/** What to change about the stream for every reader; undefined if nothing is wrong. */
export function streamSettingFor(name: Case): string | undefined {
  return STREAM_SETTINGS[name];
}
