/**
 * One call's records, sent until the stream has taken them or will not.
 * @module
 */

import { type FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";

/** As PutRecordBatch's own retries elsewhere in the course: about a minute at the longest. */
const TRIES_MAX = 8;
const FIRST_PAUSE_MS = 100;
const PAUSE_MS_MAX = 10_000;

/** What sending needs. The client must try once only: a try of its own would be one unseen. */
export interface SendParts {
  readonly firehose: Pick<FirehoseClient, "send">;
  readonly streamName: string;
  readonly pauseMs: (ms: number) => Promise<unknown>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** What became of the records of one call, by their index in it. */
export interface Sent {
  readonly accepted: readonly number[];
  /** In a call that got no answer at least once: they may be in the stream twice. */
  readonly unanswered: ReadonlySet<number>;
  /** Not accepted in the end, and the last reason. */
  readonly refused: readonly number[];
  readonly reason: string;
  readonly calls: number;
}

/** Errors of a whole call that may pass. For any other, nothing more is tried. */
const PASSING = ["ServiceUnavailableException", "ThrottlingException", "InternalFailure"];

/**
 * Sends the records by PutRecordBatch, again only those that were refused. Rejects never: what was
 * not accepted is said.
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

/** Whether the service itself said no: then nothing of the call was accepted. */
function hasAnswer(error: Error): boolean {
  if (!("$metadata" in error)) return false;
  const { $metadata: metadata } = error;
  return typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata &&
    metadata.httpStatusCode !== undefined;
}
