/**
 * Responses of transformation functions: what Firehose makes of them, by the same judge as the
 * sandbox's, and whether Lambda lets them through.
 * @module
 */

import type { FirehoseTransformationEvent } from "../../../../lambda/event.ts";
import { RESPONSE_BYTES_MAX } from "../../../../lambda/size.ts";
import {
  assumptionAbout,
  type Finding,
  type FindingKind,
  type Judgement,
  judgeResponse,
} from "../../../sandbox/services/firehose/processing/response_judge.ts";
import {
  bytesText,
  count,
  COURSE,
  type Explanation,
  percentText,
} from "../../../sandbox/knowledge/explanation.ts";
import { EVERY_WRITING, type Runtime, wireSize } from "../shared/runtimes.ts";
import { FINDINGS } from "./response_findings.ts";

/** A response as it stands in a file. */
export interface ResponseFile {
  readonly payload: Uint8Array;
  /** Undefined where the payload is not JSON. */
  readonly value: unknown;
}

/** What Lambda and Firehose make of a response; held against its event where there is one. */
export function explainResponse(
  { payload, value }: ResponseFile,
  event: FirehoseTransformationEvent | undefined,
  runtime: Runtime,
): Explanation {
  const judgement = judgeResponse(payload, event?.records.map(({ recordId }) => recordId));
  const size = sizeOf(payload, value, runtime);
  const base = {
    subject: `a response with ${count(judgement.items, "record")}`,
    numbers: [...size.numbers, ...countsOf(judgement), ...judgement.findings.map(findingText)],
  };
  if (size.isTooLarge) {
    return {
      ...base,
      happened: "Lambda refuses this response with 413, and Firehose sees a function error.",
      rule: `A response may have ${bytesText(RESPONSE_BYTES_MAX)}.`,
      cure: "Limit the response and put the other records back, or keep records compressed.",
      course: COURSE.tooLarge,
    };
  }
  const worst = worstOf(judgement.findings);
  if (worst) return { ...base, ...FINDINGS[worst.kind].knowledge };
  return { ...base, happened: goodNews(judgement, event), course: COURSE.results };
}

/** Findings after which Firehose takes every record all the same, as far as is known. */
const HARMLESS: readonly FindingKind[] = ["dataWithBlanks", "dataWithoutPadding", "notARecord"];

function goodNews({ findings, items }: Judgement, event: FirehoseTransformationEvent | undefined) {
  const isAssumed = findings.length > 0;
  const taken = isAssumed
    ? "It is unknown whether AWS accepts this response (see below). The sandbox accepts it."
    : "Firehose accepts this response.";
  if (event || items === 0) return taken;
  return isAssumed
    ? taken
    : "Firehose accepts this response if its ids are those of the event. Name the event's file too, to check this.";
}

/** The finding that decides: what fails the batch before what fails a record. */
function worstOf(findings: readonly Finding[]): Finding | undefined {
  const harmful = findings.filter(({ kind }) => !HARMLESS.includes(kind));
  return harmful.toSorted((a, b) => FINDINGS[a.kind].weight - FINDINGS[b.kind].weight)[0];
}

/** A finding in words, with what is not known about it. */
export function findingText({ kind, count: times, example }: Finding): string {
  const { text } = FINDINGS[kind];
  const shown = example === "" ? "" : `: ${example}`;
  const assumption = assumptionAbout(kind);
  const certainty = assumption === undefined ? "" : `; unknown on AWS, the sandbox ${assumption}`;
  return `${text(times)}${shown}${certainty}`;
}

function countsOf({ verdict }: Judgement): string[] {
  if (verdict.kind === "batchFailed") return [`${verdict.error.errorCode} for the whole batch`];
  const counts = new Map<string, number>();
  for (const fate of verdict.fates) {
    const name = "error" in fate ? fate.error.errorCode : fate.result;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const text = [...counts].map(([name, times]) => `${times.toLocaleString("en")} ${name}`).join(
    ", ",
  );
  return text === "" ? [] : [text];
}

/** The bytes that count: those of the file, or of a runtime where the file was indented for people. */
function sizeOf(payload: Uint8Array, value: unknown, runtime: Runtime) {
  const fileBytes = payload.length;
  if (value === undefined || !isIndented(payload)) {
    const isTooLarge = fileBytes > RESPONSE_BYTES_MAX;
    const numbers = [
      `it has ${bytesText(fileBytes)} in this file, ${
        percentText(fileBytes, RESPONSE_BYTES_MAX)
      } of the limit`,
      ...(isTooLarge || value === undefined ? [] : othersTooLarge(value)),
    ];
    return { isTooLarge, numbers };
  }
  const wireBytes = wireSize(value, runtime);
  const isTooLarge = wireBytes > RESPONSE_BYTES_MAX;
  const numbers = [
    `it has ${bytesText(fileBytes)} in this file, which is indented; ${runtime.title} sends ${
      bytesText(wireBytes)
    }, ${percentText(wireBytes, RESPONSE_BYTES_MAX)} of the limit`,
    ...(isTooLarge ? [] : othersTooLarge(value)),
  ];
  return { isTooLarge, numbers };
}

function othersTooLarge(value: unknown): string[] {
  return EVERY_WRITING.map((runtime) => ({ runtime, bytes: wireSize(value, runtime) }))
    .filter(({ bytes }) => bytes > RESPONSE_BYTES_MAX)
    .map(({ runtime, bytes }) => `from ${runtime.title} it has ${bytesText(bytes)}: 413`);
}

/** Whether the file was written for people: a line feed follows its first bracket. */
function isIndented(payload: Uint8Array): boolean {
  return /^\s*[{[][ \t]*\r?\n/.test(new TextDecoder().decode(payload.subarray(0, 100)));
}
