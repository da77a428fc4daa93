/**
 * Redrive: reads the records that failed out of error objects and sends the originals to a delivery
 * stream again. It can be stopped and killed at any moment and goes on where it was: what the stream
 * acknowledged is never sent again, and what nobody knows of is said.
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
import { isSelected, mayHoldSelected, type Selection } from "./selection.ts";
import { isControlMessage } from "./control_message.ts";
import { sendBatch, type SendParts } from "./send.ts";
import { type Survey, Surveyor } from "./survey.ts";

/** What is redriven, and where to. */
export interface Redrive {
  readonly s3: S3Client;
  readonly bucket: string;
  /** Of the error objects, e.g. `error/processing-failed/`. */
  readonly prefix: string;
  readonly selection: Selection;
  readonly streamName: string;
  readonly store: ProgressStore;
  /** No two runs have the same: it names this one's entries. */
  readonly run: string;
}

/** What was found before anything is sent. */
export interface Plan {
  readonly objects: readonly ErrorObject[];
  readonly progress: Progress;
  readonly survey: Survey;
}

/** Looks at everything and sends nothing. */
export async function planRedrive(
  redrive: Redrive,
  onObject: (done: number, of: number) => void = () => {},
): Promise<Plan> {
  const { s3, bucket, prefix, selection, store, streamName } = redrive;
  const progress = new Progress(await store.read(), streamName);
  const surveyor = new Surveyor(selection, progress);
  const all = await errorObjectsUnder(s3, bucket, prefix);
  const objects = all.filter((object) => mayHoldSelected(object, selection));
  for (const [index, { key }] of objects.entries()) {
    for await (const line of errorLinesOf(s3, bucket, key)) surveyor.addLine(key, line);
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
  /** Accepted, but also in a call without an answer: they may be in the stream twice. */
  readonly maybeTwice: number;
  /** Not accepted, with the last reason. */
  readonly refused: number;
  readonly reason: string;
}

/** How a run is watched and stopped. */
export interface RedriveWatch {
  readonly onProgress?: (done: Redriven) => void;
  /** Aborted, the run ends after the call that is under way. */
  readonly signal?: AbortSignal;
}

/**
 * Sends what the plan has left to send. Ends early where the stream refuses a record for good or the
 * signal says so; run again, it goes on. Rejects where S3 does, or the progress cannot be kept.
 */
export async function runRedrive(
  redrive: Redrive,
  { objects, progress }: Plan,
  send: Omit<SendParts, "streamName">,
  { onProgress = () => {}, signal }: RedriveWatch = {},
): Promise<Redriven> {
  const { store, streamName, run } = redrive;
  let done: Redriven = {
    accepted: 0,
    bytes: 0,
    calls: 0,
    maybeTwice: 0,
    refused: 0,
    reason: "",
  };
  let [call, unwritten]: [number, ProgressEntry[]] = [0, []];
  const lines = linesToSend(redrive, objects, progress);
  for await (const batch of batchesOf(lines, ({ data }) => data.length)) {
    if (signal?.aborted || done.refused > 0) break;
    const entry = (state: ProgressEntry["state"], lines: readonly LinePlace[]): ProgressEntry => ({
      ...{ stream: streamName, run, call, state },
      lines: rangesOf(lines),
    });
    // One write tells of the end of the call before and of the begin of this one.
    await store.append([...unwritten, entry("sending", batch)]);
    const sent = await sendBatch(batch.map(({ data }) => data), { ...send, streamName });
    const accepted = sent.accepted.map((index) => batch[index]);
    const isUnknown = sent.refused.some((index) => sent.unanswered.has(index));
    unwritten = [entry("accepted", accepted)];
    if (isUnknown) unwritten.push(entry("sending", sent.refused.map((index) => batch[index])));
    done = {
      accepted: done.accepted + accepted.length,
      bytes: done.bytes + accepted.reduce((sum, { data }) => sum + data.length, 0),
      calls: done.calls + sent.calls,
      maybeTwice: done.maybeTwice + sent.accepted.filter((i) => sent.unanswered.has(i)).length,
      refused: sent.refused.length,
      reason: sent.reason,
    };
    call++;
    onProgress(done);
  }
  if (unwritten.length > 0) await store.append(unwritten);
  return done;
}

/** A record on its way back. */
interface Outgoing extends LinePlace {
  readonly data: Uint8Array;
}

async function* linesToSend(
  { s3, bucket, selection }: Redrive,
  objects: readonly ErrorObject[],
  progress: Progress,
): AsyncGenerator<Outgoing> {
  for (const { key } of objects) {
    for await (const line of errorLinesOf(s3, bucket, key)) {
      const data = dataToSend(key, line, selection, progress);
      if (data) yield { key, index: line.index, data };
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
  // The record as its producer put it: a count of rounds belongs to the way that ended here.
  return withoutRounds(Buffer.from(record.data));
}
