/**
 * What the function's log and its responses say about failures, in the words of `explain`.
 * @module
 */

import type {
  Finding,
  FindingKind,
} from "../../sandbox/services/firehose/processing/response_judge.ts";
import { explainLog } from "../explain/kinds/log.ts";
import { findingText } from "../explain/kinds/response.ts";
import { FINDINGS } from "../explain/kinds/response_findings.ts";
import { LogReader } from "../explain/logs/log_reader.ts";
import { explanationText } from "../../sandbox/knowledge/explanation.ts";

/** Explanations that are shown; the first ones matter most. */
const SHOWN = 3;

/**
 * A log explained, as lines; empty if nothing in it failed or is known.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const lines = logLines("2026-11-30T09:19:31.318Z 1 Task timed out after 2.00 seconds\n");
 * assert(lines.some((line) => line.includes("timeout")));
 * ```
 */
export function logLines(log: string): string[] {
  const reader = new LogReader();
  for (const line of log.split("\n")) reader.addLine(line);
  return explainLog(reader)
    .filter(({ happened }) => !happened.includes("without a sign of failure"))
    .slice(0, SHOWN)
    // What to do next stands at the end of the rehearsal's own report.
    .flatMap((explanation) => explanationText({ ...explanation, next: [] }).split("\n"));
}

/** Findings of all batches: one for each kind, counted together, the one that decides most first. */
export function findingsTogether(findings: readonly Finding[]): Finding[] {
  const byKind = new Map<FindingKind, Finding>();
  for (const { kind, count, example } of findings) {
    const known = byKind.get(kind);
    byKind.set(kind, {
      kind,
      count: count + (known?.count ?? 0),
      example: known?.example ?? example,
    });
  }
  return [...byKind.values()].sort((a, b) => FINDINGS[a.kind].weight - FINDINGS[b.kind].weight);
}

/** What is wrong with the responses, with Firehose's treatment and the cure. */
export function findingLines(
  findings: readonly Finding[],
  runtime: string,
  title = "The responses:",
): string[] {
  const all = findingsTogether(findings);
  if (all.length === 0) return [];
  const { happened, rule, cure } = FINDINGS[all[0].kind].knowledge;
  return [
    title,
    ...all.map((finding) => `  ${findingText(finding)}`),
    `  ${happened}`,
    ...rule ? [`  Rule: ${rule}`] : [],
    ...cure ? [`  Cure: ${cure}`] : [],
    ...all.some(isNothing) ? [`  ${nothingHint(runtime)}`] : [],
  ];
}

const isNothing = ({ kind, example }: Finding) => kind === "notAnObject" && example === "null";

const nothingHint = (runtime: string) =>
  runtime.startsWith("nodejs")
    ? "The handler returned nothing. In Node, Lambda ignores a returned value that is not a promise: make " +
      "the handler async, or return a promise."
    : "The handler returned nothing: return the object with records on every path.";
