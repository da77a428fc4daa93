/**
 * A function and its records at your volume: what a rehearsal measured, at a rate, for a day; and the
 * same at 10, 100 and 1,000 times the rate.
 * @module
 */

import { Buffer } from "node:buffer";
import { errorLine } from "../../../sandbox/services/firehose/processing/error_output.ts";
import { billedBytes } from "../../measure/cost.ts";
import { DURATION_METERS } from "../architecture.ts";
import { hasFailed } from "../attempts.ts";
import { MIB } from "../batches.ts";
import { type InvocationTime, invocationTime, millisecondsOf } from "../invocation_time.ts";
import type { Rehearsed } from "../measure.ts";
import { type Passes, passesOf } from "../passes.ts";
import { sumOf } from "../record_bytes.ts";
import { type BillLine, billOf, type MonthlyUsage } from "./bill.ts";
import type { Hints } from "./delivery_buffers.ts";
import { exceeded, type QuotaUse, quotaUses } from "./quotas.ts";
import { type Flow, type Sample, simulate } from "./simulation.ts";

/** What is wanted. */
export interface VolumeOptions {
  readonly recordsPerSecond: number;
  /** Of a day in which records come at this rate. */
  readonly hours: number;
  /** How many partitions the records go to, evenly; undefined means those of the rehearsal. */
  readonly partitions: number | undefined;
  readonly region: string;
  /** Before the function. */
  readonly source: Hints;
  /** Before S3; undefined means AWS's default, and 64 MiB with dynamic partitioning. */
  readonly delivery: Partial<Hints>;
  readonly retries: number;
  /** Partitions that the stream may have active at once. */
  readonly partitionQuota: number;
}

/** One day at a multiple of the rate. */
export interface VolumeAt {
  readonly times: number;
  readonly recordsPerSecond: number;
  readonly day: Flow;
  readonly quotas: readonly QuotaUse[];
  /** Of a month. */
  readonly bill: readonly BillLine[];
}

/** The quota that breaks first. */
export interface FirstBreak extends QuotaUse {
  /** The multiple of the rate at which it does, about. */
  readonly times: number;
}

/** A rehearsal at volume. */
export interface Volume {
  readonly region: string;
  readonly hours: number;
  readonly partitions: number | undefined;
  readonly source: Hints;
  readonly delivery: Hints;
  readonly time: InvocationTime;
  /** How often each record goes through the stream. If that is not known, one pass is simulated. */
  readonly passes: Passes;
  /** The rate, then 10, 100 and 1,000 times as much. */
  readonly at: readonly VolumeAt[];
  /** Undefined if none breaks, not even at 1,000 times. */
  readonly firstBreak: FirstBreak | undefined;
  /** The same rate at the safe setting, if it is another one. */
  readonly atSafe: { readonly megabytes: number; readonly volume: VolumeAt } | undefined;
}

const MULTIPLES = [1, 10, 100, 1_000];
/** AWS's default hints, and the least size with dynamic partitioning. */
const DELIVERY = { bytes: 5 * MIB, partitionedBytes: 64 * MIB, seconds: 300 };
const DAYS_OF_MONTH = 365 / 12;

/** Simulates the volumes. Undefined if no invocation was reported, so that no time is known. */
export function volumeOf(rehearsed: Rehearsed, options: VolumeOptions): Volume | undefined {
  const time = invocationTime(rehearsed.invocations);
  if (!time) return undefined;
  const shares = sharesOf(rehearsed, options.partitions);
  const { source, retries } = options;
  const delivery = {
    bytes: options.delivery.bytes ?? (shares ? DELIVERY.partitionedBytes : DELIVERY.bytes),
    seconds: options.delivery.seconds ?? DELIVERY.seconds,
  };
  const sample = sampleOf(rehearsed);
  const passes = passesOf(rehearsed);
  const passTimes = timesOf(passes);
  const day = (times: number, source: Hints): VolumeAt => {
    const recordsPerSecond = options.recordsPerSecond * times * passTimes;
    const seconds = options.hours * 3600;
    const flow = simulate({
      sample,
      recordsPerSecond,
      seconds,
      source,
      delivery,
      retries,
      partitionShares: shares,
      activePartitionsMax: options.partitionQuota,
      invocationMs: (bytes) => millisecondsOf(time, bytes * requestPerByte(rehearsed)),
      errorLineBytes,
      lanes: Infinity,
    });
    return {
      times,
      recordsPerSecond,
      day: flow,
      quotas: quotaUses(flow, {
        region: options.region,
        seconds,
        shares,
        activePartitionsMax: options.partitionQuota,
      }),
      bill: billOf(monthlyUsage(flow, rehearsed, shares !== undefined)),
    };
  };
  const at = MULTIPLES.map((times) => day(times, source));
  const { safe } = rehearsed;
  const isOther = safe?.kind === "safe" && safe.megabytes * MIB !== source.bytes;
  return {
    region: options.region,
    hours: options.hours,
    partitions: shares?.length,
    source,
    delivery,
    time,
    passes,
    at,
    firstBreak: firstBreak(at),
    atSafe: isOther
      ? { megabytes: safe.megabytes, volume: day(1, { ...source, bytes: safe.megabytes * MIB }) }
      : undefined,
  };
}

