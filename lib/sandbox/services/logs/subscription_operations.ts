/**
 * Subscription filters: PutSubscriptionFilter, DescribeSubscriptionFilters,
 * DeleteSubscriptionFilter. They forward to delivery streams only.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
 * @module
 */

import type {
  DeleteSubscriptionFilterRequest,
  DescribeSubscriptionFiltersRequest,
  DescribeSubscriptionFiltersResponse,
  PutSubscriptionFilterRequest,
  SubscriptionFilter as FilterShape,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteSubscriptionFilter$,
  DescribeSubscriptionFilters$,
  PutSubscriptionFilter$,
} from "../../schemas/logs.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import {
  invalidParameter,
  limitExceeded,
  noSuchSubscription,
  notSupported,
  standardClassOnly,
} from "./errors.ts";
import { listPage } from "./event_pages.ts";
import { parseFilterPattern } from "./filter_pattern.ts";
import type { LogGroup } from "./log_groups.ts";
import { GROUP_NAME, groupAccess, LIST_LIMIT, required, TOKEN } from "./shapes.ts";
import type { LogsState } from "./state.ts";
import { controlMessage } from "./subscription_document.ts";
import type { SubscriptionFilter } from "./subscription_filters.ts";

/** Filters of a log group: the quota L-87E7D306, and what AWS admits (2026). Its API page says 2. */
const FILTERS_MAX = 5;

const FILTER_NAME = { length: [1, 512], pattern: "[^:*]*" } as const;

type PutInput = Given<
  PutSubscriptionFilterRequest,
  "logGroupName" | "filterName" | "filterPattern" | "destinationArn"
>;

export const PutSubscriptionFilter: OperationDefinition<PutInput, void, LogsState> = {
  schema: PutSubscriptionFilter$,
  constraints: {
    logGroupName: required(GROUP_NAME),
    filterName: required(FILTER_NAME),
    filterPattern: { required: true, length: [0, 1_024] },
    destinationArn: { required: true, length: [1, Number.MAX_SAFE_INTEGER] },
    roleArn: { length: [1, Number.MAX_SAFE_INTEGER] },
    distribution: { enum: ["Random", "ByLogStream"] },
    fieldSelectionCriteria: { length: [0, 2_000] },
  },
  access: ({ logGroupName, roleArn }, context) => [
    ...groupAccess("PutSubscriptionFilter", logGroupName, context),
    ...(roleArn === undefined ? [] : [{
      action: "iam:PassRole",
      resource: roleArn,
      conditions: { "iam:PassedToService": "logs.amazonaws.com" },
    }]),
  ],
  run: async (input, { state, nowMs }) => {
    const checked = checkedFilter(input, state.group(input.logGroupName), nowMs);
    checkRoom(checked, state);
    await sendControlMessage(checked, input.logGroupName, state, nowMs);
    await state.change(() => {
      const filter = { ...checked, groupId: state.group(input.logGroupName).id };
      checkRoom(filter, state);
      state.filters.save(filter);
    });
  },
};

/** The filter that `input` describes. Throws for what AWS, or the sandbox, does not take. */
function checkedFilter(
  input: PutInput,
  { id: groupId, logGroupClass }: LogGroup,
  createMs: number,
): Omit<SubscriptionFilter, "id"> {
  // Before the destination is looked at (measured).
  if (logGroupClass !== "STANDARD") throw standardClassOnly();
  parseFilterPattern(input.filterPattern);
  if (input.fieldSelectionCriteria) throw notSupported("fieldSelectionCriteria");
  if (input.emitSystemFields?.length) throw notSupported("emitSystemFields");
  return {
    groupId,
    name: input.filterName,
    pattern: input.filterPattern,
    destinationArn: input.destinationArn,
    roleArn: checkedRole(input),
    distribution: input.distribution ?? "ByLogStream",
    appliesToTransformedLogs: input.applyOnTransformedLogs ?? false,
    createMs,
  };
}

