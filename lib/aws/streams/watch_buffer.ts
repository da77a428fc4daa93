/**
 * Shows a buffer while it fills and empties: the bytes that the stream has accepted and S3 does not
 * have yet.
 * @module
 */

import type { S3Client } from "@aws-sdk/client-s3";
import { setTimeout as delay } from "node:timers/promises";
import { bufferPlot, type BufferSample } from "../../view/plots.ts";
import { slot } from "../../view/show.ts";
import { pause, unlessStopped } from "../../view/stop.ts";
import { type ListedObject, objectsUnder } from "./objects.ts";

/** The part of a notebook's {@linkcode Lab} that this uses. */
export interface WatchPlace {
  readonly s3: S3Client;
  readonly names: { readonly bucket: string };
  readonly speed: number;
}

/** The buffer to watch. */
export interface WatchOptions {
  /** The prefix of the objects, which are not compressed: their sizes are compared with the input. */
  readonly prefix: string;
  /** The stream's buffering hints. */
  readonly hints: { readonly SizeInMBs: number; readonly IntervalInSeconds: number };
  /** Sends the records, and reports how many bytes were accepted so far. */
  readonly send: (onAccepted: (bytes: number) => void) => Promise<unknown>;
}

/** On AWS a delivery takes at most this much longer than the interval. */
const PATIENCE_SECONDS = 180;
/** Real time, whatever the sandbox's speed: the machine may be busy. */
const PATIENCE_MS_MIN = 60_000;
/** How often S3 is asked, in seconds of the buffer: the picture has about a hundred steps. */
const LOOK_EVERY_SECONDS = 2;
const LOOK_EVERY_MS_MIN = 60;

/**
 * Sends the records, and draws the buffer until S3 has all of them. Returns the objects that arrived.
 * Throws an `Error` if nothing is accepted or delivered for three minutes more than the interval.
 */
export async function watchBuffer(
  { s3, names: { bucket }, speed }: WatchPlace,
  { prefix, hints, send }: WatchOptions,
): Promise<ListedObject[]> {
  const before = new Set((await objectsUnder(s3, bucket, prefix)).map(({ key }) => key));
  const startMs = performance.now();
  const samples: BufferSample[] = [{ seconds: 0, bytes: 0 }];
  const hintsOfPlot = { sizeInMBs: hints.SizeInMBs, intervalSeconds: hints.IntervalInSeconds };
  const picture = await slot(bufferPlot(samples, hintsOfPlot));
  const patienceMs = Math.max(
    PATIENCE_MS_MIN,
    (hints.IntervalInSeconds + PATIENCE_SECONDS) * 1000 / speed,
  );
  let [accepted, delivered, isSent, changedMs] = [0, 0, false, startMs];
  const note = () => {
    const seconds = (performance.now() - startMs) / 1000 * speed;
    // Records of an earlier cell may arrive too; a buffer never holds less than nothing.
    samples.push({ seconds, bytes: Math.max(0, accepted - delivered) });
    return seconds;
  };
  const sending = send((bytes) => {
    accepted = bytes;
    changedMs = performance.now();
    note();
  }).then(() => isSent = true);
  sending.catch(() => {}); // it is taken below; here it only must not end the process before that

  while (true) {
    const arrived = (await objectsUnder(s3, bucket, prefix)).filter(({ key }) => !before.has(key));
    const bytes = arrived.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (bytes !== delivered) changedMs = performance.now();
    delivered = bytes;
    const seconds = note();
    await picture.draw(bufferPlot(samples, hintsOfPlot));
    if (isSent && delivered >= accepted) return arrived;
    if (performance.now() - changedMs > patienceMs) {
      throw stillNot({ delivered, accepted, seconds, prefix });
    }
    const pauseMs = Math.max(LOOK_EVERY_MS_MIN, LOOK_EVERY_SECONDS * 1000 / speed);
    // An error while sending ends the watch as well.
    await (isSent ? pause(pauseMs) : unlessStopped(Promise.race([delay(pauseMs), sending])));
  }
}

function stillNot(
  { delivered, accepted, seconds, prefix }: {
    readonly delivered: number;
    readonly accepted: number;
    readonly seconds: number;
    readonly prefix: string;
  },
): Error {
  return new Error(
    `S3 has ${delivered} of the ${accepted} bytes that were accepted, ${seconds.toFixed(0)} s ` +
      `after the first. Look at the role's permissions and the stream's Prefix ("${prefix}"), ` +
      "then run this cell again: nothing is lost for 24 hours.",
  );
}
