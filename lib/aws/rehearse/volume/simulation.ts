/**
 * A stream at a given rate, simulated: arrivals, the buffer before the function, invocations with their
 * retries, and the buffers before S3. Counts, no bytes: a day takes a second or less.
 *
 * The rules are those of the sandbox, which a test holds it against. One thing differs on purpose: the
 * sandbox works on one batch of a stream at a time, AWS on many, so `lanes` is a setting. Pure.
 * @module
 */

import { BATCH_RECORDS_MAX } from "../../../sandbox/services/firehose/processing/invoke_transform.ts";
import { RESPONSE_BYTES_MAX } from "../../../../lambda/size.ts";
import { DeliveryBuffers, type Hints, type Objects } from "./delivery_buffers.ts";
import { Heap } from "./heap.ts";

/** One record of the rehearsal. A busy stream gets them again and again, in this order. */
export interface SampleRecord {
  /** As it was put. */
  readonly recordBytes: number;
  /** Of its answer in the response; infinite if it is larger than a response may be. */
  readonly answerBytes: number;
  readonly fate: "ok" | "dropped" | "failed";
  /** Of its data in the object; 0 unless it is Ok. */
  readonly deliveredBytes: number;
  /** Whether its batch failed for a reason other than its size. */
  readonly failsBatch: boolean;
}

/** The records of the rehearsal: a list, or what gives one after the other. */
export interface Sample {
  readonly length: number;
  at(index: number): SampleRecord | undefined;
}

/** The stream and what comes into it. */
export interface Simulated {
  readonly sample: Sample;
  readonly recordsPerSecond: number;
  /** How long records arrive. */
  readonly seconds: number;
  /** Before the function. */
  readonly source: Hints;
  /** Before S3. */
  readonly delivery: Hints;
  readonly retries: number;
  /** The share of the Ok records that each partition gets; undefined without dynamic partitioning. */
  readonly partitionShares: readonly number[] | undefined;
  /** Partitions that may be active at once. */
  readonly activePartitionsMax: number;
  /** Milliseconds of an invocation with so many bytes of records. */
  readonly invocationMs: (bytes: number) => number;
  /** Bytes of the error line of a record with so many bytes. */
  readonly errorLineBytes: (bytes: number) => number;
  /** Batches that are worked on at once. */
  readonly lanes: number;
  /** The most batches that are simulated; with more, all counts are scaled up to the whole time. */
  readonly batchesMax?: number;
}

/** What came of it, in the whole time. */
export interface Flow {
  readonly records: number;
  readonly bytes: number;
  readonly invocations: number;
  readonly failedInvocations: number;
  readonly invocationMs: number;
  readonly peakConcurrency: number;
  readonly meanConcurrency: number;
  readonly failedRecords: number;
  readonly droppedRecords: number;
  /** Delivered objects. */
  readonly objects: Objects;
  /** Objects under the error prefix. */
  readonly errorObjects: Objects;
  /** 0 without dynamic partitioning. */
  readonly activePartitions: number;
  /** Records of partitions beyond the most that may be active at once. */
  readonly refusedRecords: number;
  /** The part of the time that was simulated; the rest is like it. */
  readonly simulatedShare: number;
}

/** Pauses between attempts, in seconds; the last one is repeated. The same as in the sandbox. */
const PAUSES_SECONDS = [4, 6, 8, 10];
const BATCHES_MAX = 50_000;
/** The most that is simulated for the sake of {@linkcode ROUNDS_MIN}. */
const BATCHES_HARD_MAX = 1_000_000;
/** How often each partition delivers at least: the first and the last object are not like the others. */
const ROUNDS_MIN = 20;

/** Simulates `seconds` of arrivals, and the deliveries that follow the last one. */
export function simulate(simulated: Simulated): Flow {
  const sample = new RepeatedSample(simulated.sample);
  const seconds = secondsSimulated(simulated, sample.meanBytes);
  const run = new Run(simulated, sample, seconds);
  run.all();
  return run.flow(simulated.seconds / seconds);
}

/** All of the time, or as much of it as is enough to know the rest. */
function secondsSimulated(simulated: Simulated, meanBytes: number): number {
  const { seconds, recordsPerSecond, source, delivery, batchesMax = BATCHES_MAX } = simulated;
  const bytesPerSecond = recordsPerSecond * meanBytes;
  const batchesPerSecond = Math.max(
    bytesPerSecond / source.bytes,
    recordsPerSecond / BATCH_RECORDS_MAX,
    Math.min(recordsPerSecond, 1 / source.seconds),
  );
  const partitions = simulated.partitionShares?.length ?? 1;
  const fillSeconds = delivery.bytes * partitions / bytesPerSecond;
  const rounds = ROUNDS_MIN * (source.seconds + Math.min(delivery.seconds, fillSeconds));
  const enough = Math.max(rounds, batchesMax / batchesPerSecond);
  return Math.min(seconds, enough, BATCHES_HARD_MAX / batchesPerSecond);
}

