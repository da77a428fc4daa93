/**
 * GetLogEvents: the events of one log stream, page by page in both directions.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 * @module
 */

import type { GetLogEventsRequest, GetLogEventsResponse } from "@aws-sdk/client-cloudwatch-logs";
import { GetLogEvents$ } from "../../schemas/logs.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { eventToken, PAGE_EVENTS_MAX, pageOf, readEventToken } from "./event_pages.ts";
import type { LogEvent, Position } from "./log_events.ts";
import {
  chosenGroup,
  EVENT_LIMIT,
  GROUP_IDENTIFIER,
  GROUP_NAME,
  required,
  STREAM_NAME,
  streamAccess,
  TIME,
  TOKEN,
} from "./shapes.ts";
import type { LogsState } from "./state.ts";

export const GetLogEvents: OperationDefinition<
  Given<GetLogEventsRequest, "logStreamName">,
  GetLogEventsResponse,
  LogsState
> = {
  schema: GetLogEvents$,
  constraints: {
    logGroupName: GROUP_NAME,
    logGroupIdentifier: GROUP_IDENTIFIER,
    logStreamName: required(STREAM_NAME),
    startTime: TIME,
    endTime: TIME,
    nextToken: TOKEN,
    limit: EVENT_LIMIT,
  },
  access: (input, context) =>
    ["GetLogEvents", ...(input.unmask ? ["Unmask"] : [])].flatMap((action) =>
      streamAccess(action, chosenGroup(input), input.logStreamName, context)
    ),
  run: async (input, { state }) => {
    const group = state.group(chosenGroup(input));
    const stream = state.stream(group, input.logStreamName);
    const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER } = input;
    const token = input.nextToken === undefined ? undefined : readEventToken(input.nextToken);
    const direction = token?.direction ?? (input.startFromHead ? "forward" : "backward");
    const { events } = await pageOf(
      state.events.read({
        streamIds: [stream.id],
        groupId: group.id,
        fromMs: Math.max(startTime, state.expiredBeforeMs(group)),
        toMs: endTime - 1, // the end is exclusive here
        beyond: token?.place,
        direction,
      }),
      input.limit ?? PAGE_EVENTS_MAX,
    );
    // Within a page the oldest event comes first, in both directions.
    const inOrder = direction === "forward" ? events : events.toReversed();
    const nowhere: Position = { timestampMs: startTime, id: 0 };
    return {
      events: inOrder.map(shown),
      ...tokensAround(inOrder, token?.place ?? nowhere, direction),
    };
  },
};

function shown({ timestampMs, message, ingestionMs }: LogEvent) {
  return { timestamp: timestampMs, message, ingestionTime: ingestionMs };
}

/** The tokens on both sides of a page. At an end the caller gets its own token back. */
function tokensAround(
  events: readonly LogEvent[],
  from: Position,
  direction: "forward" | "backward",
): Pick<GetLogEventsResponse, "nextForwardToken" | "nextBackwardToken"> {
  if (events.length > 0) {
    return {
      nextForwardToken: eventToken("f", events[events.length - 1]),
      nextBackwardToken: eventToken("b", events[0]),
    };
  }
  // A caller that turns round must get the event at which the empty page began.
  const after = { ...from, id: from.id + 1 };
  const before = { ...from, id: Math.max(0, from.id - 1) };
  return direction === "forward"
    ? { nextForwardToken: eventToken("f", from), nextBackwardToken: eventToken("b", after) }
    : { nextForwardToken: eventToken("f", before), nextBackwardToken: eventToken("b", from) };
}
