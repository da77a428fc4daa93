/**
 * Buffers: decides when a buffer's records become an object (or one invocation), and runs the
 * deliveries of each buffer one after the other. Follows "Buffering hints"
 * (https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html).
 * @module
 */

import type { Clock } from "../../../clock.ts";
import { Alarms } from "./alarms.ts";
import type { Random } from "../../../random.ts";
import type { BufferingHints } from "../delivery_stream.ts";
import type { BufferRow, Waiting } from "./journal.ts";
import type { Position } from "./slices.ts";

/** A buffer at work: its row, and what waits in it. The records themselves are in the journal. */
export interface LiveBuffer extends BufferRow {
  readonly position: Position;
  readonly waitingBytes: number;
  /** When the first waiting record came; undefined while the buffer is empty. */
  readonly openedMs: number | undefined;
  /** When taking its records first failed, in milliseconds since the epoch. */
  readonly failingSinceMs: number | undefined;
}

/** A buffer with the number of its records. */
export interface CountedBuffer extends LiveBuffer {
  readonly waitingRecords: number;
}

/** The result of taking records out of a buffer. */
export interface Consumed {
  readonly bytes: number;
  readonly records: number;
  /** The buffer's new position. */
  readonly position: Position;
}

/** A bound of work at once: each slot that is taken is given back. */
export interface ConsumeSlots {
  /** Calls `use` once there is a slot. */
  take(use: () => void): void;
  giveBack(): void;
}

/** How {@linkcode Buffers} acts. */
export interface BuffersOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly hintsOf: (buffer: BufferRow) => BufferingHints;
  /** How long retries use short pauses; after that they use the longest one. */
  readonly retryMsOf: (buffer: BufferRow) => number;
  /** What bounds how many such buffers are consumed at once; undefined for no bound. */
  readonly slotsOf: (buffer: BufferRow) => ConsumeSlots | undefined;
  /**
   * Takes the next records out of a buffer that is due, and resolves once that is committed;
   * with `undefined` if the buffer was removed. Throws if the records must stay: it is then called
   * again after a pause.
   */
  readonly consume: (buffer: LiveBuffer, signal: AbortSignal) => Promise<Consumed | undefined>;
  /** A buffer's position on disk; undefined if the buffer was removed. */
  readonly positionOf: (id: number) => Position | undefined;
  /** What waits at or after `position`. */
  readonly waiting: (log: number, position: Position) => Waiting;
  /**
   * Called when a buffer has moved on in a commit that seemed to fail: its records may be in other
   * buffers of the stream now.
   */
  readonly onCaughtUp: (buffer: BufferRow) => void;
  /** When the first record at or after `position` came to `log`; undefined if there is none. */
  readonly openedMs: (log: number, position: Position) => number | undefined;
  /** How many records wait at or after `position`. */
  readonly countRecords: (log: number, position: Position) => number;
  readonly onFailure: (error: unknown, buffer: LiveBuffer) => void;
}

/** Pauses between attempts grow from the first to the last (AWS does not document its own). */
const PAUSE_FIRST_MS = 5_000;
const PAUSE_LAST_MS = 120_000;

interface Tended {
  buffer: LiveBuffer;
  /**
   * Records that wait; undefined until somebody asks, since a start would read all rows for it. A put
   * that is being synced at this moment is counted twice, until the buffer is empty.
   */
  records: number | undefined;
  /** Stop, or the stream is deleted. */
  isEnded: boolean;
  /** Ends the work on the buffer; undefined until there is some: thousands of buffers may only wait. */
  end: AbortController | undefined;
  /** Ends a wait, so that the buffer is checked again. */
  nap: (() => void) | undefined;
  /** Ends the pause after a failure. */
  pause: AbortController | undefined;
  running: Promise<void> | undefined;
  /** It is due and waits for a slot. */
  isQueued: boolean;
  /** Failures since records were last taken out. */
  failures: number;
  /** Undefined until there is one. */
  flushes: Set<Flush> | undefined;
}

/** Somebody waits until the records before a row are taken out of a buffer. */
interface Flush {
  readonly endSeq: number;
  /** Resolves with why they were not; with undefined if they were. */
  readonly settled: PromiseWithResolvers<unknown>;
}

