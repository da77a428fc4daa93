/**
 * Redrive: reads the records that failed from error objects and sends the originals to a delivery
 * stream again. It can be stopped or killed at any moment, and the next run goes on from there: records
 * that the stream acknowledged are never sent again, and uncertain ones are reported.
 * @module
 */

import type { S3Client } from "@aws-sdk/client-s3";
import { Buffer } from "node:buffer";
import { batchesOf } from "../../../lambda/batches.ts";
import { withoutRounds } from "../../../lambda/gzip_rounds.ts";
import { type ErrorLine, errorLinesOf } from "../streams/error_lines.ts";
import { type ErrorObject, errorObjectsUnder } from "../streams/error_objects.ts";
import { type LinePlace, Progress, type ProgressEntry, rangesOf } from "./progress.ts";
import type { ProgressStore } from "./progress_stores.ts";
import { SETTLING_MS } from "./run_claims.ts";
import { isSelected, mayHoldSelected, type Selection } from "./selection.ts";
import { isControlMessage } from "../../sandbox/knowledge/control_message.ts";
import { sendBatch, type SendParts, type Sent } from "./send.ts";
import { type Survey, Surveyor } from "./survey.ts";

/** What is sent again, and to which stream. */
export interface Redrive {
  readonly s3: S3Client;
  readonly bucket: string;
  /** The prefix of the error objects, e.g. `error/processing-failed/`. */
  readonly prefix: string;
  readonly selection: Selection;
  readonly streamName: string;
  readonly store: ProgressStore;
  /** Unique for each run: it identifies this run's entries in the progress. */
  readonly run: string;
}

/** What was found before sending. */
export interface Plan {
  readonly objects: readonly ErrorObject[];
  readonly progress: Progress;
  readonly survey: Survey;
}

/** Reads all error objects and the progress. Sends nothing. */
export async function planRedrive(
  redrive: Redrive,
  onObject: (done: number, of: number) => void = () => {},
): Promise<Plan> {
  const { s3, bucket, prefix, selection, store, streamName } = redrive;
  const progress = new Progress(await store.read(), streamName);
  const surveyor = new Surveyor(selection, progress);
  const all = await errorObjectsUnder(s3, bucket, prefix);
  const objects = all.filter((object) => mayHoldSelected(object, selection));
  surveyor.addOlderObjects(all.length - objects.length);
  for (const [index, { key }] of objects.entries()) {
    for await (const lines of errorLinesOf(s3, bucket, key)) surveyor.addLines(key, lines);
    surveyor.addObject();
    onObject(index + 1, objects.length);
  }
  return { objects, progress, survey: surveyor.survey() };
}

/** What a run has done so far. */
export interface Redriven {
  readonly accepted: number;
  readonly bytes: number;
  readonly calls: number;
  /**
   * Accepted, but also part of a call without an answer or of another run's call at that moment: the
   * stream may have them twice.
   */
  readonly maybeTwice: number;
  /** Not accepted; `reason` is the last error. */
  readonly refused: number;
  readonly reason: string;
  /** Whether it ended because another run has begun, which sends what is left under its prefix. */
  readonly isOvertaken: boolean;
}

/** Follows a run, and stops it. */
export interface RedriveWatch {
  readonly onProgress?: (done: Redriven) => void;
  /** When it is aborted, the run ends after the current call. */
  readonly signal?: AbortSignal;
}

/**
 * Sends the records that the plan has not seen accepted, and no other run since. Ends early if the stream
 * finally refuses a record, another run takes over, or the signal is aborted; the next run goes on from
 * there. Rejects if S3 fails, the progress cannot be stored, or a run with a wider prefix sends now.
 */