/** The sample, repeated without end, with sums over any stretch of it. */
class RepeatedSample {
  readonly #bytes: Float64Array;
  readonly #answers: Float64Array;
  readonly #tooLarge: Float64Array;
  readonly #failing: Float64Array;
  readonly #failed: Float64Array;
  readonly #dropped: Float64Array;
  readonly length: number;
  readonly meanBytes: number;
  /** Of the records that are Ok. */
  readonly meanDelivered: number;

  constructor(records: Sample) {
    this.length = records.length;
    this.#bytes = sums(records, ({ recordBytes }) => recordBytes);
    this.#answers = sums(records, ({ answerBytes }) => answerBytes === Infinity ? 0 : answerBytes);
    this.#tooLarge = sums(records, ({ answerBytes }) => answerBytes === Infinity ? 1 : 0);
    this.#failing = sums(records, ({ failsBatch }) => failsBatch ? 1 : 0);
    this.#failed = sums(records, ({ fate }) => fate === "failed" ? 1 : 0);
    this.#dropped = sums(records, ({ fate }) => fate === "dropped" ? 1 : 0);
    this.meanBytes = this.#bytes[this.length] / this.length;
    const ok = sums(records, ({ fate }) => fate === "ok" ? 1 : 0)[this.length];
    const delivered = sums(
      records,
      ({ fate, deliveredBytes }) => fate === "ok" ? deliveredBytes : 0,
    );
    this.meanDelivered = delivered[this.length] / Math.max(1, ok);
  }

  bytes = (start: number, end: number) => this.#between(this.#bytes, start, end);
  answers = (start: number, end: number) => this.#between(this.#answers, start, end);
  failed = (start: number, end: number) => this.#between(this.#failed, start, end);
  dropped = (start: number, end: number) => this.#between(this.#dropped, start, end);

  /** Whether a batch of these records fails as a whole. */
  isFailing(start: number, end: number): boolean {
    return this.#between(this.#tooLarge, start, end) > 0 ||
      this.#between(this.#failing, start, end) > 0 ||
      this.answers(start, end) + ENVELOPE_BYTES > RESPONSE_BYTES_MAX;
  }

  /** The end of the longest stretch from `start` on that has at most `bytes`; at least one record. */
  endWithin(start: number, bytes: number, endMax: number): number {
    let [low, high] = [start + 1, Math.max(start + 1, endMax)];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.bytes(start, middle) <= bytes) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #between(sums: Float64Array, start: number, end: number): number {
    return this.#upTo(sums, end) - this.#upTo(sums, start);
  }

  #upTo(sums: Float64Array, end: number): number {
    const rounds = Math.floor(end / this.length);
    return rounds * sums[this.length] + sums[end - rounds * this.length];
  }
}

const ENVELOPE_BYTES = '{"records": []}'.length;

function sums(records: Sample, of: (record: SampleRecord) => number) {
  const all = new Float64Array(records.length + 1);
  for (let index = 0; index < records.length; index++) {
    const record = records.at(index);
    all[index + 1] = all[index] + (record ? of(record) : 0);
  }
  return all;
}

/** A batch whose attempts are over. */
interface Done {
  readonly atSeconds: number;
  readonly ok: number;
  readonly failed: number;
  readonly errorBytes: number;
}

/** An invocation that begins later: a retry is known before the batches that come in between. */
interface Planned {
  readonly atSeconds: number;
  readonly seconds: number;
}

/** One simulation under way. Times are seconds since its start. */
class Run {
  readonly #it: Simulated;
  readonly #sample: RepeatedSample;
  readonly #window: number;
  readonly #arrivals: number;
  readonly #done = new Heap<Done>(({ atSeconds }) => atSeconds);
  readonly #lanes = new Heap<number>((free) => free);
  readonly #planned = new Heap<Planned>(({ atSeconds }) => atSeconds);
  readonly #running = new Heap<number>((end) => end);
  readonly #delivery: DeliveryBuffers;
  readonly #errors: DeliveryBuffers;
  #invocations = 0;
  #failedInvocations = 0;
  #invocationMs = 0;
  #peak = 0;
  #failedRecords = 0;
  #droppedRecords = 0;

