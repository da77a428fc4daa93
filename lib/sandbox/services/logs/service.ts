/**
 * CloudWatch Logs: log groups, log streams, their events, subscription filters, retention and tags.
 * @module
 */

import { bind, operationTable, type Service } from "../../operation.ts";
import { FilterLogEvents } from "./filter_log_events.ts";
import { GetLogEvents } from "./get_log_events.ts";
import {
  CreateLogGroup,
  DeleteLogGroup,
  DeleteRetentionPolicy,
  DescribeLogGroups,
  PutRetentionPolicy,
} from "./log_group_operations.ts";
import { CreateLogStream, DeleteLogStream, DescribeLogStreams } from "./log_stream_operations.ts";
import { PutLogEvents } from "./put_log_events.ts";
import type { LogsState } from "./state.ts";
import {
  DeleteSubscriptionFilter,
  DescribeSubscriptionFilters,
  PutSubscriptionFilter,
} from "./subscription_operations.ts";
import {
  ListTagsForResource,
  ListTagsLogGroup,
  TagLogGroup,
  TagResource,
  UntagLogGroup,
  UntagResource,
} from "./tags.ts";

/** The table of operations of CloudWatch Logs on `state`. */
export function logsService(state: LogsState): Service {
  return {
    signingName: "logs",
    protocol: {
      kind: "awsJson",
      version: "1.1",
      targetPrefix: "Logs_20140328",
      validationCode: "InvalidParameterException",
    },
    operations: operationTable([
      bind(CreateLogGroup, state),
      bind(DeleteLogGroup, state),
      bind(DescribeLogGroups, state),
      bind(PutRetentionPolicy, state),
      bind(DeleteRetentionPolicy, state),
      bind(CreateLogStream, state),
      bind(DeleteLogStream, state),
      bind(DescribeLogStreams, state),
      bind(PutLogEvents, state),
      bind(GetLogEvents, state),
      bind(FilterLogEvents, state),
      bind(PutSubscriptionFilter, state),
      bind(DescribeSubscriptionFilters, state),
      bind(DeleteSubscriptionFilter, state),
      bind(TagResource, state),
      bind(UntagResource, state),
      bind(ListTagsForResource, state),
      bind(TagLogGroup, state),
      bind(UntagLogGroup, state),
      bind(ListTagsLogGroup, state),
    ]),
  };
}
