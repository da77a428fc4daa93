/**
 * Search for words: in records that wait, in objects (decompressed, with the rawData of the error
 * output decoded) and their names, and in logs. Bounded in bytes, hits and time, and says what it left out. It reads in
 * turns, so that puts are answered meanwhile.
 * @module
 */

import { DecodingError } from "../decoding/decoding_error.ts";
import { nextTurn } from "../next_turn.ts";
import type { StoredObject } from "../services/s3/state.ts";
import type { ConsoleRegion } from "./console_region.ts";
import { failedIn } from "./failed_line.ts";
import { linesOf } from "./lines.ts";
import { newestFirst } from "./log_events.ts";
import { bytesOf } from "./objects.ts";
import { plainText } from "./plain_text.ts";
import type { HitView, RecordRef, SearchPage } from "./shapes.ts";
import { recordsOf } from "./slice_records.ts";
import { type ObjectTrail, recordAt } from "./trails.ts";
import { wayOfId } from "./way.ts";

/** What a search may take. */
export interface SearchLimits {
  readonly bytesMax: number;
  readonly hitsMax: number;
  readonly msMax: number;
}

export const SEARCH_LIMITS: SearchLimits = {
  bytesMax: 128 * 1024 * 1024,
  hitsMax: 50,
  msMax: 10_000,
};

/** What a search is given. */
export interface SearchParts {
  readonly regions: readonly ConsoleRegion[];
  readonly nowMs: () => number;
  readonly limits: SearchLimits;
}

/** Everything with each word of `text`, small and capital letters alike; or the way of an id. */
export async function search(text: string, parts: SearchParts): Promise<SearchPage> {
  const way = wayOfId(text, parts.regions);
  const found = new Findings(text, parts);
  if (!way) {
    for (const read of [readWaiting, readObjects, readLogs]) {
      for (const region of parts.regions) {
        if (!found.isOver) await read(region, found);
      }
    }
  }
  return { way, hits: found.hits, searched: found.searched(), stopped: found.stopped };
}

/** What was found so far, and what that took. */
class Findings {
  readonly hits: HitView[] = [];
  stopped: string | undefined;
  readonly #words: readonly string[];
  readonly #parts: SearchParts;
  readonly #endMs: number;
  #bytes = 0;
  #turnBytes = 0;
  readonly counts = { records: 0, objects: 0, events: 0 };

  constructor(text: string, parts: SearchParts) {
    this.#words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
    this.#parts = parts;
    this.#endMs = performance.now() + parts.limits.msMax;
  }

  get isOver(): boolean {
    return this.stopped !== undefined;
  }

  get nowMs(): number {
    return this.#parts.nowMs();
  }

  searched(): string {
    const { records, objects, events } = this.counts;
    return `${count(records, "waiting record")}, ${count(objects, "object")}, ` +
      `${count(events, "log event")}`;
  }

  /** Where the first word is in `text`; -1 if one of the words is not in it. */
  find(text: string): number {
    const lower = text.toLowerCase();
    return this.#words.every((word) => lower.includes(word)) ? lower.indexOf(this.#words[0]) : -1;
  }