function firstBreak(at: readonly VolumeAt[]): FirstBreak | undefined {
  for (const { times, quotas } of at) {
    const [worst] = exceeded(quotas);
    if (worst) return { ...worst, times: times * worst.limit / worst.used };
  }
  return undefined;
}

/** Evenly over `partitions`, or as the records of the rehearsal were. */
function sharesOf({ partitions }: Rehearsed, wanted: number | undefined): number[] | undefined {
  if (wanted !== undefined) return new Array<number>(wanted).fill(1 / wanted);
  if (!partitions || partitions.count === 0) return undefined;
  const all = partitions.recordsOfEach.reduce((sum, records) => sum + records, 0);
  return partitions.recordsOfEach.map((records) => records / all);
}

/** How many passes are simulated. */
export const timesOf = (passes: Passes): number => passes.kind === "known" ? passes.times : 1;

/** The records as they were answered alone, or at least in a batch that could be answered. */
function sampleOf(
  { recordSizes, alone, answerBytes, batches, putBack }: Rehearsed,
): Sample {
  // One that puts back keeps its responses small itself: answers of other batches do not add up.
  const addUp = putBack === 0 || batches.some(hasFailed);
  const fails = new Uint8Array(recordSizes.length);
  if (answerBytes === undefined) {
    for (const { start, end } of batches.filter(hasFailed)) fails.fill(1, start, end);
  }
  return {
    length: recordSizes.length,
    at: (index) => ({
      recordBytes: recordSizes[index],
      answerBytes: addUp ? answerBytes?.[index] ?? 0 : 0,
      fate: alone.fateAt(index),
      deliveredBytes: alone.dataBytesAt(index),
      failsBatch: fails[index] === 1,
    }),
  };
}

/** Bytes of the request for each byte of a record: base64, record ids and times. */
function requestPerByte({ batches, recordSizes }: Rehearsed): number {
  const request = batches.reduce((sum, { requestBytes }) => sum + requestBytes, 0);
  return request / Math.max(1, sumOf(recordSizes));
}

/** Of an error line that a failed invocation leads to. */
function errorLineBytes(recordBytes: number): number {
  return EMPTY_ERROR_LINE + Math.ceil(recordBytes / 3) * 4;
}

const EMPTY_ERROR_LINE = errorLine(
  {
    recordId: "",
    data: Buffer.alloc(0),
    rawData: Buffer.alloc(0),
    sourceBytes: 0,
    arrivalMs: 1e12,
  },
  {
    errorCode: "Lambda.FunctionError",
    errorMessage: "The Lambda function was successfully invoked but it returned an error result.",
  },
  {
    attemptsMade: 4,
    attemptEndingMs: 1e12,
    lambdaArn: "arn:aws:lambda:us-east-1:123456789012:function:transform:$LATEST",
  },
).length;

function monthlyUsage(flow: Flow, rehearsed: Rehearsed, isPartitioned: boolean): MonthlyUsage {
  const { invocations, recordSizes } = rehearsed;
  const month = (perDay: number) => perDay * DAYS_OF_MONTH;
  const memoryMB = invocations.find(({ report }) => report)?.report?.memorySizeMB ?? 0;
  const logBytes = invocations.reduce((sum, it) => sum + it.logBytes, 0) / invocations.length;
  const billed = billedBytes(recordSizes) / recordSizes.length;
  const stored = flow.objects.bytes + flow.errorObjects.bytes;
  return {
    firehoseBytes: month(flow.records * billed),
    partitionedBytes: isPartitioned ? month(flow.objects.bytes) : 0,
    partitionedObjects: isPartitioned ? month(flow.objects.count) : 0,
    s3Puts: month(flow.objects.count + flow.errorObjects.count),
    s3ByteMonths: month(stored),
    lambdaInvocations: month(flow.invocations),
    [DURATION_METERS[rehearsed.architecture]]: month(flow.invocationMs / 1000 * memoryMB / 1024),
    logBytes: month(flow.invocations * logBytes),
  };
}
