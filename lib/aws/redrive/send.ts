/**
 * Sends the records of one call until the stream has accepted or finally refused them.
 * @module
 */

import { type FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";

/** The same as for other puts of the course: about a minute at most. */
const TRIES_MAX = 8;
const FIRST_PAUSE_MS = 100;
const PAUSE_MS_MAX = 10_000;

/**
 * What sending needs. The client must be set to one attempt: a retry inside it would not be noticed,
 * and records sent twice could not be reported.
 */
export interface SendParts {
  readonly firehose: Pick<FirehoseClient, "send">;
  readonly streamName: string;
  readonly pauseMs: (ms: number) => Promise<unknown>;
  /** A number from 0 to 1, 1 excluded. */
  readonly random: () => number;
}

/** The result for the records of one call, by their index in it. */
export interface Sent {
  readonly accepted: readonly number[];
  /** Records of calls that got no answer: the stream may have them twice. */
  readonly unanswered: ReadonlySet<number>;
  /** Not accepted in the end; `reason` is the last error. */
  readonly refused: readonly number[];
  readonly reason: string;
  readonly calls: number;
}

/** Errors of a whole call that are worth another attempt. Any other ends the attempts. */
const PASSING = ["ServiceUnavailableException", "ThrottlingException", "InternalFailure"];

/**
 * Sends the records with PutRecordBatch, and those that were refused again. Never rejects: the result
 * says what was not accepted.
 */
export async function sendBatch(
  records: readonly Uint8Array[],
  { firehose, streamName, pauseMs, random }: SendParts,
): Promise<Sent> {
  const accepted: number[] = [];
  const unanswered = new Set<number>();
  let [waiting, reason, calls] = [records.map((_, index) => index), "", 0];
  for (let tries = 1; waiting.length > 0 && tries <= TRIES_MAX; tries++) {
    if (tries > 1) await pauseMs(random() * Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** tries));
    calls++;
    try {
      const { RequestResponses = [] } = await firehose.send(
        new PutRecordBatchCommand({
          DeliveryStreamName: streamName,
          Records: waiting.map((index) => ({ Data: records[index] })),
        }),
      );
      const answers = waiting.map((index, at) => ({ index, answer: RequestResponses[at] }));
      accepted.push(...answers.filter(({ answer }) => answer?.RecordId).map(({ index }) => index));
      const failed = answers.filter(({ answer }) => !answer?.RecordId);
      reason = failed[0]?.answer?.ErrorCode ?? reason;
      waiting = failed.map(({ index }) => index);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      reason = `${error.name}: ${error.message}`;
      if (!hasAnswer(error)) waiting.forEach((index) => unanswered.add(index));
      else if (!PASSING.includes(error.name)) break;
    }
  }
  return { accepted: accepted.sort((a, b) => a - b), unanswered, refused: waiting, reason, calls };
}

/** Whether the service answered: then it accepted no record of the call. */
function hasAnswer(error: Error): boolean {
  if (!("$metadata" in error)) return false;
  const { $metadata: metadata } = error;
  return typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata &&
    metadata.httpStatusCode !== undefined;
}
