/**
 * FilterLogEvents: the events of a log group that match a pattern, streams interleaved by time.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 * @module
 */

import type {
  FilterLogEventsRequest,
  FilterLogEventsResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import { FilterLogEvents$ } from "../../schemas/logs.ts";
import type { OperationDefinition } from "../../operation.ts";
import { invalidParameter } from "./errors.ts";
import {
  PAGE_EVENTS_MAX,
  pageOf,
  placeDigits,
  readSearchToken,
  searchToken,
} from "./event_pages.ts";
import { parseFilterPattern } from "./filter_pattern.ts";
import type { LogGroup } from "./log_groups.ts";
import {
  chosenGroup,
  EVENT_LIMIT,
  GROUP_IDENTIFIER,
  GROUP_NAME,
  groupAccess,
  STREAM_NAME,
  TIME,
  TOKEN,
} from "./shapes.ts";
import type { LogsState } from "./state.ts";

/** Documented: events before this day can't be read from the end. */
const BACKWARD_FROM_MS = Date.UTC(2024, 0, 1);

export const FilterLogEvents: OperationDefinition<
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  LogsState
> = {
  schema: FilterLogEvents$,
  constraints: {
    logGroupName: GROUP_NAME,
    logGroupIdentifier: GROUP_IDENTIFIER,
    logStreamNames: { length: [1, 100], item: STREAM_NAME },
    logStreamNamePrefix: STREAM_NAME,
    startTime: TIME,
    endTime: TIME,
    filterPattern: { length: [0, 1_024] },
    nextToken: TOKEN,
    limit: EVENT_LIMIT,
  },
  access: (input, context) =>
    ["FilterLogEvents", ...(input.unmask ? ["Unmask"] : [])].flatMap((action) =>
      groupAccess(action, chosenGroup(input), context)
    ),
  run: async (input, { state }) => {
    const matches = parseFilterPattern(input.filterPattern ?? "");
    const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER } = input;
    const token = input.nextToken === undefined ? undefined : readSearchToken(input.nextToken);
    const direction = token?.direction ?? firstDirection(input);
    const group = state.group(chosenGroup(input));
    const range = {
      streamIds: chosenStreams(input, group, state),
      groupId: group.id,
      fromMs: Math.max(startTime, state.expiredBeforeMs(group)),
      toMs: endTime,
      beyond: token?.place,
      direction,
    };
    const limit = input.limit ?? PAGE_EVENTS_MAX;
    const { events, last, more } = await pageOf(state.events.read(range), limit, matches);
    return {
      events: events.map((event) => ({
        logStreamName: event.streamName,
        timestamp: event.timestampMs,
        message: event.message,
        ingestionTime: event.ingestionMs,
        eventId: placeDigits(event),
      })),
      searchedLogStreams: [],
      ...(more && last ? { nextToken: searchToken(direction, last) } : {}),
    };
  },
};

// `interleaved` is not read: since 2019 streams are always interleaved.
function firstDirection({ startFromHead = true, startTime }: FilterLogEventsRequest) {
  if (startFromHead) return "forward";
  if (startTime === undefined || startTime < BACKWARD_FROM_MS) {
    // The text is ours: AWS's is not known.
    throw invalidParameter(
      "startFromHead can be false only where startTime is on or after January 1, 2024.",
    );
  }
  return "backward";
}

/** Ids of the streams that are searched; undefined is all of them. */
function chosenStreams(
  { logStreamNames, logStreamNamePrefix }: FilterLogEventsRequest,
  group: LogGroup,
  state: LogsState,
): number[] | undefined {
  if (logStreamNames && logStreamNamePrefix !== undefined) {
    // The text is ours: documented is the type only.
    throw invalidParameter("logStreamNames and logStreamNamePrefix are mutually exclusive.");
  }
  if (logStreamNames) return logStreamNames.map((name) => state.stream(group, name).id);
  if (logStreamNamePrefix === undefined) return undefined;
  return state.groups.streams(group)
    .filter(({ name }) => name.startsWith(logStreamNamePrefix))
    .map(({ id }) => id);
}
