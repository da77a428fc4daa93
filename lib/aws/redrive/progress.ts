/**
 * What has been sent again, as a list of entries that only grows. One entry before each call says
 * which records it sends; one after it says which were accepted. A run that is killed between the two
 * leaves records that are uncertain: the stream may have them or not. All other records are certain.
 * @module
 */

/** Records of one error object, as ranges of their indexes: `[first, after the last]`. */
export interface LineRanges {
  readonly key: string;
  readonly lines: readonly (readonly [first: number, end: number])[];
}

/** One entry. */
export interface ProgressEntry {
  /** The delivery stream that the records are sent to. */
  readonly stream: string;
  /** The run, and the number of the call in it. */
  readonly run: string;
  readonly call: number;
  readonly state: "sending" | "accepted";
  readonly lines: readonly LineRanges[];
}

/** The place of a record: its error object and its index in it. */
export interface LinePlace {
  readonly key: string;
  readonly index: number;
}

/** What earlier runs have sent to one delivery stream. */
export class Progress {
  readonly #accepted = new Map<string, Set<number>>();
  readonly #uncertain = new Map<string, Set<number>>();

  constructor(entries: Iterable<ProgressEntry>, streamName: string) {
    const open = new Map<string, readonly LineRanges[]>();
    for (const { stream, run, call, state, lines } of entries) {
      if (stream !== streamName) continue;
      if (state === "sending") open.set(`${run} ${call}`, lines);
      else {
        open.delete(`${run} ${call}`);
        addAll(this.#accepted, lines);
      }
    }
    for (const lines of open.values()) addAll(this.#uncertain, lines);
  }

  /** Whether the stream has acknowledged this record. */
  isAccepted(key: string, index: number): boolean {
    return this.#accepted.get(key)?.has(index) ?? false;
  }

  /** Whether there is a record of which {@linkcode isUncertain} is true. */
  get hasUncertain(): boolean {
    return [...this.#uncertain].some(([key, indexes]) =>
      [...indexes].some((index) => !this.isAccepted(key, index))
    );
  }

  /** Whether a call with this record was started, and its result was never noted. */
  isUncertain(key: string, index: number): boolean {
    return (this.#uncertain.get(key)?.has(index) ?? false) && !this.isAccepted(key, index);
  }
}

function addAll(places: Map<string, Set<number>>, lines: readonly LineRanges[]): void {
  for (const { key, lines: ranges } of lines) {
    const indexes = places.get(key) ?? new Set();
    places.set(key, indexes);
    for (const [first, end] of ranges) {
      for (let index = first; index < end; index++) indexes.add(index);
    }
  }
}

/**
 * Places as ranges, in the order given.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const places = [0, 1, 2, 5].map((index) => ({ key: "a", index }));
 * assertEquals(rangesOf(places), [{ key: "a", lines: [[0, 3], [5, 6]] }]);
 * ```
 */
export function rangesOf(places: readonly LinePlace[]): LineRanges[] {
  const byKey = new Map<string, [number, number][]>();
  for (const { key, index } of places) {
    const ranges = byKey.get(key) ?? [];
    byKey.set(key, ranges);
    const last = ranges.at(-1);
    if (last?.[1] === index) last[1]++;
    else ranges.push([index, index + 1]);
  }
  return [...byKey].map(([key, lines]) => ({ key, lines }));
}

/** Entries as JSON, one a line. */
export function entriesText(entries: readonly ProgressEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** What every entry begins with. */
const ENTRY_BEGINS = '{"stream":';

/** Whether a line without its end may be the beginning of an entry. */
export function isBeginningOfEntry(cut: string): boolean {
  return cut.startsWith(ENTRY_BEGINS) || ENTRY_BEGINS.startsWith(cut);
}

/** Reads entries, one JSON a line. Throws a `SyntaxError` for a line that is not an entry. */
export function entriesIn(text: string): ProgressEntry[] {
  return text.split("\n").filter((line) => line !== "").map(entryIn);
}

function entryIn(line: string): ProgressEntry {
  const entry: unknown = JSON.parse(line);
  if (!isEntry(entry)) {
    throw new SyntaxError(`this is not an entry of redrive's progress: ${line.slice(0, 80)}`);
  }
  return entry;
}

function isEntry(entry: unknown): entry is ProgressEntry {
  return typeof entry === "object" && entry !== null && "stream" in entry && "run" in entry &&
    "call" in entry && "state" in entry &&
    (entry.state === "sending" || entry.state === "accepted") &&
    "lines" in entry && Array.isArray(entry.lines) && entry.lines.every(isRanges);
}

function isRanges(value: unknown): boolean {
  return typeof value === "object" && value !== null && "key" in value &&
    typeof value.key === "string" && "lines" in value && Array.isArray(value.lines) &&
    value.lines.every(isRange);
}

/** Records of one error object: more than 128 MiB, the largest buffer, can hold. A Set holds as many. */
const INDEX_MAX = 2 ** 24;

/** Each record of a range is kept: one of 10^15 in a damaged file would take all memory. */
function isRange(range: unknown): boolean {
  if (!Array.isArray(range) || range.length !== 2 || !range.every(Number.isInteger)) return false;
  const [first, end] = range.map(Number);
  return first >= 0 && first <= end && end <= INDEX_MAX;
}
