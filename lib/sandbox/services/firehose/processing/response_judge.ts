/**
 * The one judge of responses: what Firehose makes of the response of a transformation function. The
 * sandbox acts on the verdict, and `explain` tells people the findings, so the two cannot disagree.
 * Pure. Follows "Required data transformation and status model"
 * (https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html) and
 * captures of 2021 to 2026. Where AWS's behaviour is not known, a finding says so.
 * @module
 */

import type { InvokeOutcome } from "../../../ports/function_invoker.ts";
import { partitionKeyText } from "../naming/partition.ts";
import {
  INVALID_OUTPUT,
  lambdaError,
  type LambdaErrorCode,
  refusalError,
} from "./processing_error.ts";
import type { ProcessingError } from "../record.ts";
import { isObject } from "../../../values.ts";

/** What becomes of one record. */
export type Fate =
  | {
    readonly result: "Ok";
    readonly data: Uint8Array;
    /** As the function gave them; partitioning decides whether they can be used. */
    readonly partitionKeys: ReadonlyMap<string, unknown>;
  }
  | { readonly result: "Dropped" }
  | { readonly result: "ProcessingFailed"; readonly error: ProcessingError };

/** The verdict on an invocation. A failed batch is tried again. */
export type Verdict =
  | { readonly kind: "batchFailed"; readonly error: ProcessingError }
  /** In the order of the records that were asked for. */
  | { readonly kind: "judged"; readonly fates: readonly Fate[] };

/** What is wrong with a response, or odd about it. {@linkcode assumptionAbout} says which are uncertain. */
export type FindingKind =
  // The response as a whole.
  | "notJson"
  | "byteOrderMark"
  | "textInText"
  | "notAnObject"
  | "noRecords"
  | "recordsNotAList"
  // Its items.
  | "notARecord"
  | "idNotText"
  | "idUnknown"
  | "idMissing"
  | "idTwice"
  | "resultInvalid"
  | "dataNotBase64"
  | "dataWithoutPadding"
  | "dataWithBlanks"
  | "dataAbsent"
  | "keyEmpty"
  | "keyNotText";

/** How often something was found, and where first. */
export interface Finding {
  readonly kind: FindingKind;
  readonly count: number;
  /**
   * The first case: a record's id, or what stands there; of a long text that is not JSON, what is wrong
   * with it. At most 80 characters.
   */
  readonly example: string;
}

/** A verdict, and all that led to it. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Items of `records`. */
  readonly items: number;
}

/** What the sandbox does where AWS's behaviour is not known. What is not here was seen on AWS. */
const ASSUMPTIONS: ReadonlyMap<FindingKind, string> = new Map<FindingKind, string>([
  ["notJson", "answers Lambda.JsonProcessingException, as AWS's guide names it"],
  ["byteOrderMark", "reads the response without it"],
  ["textInText", "answers Lambda.MissingRecordId for each record"],
  ["notAnObject", "answers Lambda.MissingRecordId for each record"],
  ["recordsNotAList", "answers Lambda.MissingRecordId for each record"],
  ["notARecord", "ignores such items"],
  ["idNotText", "ignores such items, so their records count as missing"],
  ["idTwice", "fails these records alone (one capture says so, another says the batch)"],
  ["dataWithoutPadding", "takes it"],
  ["dataWithBlanks", "takes it"],
  ["keyEmpty", "sends such records to partitioning-failed if the Prefix names the key"],
  ["keyNotText", "writes numbers and booleans as text"],
]);

/** What the sandbox does about a finding whose treatment by AWS is not known; undefined if it is. */
export function assumptionAbout(kind: FindingKind): string | undefined {
  return ASSUMPTIONS.get(kind);
}

/** Judges what a function, or Lambda itself, answered to a batch of `recordIds`. */
export function judge(
  outcome: InvokeOutcome,
  recordIds: readonly string[],
): Pick<Judgement, "verdict" | "findings"> {
  switch (outcome.kind) {
    case "refused": {
      const error = refusalError(outcome.code, outcome.message);
      return { verdict: { kind: "batchFailed", error }, findings: [] };
    }
    case "functionError":
      return { verdict: batchFailed(functionError(outcome.errorType)), findings: [] };
    case "succeeded":
      return judgeResponse(outcome.payload, recordIds);
  }
}

