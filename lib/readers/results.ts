/**
 * What readers made of the objects that Firehose writes, as `deno task readers` measured it. The
 * table in `docs/readers.md` shows the same.
 * @module
 */

import results from "./results.json" with { type: "json" };

/** The objects that readers were tried on. */
export const CASES = {
  oneMember: "one gzip member: a stream with CompressionFormat GZIP",
  functionLines: "one gzip member: plain lines of a function, in a stream with GZIP",
  keptMembers: "a gzip member for each record: a function with keep-compressed",
  mergedMembers: "a gzip member for each batch: a function with merge-compressed",
  headerFields: "gzip members with a comment, a header checksum or the text flag",
  lines: "JSON lines",
  runTogether: "JSON run together: no delimiter",
  glued: "two objects joined by cat: no line feed after the last record of the first",
  emptyLines: "JSON lines with an empty line after each: the records end with a line feed already",
  lateDecimal: "`amount` is 1 in the first 39 objects and 1.5 in the last: the sum",
  lateMember: "only the last of 40 objects has a member `error`: the rows with it",
  lateLarge:
    "`trace` is 1 in the first 39 objects and 12345678901234567890 in the last: the values",
  lateText: '`code` is 1 in the first 39 objects and "A7" in the last: the values',
  numberTexts: '`"00123"` and `"123"` in one object: the values',
  snappy: "Snappy",
  hadoopSnappy: "HADOOP_SNAPPY",
  zip: "ZIP",
  httpOneMember: "one gzip member over HTTP with Content-Encoding: gzip",
  httpMembers: "several gzip members over HTTP with Content-Encoding: gzip",
} as const;
/** One of {@linkcode CASES}. */
export type Case = keyof typeof CASES;

/** What a reader should get of the cases that ask for values, not for all records. */
export const RIGHT_VALUES: Readonly<Partial<Record<string, string>>> = {
  lateDecimal: "40500",
  lateMember: "1000",
  lateLarge: "1, 12345678901234567890",
  lateText: "1, A7",
  numberTexts: "'00123', '123'",
};

/** Partition folders that readers were tried on. */
export const FOLDERS = {
  zeros: "`month=01/`",
  customers: "`customer=00123/` beside `customer=123/`",
  dates: "`date=2026-11-30/`",
  equals: "`tag=a=b/` beside `tag=c/`",
  sameName: "`table=7/`, and the rows have a `table` too",
  underscore: "`_audit/` beside `shop/`",
  noNames: "`shop/orders/2026/`",
} as const;
/** One of {@linkcode FOLDERS}. */
export type FolderCase = keyof typeof FOLDERS;

/** What came of one reading. */
export interface ReaderResult {
  readonly reader: string;
  readonly version: string;
  /** The part of `deno task readers` that measured it. */
  readonly part: string;
  readonly case: string;
  /** `seen` for partition folders, where readers differ and none is wrong. */
  readonly outcome: "right" | "wrong" | "error" | "seen";
  /** `all`, `1 of 6,000 rows`, the error's text, or what a column held. */
  readonly got: string;
}

/** All results, and the day of each part. */
export interface ReaderResults {
  /** ISO dates, by part. */
  readonly measured: Readonly<Record<string, string>>;
  readonly results: readonly ReaderResult[];
}

/** The results, checked: the file is data. Throws a `TypeError` that names the first bad one. */
export function readerResults(file: unknown = results): ReaderResults {
  if (!isObject(file) || !isObject(file.measured) || !Array.isArray(file.results)) {
    throw new TypeError("the results of readers have no `measured` or no list `results`");
  }
  const measured = Object.fromEntries(
    Object.entries(file.measured).map(([part, date]) => [part, `${date}`]),
  );
  return { measured, results: file.results.map(resultOf) };
}

/** What readers made of one kind of object, in the order of the table. */
export function resultsFor(
  wanted: Case | FolderCase,
  { results } = readerResults(),
): ReaderResult[] {
  return results.filter((result) => result.case === wanted);
}

const OUTCOMES = ["right", "wrong", "error", "seen"] as const;

function resultOf(value: unknown, index: number): ReaderResult {
  const outcome = isObject(value) ? OUTCOMES.find((known) => known === value.outcome) : undefined;
  if (!isObject(value) || !outcome) throw new TypeError(`results[${index}] has no known outcome`);
  const text = (name: string) => `${value[name]}`;
  return {
    reader: text("reader"),
    version: text("version"),
    part: text("part"),
    case: text("case"),
    outcome,
    got: text("got"),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