/** A buffer that could not be emptied, and why. */
export interface Unflushed {
  readonly buffer: CountedBuffer;
  readonly error: unknown;
}

/** What a buffer does. */
export type Doing = "nothing" | "waiting" | "working" | "pausing after a failure";

/** The buffers of all streams that exist, at work. */
export class Buffers {
  readonly #options: BuffersOptions;
  readonly #alarms: Alarms;
  readonly #tended = new Map<number, Tended>();
  #isStopped = false;

  constructor(options: BuffersOptions) {
    this.#options = options;
    this.#alarms = new Alarms(options.clock);
  }

  /** Adds a buffer, with the records that already wait in it. Does nothing after `stop`. */
  open(row: BufferRow, { bytes, openedMs }: Waiting): void {
    if (this.#isStopped) return;
    const buffer = {
      ...row,
      waitingBytes: bytes,
      // A clock that was advanced is back at the true time after a restart.
      openedMs: openedMs === undefined
        ? undefined
        : Math.min(openedMs, this.#options.clock.nowMs()),
      failingSinceMs: undefined,
    };
    const tended: Tended = {
      buffer,
      isEnded: false,
      end: undefined,
      records: openedMs === undefined ? 0 : undefined,
      nap: undefined,
      pause: undefined,
      running: undefined,
      isQueued: false,
      failures: 0,
      flushes: undefined,
    };
    this.#tended.set(row.id, tended);
    this.#tend(tended);
  }

  /** Notes that records arrived at `bufferedMs`. */
  grow(
    id: number,
    { bytes, records }: { readonly bytes: number; readonly records: number },
    bufferedMs: number,
  ): void {
    const tended = this.#tended.get(id);
    if (!tended) return;
    const { buffer } = tended;
    const waitingBytes = buffer.waitingBytes + bytes;
    if (tended.records !== undefined) tended.records += records;
    const openedMs = buffer.openedMs ?? bufferedMs;
    tended.buffer = { ...buffer, waitingBytes, openedMs };
    if (!tended.nap) this.#tend(tended);
    else if (waitingBytes >= this.#options.hintsOf(buffer).sizeBytes) tended.nap();
  }

  /** Reads again what waits in a buffer that is not at work. */
  refresh(id: number): void {
    const tended = this.#tended.get(id);
    if (!tended || tended.running) return;
    this.#recount(tended);
    if (tended.nap) tended.nap();
    else this.#tend(tended);
  }

  #recount(tended: Tended): void {
    const { buffer } = tended;
    const { bytes, openedMs } = this.#options.waiting(buffer.log, buffer.position);
    tended.buffer = { ...buffer, waitingBytes: bytes, openedMs };
    tended.records = undefined;
  }

  has(id: number): boolean {
    return this.#tended.has(id);
  }

  /** Bytes that wait in a buffer now; 0 if there is no such buffer. */
  waitingBytes(id: number): number {
    return this.#tended.get(id)?.buffer.waitingBytes ?? 0;
  }

  /** Notes that a stream's buffering hints changed. */
  rouse(streamId: number): void {
    for (const { buffer, nap } of this.#tended.values()) {
      if (buffer.streamId === streamId) nap?.();
    }
  }

  /** A stream's buffers, and what each does. */
  of(streamId: number): { readonly buffer: CountedBuffer; readonly doing: Doing }[] {
    return [...this.#tended.values()].filter(({ buffer }) => buffer.streamId === streamId)
      .map((tended) => ({ buffer: this.#counted(tended), doing: doingOf(tended) }));
  }

  #counted(tended: Tended): CountedBuffer {
    const { buffer: { log, position } } = tended;
    tended.records ??= this.#options.countRecords(log, position);
    return { ...tended.buffer, waitingRecords: tended.records };
  }

  /**
   * Takes the records before row `endSeq` out of the buffers that `isMeant` chooses, without waiting
   * for their size or interval, or for the next attempt after a failure. Resolves with the buffers
   * for which that failed: each is tried once, and goes on as usual after that. `signal` ends the
   * wait for those that are still at work.
   */
  async flush(
    isMeant: (buffer: BufferRow) => boolean,
    endSeq: number,
    signal: AbortSignal,
  ): Promise<Unflushed[]> {
    const results = [...this.#tended.values()]
      .filter(({ buffer }) =>
        isMeant(buffer) && buffer.openedMs !== undefined && buffer.position.seq < endSeq
      )
      .map(async (tended): Promise<Unflushed> => ({
        error: await this.#flushed(tended, endSeq, signal),
        buffer: this.#counted(tended),
      }));
    return (await Promise.all(results)).filter(({ error }) => error !== undefined);
  }

  /** Resolves with why the records could not be taken out; with undefined if they were. */
  async #flushed(tended: Tended, endSeq: number, signal: AbortSignal): Promise<unknown> {
    if (signal.aborted) return signal.reason;
    const settled = Promise.withResolvers<unknown>();
    const flush = { endSeq, settled };
    const abort = () => settled.resolve(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    (tended.flushes ??= new Set()).add(flush);
    tended.nap?.();
    tended.pause?.abort();
    try {
      return await settled.promise;
    } finally {
      signal.removeEventListener("abort", abort);
      tended.flushes.delete(flush);
    }
  }

  /** Ends the work on the buffers of some streams. Their records stay in the journal. */
  close(isMeant: (streamId: number) => boolean): Promise<void> {
    return this.#end([...this.#tended.values()].filter(({ buffer }) => isMeant(buffer.streamId)));
  }

  /** Ends all work, and resolves when nothing is under way. */
  stop(): Promise<void> {
    this.#isStopped = true;
    return this.#end([...this.#tended.values()], new Error("the sandbox is ending"));
  }

  /** `reason`: why records still wait; absent if they are thrown away. */
  async #end(ended: readonly Tended[], reason?: Error): Promise<void> {
    for (const tended of ended) {
      this.#tended.delete(tended.buffer.id);
      tended.isEnded = true;
      tended.end?.abort();
      tended.nap?.();
      settle(tended.flushes, () => true, reason);
    }
    await Promise.all(ended.map(({ running }) => running));
  }

  /** Begins work on a buffer that is due, or sees to it that it is looked at again. */
  #tend(tended: Tended): void {
    const { buffer, isEnded, running, isQueued, nap } = tended;
    if (isEnded || running || isQueued || nap || buffer.openedMs === undefined) return;
    const { clock, hintsOf } = this.#options;
    const { sizeBytes, intervalMs } = hintsOf(buffer);
    const momentMs = clock.deadlineMs(buffer.openedMs, intervalMs);
    const isDue = buffer.waitingBytes >= sizeBytes || tended.flushes?.size;
    if (isDue || momentMs <= clock.nowMs()) this.#begin(tended);
    else this.#wait(tended, momentMs);
  }

  /**
   * Waits until `momentMs`, or until the buffer is roused. No promise and no function under way
   * holds memory meanwhile, and what its delivery needs hangs on nothing that is old: V8 would keep
   * that until it collects the old space.
   */
  #wait(tended: Tended, momentMs: number): void {
    const ring = () => {
      tended.nap = undefined;
      this.#begin(tended);
    };
    tended.nap = () => {
      tended.nap = undefined;
      this.#alarms.cancel(momentMs, ring);
      this.#tend(tended);
    };
    this.#alarms.set(momentMs, ring);
  }

  /** Nothing is made for the work before there is a slot: thousands may be due in one moment. */
  #begin(tended: Tended): void {
    const slots = this.#options.slotsOf(tended.buffer);
    if (!slots) {
      tended.running = this.#run(tended);
      return;
    }
    tended.isQueued = true;
    slots.take(() => {
      tended.isQueued = false;
      if (tended.isEnded) slots.giveBack();
      else tended.running = this.#run(tended, slots);
    });
  }

  async #run(tended: Tended, slots?: ConsumeSlots): Promise<void> {
    const isDone = await this.#work(tended);
    slots?.giveBack();
    if (!isDone) await this.#pause(tended);
    tended.running = undefined;
    tended.end = undefined;
    if (this.#tended.get(tended.buffer.id) === tended) this.#tend(tended);
  }

  /** Takes records out of a buffer once. Returns false if that failed. */
  async #work(tended: Tended): Promise<boolean> {
    try {
      await this.#consume(tended);
      tended.failures = 0;
      return true;
    } catch (error) {
      if (tended.isEnded) return true;
      this.#noteFailure(tended, error);
      this.#catchUp(tended);
      settle(tended.flushes, () => true, error);
      return !this.has(tended.buffer.id);
    }
  }

  /** What failed may have come after the commit: then these records are gone from the buffer. */
  #catchUp(tended: Tended): void {
    const { buffer } = tended;
    try {
      const position = this.#options.positionOf(buffer.id);
      if (!position) return this.#removed(tended);
      if (isSame(position, buffer.position)) return;
      tended.buffer = { ...buffer, position };
      this.#recount(tended);
      this.#options.onCaughtUp(buffer);
    } catch {
      // The journal can't be read. It refuses to move a buffer on from where the buffer is not.
    }
  }

