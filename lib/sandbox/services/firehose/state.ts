/**
 * Firehose's state: delivery streams, their journal, and the work on their buffers.
 * @module
 */

import type { Caller } from "../../access/caller.ts";
import { allSteps } from "../../all_steps.ts";
import type { Random } from "../../random.ts";
import { THREAD_REST_MS } from "../../rest_timer.ts";
import { type FaultSource, NO_FAULTS } from "../../ports/fault_source.ts";
import type { DeliveryStreamPuts } from "../../ports/delivery_streams.ts";
import { Buffers, type LiveBuffer, type Unflushed } from "./journal/buffers.ts";
import { Compressor } from "./delivery/compress.ts";
import { DeliverySlots } from "./delivery/delivery_slots.ts";
import type { DeliveryStream } from "./delivery_stream.ts";
import { DirectPuts } from "./intake/direct_puts.ts";
import { noSuchStream, notFromLogs, streamNotActive } from "./errors.ts";
import { putFromLogs } from "./intake/logs_puts.ts";
import type { Placed } from "./processing/place_records.ts";
import { type BufferKind, type BufferRow, type Entry, Journal } from "./journal/journal.ts";
import { FunctionTurns } from "./processing/function_turns.ts";
import { LookAhead } from "./processing/look_ahead.ts";
import { Jq } from "./processing/jq/engine.ts";
import { Lifecycle } from "./lifecycle.ts";
import { recordMetrics, recordRounds, type StreamMetrics } from "./metrics.ts";
import type { Position, Slice } from "./journal/slices.ts";
import type { DeliveryAttempt, FirehoseOptions } from "./options.ts";
import { consume, isDelivered, noteFailure, type PipelineParts } from "./pipeline.ts";
import { logFailure } from "./delivery_log.ts";
import { decompression, lambdaProcessor } from "./configuration/processors.ts";
import { AssumptionNotices } from "./processing/assumption_notices.ts";
import { RetryPauses } from "./processing/retry_pauses.ts";
import { RecordLoops } from "./intake/record_loops.ts";
import { NamedRows } from "../../store/named_rows.ts";
import { hintsOf, retryMsOf } from "./delivery/target.ts";

/** What a flush has done. */
export interface Flushed {
  /** Every attempt at a delivery of the stream meanwhile. */
  readonly attempts: readonly DeliveryAttempt[];
  readonly undelivered: readonly Unflushed[];
}

const notSwept = (error: unknown) =>
  `delivered records could not be removed from the sandbox's journal, and still take up space: ${error}`;

/** The delivery streams of one account in one region. */
export class FirehoseState implements DeliveryStreamPuts {
  readonly options: FirehoseOptions;
  readonly random: Random;
  readonly puts: DirectPuts;
  readonly #journal: Journal;
  readonly #streams: NamedRows<Omit<DeliveryStream, "id">>;
  readonly #faults: FaultSource;
  readonly #pauses: RetryPauses;
  readonly #compressor = new Compressor();
  readonly #slots = new DeliverySlots();
  readonly #loops = new RecordLoops();
  readonly #assumptions = new AssumptionNotices();
  readonly jq: Jq;
  readonly #buffers: Buffers;
  readonly #ahead: PipelineParts["ahead"] = new LookAhead();
  /** By stream id: the buffers that read what is put. They share one log. */
  readonly #readers = new Map<number, readonly BufferRow[]>();
  readonly #lifecycle: Lifecycle;
  readonly #listeners = new Set<(attempt: DeliveryAttempt) => void>();

