/**
 * Log streams: CreateLogStream, DeleteLogStream, DescribeLogStreams.
 * @module
 */

import type {
  CreateLogStreamRequest,
  DeleteLogStreamRequest,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  LogStream as LogStreamShape,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateLogStream$, DeleteLogStream$, DescribeLogStreams$ } from "../../schemas/logs.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { invalidParameter, streamExists } from "./errors.ts";
import { listPage } from "./event_pages.ts";
import type { LogGroup, LogStream } from "./log_groups.ts";
import { SEQUENCE_TOKEN } from "./put_log_events.ts";
import {
  checkNames,
  chosenGroup,
  GROUP_IDENTIFIER,
  GROUP_NAME,
  groupAccess,
  LIST_LIMIT,
  required,
  STREAM_NAME,
  streamAccess,
  TOKEN,
} from "./shapes.ts";
import type { LogsState } from "./state.ts";

const NAMES = { logGroupName: required(GROUP_NAME), logStreamName: required(STREAM_NAME) };

export const CreateLogStream: OperationDefinition<
  Given<CreateLogStreamRequest, "logGroupName" | "logStreamName">,
  void,
  LogsState
> = {
  schema: CreateLogStream$,
  constraints: NAMES,
  access: ({ logGroupName, logStreamName }, context) =>
    streamAccess("CreateLogStream", logGroupName, logStreamName, context),
  run: async ({ logGroupName, logStreamName }, { state, nowMs }) => {
    checkNames(logGroupName, logStreamName);
    await state.change(() => {
      const group = state.group(logGroupName);
      if (state.groups.findStream(group, logStreamName)) throw streamExists();
      state.groups.insertStream(group, logStreamName, nowMs);
    });
  },
};

export const DeleteLogStream: OperationDefinition<
  Given<DeleteLogStreamRequest, "logGroupName" | "logStreamName">,
  void,
  LogsState
> = {
  schema: DeleteLogStream$,
  constraints: NAMES,
  access: ({ logGroupName, logStreamName }, context) =>
    streamAccess("DeleteLogStream", logGroupName, logStreamName, context),
  run: ({ logGroupName, logStreamName }, { state }) =>
    state.change(() => {
      const group = state.group(logGroupName);
      state.remove(group, state.stream(group, logStreamName));
    }),
};

export const DescribeLogStreams: OperationDefinition<
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  LogsState
> = {
  schema: DescribeLogStreams$,
  constraints: {
    logGroupName: GROUP_NAME,
    logGroupIdentifier: GROUP_IDENTIFIER,
    logStreamNamePrefix: STREAM_NAME,
    orderBy: { enum: ["LogStreamName", "LastEventTime"] },
    nextToken: TOKEN,
    limit: LIST_LIMIT,
  },
  access: (input, context) => groupAccess("DescribeLogStreams", chosenGroup(input), context),
  run: (input, { state }) => {
    const { orderBy = "LogStreamName", logStreamNamePrefix: prefix, descending = false } = input;
    if (orderBy === "LastEventTime" && prefix !== undefined) {
      throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
    }
    const group = state.group(chosenGroup(input));
    const streams = state.groups.streams(group).filter(({ name }) => name.startsWith(prefix ?? ""));
    if (orderBy === "LastEventTime") {
      streams.sort((a, b) => (a.lastEventMs ?? 0) - (b.lastEventMs ?? 0));
    }
    if (descending) streams.reverse();
    const { page, ...token } = listPage(streams, input);
    return { logStreams: page.map((stream) => streamShape(state, group, stream)), ...token };
  },
};

function streamShape(state: LogsState, group: LogGroup, stream: LogStream): LogStreamShape {
  const isWritten = stream.lastIngestionMs !== undefined;
  return {
    logStreamName: stream.name,
    creationTime: stream.createMs,
    firstEventTimestamp: stream.firstEventMs,
    lastEventTimestamp: stream.lastEventMs,
    lastIngestionTime: stream.lastIngestionMs,
    uploadSequenceToken: isWritten ? SEQUENCE_TOKEN : undefined,
    arn: state.streamArn(group.name, stream.name),
    storedBytes: 0, // always, since 2019
  };
}
