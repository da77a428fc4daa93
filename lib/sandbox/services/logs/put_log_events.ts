/**
 * PutLogEvents: writes a batch of events to a log stream.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 * @module
 */

import type {
  InputLogEvent,
  PutLogEventsRequest,
  PutLogEventsResponse,
  RejectedLogEventsInfo,
} from "@aws-sdk/client-cloudwatch-logs";
import { PutLogEvents$ } from "../../schemas/logs.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { invalidParameter, notSupported } from "./errors.ts";
import { eventBytes, type NewEvent } from "./log_events.ts";
import { GROUP_NAME, required, STREAM_NAME, streamAccess, TIME, TOKEN } from "./shapes.ts";
import { EVENT_BYTES_MAX, type LogsState } from "./state.ts";

/** Bytes of a batch, with each event's overhead. */
const BATCH_BYTES_MAX = 1_048_576;

const HOUR_MS = 3_600_000;
const SPAN_MS_MAX = 24 * HOUR_MS;
const AGE_MS_MAX = 14 * 24 * HOUR_MS;
const AHEAD_MS_MAX = 2 * HOUR_MS;

/** Sequence tokens have no meaning any more, but answers still contain one: 56 digits. */
export const SEQUENCE_TOKEN = "49039859633563526352635263526352635263526352635263526352";

export const PutLogEvents: OperationDefinition<
  Given<PutLogEventsRequest, "logGroupName" | "logStreamName" | "logEvents">,
  PutLogEventsResponse,
  LogsState
> = {
  schema: PutLogEvents$,
  constraints: {
    logGroupName: required(GROUP_NAME),
    logStreamName: required(STREAM_NAME),
    logEvents: {
      required: true,
      length: [1, 10_000],
      item: {
        members: {
          timestamp: required(TIME),
          message: { required: true, length: [1, Number.MAX_SAFE_INTEGER] },
        },
      },
    },
    sequenceToken: TOKEN,
  },
  access: ({ logGroupName, logStreamName }, context) =>
    streamAccess("PutLogEvents", logGroupName, logStreamName, context),
  run: async (input, { state, nowMs }) => {
    if (input.entity !== undefined) throw notSupported("entity");
    const events = input.logEvents.map(newEvent);
    checkBatch(events);
    const rejectedLogEventsInfo = await state.change(() => {
      const group = state.group(input.logGroupName);
      const stream = state.stream(group, input.logStreamName);
      const sorted = sortByAge(events, nowMs, state.expiredBeforeMs(group));
      state.append(group, stream, sorted.accepted);
      return sorted.rejected;
    });
    return { nextSequenceToken: SEQUENCE_TOKEN, rejectedLogEventsInfo };
  },
};

function newEvent({ timestamp = 0, message = "" }: InputLogEvent): NewEvent {
  return { timestampMs: Math.trunc(timestamp), message };
}

/** Throws AWS's InvalidParameterException for a batch that is refused as a whole. */
function checkBatch(events: readonly NewEvent[]): void {
  let batchBytes = 0;
  for (const { message } of events) {
    const bytes = eventBytes(message);
    if (bytes > EVENT_BYTES_MAX) {
      throw invalidParameter(
        `Log event too large: ${bytes} bytes exceeds limit of ${EVENT_BYTES_MAX}`,
      );
    }
    batchBytes += bytes;
  }
  if (batchBytes > BATCH_BYTES_MAX) {
    throw invalidParameter(
      `Upload too large: ${batchBytes} bytes exceeds limit of ${BATCH_BYTES_MAX}`,
    );
  }
  const times = events.map(({ timestampMs }) => timestampMs);
  if (times.some((time, index) => index > 0 && time < times[index - 1])) {
    throw invalidParameter(
      "Log events in a single PutLogEvents request must be in chronological order.",
    );
  }
  if (times[times.length - 1] - times[0] > SPAN_MS_MAX) {
    throw invalidParameter(
      "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
    );
  }
}

/** Events too old, expired or too new are left out: the answer is 200, and says which. */
function sortByAge(events: readonly NewEvent[], nowMs: number, expiredBeforeMs: number): {
  readonly accepted: readonly NewEvent[];
  readonly rejected: RejectedLogEventsInfo | undefined;
} {
  const firstAt = (fromMs: number) => {
    const index = events.findIndex(({ timestampMs }) => timestampMs >= fromMs);
    return index < 0 ? events.length : index;
  };
  const tooOld = firstAt(nowMs - AGE_MS_MAX);
  const expired = firstAt(expiredBeforeMs);
  const tooNew = firstAt(nowMs + AHEAD_MS_MAX + 1);
  const rejected = {
    tooOldLogEventEndIndex: tooOld > 0 ? tooOld : undefined,
    expiredLogEventEndIndex: expired > 0 ? expired : undefined,
    tooNewLogEventStartIndex: tooNew < events.length ? tooNew : undefined,
  };
  const isAnyRejected = Object.values(rejected).some((index) => index !== undefined);
  return {
    accepted: events.slice(Math.max(tooOld, expired), tooNew),
    rejected: isAnyRejected ? rejected : undefined,
  };
}