/** The role of a filter whose destination is a delivery stream. AWS's texts (measured 2026-09). */
function checkedRole({ destinationArn, roleArn }: PutInput): string {
  const [, , vendor = ""] = destinationArn.split(":");
  if (["lambda", "kinesis", "logs"].includes(vendor)) {
    throw notSupported(`subscription filters to ${vendor}`);
  }
  if (vendor !== "firehose") {
    throw invalidParameter(
      `PutSubscriptionFilter operation cannot work with destinationArn for vendor ${vendor}`,
    );
  }
  if (roleArn !== undefined) return roleArn;
  throw invalidParameter("destinationArn for vendor firehose cannot be used without roleArn");
}

/** Throws LimitExceededException for one filter too many; to replace one is fine. */
function checkRoom({ groupId, name }: Omit<SubscriptionFilter, "id">, state: LogsState): void {
  const others = state.filters.of(groupId).filter((filter) => filter.name !== name);
  if (others.length >= FILTERS_MAX) throw limitExceeded();
}

/** One text for a stream that is missing or not ACTIVE, and for a role that may not (captured). */
async function sendControlMessage(
  { destinationArn, roleArn }: Omit<SubscriptionFilter, "id">,
  groupName: string,
  state: LogsState,
  nowMs: number,
): Promise<void> {
  const { forwarding } = state;
  if (!forwarding) throw notSupported("subscription filters");
  const outcome = await forwarding.send({
    destinationArn,
    roleArn,
    groupName,
    document: controlMessage(nowMs),
  });
  if (outcome.kind === "accepted") return;
  throw invalidParameter(
    "Could not deliver test message to specified Firehose stream. Check if the given Firehose " +
      "stream is in ACTIVE state.",
  );
}

export const DescribeSubscriptionFilters: OperationDefinition<
  Given<DescribeSubscriptionFiltersRequest, "logGroupName">,
  DescribeSubscriptionFiltersResponse,
  LogsState
> = {
  schema: DescribeSubscriptionFilters$,
  constraints: {
    logGroupName: required(GROUP_NAME),
    filterNamePrefix: FILTER_NAME,
    nextToken: TOKEN,
    limit: LIST_LIMIT,
  },
  access: ({ logGroupName }, context) =>
    groupAccess("DescribeSubscriptionFilters", logGroupName, context),
  run: (input, { state }) => {
    const { logGroupName, filterNamePrefix = "" } = input;
    const filters = state.filters.of(state.group(logGroupName).id)
      .filter(({ name }) => name.startsWith(filterNamePrefix));
    const { page, ...token } = listPage(filters, input);
    return { subscriptionFilters: page.map((filter) => shown(filter, logGroupName)), ...token };
  },
};

function shown(filter: SubscriptionFilter, logGroupName: string): FilterShape {
  return {
    filterName: filter.name,
    logGroupName,
    filterPattern: filter.pattern,
    destinationArn: filter.destinationArn,
    roleArn: filter.roleArn,
    distribution: filter.distribution,
    applyOnTransformedLogs: filter.appliesToTransformedLogs,
    creationTime: filter.createMs,
  };
}

export const DeleteSubscriptionFilter: OperationDefinition<
  Given<DeleteSubscriptionFilterRequest, "logGroupName" | "filterName">,
  void,
  LogsState
> = {
  schema: DeleteSubscriptionFilter$,
  constraints: { logGroupName: required(GROUP_NAME), filterName: required(FILTER_NAME) },
  access: ({ logGroupName }, context) =>
    groupAccess("DeleteSubscriptionFilter", logGroupName, context),
  run: ({ logGroupName, filterName }, { state }) =>
    state.change(() => {
      const filters = state.filters.of(state.group(logGroupName).id);
      const filter = filters.find(({ name }) => name === filterName);
      if (!filter) throw noSuchSubscription();
      state.filters.remove(filter);
    }),
};