export async function runRedrive(
  redrive: Redrive,
  { objects, progress }: Plan,
  send: Omit<SendParts, "streamName">,
  { onProgress = () => {}, signal }: RedriveWatch = {},
): Promise<Redriven> {
  const { store, streamName } = redrive;
  let [done, unwritten]: [Redriven, ProgressEntry[]] = [NOTHING_DONE, []];
  await store.claim();
  const present = await settledProgress(redrive, send.pauseMs).catch(async (error: unknown) => {
    await store.end();
    throw error;
  });
  const lines = linesToSend(redrive, objects, present);
  const batches = batchesOf(lines, ({ data }) => data.length);
  let call = 0;
  try {
    for await (const batch of readAhead(batches)) {
      if (signal?.aborted || done.refused > 0) break;
      const entry = entriesOfCall(redrive, call++);
      // One write notes the end of the previous call and the start of this one.
      await store.append([...unwritten, entry("sending", batch)]);
      unwritten = [];
      // Asked after the note: a run that begins now reads it.
      if (await store.isOvertaken()) {
        unwritten = [entry("accepted", [])]; // this call was never made
        done = { ...done, isOvertaken: true };
        break;
      }
      const sent = await sendBatch(batch.map(({ data }) => data), { ...send, streamName });
      unwritten = [entry("accepted", sent.accepted.map((index) => batch[index]))];
      const isUnknown = sent.refused.some((index) => sent.unanswered.has(index));
      if (isUnknown) unwritten.push(entry("sending", sent.refused.map((index) => batch[index])));
      done = withCall(
        done,
        batch,
        sent,
        ({ key, index }) => present.isUncertain(key, index) && !progress.isUncertain(key, index),
      );
      onProgress(done);
    }
  } finally {
    // Where the reading fails, too: what was accepted is certain.
    if (unwritten.length > 0) await store.append(unwritten);
    await store.end();
  }
  return done;
}

/** The progress once an earlier run, if it still sends, has noted how its last call ended. */
async function settledProgress(
  { store, streamName }: Redrive,
  pauseMs: SendParts["pauseMs"],
): Promise<Progress> {
  await store.awaitWider?.(pauseMs);
  const progress = new Progress(await store.read(), streamName);
  if (!progress.hasUncertain) return progress;
  await pauseMs(SETTLING_MS);
  return new Progress(await store.read(), streamName);
}

const NOTHING_DONE: Redriven = {
  ...{ accepted: 0, bytes: 0, calls: 0, maybeTwice: 0, refused: 0 },
  ...{ reason: "", isOvertaken: false },
};

function entriesOfCall({ streamName, run }: Redrive, call: number) {
  return (state: ProgressEntry["state"], places: readonly LinePlace[]): ProgressEntry => ({
    ...{ stream: streamName, run, call, state },
    lines: rangesOf(places),
  });
}

function withCall(
  done: Redriven,
  batch: readonly Outgoing[],
  sent: Sent,
  isSentBeside: (place: LinePlace) => boolean,
): Redriven {
  const { accepted, unanswered } = sent;
  const isTwice = (index: number) => unanswered.has(index) || isSentBeside(batch[index]);
  return {
    ...done,
    accepted: done.accepted + accepted.length,
    bytes: accepted.reduce((sum, index) => sum + batch[index].data.length, done.bytes),
    calls: done.calls + sent.calls,
    maybeTwice: done.maybeTwice + accepted.filter(isTwice).length,
    refused: sent.refused.length,
    reason: sent.reason,
  };
}

/** Reads the next item while the present one is in use. */
async function* readAhead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    while (true) {
      const { done, value } = await next;
      if (done) return;
      next = iterator.next();
      // An error is thrown in its turn, once the present item has been used.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** A record to send. */
interface Outgoing extends LinePlace {
  readonly data: Uint8Array;
}

async function* linesToSend(
  { s3, bucket, selection }: Redrive,
  objects: readonly ErrorObject[],
  progress: Progress,
): AsyncGenerator<Outgoing> {
  for (const { key } of objects) {
    for await (const lines of errorLinesOf(s3, bucket, key)) {
      for (const line of lines) {
        const data = dataToSend(key, line, selection, progress);
        if (data) yield { key, index: line.index, data };
      }
    }
  }
}

function dataToSend(
  key: string,
  { index, record }: ErrorLine,
  selection: Selection,
  progress: Progress,
): Uint8Array | undefined {
  if (!record || !isSelected(record, selection) || progress.isAccepted(key, index)) {
    return undefined;
  }
  if (isControlMessage(record.data)) return undefined;
  // The record as its producer put it: the transform's count of rounds starts again.
  return withoutRounds(Buffer.from(record.data));
}