  constructor(simulated: Simulated, sample: RepeatedSample, window: number) {
    this.#it = simulated;
    this.#sample = sample;
    this.#window = window;
    this.#arrivals = Math.max(1, Math.floor(window * simulated.recordsPerSecond));
    const { partitionShares, activePartitionsMax, delivery } = simulated;
    this.#delivery = new DeliveryBuffers(delivery, {
      shares: partitionShares ?? [1],
      activeMax: partitionShares ? activePartitionsMax : Infinity,
    });
    this.#errors = new DeliveryBuffers(delivery, { shares: [1], activeMax: Infinity });
  }

  all(): void {
    const { source, recordsPerSecond } = this.#it;
    const arrivalOf = (index: number) => index / recordsPerSecond;
    for (let start = 0; start < this.#arrivals;) {
      const full = this.#sample.endWithin(start, source.bytes, start + BATCH_RECORDS_MAX);
      // The record that no longer fits makes the buffer full, and waits for the next batch.
      const fullAt = this.#sample.bytes(start, full) === source.bytes ? full - 1 : full;
      const isFilled = full - start < BATCH_RECORDS_MAX;
      const byTime = arrivalOf(start) + source.seconds;
      const due = isFilled ? Math.min(byTime, arrivalOf(fullAt)) : byTime;
      const begin = this.#laneFrom(due);
      const arrived = Math.min(this.#arrivals, Math.floor(begin * recordsPerSecond + 1e-9) + 1);
      const end = Math.max(start + 1, Math.min(full, arrived));
      this.#deliverUntil(begin);
      this.#runUntil(begin);
      this.#work(start, end, begin);
      start = end;
    }
    this.#deliverUntil(Infinity);
    this.#runUntil(Number.MAX_VALUE);
  }

  /** When a lane is free for a batch that is due. */
  #laneFrom(due: number): number {
    if (this.#it.lanes === Infinity || this.#lanes.size < this.#it.lanes) return due;
    return Math.max(due, this.#lanes.pop() ?? due);
  }

  #work(start: number, end: number, begin: number): void {
    const { retries, invocationMs, errorLineBytes, lanes } = this.#it;
    const bytes = this.#sample.bytes(start, end);
    const seconds = invocationMs(bytes) / 1000;
    const isFailing = this.#sample.isFailing(start, end);
    let at = begin;
    for (let attempt = 0; attempt <= (isFailing ? retries : 0); attempt++) {
      if (attempt > 0) at += PAUSES_SECONDS[Math.min(attempt, PAUSES_SECONDS.length) - 1];
      this.#invoke(at, seconds, isFailing);
      at += seconds;
    }
    if (lanes !== Infinity) this.#lanes.push(at);
    const records = end - start;
    const failed = isFailing ? records : this.#sample.failed(start, end);
    const dropped = isFailing ? 0 : this.#sample.dropped(start, end);
    this.#failedRecords += failed;
    this.#droppedRecords += dropped;
    const errorBytes = failed * errorLineBytes(bytes / records);
    this.#done.push({ atSeconds: at, ok: records - failed - dropped, failed, errorBytes });
  }

  #invoke(at: number, seconds: number, isFailing: boolean): void {
    this.#invocations++;
    if (isFailing) this.#failedInvocations++;
    this.#invocationMs += seconds * 1000;
    this.#planned.push({ atSeconds: at, seconds });
  }

  /** Begins the invocations up to a moment, in order, and counts how many run at once. */
  #runUntil(moment: number): void {
    while ((this.#planned.first?.atSeconds ?? Infinity) <= moment) {
      const { atSeconds = 0, seconds = 0 } = this.#planned.pop() ?? {};
      while ((this.#running.first ?? Infinity) <= atSeconds) this.#running.pop();
      this.#running.push(atSeconds + seconds);
      this.#peak = Math.max(this.#peak, this.#running.size);
    }
  }

  #deliverUntil(seconds: number): void {
    while ((this.#done.first?.atSeconds ?? Infinity) <= seconds) {
      const done = this.#done.pop();
      if (!done) break;
      this.#delivery.add(done.atSeconds, done.ok, this.#sample.meanDelivered);
      if (done.failed > 0) {
        this.#errors.add(done.atSeconds, done.failed, done.errorBytes / done.failed);
      }
    }
    if (seconds === Infinity) {
      this.#delivery.close();
      this.#errors.close();
    }
  }

  /** The counts, for a time `scale` times as long. */
  flow(scale: number): Flow {
    const records = this.#arrivals * scale;
    return {
      records,
      bytes: this.#sample.bytes(0, this.#arrivals) * scale,
      invocations: this.#invocations * scale,
      failedInvocations: this.#failedInvocations * scale,
      invocationMs: this.#invocationMs * scale,
      peakConcurrency: this.#peak,
      meanConcurrency: this.#invocationMs / 1000 / this.#window,
      failedRecords: this.#failedRecords * scale,
      droppedRecords: this.#droppedRecords * scale,
      objects: this.#delivery.objects(scale),
      errorObjects: this.#errors.objects(scale),
      activePartitions: this.#it.partitionShares ? this.#delivery.peakActive : 0,
      refusedRecords: this.#delivery.refused * scale,
      simulatedShare: 1 / scale,
    };
  }
}
