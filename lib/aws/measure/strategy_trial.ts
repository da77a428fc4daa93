/**
 * Tries one strategy of the transform: deploys it, sends records, and measures the result by the
 * objects in S3 and the function's log.
 * @module
 */

import type { TransformSettings } from "../../../lambda/environment.ts";
import { gzipJson } from "../../data/gzip.ts";
import type { LargeEvent } from "../../data/large_events.ts";
import { until } from "../../view/until.ts";
import { answersIn } from "./answers_log.ts";
import type { Lab } from "../place/begin.ts";
import { billedBytes, costOf } from "./cost.ts";
import type { Fates } from "../streams/arrivals.ts";
import { invocationsIn, logMessages } from "./function_log.ts";
import { deployFunction } from "../deploy/functions.ts";
import { tagMap } from "../place/names.ts";
import { objectsUnder } from "../streams/objects.ts";
import { putAll } from "../streams/put_all.ts";

export interface Trial {
  readonly strategy: string;
  readonly invocations: number;
  /** Times that records went back to the stream. */
  readonly rounds: number;
  /** Records that the stream accepted, including those that came back. */
  readonly intake: number;
  readonly intakeBytes: number;
  readonly responseBytes: number;
  readonly storedBytes: number;
  readonly delivered: number;
  readonly failed: number;
  /** Records that another one carried: `Dropped` in the response, and delivered. */
  readonly merged: number;
  /**
   * How long the last record takes on AWS, worked out from counts: each round waits for the
   * function's buffer, the last one also for the partition's, and the function takes its own time. (A
   * clock would measure this machine: the sandbox shortens waits, not work.)
   */
  readonly seconds: number;
  /** On AWS, without free tiers. */
  readonly usd: number;
}

/** A batch waits for the function's buffer in each round, and at the end for its partition's. */
const ARRIVES_WITHIN_SECONDS = 900;

/** How long the stream's two buffers wait. */
export interface BufferIntervals {
  readonly functionSeconds: number;
  readonly partitionSeconds: number;
}

/** Deploys the settings, sends the events and resolves when each is delivered or failed. */
export async function tryStrategy(
  lab: Lab,
  { strategy, settings, events, fates, dataPrefix, intervals }: {
    readonly strategy: string;
    readonly settings: TransformSettings;
    readonly events: readonly LargeEvent[];
    readonly fates: Fates;
    readonly dataPrefix: string;
    readonly intervals: BufferIntervals;
  },
): Promise<Trial> {
  const { firehose, names, s3 } = lab;
  const options = { functionName: names.function, streamName: names.stream, settings };
  await deployFunction(lab, { ...options, tags: tagMap(lab.tags) });
  const before = new Set((await objectsUnder(s3, names.bucket, dataPrefix)).map(({ key }) => key));
  const sinceMs = Date.now();
  const records = events.map((event) => ({ Data: gzipJson(event) }));
  const { bytes } = await putAll(firehose, names.stream, records);
  await until(`all records have arrived: ${strategy}`, async () => {
    return (await fates.tally(events)).missing === 0;
  }, { withinSeconds: ARRIVES_WITHIN_SECONDS });
  const { answers, invocations } = await loggedSince(lab, sinceMs, events.length);
  const { delivered, failed } = await fates.tally(events);
  const rounds = answers.filter(({ putBack }) => putBack > 0).length;
  const again = sum(answers.map(({ putBack }) => putBack));
  const intakeBytes = bytes / records.length * (records.length + again);
  const stored = (await objectsUnder(s3, names.bucket, dataPrefix))
    .filter(({ key }) => !before.has(key));
  const storedBytes = sum(stored.map(({ sizeBytes }) => sizeBytes));
  const billed = billedBytes(records.map(({ Data }) => Data.length));
  return {
    strategy,
    invocations: invocations.count,
    rounds,
    intake: records.length + again,
    intakeBytes: Math.round(intakeBytes),
    responseBytes: sum(answers.map(({ responseBytes }) => responseBytes)),
    storedBytes,
    delivered,
    failed,
    merged: sum(answers.map(({ merged }) => merged)),
    seconds: (rounds + 1) * intervals.functionSeconds + intervals.partitionSeconds +
      invocations.billedMs / 1000,
    usd: costOf({
      firehoseBytes: billed / records.length * (records.length + again),
      partitionedBytes: storedBytes,
      partitionedObjects: stored.length,
      lambdaInvocations: invocations.count,
      lambdaGbSeconds: invocations.gbSeconds,
      s3Puts: stored.length,
    }),
  };
}

/** The function's log of these records, once it is complete. */
async function loggedSince({ logs, names, mode }: Lab, sinceMs: number, records: number) {
  const read = async () => {
    const query = { logGroupName: names.functionLogGroup, sinceMs };
    const messages = (await logMessages(logs, query)).map(({ message }) => message);
    return { answers: answersIn(messages, names.stream), invocations: invocationsIn(messages) };
  };
  return await until("the function's log is complete", async () => {
    const logged = await read();
    const done = sum(
      logged.answers.map((answer) => answer.ok + answer.merged + answer.failed + answer.written),
    );
    const isComplete = done >= records && logged.invocations.count >= logged.answers.length;
    return isComplete && logged;
  }, { withinSeconds: mode === "sandbox" ? 30 : 120 });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
