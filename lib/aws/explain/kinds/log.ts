/**
 * Logs: what failed, what ended well, and what else the lines tell.
 * @module
 */

import { count, COURSE, type Explanation } from "../../../sandbox/knowledge/explanation.ts";
import { failureKnowledge } from "../logs/failure_knowledge.ts";
import type { EndedWell, Range, ToldFailure } from "../logs/invocations.ts";
import type { LogReader } from "../logs/log_reader.ts";
import { noteKnowledge } from "../logs/note_knowledge.ts";
import { CAUSES, CONSEQUENCES, type Figure } from "../logs/signs.ts";

/** All that a log tells; empty where no line of it is known. */
export function explainLog(log: LogReader): Explanation[] {
  log.finish();
  const failures = [...log.invocations.finish()].sort((a, b) => weightOf(a) - weightOf(b));
  const { endedWell, uncertain, suspicious, suspicion } = log.invocations;
  const explanations = [
    ...failures.map(explainFailure),
    ...explainNotes(log),
    ...(suspicious > 0 ? [explainSuspicious(suspicious, suspicion)] : []),
    ...(uncertain > 0 ? [explainUncertain(uncertain)] : []),
    ...(endedWell.count > 0 ? [explainEndedWell(endedWell)] : []),
  ];
  return explanations.length > 0 || log.signs === 0 ? explanations : [nothingWrong(log)];
}

const WEIGHTS: readonly string[] = [...CAUSES, ...CONSEQUENCES];
const weightOf = ({ failure }: ToldFailure) => WEIGHTS.indexOf(failure);

function explainFailure(told: ToldFailure): Explanation {
  const { line, count: times, message, messages, figures } = told;
  return {
    subject: `log: ${shortened(line)}`,
    ...failureKnowledge(told),
    numbers: [
      ...(times > 1 ? [`${times.toLocaleString("en")} times in this log`] : []),
      ...[message, ...messages].flatMap((text) => text ? [`"${shortened(text)}"`] : []),
      ...figureTexts(figures),
    ],
  };
}

function explainNotes(log: LogReader): Explanation[] {
  const byHappened = new Map<string, { explanation: Explanation; times: number }>();
  for (const { note, line, count: times } of log.notes.values()) {
    const knowledge = noteKnowledge(note);
    const known = byHappened.get(knowledge.happened);
    if (known) {
      known.times += times;
      continue;
    }
    const subject = note.topic === "firehose"
      ? `Firehose's log: ${note.values[0]}`
      : `log: ${shortened(line)}`;
    const explanation = { subject, ...knowledge, numbers: knowledge.numbers ?? [] };
    byHappened.set(knowledge.happened, { explanation, times });
  }
  return [...byHappened.values()].map(({ explanation, times }) => ({
    ...explanation,
    numbers: [...explanation.numbers, ...(times > 1 ? [`${count(times, "line")} like this`] : [])],
  }));
}

function explainEndedWell({ count: times, nearlyFull, figures, line }: EndedWell): Explanation {
  const all = times === 1
    ? "An invocation ended"
    : `${times.toLocaleString("en")} invocations ended`;
  const full = times === 1 ? "" : ` of ${nearlyFull.toLocaleString("en")} of them`;
  return {
    subject: `log: ${shortened(line)}`,
    happened: nearlyFull > 0
      ? `${all} without a sign of failure, with nearly all of the memory${full} in use.`
      : `${all} without a sign of failure.`,
    rule:
      "A log without errors does not mean that Firehose accepted the response: an invalid response " +
      "leaves no line, and a streamed response that is too large leaves none either.",
    numbers: figureTexts(figures),
    course: COURSE.deploy,
  };
}

function explainUncertain(times: number): Explanation {
  return {
    subject: `log: ${count(times, "invocation")} that ran beside one that failed`,
    happened:
      "It is not known whether they failed: several invocations are mixed in this log, without " +
      "the names of their log streams.",
    numbers: [],
    cure:
      "Explain one log stream at a time. Or use a form that names the log streams: aws logs tail, or " +
      "the JSON of filter-log-events.",
  };
}

function explainSuspicious(times: number, line: string): Explanation {
  const isOne = times === 1;
  return {
    subject: `log: ${shortened(line)}`,
    happened: `${
      isOne ? "An invocation has a line" : `${times.toLocaleString("en")} invocations have lines`
    } in the log that ${
      isOne ? "looks" : "look"
    } like an error, or lines that ran together. It is not known whether ${
      isOne ? "it" : "they"
    } failed: the function may have logged an error and gone on.`,
    numbers: [],
    cure:
      "Read that line. The function's metric Errors says whether the invocation failed, and so does the " +
      "status in reports since 2025.",
    course: COURSE.transform,
  };
}

function nothingWrong({ lines }: LogReader): Explanation {
  return {
    subject: `a log with ${count(lines, "line")} of text`,
    happened:
      "It has no line of a known failure, and no REPORT line of an invocation: it may be cut off.",
    numbers: [],
    cure: "Copy the log from START to REPORT, and some seconds more.",
  };
}

const UNITS: Readonly<Record<Figure["name"], readonly [name: string, unit: string]>> = {
  timeout: ["timeout", "s"],
  duration: ["duration", "ms"],
  memoryUsed: ["memory used", "MB"],
  memorySize: ["memory size", "MB"],
};

function figureTexts(figures: ReadonlyMap<Figure["name"], Range>): string[] {
  return [...figures].map(([name, { least, most }]) => {
    const [title, unit] = UNITS[name];
    const text = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 2 });
    return `${title} ${least === most ? text(least) : `${text(least)} to ${text(most)}`} ${unit}`;
  });
}

const SHOWN = 110;

function shortened(line: string): string {
  const text = line.trim().replaceAll(/\s+/g, " ");
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