  constructor(options: FirehoseOptions) {
    this.options = options;
    this.#faults = options.faults ?? NO_FAULTS;
    this.#pauses = new RetryPauses(options.clock);
    this.random = options.random;
    this.jq = new Jq({ nowMs: () => options.clock.nowMs(), restMs: THREAD_REST_MS });
    this.puts = new DirectPuts({
      region: options.region,
      quotas: options.quotas ?? "off",
      record: (streamName, values) => this.record(streamName, values),
    });
    this.#journal = new Journal(
      options.database,
      options.segments,
      (error) => options.onDeliveryProblem?.(notSwept(error)),
    );
    this.#streams = new NamedRows(options.database, "firehose_stream");
    this.#lifecycle = new Lifecycle({
      clock: options.clock,
      find: (id) => this.#streams.byId(id),
      update: (name, change) => this.update(name, change),
      remove: (stream) => this.#remove(stream),
      onProblem: (line) => options.onDeliveryProblem?.(line),
    });
    this.#buffers = this.#newBuffers(this.#pipelineParts());
  }

  #pipelineParts(): PipelineParts {
    const { options } = this;
    return {
      ...options,
      faults: this.#faults,
      pauses: this.#pauses,
      turns: new FunctionTurns(),
      journal: this.#journal,
      compressor: this.#compressor,
      slots: this.#slots,
      jq: this.jq,
      ahead: this.#ahead,
      waitingBytes: (bufferId) => this.#buffers.waitingBytes(bufferId),
      assumptions: this.#assumptions,
      record: (streamName, values) => this.record(streamName, values),
      onPlaced: (placed, bufferedMs) => this.#grow(placed, bufferedMs),
      onDelivery: (attempt) => {
        options.onDelivery?.(attempt);
        for (const listen of this.#listeners) listen(attempt);
      },
    };
  }

  #newBuffers(parts: PipelineParts): Buffers {
    const { clock, random } = this.options;
    return new Buffers({
      ...{ clock, random },
      hintsOf: (buffer) => hintsOf(this.#streamOf(buffer), buffer),
      retryMsOf: (buffer) => retryMsOf(this.#streamOf(buffer), buffer),
      slotsOf: (buffer) => isDelivered(buffer, this.#streamOf(buffer)) ? this.#slots : undefined,
      consume: (buffer, signal) => consume(buffer, this.#streamOf(buffer), parts, signal),
      positionOf: (id) => this.#journal.position(id),
      waiting: (log, position) => this.#journal.waiting(log, position),
      onCaughtUp: (buffer) => this.#refreshBuffers(buffer),
      openedMs: (log, position) => this.#journal.openedMs(log, position),
      countRecords: (log, position) => this.#journal.countRecords(log, position),
      onFailure: (error, buffer) => noteFailure(error, buffer, this.#streamOf(buffer), parts),
    });
  }

  /** Continues what was under way when the sandbox last ended. */
  start(): void {
    for (const stream of this.#streams.all()) {
      this.#lifecycle.follow(stream);
      if (stream.status !== "DELETING") this.#openBuffers(stream);
    }
    this.#journal.sweepEverything();
  }

  /** Ends all work; waiting records are delivered after the next start. */
  async stop(): Promise<void> {
    const changed = this.#lifecycle.stop();
    await allSteps(
      () => this.#stopBuffers(),
      () => this.#compressor.stop(),
      () => this.jq.stop(),
      () => changed,
      () => this.#journal.close(),
    );
  }

  /** Resolves when delivered records have been removed from the journal. */
  swept(): Promise<void> {
    return this.#journal.swept();
  }

  // --- delivery streams -----------------------------------------------------------------------

  streamArn(name: string): string {
    const { region, accountId } = this.options;
    return `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`;
  }

  find(name: string): DeliveryStream | undefined {
    return this.#streams.find(name);
  }

  /** The stream. Throws ResourceNotFoundException. */
  stream(name: string): DeliveryStream {
    const stream = this.#streams.find(name);
    if (!stream) throw noSuchStream(name, this.options.accountId);
    return stream;
  }

  /** The stream, if it accepts records. Throws ResourceNotFoundException. */
  activeStream(name: string): DeliveryStream {
    const stream = this.stream(name);
    if (stream.status !== "ACTIVE") throw streamNotActive(name, this.options.accountId);
    return stream;
  }

  /**
   * The stream, if anyone may put records to it. Throws ResourceNotFoundException, or
   * InvalidSourceException where only CloudWatch Logs may.
   */
  directPutStream(name: string): DeliveryStream {
    const stream = this.activeStream(name);
    if (decompression(stream.destination)) throw notFromLogs(name, this.options.accountId);
    return stream;
  }

  /** All streams, by name. */
  streams(): readonly DeliveryStream[] {
    return this.#streams.all();
  }

  /** Adds a stream and its buffers. `check` runs in the commit, before the change; it may throw. */
  async create(draft: Omit<DeliveryStream, "id">, check: () => void): Promise<DeliveryStream> {
    const stream = await this.#streams.change(() => {
      check();
      const stream = this.#streams.insert(draft);
      this.#journal.createBuffer({ streamId: stream.id, kind: "source", key: "" });
      this.#ensureBackup(stream);
      return stream;
    });
    this.#openBuffers(stream);
    this.#lifecycle.follow(stream);
    return stream;
  }

  /** Replaces a stream with the result of `change`, which gets it as it is at the commit. */
  async update(
    name: string,
    change: (stream: DeliveryStream) => DeliveryStream,
  ): Promise<DeliveryStream> {
    const stream = await this.#streams.change(() => {
      const changed = change(this.stream(name));
      this.#streams.save(changed);
      return changed;
    });
    this.#buffers.rouse(stream.id);
    return stream;
  }

  /** Changes a stream's destination, and adds a buffer for a new backup. */
  async updateDestination(
    name: string,
    change: (stream: DeliveryStream) => DeliveryStream,
  ): Promise<void> {
    const stream = await this.update(name, (stream) => {
      const changed = change(stream);
      this.#ensureBackup(changed);
      return changed;
    });
    this.#openBuffers(stream);
  }

  /** Changes a stream's encryption, and schedules the status that follows. */
  async updateEncryption(
    name: string,
    change: (stream: DeliveryStream) => DeliveryStream,
  ): Promise<void> {
    this.#lifecycle.follow(await this.update(name, change));
  }

  /** Only inside a commit. */
  #ensureBackup({ id, destination }: DeliveryStream): void {
    if (destination.S3BackupMode !== "Enabled") return;
    if (this.#journal.findBuffer(id, "backup", "")) return;
    const log = this.#journal.findBuffer(id, "source", "")?.log;
    this.#journal.createBuffer({ streamId: id, kind: "backup", key: "", log });
  }

  /** Starts to delete a stream: its waiting records are thrown away, as on AWS. */
  async delete(name: string, check: (stream: DeliveryStream) => void): Promise<void> {
    const { status } = this.stream(name);
    const statusMs = this.options.clock.nowMs();
    const stream = await this.update(name, (stream) => {
      check(stream);
      return stream.status === "DELETING" ? stream : { ...stream, status: "DELETING", statusMs };
    });
    if (status === "DELETING") return;
    this.#readers.delete(stream.id);
    await this.#closeBuffers((streamId) => streamId === stream.id);
    this.#lifecycle.follow(stream);
  }

  async #remove({ id, name }: DeliveryStream): Promise<void> {
    const logs = await this.#streams.change(() => {
      const buffers = this.#journal.buffersOf(id);
      for (const buffer of buffers) this.#journal.removeBuffer(buffer.id);
      const stream = this.#streams.byId(id);
      if (stream) this.#streams.remove(stream);
      return buffers.map(({ log }) => log);
    });
    for (const log of logs) this.#journal.sweep(log);
    this.#forget(id, name);
  }

  // --- records --------------------------------------------------------------------------------

  /**
   * Puts records into the journal, and resolves, with their row, once they are on disk; `alongside`
   * is done in the same commit.
   */
  async accept(stream: DeliveryStream, entry: Entry, alongside?: () => void): Promise<number> {
    const [source] = this.#readers.get(stream.id) ?? [];
    if (!source) throw streamNotActive(stream.name, this.options.accountId);
    const seq = await this.#journal.accept(source.log, entry, () => {
      // Everything may have been removed since the call began.
      if (!this.#readers.has(stream.id)) throw streamNotActive(stream.name, this.options.accountId);
      alongside?.();
    });
    // Read again: a backup may have been enabled meanwhile.
    for (const { id } of this.#readers.get(stream.id) ?? []) {
      const grown = { bytes: entry.data.length, records: entry.lengths?.length ?? 1 };
      this.#buffers.grow(id, grown, entry.bufferedMs);
    }
    return seq;
  }

  putFromLogs(request: Parameters<DeliveryStreamPuts["putFromLogs"]>[0]) {
    return putFromLogs(request, {
      ...this.options,
      puts: this.puts,
      faults: this.#faults,
      streamArn: (name) => this.streamArn(name),
      activeStream: (name) => this.activeStream(name),
      accept: (stream, entry, alongside) => this.accept(stream, entry, alongside),
    });
  }

  /** Reports a stream's own function that puts the same records again and again. */
  noticeReturned(stream: DeliveryStream, caller: Caller, records: readonly Uint8Array[]): void {
    const returned = this.#loops.notice(stream, caller, records);
    if (!returned) return;
    const { rounds, line } = returned;
    recordRounds(this.options.metrics, stream.name, this.options.clock.nowMs(), rounds);
    if (line === undefined) return;
    this.options.onDeliveryProblem?.(`delivery stream ${stream.name}: ${line}`);
    const processor = lambdaProcessor(stream.destination)?.functionArn;
    const failure = { errorCode: "Sandbox.RecordLoop", message: line, processor };
    logFailure(failure, stream, stream.destination, { ...this.options, faults: this.#faults })
      .catch(() => {});
  }

  record(streamName: string | undefined, values: StreamMetrics): void {
    const { metrics, clock, watch } = this.options;
    recordMetrics(metrics, streamName, clock.nowMs(), values);
    const stream = watch && streamName !== undefined ? this.find(streamName) : undefined;
    if (stream) watch?.measured(stream.id, values);
  }

  /** What waits in the buffers of a stream, in portions; a backup's records are those of `source`. */
  *waiting({ id }: DeliveryStream): Generator<{ buffer: LiveBuffer; slice: Slice }> {
    for (const { buffer } of this.#buffers.of(id)) {
      if (buffer.kind === "backup" || buffer.openedMs === undefined) continue;
      const { log, position } = buffer;
      const range = { log, position, bytesMax: Infinity, endSeq: this.#journal.endSeq };
      for (const slice of this.#journal.take(range)) yield { buffer, slice };
    }
  }

  /** A record that is still in the journal, and the log that it is in; undefined if it is not. */
  journalRecord(position: Position): ReturnType<Journal["record"]> {
    return this.#journal.record(position);
  }

  // --- control --------------------------------------------------------------------------------

  /** The buffers of a stream, and what each does. */
  buffersOf({ id }: DeliveryStream): ReturnType<Buffers["of"]> {
    return this.#buffers.of(id);
  }

  /** When a buffer is due, in milliseconds since the epoch; undefined if nothing waits in it. */
  dueMs(stream: DeliveryStream, buffer: LiveBuffer): number | undefined {
    if (buffer.openedMs === undefined) return undefined;
    return this.options.clock.deadlineMs(buffer.openedMs, hintsOf(stream, buffer).intervalMs);
  }

  /**
   * Delivers what waits in a stream now: first through its processors, then from the buffers of
   * partitions and of the error output. Each buffer is tried once; a function as often as its stream
   * says, without the pauses. `signal` ends the wait.
   */
  async flush({ id }: DeliveryStream, signal: AbortSignal): Promise<Flushed> {
    const delivered: DeliveryAttempt[] = [];
    const listen = (attempt: DeliveryAttempt) => void delivered.push(attempt);
    const flushed = (isMeant: (kind: BufferKind) => boolean) =>
      this.#buffers.flush(
        ({ streamId, kind }) => streamId === id && isMeant(kind),
        this.#journal.endSeq,
        signal,
      );
    const arn = this.#streams.byId(id)?.arn;
    this.#listeners.add(listen);
    const unhurry = this.#pauses.hurry(id);
    try {
      const put = await flushed((kind) => kind === "source" || kind === "backup");
      const processed = await flushed((kind) => kind === "primary" || kind === "error");
      const attempts = delivered.filter(({ streamArn }) => streamArn === arn);
      return { attempts, undelivered: [...put, ...processed] };
    } finally {
      unhurry();
      this.#listeners.delete(listen);
    }
  }

  /** Removes all streams with their records, at once. Calls under way find no stream. */
  async reset(): Promise<void> {
    this.#readers.clear();
    await this.#closeBuffers(() => true);
    const removed = await this.#streams.change(() => {
      const streams = this.#streams.all();
      for (const stream of streams) this.#streams.remove(stream);
      this.#journal.clear();
      return streams;
    });
    const ids = new Set(removed.map(({ id }) => id));
    for (const id of ids) this.#readers.delete(id);
    // Of streams that were created while the others ended.
    await this.#closeBuffers((streamId) => ids.has(streamId));
    for (const { id, name } of removed) this.#forget(id, name);
    this.#journal.sweepEverything();
  }

  #forget(id: number, name: string): void {
    this.puts.forget(id);
    this.#loops.forget(id);
    this.#assumptions.forget(name);
  }

  // --- buffers --------------------------------------------------------------------------------

  #openBuffers(stream: DeliveryStream): void {
    const rows = this.#journal.buffersOf(stream.id);
    for (const row of rows) {
      if (this.#buffers.has(row.id)) continue;
      this.#buffers.open(row, this.#journal.waiting(row.log, row.position));
    }
    const readers = rows.filter(({ kind }) => kind === "source" || kind === "backup");
    this.#readers.set(stream.id, readers);
  }

  /** Finds what a commit put into the buffers of a stream that did not learn of it. */
  #refreshBuffers({ streamId }: BufferRow): void {
    const stream = this.#streams.byId(streamId);
    if (stream?.status !== "ACTIVE") return;
    for (const { id } of this.#journal.buffersOf(streamId)) this.#buffers.refresh(id);
    this.#openBuffers(stream);
  }

  /**
   * Ends the work on the buffers of some streams, and resolves when nothing is under way. Batches that
   * were begun early end first: the end of a turn would give one of them its turn at the function.
   */
  #closeBuffers(isMeant: (streamId: number) => boolean): Promise<void> {
    this.#ahead.end(isMeant);
    return this.#buffers.close(isMeant);
  }

  /** The same for all, when the sandbox ends. */
  #stopBuffers(): Promise<void> {
    this.#ahead.end(() => true);
    return this.#buffers.stop();
  }

  #streamOf({ streamId }: { readonly streamId: number }): DeliveryStream {
    const stream = this.#streams.byId(streamId);
    if (!stream) throw new Error(`stream ${streamId} of a buffer is missing`);
    return stream;
  }

  /** Notes that records arrived in buffers of partitions or of the error output. */
  #grow(placed: readonly Placed[], bufferedMs: number): void {
    for (const { buffer, ...grown } of placed) {
      if (this.#streams.byId(buffer.streamId)?.status !== "ACTIVE") continue;
      if (!this.#buffers.has(buffer.id)) {
        this.#buffers.open(buffer, { bytes: 0, openedMs: undefined });
      }
      this.#buffers.grow(buffer.id, grown, bufferedMs);
    }
  }
}
