/**
 * Signs put together by invocation: what failed, by which cause; what ended well; and what cannot be
 * told apart. An invocation counts as ended well only if nothing near its report is a sign of failure.
 * @module
 */

import type { Language } from "../shared/runtimes.ts";
import { failureOfType } from "./platform_lines.ts";
import {
  type Cause,
  type Consequence,
  CONSEQUENCES,
  type Figure,
  isCause,
  type Sign,
} from "./signs.ts";

type Failure = Extract<Sign, { readonly kind: "failure" }>;
type Report = Extract<Sign, { readonly kind: "report" }>;

/** Failures that are told as one: of the same kind and detail. */
export interface ToldFailure {
  readonly failure: Cause | Consequence;
  readonly detail: string | undefined;
  readonly language: Language | undefined;
  readonly inInit: boolean;
  count: number;
  /** The first line that told it, as it stands. */
  readonly line: string;
  readonly message: string | undefined;
  /** Other messages beside the first, up to three. */
  readonly messages: Set<string>;
  readonly figures: Map<Figure["name"], Range>;
  /** What followed in the same invocations: the process exited. */
  readonly followed: Set<Consequence>;
}

/** The least and the most that was seen. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** Invocations with nothing wrong in the log. */
export interface EndedWell {
  count: number;
  nearlyFull: number;
  readonly figures: Map<Figure["name"], Range>;
  line: string;
}

interface Invocation {
  readonly failures: { readonly sign: Failure; readonly line: string }[];
  /** Whether a failure of this or of another invocation at the same time may be its own. */
  isShared: boolean;
  /** A line of it that looks like an error and is not known. */
  suspicion?: string;
  report?: { readonly sign: Report; readonly line: string };
}

/** So many invocations are kept after their report: a line about one may come late. */
const CLOSED_KEPT = 1_000;
/** So many may be open in one log stream without names of streams. */
const OPEN_KEPT = 1_000;
/** From here on memory counts as nearly full. */
const NEARLY_FULL = 0.9;
const MESSAGES_KEPT = 3;

/** Puts signs together as they come. */
export class Invocations {
  readonly #failures = new Map<string, ToldFailure>();
  readonly #open = new Map<string, Map<string, Invocation>>();
  /** Signs without a request id, before any invocation of their log stream is known. */
  readonly #loose = new Map<string, Invocation>();
  readonly #closed = new Map<string, Invocation>();
  readonly endedWell: EndedWell = { count: 0, nearlyFull: 0, figures: new Map(), line: "" };
  /** Reports of invocations that ran beside one that failed, where the log does not say which did. */
  uncertain = 0;
  /** Reports of invocations with a line that looks like an error and is not known; the first such line. */
  suspicious = 0;
  suspicion = "";

  /** `stream` is the log stream, or "" where it is not known. */
  add(sign: Sign, line: string, stream: string): void {
    switch (sign.kind) {
      case "start":
        return this.#start(sign.requestId, stream);
      case "report":
        return this.#end(sign, line, stream);
      case "failure":
        return void this.#invocationOf(sign.requestId, stream).failures.push({ sign, line });
      case "suspicion":
        this.#invocationOf(undefined, stream).suspicion ??= line;
    }
  }

  /** All failures, the most telling first. Ends what is still open. */
  finish(): readonly ToldFailure[] {
    for (const invocation of this.#closed.values()) this.#settle(invocation);
    for (const open of this.#open.values()) {
      for (const invocation of open.values()) this.#settle(invocation);
    }
    for (const invocation of this.#loose.values()) this.#settle(invocation);
    this.#closed.clear();
    this.#open.clear();
    this.#loose.clear();
    return [...this.#failures.values()];
  }

  #start(requestId: string, stream: string): void {
    const open = this.#openIn(stream);
    // One environment runs one invocation at a time: in a stream with a name the last one is over.
    if (stream !== "") this.#closeAll(open);
    if (open.size >= OPEN_KEPT) this.#closeAll(open);
    if (open.has(requestId)) return;
    open.set(requestId, this.#takeLoose(stream));
  }

  #end(sign: Report, line: string, stream: string): void {
    const open = this.#openIn(stream);
    const known = open.get(sign.requestId);
    const invocation = known ?? this.#takeLoose(stream);
    open.delete(sign.requestId);
    invocation.report = { sign, line };
    this.#close(sign.requestId, invocation);
  }

  #closeAll(open: Map<string, Invocation>): void {
    for (const [requestId, invocation] of open) this.#close(requestId, invocation);
    open.clear();
  }

  #close(requestId: string, invocation: Invocation): void {
    const before = this.#closed.get(requestId);
    if (before) this.#settle(before);
    this.#closed.delete(requestId);
    this.#closed.set(requestId, invocation);
    if (this.#closed.size <= CLOSED_KEPT) return;
    for (const [oldest, done] of this.#closed) {
      this.#closed.delete(oldest);
      this.#settle(done);
      break;
    }
  }

  #openIn(stream: string): Map<string, Invocation> {
    const open = this.#open.get(stream) ?? new Map<string, Invocation>();
    this.#open.set(stream, open);
    return open;
  }

