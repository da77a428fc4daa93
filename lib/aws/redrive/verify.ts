/**
 * Checks the result of a redrive: reads its progress again, and counts what has failed since.
 * @module
 */

import { errorLinesOf } from "../streams/error_lines.ts";
import { errorObjectsUnder } from "../streams/error_objects.ts";
import { Progress } from "./progress.ts";
import type { Plan, Redrive } from "./redrive.ts";
import { Surveyor } from "./survey.ts";

export interface Verified {
  /** Selected records of the plan that the progress, read again, lists as accepted. */
  readonly accepted: number;
  readonly left: number;
  /** Records among those left that may have been sent. */
  readonly uncertain: number;
  /** Records in error objects written after the plan was made, by error code. */
  readonly failedSince: ReadonlyMap<string, number>;
}

/** Reads the progress and the error objects again. */
export async function verifyRedrive(redrive: Redrive, plan: Plan): Promise<Verified> {
  const { s3, bucket, prefix, selection, store, streamName } = redrive;
  const progress = new Progress(await store.read(), streamName);
  const planned = new Surveyor(selection, progress);
  const since = new Surveyor({ errorCodes: [] }, progress);
  const known = new Set(plan.objects.map(({ key }) => key));
  const all = await errorObjectsUnder(s3, bucket, prefix);
  for (const { key } of plan.objects) {
    for await (const lines of errorLinesOf(s3, bucket, key)) planned.addLines(key, lines);
  }
  const before = Math.max(0, ...plan.objects.map(({ lastModified }) => lastModified.getTime()));
  for (const { key, lastModified } of all) {
    if (known.has(key) || lastModified.getTime() < before) continue;
    for await (const lines of errorLinesOf(s3, bucket, key)) since.addLines(key, lines);
  }
  const { sentBefore, toSend, uncertain } = planned.survey();
  return { accepted: sentBefore, left: toSend, uncertain, failedSince: since.survey().byCode };
}