  async #consume(tended: Tended): Promise<void> {
    tended.end ??= new AbortController();
    const consumed = await this.#options.consume(tended.buffer, tended.end.signal);
    if (!consumed) return this.#removed(tended);
    this.#moveOn(tended, consumed);
    const { openedMs, position } = tended.buffer;
    settle(tended.flushes, ({ endSeq }) => openedMs === undefined || position.seq >= endSeq);
  }

  #removed({ buffer, flushes }: Tended): void {
    this.#tended.delete(buffer.id);
    settle(flushes, () => true);
  }

  #noteFailure(tended: Tended, error: unknown): void {
    const failingSinceMs = tended.buffer.failingSinceMs ?? this.#options.clock.nowMs();
    tended.buffer = { ...tended.buffer, failingSinceMs };
    this.#options.onFailure(error, tended.buffer);
  }

  /** With jitter, so that buffers which failed together do not try again together. */
  async #pause(tended: Tended): Promise<void> {
    const { clock, random, retryMsOf } = this.#options;
    const { buffer, end = new AbortController() } = tended;
    const { failingSinceMs = clock.nowMs() } = buffer;
    const isFresh = clock.nowMs() < clock.deadlineMs(failingSinceMs, retryMsOf(buffer));
    const longest = isFresh
      ? Math.min(PAUSE_FIRST_MS * 2 ** tended.failures++, PAUSE_LAST_MS)
      : PAUSE_LAST_MS;
    const pause = new AbortController();
    tended.pause = pause;
    const signal = AbortSignal.any([end.signal, pause.signal]);
    await clock.wait(longest * (0.5 + random.fraction() / 2), signal).catch(() => {});
    tended.pause = undefined;
  }

  /**
   * Reads the journal again: records may have arrived, and `grow` may have been called for them,
   * after the commit and before this.
   */
  #moveOn(tended: Tended, { bytes, records, position }: Consumed): void {
    const { buffer } = tended;
    const openedMs = this.#options.openedMs(buffer.log, position);
    const left = (waiting: number, taken: number) =>
      openedMs === undefined ? 0 : Math.max(0, waiting - taken);
    const waitingBytes = left(buffer.waitingBytes, bytes);
    tended.buffer = { ...buffer, waitingBytes, position, openedMs, failingSinceMs: undefined };
    if (openedMs === undefined) tended.records = 0;
    if (tended.records !== undefined) tended.records = left(tended.records, records);
  }
}

const isSame = (one: Position, other: Position) =>
  one.seq === other.seq && one.record === other.record;

/** Answers those of `flushes` that `isOver` chooses. */
function settle(
  flushes: Set<Flush> | undefined,
  isOver: (flush: Flush) => boolean,
  error?: unknown,
): void {
  for (const flush of flushes ?? []) {
    if (!isOver(flush)) continue;
    flushes?.delete(flush);
    flush.settled.resolve(error);
  }
}

function doingOf({ buffer, nap, pause }: Tended): Doing {
  if (buffer.openedMs === undefined) return "nothing";
  if (pause) return "pausing after a failure";
  return nap ? "waiting" : "working";
}
