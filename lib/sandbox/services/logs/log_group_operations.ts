/**
 * Log groups: CreateLogGroup, DeleteLogGroup, DescribeLogGroups, PutRetentionPolicy,
 * DeleteRetentionPolicy.
 * @module
 */

import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DeleteRetentionPolicyRequest,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  LogGroup as LogGroupShape,
  PutRetentionPolicyRequest,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateLogGroup$,
  DeleteLogGroup$,
  DeleteRetentionPolicy$,
  DescribeLogGroups$,
  PutRetentionPolicy$,
} from "../../schemas/logs.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { groupExists, invalidParameter, notSupported } from "./errors.ts";
import { listPage } from "./event_pages.ts";
import type { LogGroup } from "./log_groups.ts";
import {
  checkNames,
  GROUP_IDENTIFIER,
  GROUP_NAME,
  groupAccess,
  LIST_LIMIT,
  LOG_GROUP_CLASS,
  nameInArn,
  required,
  TAGS,
  TOKEN,
} from "./shapes.ts";
import type { LogsState } from "./state.ts";
import { checkTags } from "./tags.ts";

export const CreateLogGroup: OperationDefinition<
  Given<CreateLogGroupRequest, "logGroupName">,
  void,
  LogsState
> = {
  schema: CreateLogGroup$,
  constraints: {
    logGroupName: required(GROUP_NAME),
    kmsKeyId: { length: [0, 256] },
    tags: TAGS,
    logGroupClass: LOG_GROUP_CLASS,
  },
  access: ({ logGroupName, tags = {} }, context) => {
    const resource = context.state.groupArn(logGroupName);
    // "To assign tags when you create a log group, you must have either" of the two permissions:
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    const tagging = { action: "logs:TagResource", orAction: "logs:TagLogGroup", resource };
    const isTagged = Object.keys(tags).length > 0;
    return [
      ...groupAccess("CreateLogGroup", logGroupName, context),
      ...(isTagged ? [tagging] : []),
    ];
  },
  run: async (input, { state, nowMs }) => {
    const { logGroupName: name, logGroupClass = "STANDARD", tags = {} } = input;
    checkNames(name);
    if (name.startsWith("aws/")) {
      // The rule is documented, the text is ours:
      // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
      throw invalidParameter("Log group names can't start with aws/.");
    }
    checkTags(tags);
    if (input.kmsKeyId !== undefined) throw notSupported("kmsKeyId");
    if (input.deletionProtectionEnabled) throw notSupported("deletion protection");
    await state.change(() => {
      if (state.groups.find(name)) throw groupExists();
      state.groups.insert({ name, createMs: nowMs, logGroupClass, tags });
    });
  },
};

export const DeleteLogGroup: OperationDefinition<
  Given<DeleteLogGroupRequest, "logGroupName">,
  void,
  LogsState
> = {
  schema: DeleteLogGroup$,
  constraints: { logGroupName: required(GROUP_NAME) },
  access: ({ logGroupName }, context) => groupAccess("DeleteLogGroup", logGroupName, context),
  run: ({ logGroupName }, { state }) => state.change(() => state.remove(state.group(logGroupName))),
};

export const DescribeLogGroups: OperationDefinition<
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  LogsState
> = {
  schema: DescribeLogGroups$,
  constraints: {
    accountIdentifiers: { length: [0, 20] },
    logGroupNamePrefix: GROUP_NAME,
    logGroupNamePattern: { length: [0, 512], pattern: "[\\.\\-_/#A-Za-z0-9]*" },
    nextToken: TOKEN,
    limit: LIST_LIMIT,
    logGroupClass: LOG_GROUP_CLASS,
    logGroupIdentifiers: { length: [1, 50], item: GROUP_IDENTIFIER },
  },
  access: (_, context) => groupAccess("DescribeLogGroups", "", context),
  run: (input, { state }) => {
    if (input.includeLinkedAccounts || (input.accountIdentifiers ?? []).length > 0) {
      throw notSupported("linked accounts");
    }
    const chosen = state.groups.all().filter(groupFilter(input));
    const { page, ...token } = listPage(chosen, input);
    const isPattern = input.logGroupNamePattern !== undefined;
    const logGroups = page.map((group): LogGroupShape => ({
      ...groupShape(state, group),
      // Captured: the answer to a pattern lacks it.
      ...(isPattern ? {} : { storedBytes: state.events.groupBytes(group.id) }),
    }));
    return { logGroups, ...token };
  },
};

function groupFilter(input: DescribeLogGroupsRequest): (group: LogGroup) => boolean {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
  const { logGroupClass, logGroupIdentifiers } = input;
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter(
      "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
    );
  }
  const others = prefix ?? pattern ?? logGroupClass;
  if (logGroupIdentifiers && others !== undefined) {
    // The text is ours: AWS's is not known.
    throw invalidParameter("logGroupIdentifiers excludes all other filters.");
  }
  const names = logGroupIdentifiers?.map((identifier) => nameInArn(identifier) ?? identifier);
  return (group) =>
    group.name.startsWith(prefix ?? "") &&
    group.name.toLowerCase().includes((pattern ?? "").toLowerCase()) &&
    (logGroupClass === undefined || classesAskedFor(logGroupClass).includes(group.logGroupClass)) &&
    (names?.includes(group.name) ?? true);
}

/** Documented: a request for one of the cheaper classes returns both. */
function classesAskedFor(logGroupClass: string): readonly string[] {
  const cheaper = ["INFREQUENT_ACCESS", "ESSENTIALS"];
  return cheaper.includes(logGroupClass) ? cheaper : [logGroupClass];
}

function groupShape(state: LogsState, group: LogGroup): LogGroupShape {
  const logGroupArn = state.groupArn(group.name);
  return {
    logGroupName: group.name,
    creationTime: group.createMs,
    retentionInDays: group.retentionInDays,
    metricFilterCount: 0,
    arn: `${logGroupArn}:*`,
    logGroupArn,
    logGroupClass: group.logGroupClass,
    deletionProtectionEnabled: false,
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096],
  ...[1827, 2192, 2557, 2922, 3288, 3653],
];

export const PutRetentionPolicy: OperationDefinition<
  Given<PutRetentionPolicyRequest, "logGroupName" | "retentionInDays">,
  void,
  LogsState
> = {
  schema: PutRetentionPolicy$,
  constraints: { logGroupName: required(GROUP_NAME), retentionInDays: { required: true } },
  access: ({ logGroupName }, context) => groupAccess("PutRetentionPolicy", logGroupName, context),
  run: async ({ logGroupName, retentionInDays }, { state }) => {
    if (!RETENTION_DAYS.includes(retentionInDays)) {
      throw invalidParameter(
        `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to ` +
          `satisfy constraint: Member must satisfy enum value set: [${RETENTION_DAYS.join(", ")}]`,
      );
    }
    await setRetention(state, logGroupName, retentionInDays);
  },
};

export const DeleteRetentionPolicy: OperationDefinition<
  Given<DeleteRetentionPolicyRequest, "logGroupName">,
  void,
  LogsState
> = {
  schema: DeleteRetentionPolicy$,
  constraints: { logGroupName: required(GROUP_NAME) },
  access: ({ logGroupName }, context) =>
    groupAccess("DeleteRetentionPolicy", logGroupName, context),
  run: ({ logGroupName }, { state }) => setRetention(state, logGroupName, undefined),
};

function setRetention(state: LogsState, name: string, days: number | undefined): Promise<void> {
  return state.change(() => {
    const group = { ...state.group(name), retentionInDays: days };
    state.groups.update(group);
    state.expire(group);
  });
}