  /** The text around a place. */
  excerpt(text: string, at: number): string {
    const from = Math.max(0, at - EXCERPT_BEFORE);
    const to = at + this.#words[0].length + EXCERPT_AFTER;
    return `${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
  }

  add(hit: HitView): void {
    this.hits.push(hit);
    if (this.hits.length >= this.#parts.limits.hitsMax) {
      this.stopped =
        `It stopped after ${this.hits.length} places. Add a word, or use a longer one.`;
    }
  }

  /** Counts what was read, and lets others run from time to time. */
  async read(bytes: number): Promise<void> {
    this.#bytes += bytes;
    this.#turnBytes += bytes;
    const { bytesMax, msMax } = this.#parts.limits;
    if (this.#bytes > bytesMax) {
      this.stopped ??= `It stopped after ${bytesMax / 1024 / 1024} MiB.`;
    }
    if (this.#turnBytes < TURN_BYTES) return;
    this.#turnBytes = 0;
    await nextTurn();
    if (performance.now() > this.#endMs) this.stopped ??= `It stopped after ${msMax / 1000} s.`;
  }
}

const EXCERPT_BEFORE = 80;
const EXCERPT_AFTER = 160;
/** Some milliseconds of work. */
const TURN_BYTES = 256 * 1024;

const count = (value: number, noun: string) =>
  `${value.toLocaleString("en")} ${noun}${value === 1 ? "" : "s"}`;

// --- waiting records ------------------------------------------------------------------------------

async function readWaiting(region: ConsoleRegion, found: Findings): Promise<void> {
  const { firehose, place } = region;
  for (const stream of firehose.streams()) {
    for (const { slice } of firehose.waiting(stream)) {
      for (const { record, data } of recordsOf(slice)) {
        if (found.isOver) return;
        found.counts.records++;
        await found.read(data.length);
        const text = waitingText(data);
        const at = found.find(text);
        if (at < 0) continue;
        found.add({
          ...{ kind: "waiting", place, stream: stream.name, excerpt: found.excerpt(text, at) },
          record: { place, seq: slice.seq, record },
        });
      }
    }
  }
}

/** A line for the error output holds the record in base64. */
function waitingText(data: Uint8Array): string {
  const text = plainText(data);
  const failed = failedIn(text);
  return failed ? `${failed.errorCode} ${plainText(failed.data)}` : text;
}

// --- objects --------------------------------------------------------------------------------------

const OBJECTS_AT_ONCE = 100;

async function readObjects(region: ConsoleRegion, found: Findings): Promise<void> {
  const { s3 } = region;
  for (const { name } of s3.buckets()) {
    for (let from: Uint8Array = new Uint8Array();;) {
      const objects = s3.objectsFrom(name, from, OBJECTS_AT_ONCE);
      for (const object of objects) {
        if (found.isOver) return;
        found.counts.objects++;
        await readObject(region, name, object, found);
      }
      const last = objects.at(-1);
      if (!last || objects.length < OBJECTS_AT_ONCE) break;
      from = new TextEncoder().encode(`${last.key}\0`);
    }
  }
}

async function readObject(
  region: ConsoleRegion,
  bucket: string,
  object: StoredObject,
  found: Findings,
): Promise<void> {
  const { key } = object;
  const inName = found.find(key);
  if (inName >= 0) {
    const excerpt = found.excerpt(key, inName);
    found.add({ kind: "name", bucket, key, excerpt, record: undefined });
  }
  const trail = region.watch.trails.object(bucket, key);
  try {
    // Loaded when it is first needed: it takes 4 MiB.
    const { decompress } = await import("../decoding/compression.ts");
    const { chunks, compression } = await decompress(bytesOf(region.s3, object));
    const isMapped = trail && (compression === "UNCOMPRESSED" || !isAsItWasPut(trail));
    for await (const { number, start, bytes } of linesOf(chunks)) {
      if (found.isOver) return;
      await found.read(bytes.length + 1);
      const line = new TextDecoder().decode(bytes);
      const failed = failedIn(line);
      const text = failed ? plainText(failed.data) : line;
      const at = found.find(text);
      if (at < 0) continue;
      const offset = start + (failed ? 0 : new TextEncoder().encode(line.slice(0, at)).length);
      found.add({
        ...{ kind: failed ? "error" : "object", bucket, key, line: number },
        ...{ errorCode: failed?.errorCode, excerpt: found.excerpt(text, at) },
        record: isMapped ? refAt(trail, offset, region) : undefined,
      });
    }
  } catch (error) {
    // Objects that cannot be read as text are passed over: the viewer says what is wrong with them.
    if (!(error instanceof DecodingError)) throw error;
  }
}

/** Whether the object is its records, one after the other: what is gzip in it is the records' own. */
const isAsItWasPut = ({ lengths, sizeBytes, delimiterBytes }: ObjectTrail) =>
  lengths.reduce((sum, length) => sum + length, delimiterBytes * (lengths.length - 1)) ===
    sizeBytes;

function refAt(
  trail: ObjectTrail,
  offset: number,
  { place, watch }: ConsoleRegion,
): RecordRef | undefined {
  const spot = recordAt(trail, offset);
  return spot && { place, ...watch.trails.sourceOf(spot) ?? spot };
}

// --- logs -----------------------------------------------------------------------------------------

async function readLogs({ logs, place }: ConsoleRegion, found: Findings): Promise<void> {
  for (const group of logs.groups.all()) {
    for await (const page of newestFirst(logs, group, found.nowMs)) {
      for (const { message, timestampMs: atMs } of page) {
        if (found.isOver) return;
        found.counts.events++;
        await found.read(message.length);
        const at = found.find(message);
        if (at < 0) continue;
        const excerpt = found.excerpt(message, at);
        found.add({ kind: "log", place, group: group.name, atMs, excerpt, record: undefined });
      }
    }
  }
}