function functionError(errorType: string): LambdaErrorCode {
  return errorType === "Sandbox.Timedout" ? "Lambda.FunctionTimedOut" : "Lambda.FunctionError";
}

/** The verdict that a batch failed. */
export function batchFailed(errorCode: LambdaErrorCode): Verdict {
  return { kind: "batchFailed", error: lambdaError(errorCode) };
}

/**
 * Judges the payload of a successful invocation, byte for byte as the runtime posted it. Without
 * `recordIds` the ids in the response count as those of the event: nothing is missing then.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const payload = new TextEncoder().encode('{"records":[{"recordId":"1","result":"ok","data":""}]}');
 * const { verdict, findings } = judgeResponse(payload, ["1"]);
 * assertEquals(verdict.kind, "batchFailed");
 * assertEquals(findings, [{ kind: "resultInvalid", count: 1, example: '"ok"' }]);
 * ```
 */
export function judgeResponse(payload: Uint8Array, recordIds?: readonly string[]): Judgement {
  const findings = new Findings();
  // JSON.parse would refuse the mark, which this decoder takes away.
  if (BYTE_ORDER_MARK.every((byte, at) => payload[at] === byte)) findings.add("byteOrderMark", "");
  const text = new TextDecoder().decode(payload);
  const parsed = parseJson(text);
  if ("why" in parsed) {
    findings.add("notJson", text.length <= EXAMPLE_LENGTH ? asText(text) : parsed.why);
    const verdict = batchFailed("Lambda.JsonProcessingException");
    return { verdict, findings: findings.list(), items: 0 };
  }
  const items = itemsOf(parsed.value, findings);
  const data = new DecodedData(payload.length);
  const verdict = judgeItems(items, recordIds ?? idsOf(items), { findings, data });
  return { verdict, findings: findings.list(), items: items.length };
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** A value, or what is wrong, with the characters around the place. */
function parseJson(text: string): { readonly value: unknown } | { readonly why: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { why: why.replace(/ is not valid JSON$/, "") };
  }
}

/** The list `records`. Anything else counts as an empty list, so every id is missing. */
function itemsOf(value: unknown, findings: Findings): readonly unknown[] {
  if (typeof value === "string") {
    findings.add("textInText", asText(value));
    return [];
  }
  if (!isObject(value)) {
    findings.add("notAnObject", asText(value));
    return [];
  }
  if (Array.isArray(value.records)) return value.records;
  const isThere = Object.hasOwn(value, "records");
  findings.add(isThere ? "recordsNotAList" : "noRecords", asText(isThere ? value.records : value));
  return [];
}

function idsOf(items: readonly unknown[]): string[] {
  const ids = items.flatMap((item) => isObject(item) ? [item.recordId] : []);
  return [...new Set(ids.filter((id) => typeof id === "string"))];
}

/** What judging a response adds to. */
interface Judging {
  readonly findings: Findings;
  readonly data: DecodedData;
}

function judgeItems(
  items: readonly unknown[],
  recordIds: readonly string[],
  judging: Judging,
): Verdict {
  const { findings } = judging;
  const wanted = new Set(recordIds);
  const fates = new Map<string, Fate>();
  const doubled = new Set<string>(); // a record with ten answers is one record
  let isInvalid = false;
  for (const item of items) {
    const record = recordOf(item, wanted, findings);
    if (!record) continue;
    const fate = fateOf(record, judging);
    isInvalid ||= fate === undefined;
    const isSecond = fates.has(record.recordId);
    if (isSecond && !doubled.has(record.recordId)) findings.add("idTwice", record.recordId);
    if (isSecond) doubled.add(record.recordId);
    if (fate) fates.set(record.recordId, isSecond ? failed("Lambda.DuplicatedRecordId") : fate);
  }
  const missing = (id: string): Fate => {
    if (!isInvalid) findings.add("idMissing", id);
    return failed("Lambda.MissingRecordId");
  };
  const all = recordIds.map((id) => fates.get(id) ?? missing(id));
  return isInvalid ? { kind: "batchFailed", error: INVALID_OUTPUT } : {
    kind: "judged",
    fates: all,
  };
}