  #takeLoose(stream: string): Invocation {
    const loose = this.#loose.get(stream) ?? newInvocation();
    this.#loose.delete(stream);
    return loose;
  }

  #invocationOf(requestId: string | undefined, stream: string): Invocation {
    const open = this.#openIn(stream);
    if (requestId !== undefined) {
      const own = open.get(requestId) ?? this.#closed.get(requestId);
      if (own) return own;
      const invocation = this.#takeLoose(stream);
      open.set(requestId, invocation);
      return invocation;
    }
    const [last] = [...open.values()].slice(-1);
    if (!last) {
      const loose = this.#loose.get(stream) ?? newInvocation();
      this.#loose.set(stream, loose);
      return loose;
    }
    if (open.size > 1) { for (const one of open.values()) one.isShared = true; }
    return last;
  }

  /** Counts an invocation once nothing more can come of it. */
  #settle({ failures, report, isShared, suspicion }: Invocation): void {
    const status = report?.sign.status;
    const meant = failures.filter(({ sign }) => !(sign.isDoubtful && status === "success"));
    const sure = meant.filter(({ sign }) => !isEchoed(sign, meant));
    const causes = sure.filter(({ sign }) => isCause(sign.failure));
    const consequences = sure.filter(({ sign }) => !isCause(sign.failure));
    const byWeight = [...consequences].sort((a, b) => weightOf(a.sign) - weightOf(b.sign));
    const timeouts = timeoutOf(report, causes);
    const isExplained = causes.length + timeouts.length > 0;
    const rest = isExplained ? [] : [...byWeight, ...statusFailure(report)].slice(0, 1);
    const followed = consequences.flatMap(({ sign: { failure } }) =>
      isCause(failure) ? [] : [failure]
    );
    const told = [...causes, ...timeouts, ...rest];
    for (const { sign, line } of told) this.#tell(sign, line, report, followed);
    if (told.length > 0 || !report) return;
    if (suspicion !== undefined && status === undefined) {
      if (this.suspicious++ === 0) this.suspicion = suspicion;
    } else if (isShared) this.uncertain++;
    else this.#countWell(report);
  }

  #tell(
    sign: Failure,
    line: string,
    report: Invocation["report"],
    consequences: readonly Consequence[],
  ): void {
    const { failure, detail, language, inInit = false, message, figures = [] } = sign;
    const key = JSON.stringify([failure, detail, failure === "exception" ? language : "", inInit]);
    const known = this.#failures.get(key) ??
      { failure, detail, language, inInit, count: 0, line, message, ...newFailure() };
    this.#failures.set(key, known);
    known.count++;
    for (const one of consequences) known.followed.add(one);
    const isNew = message !== undefined && message !== known.message;
    if (isNew && known.messages.size < MESSAGES_KEPT) known.messages.add(message);
    addFigures(known.figures, [...figures, ...report?.sign.figures ?? []]);
  }

  #countWell({ sign: { figures }, line }: NonNullable<Invocation["report"]>): void {
    const well = this.endedWell;
    const valueOf = (wanted: Figure["name"]) =>
      figures.find(({ name }) => name === wanted)?.value ?? 0;
    if (well.count++ === 0) well.line = line;
    if (valueOf("memoryUsed") >= NEARLY_FULL * (valueOf("memorySize") || Infinity)) {
      well.nearlyFull++;
    }
    addFigures(well.figures, figures);
  }
}

/** Whether another line of the invocation says what this one repeats. */
function isEchoed(sign: Failure, all: Invocation["failures"]): boolean {
  const firstLine = ({ message = "" }: Failure) => message.split("\n", 1)[0];
  return sign.isEcho === true &&
    all.some(({ sign: other }) =>
      other.isEcho !== true && other.failure === sign.failure &&
      (sign.message === undefined || firstLine(other) === firstLine(sign))
    );
}

const weightOf = ({ failure }: Failure) => CONSEQUENCES.findIndex((one) => one === failure);

const newInvocation = (): Invocation => ({ failures: [], isShared: false });
const newFailure = () => ({
  messages: new Set<string>(),
  figures: new Map<Figure["name"], Range>(),
  followed: new Set<Consequence>(),
});

/** What the report alone says, e.g. where all other lines were left out. */
function statusFailure(report: Invocation["report"]): { sign: Failure; line: string }[] {
  const { status, errorType } = report?.sign ?? {};
  if (!report || status === undefined || status === "success" || status === "timeout") return [];
  return [{ sign: failureOfType(errorType), line: report.line }];
}

/** A timeout that only the report tells. */
function timeoutOf(
  report: Invocation["report"],
  causes: readonly { readonly sign: Failure }[],
): { sign: Failure; line: string }[] {
  if (report?.sign.status !== "timeout") return [];
  if (causes.some(({ sign }) => sign.failure === "timeout")) return [];
  const duration = report.sign.figures.find(({ name }) => name === "duration")?.value;
  const figures: Figure[] = duration === undefined
    ? []
    : [{ name: "timeout", value: duration / 1000 }];
  return [{ sign: { kind: "failure", failure: "timeout", figures }, line: report.line }];
}

function addFigures(ranges: Map<Figure["name"], Range>, figures: readonly Figure[]): void {
  for (const { name, value } of figures) {
    const { least, most } = ranges.get(name) ?? { least: value, most: value };
    ranges.set(name, { least: Math.min(least, value), most: Math.max(most, value) });
  }
}
