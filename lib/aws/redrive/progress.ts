/**
 * What has been sent again, as a list of entries that is only ever added to: before a call an entry
 * says what it sends, after it one says what was accepted. Whoever is killed between the two leaves
 * records of which nobody knows; all others are known.
 * @module
 */

/** Lines of one error object, as ranges `[first, after last]`. */
export interface LineRanges {
  readonly key: string;
  readonly lines: readonly (readonly [first: number, end: number])[];
}

/** One entry. */
export interface ProgressEntry {
  /** The delivery stream that the records are sent to. */
  readonly stream: string;
  /** Names the run, and the call in it. */
  readonly run: string;
  readonly call: number;
  readonly state: "sending" | "accepted";
  readonly lines: readonly LineRanges[];
}

/** A line of an error object. */
export interface LinePlace {
  readonly key: string;
  readonly index: number;
}

/** What earlier runs have sent to one stream. */
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

  /** Whether the stream has acknowledged this line's record. */
  isAccepted(key: string, index: number): boolean {
    return this.#accepted.get(key)?.has(index) ?? false;
  }

  /** Whether a call with this line's record was begun, and nobody knows how it ended. */
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
 * Places as ranges, in their order.
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

/** Entries as lines of JSON. */
export function entriesText(entries: readonly ProgressEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** Entries out of lines of JSON. Throws a `SyntaxError` for a line that is none. */
export function entriesIn(text: string): ProgressEntry[] {
  return text.split("\n").filter((line) => line !== "").map(entryIn);
}

function entryIn(line: string): ProgressEntry {
  const entry: unknown = JSON.parse(line);
  if (!isEntry(entry)) {
    throw new SyntaxError(`no entry of redrive's progress: ${line.slice(0, 80)}`);
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
    value.lines.every((range: unknown) =>
      Array.isArray(range) && range.length === 2 && range.every(Number.isInteger)
    );
}