interface ReturnedRecord {
  readonly recordId: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/** Undefined for an item that is ignored: it names no record of the batch. */
function recordOf(
  item: unknown,
  wanted: ReadonlySet<string>,
  findings: Findings,
): ReturnedRecord | undefined {
  if (!isObject(item)) {
    findings.add("notARecord", asText(item));
    return undefined;
  }
  const { recordId } = item;
  if (typeof recordId !== "string") {
    findings.add("idNotText", asText(recordId));
    return undefined;
  }
  if (!wanted.has(recordId)) {
    findings.add("idUnknown", recordId);
    return undefined;
  }
  return { recordId, members: item };
}

/** Undefined for a record that fails the whole batch. */
function fateOf({ recordId, members }: ReturnedRecord, judging: Judging): Fate | undefined {
  const { findings } = judging;
  const { result, data, metadata } = members;
  const isAbsent = data === null || data === undefined;
  const decoded = isAbsent ? undefined : decodeBase64(data, judging);
  if (!isAbsent && !decoded) {
    findings.add("dataNotBase64", asText(data));
    return undefined;
  }
  switch (result) {
    case "Ok":
      if (!decoded) {
        findings.add("dataAbsent", recordId);
        return failed("Lambda.InvalidReturnFormat");
      }
      return { result, data: decoded, partitionKeys: partitionKeysOf(metadata, findings) };
    case "Dropped":
      return { result };
    case "ProcessingFailed":
      return failed("Lambda.ProcessingFailedStatus");
    default:
      findings.add("resultInvalid", asText(result));
      return undefined;
  }
}

/** Blanks between the characters and missing padding are accepted (assumed). */
function decodeBase64(text: unknown, { data, findings }: Judging): Uint8Array | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const bytes = data.decode(text);
    if (text.length !== Math.ceil(bytes.length / 3) * 4) {
      findings.add(/\s/.test(text) ? "dataWithBlanks" : "dataWithoutPadding", asText(text));
    }
    return bytes;
  } catch {
    return undefined;
  }
}

/** The decoded data of a response, all in one buffer: one for each record is much more work for V8. */
class DecodedData {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #end = 0;

  /** Base64 has four characters for three bytes, and each takes a byte of the response at least. */
  constructor(responseBytes: number) {
    this.#bytes = new Uint8Array(Math.ceil(responseBytes / 4) * 3);
  }

  /** Throws a `SyntaxError` if `text` is not base64. */
  decode(text: string): Uint8Array {
    const { written } = this.#bytes.subarray(this.#end).setFromBase64(text);
    const start = this.#end;
    this.#end += written;
    return this.#bytes.subarray(start, this.#end);
  }
}

function partitionKeysOf(metadata: unknown, findings: Findings): ReadonlyMap<string, unknown> {
  const keys = isObject(metadata) ? metadata.partitionKeys : undefined;
  if (!isObject(keys)) return new Map();
  const entries = Object.entries(keys);
  for (const [name, value] of entries) {
    if (partitionKeyText(value) === "") findings.add("keyEmpty", name);
    else if (typeof value !== "string") findings.add("keyNotText", `${name}: ${asText(value)}`);
  }
  return new Map(entries);
}

function failed(errorCode: LambdaErrorCode): Fate {
  return { result: "ProcessingFailed", error: lambdaError(errorCode) };
}

const EXAMPLE_LENGTH = 80;

/** Findings by kind, in the order of their first case. */
class Findings {
  readonly #found = new Map<FindingKind, { count: number; readonly example: string }>();

  add(kind: FindingKind, example: string): void {
    const found = this.#found.get(kind);
    if (found) found.count++;
    else this.#found.set(kind, { count: 1, example: example.slice(0, EXAMPLE_LENGTH) });
  }

  list(): Finding[] {
    return [...this.#found].map(([kind, found]) => ({ kind, ...found }));
  }
}

function asText(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
