/**
 * The operations that a seed may call, in the order in which a plain seed calls them, and how to see
 * that what they make is there.
 * @module
 */

/** An operation's input or output. */
export type Members = Readonly<Record<string, unknown>>;

/** How to see whether something exists. */
interface Look {
  readonly operation: string;
  readonly input: (input: Members, accountId: string) => Members;
  /** Whether the answer shows it; any answer does when absent. */
  readonly shows?: (output: Members, input: Members) => boolean;
  /** The errors of what is not there. */
  readonly missing: readonly string[];
}

/** An operation that a seed may call. */
export interface SeedOperation {
  /** The service's signing name. */
  readonly service: string;
  /** What it makes, for people; undefined for a part of something else, such as a tag. */
  readonly makes?: (input: Members) => string;
  readonly look: Look;
  /** How to see that it is ready for use. */
  readonly ready?: ReadyLook;
  /** Whether everything before it must be ready. */
  readonly needsReady?: boolean;
}

/** How to see that something new can be used. */
export interface ReadyLook {
  readonly operation: string;
  readonly input: (input: Members) => Members;
  /** Its state: `Active`, `CREATING`. */
  readonly state: (output: Members) => unknown;
}

const named = (kind: string, member: string) => (input: Members) => `${kind} ${input[member]}`;

const only = (...names: string[]) => (input: Members): Members =>
  Object.fromEntries(names.map((name) => [name, input[name]]));

/** Members of something of the SDK's, whose type is not known here. */
const membersOf = (value: unknown): Members => ({ ...Object(value) });
const listOf = (value: unknown): Members[] => Array.isArray(value) ? value.map(membersOf) : [];

/** Whether a list in the answer has an item with this member of the input. */
const has = (list: string, member: string, of = member) => (output: Members, input: Members) =>
  listOf(output[list]).some((item) => item[member] === input[of]);

const NO_ENTITY = ["NoSuchEntity"];
const NOT_FOUND = ["ResourceNotFoundException"];

const OPERATIONS: Readonly<Record<string, SeedOperation>> = {
  CreateBucket: {
    service: "s3",
    makes: named("bucket", "Bucket"),
    look: {
      operation: "HeadBucket",
      input: only("Bucket"),
      missing: ["NotFound", "NoSuchBucket"],
    },
  },
  PutBucketTagging: {
    service: "s3",
    look: { operation: "GetBucketTagging", input: only("Bucket"), missing: ["NoSuchTagSet"] },
  },
  CreatePolicy: {
    service: "iam",
    makes: named("policy", "PolicyName"),
    look: {
      operation: "GetPolicy",
      input: ({ Path = "/", PolicyName }, accountId) => ({
        PolicyArn: `arn:aws:iam::${accountId}:policy${Path}${PolicyName}`,
      }),
      missing: NO_ENTITY,
    },
  },
  CreateRole: {
    service: "iam",
    makes: named("role", "RoleName"),
    look: { operation: "GetRole", input: only("RoleName"), missing: NO_ENTITY },
  },
  PutRolePolicy: {
    service: "iam",
    look: {
      operation: "GetRolePolicy",
      input: only("RoleName", "PolicyName"),
      missing: NO_ENTITY,
    },
  },
  AttachRolePolicy: {
    service: "iam",
    look: {
      operation: "ListAttachedRolePolicies",
      input: only("RoleName"),
      shows: has("AttachedPolicies", "PolicyArn"),
      missing: [],
    },
  },
  CreateUser: {
    service: "iam",
    makes: named("user", "UserName"),
    look: { operation: "GetUser", input: only("UserName"), missing: NO_ENTITY },
  },
  PutUserPolicy: {
    service: "iam",
    look: {
      operation: "GetUserPolicy",
      input: only("UserName", "PolicyName"),
      missing: NO_ENTITY,
    },
  },
  AttachUserPolicy: {
    service: "iam",
    look: {
      operation: "ListAttachedUserPolicies",
      input: only("UserName"),
      shows: has("AttachedPolicies", "PolicyArn"),
      missing: [],
    },
  },
  CreateLogGroup: {
    service: "logs",
    makes: named("log group", "logGroupName"),
    look: {
      operation: "DescribeLogGroups",
      input: ({ logGroupName }) => ({ logGroupNamePrefix: logGroupName }),
      shows: has("logGroups", "logGroupName"),
      missing: [],
    },
  },
  PutRetentionPolicy: {
    service: "logs",
    look: {
      operation: "DescribeLogGroups",
      input: ({ logGroupName }) => ({ logGroupNamePrefix: logGroupName }),
      shows: ({ logGroups }, { logGroupName }) =>
        listOf(logGroups).some((group) =>
          group.logGroupName === logGroupName && group.retentionInDays !== undefined
        ),
      missing: [],
    },
  },
  CreateLogStream: {
    service: "logs",
    look: {
      operation: "DescribeLogStreams",
      input: ({ logGroupName, logStreamName }) => ({
        logGroupName,
        logStreamNamePrefix: logStreamName,
      }),
      shows: has("logStreams", "logStreamName"),
      missing: NOT_FOUND,
    },
  },
  PutObject: {
    service: "s3",
    makes: ({ Bucket, Key }) => `object s3://${Bucket}/${Key}`,
    look: {
      operation: "HeadObject",
      input: only("Bucket", "Key"),
      missing: ["NotFound", "NoSuchKey"],
    },
  },
  CreateFunction: {
    service: "lambda",
    makes: named("function", "FunctionName"),
    look: {
      operation: "GetFunctionConfiguration",
      input: only("FunctionName"),
      missing: NOT_FOUND,
    },
    ready: {
      operation: "GetFunctionConfiguration",
      input: only("FunctionName"),
      state: ({ State }) => State,
    },
  },
  PutFunctionConcurrency: {
    service: "lambda",
    needsReady: true,
    look: {
      operation: "GetFunctionConcurrency",
      input: only("FunctionName"),
      shows: ({ ReservedConcurrentExecutions }) => ReservedConcurrentExecutions !== undefined,
      missing: [],
    },
  },
  AddPermission: {
    service: "lambda",
    look: {
      operation: "GetPolicy",
      input: only("FunctionName"),
      shows: ({ Policy }, { StatementId }) =>
        listOf(membersOf(JSON.parse(`${Policy}`)).Statement).some(({ Sid }) => Sid === StatementId),
      missing: NOT_FOUND,
    },
  },
  CreateDeliveryStream: {
    service: "firehose",
    makes: named("delivery stream", "DeliveryStreamName"),
    look: {
      operation: "DescribeDeliveryStream",
      input: only("DeliveryStreamName"),
      missing: NOT_FOUND,
    },
    ready: {
      operation: "DescribeDeliveryStream",
      input: only("DeliveryStreamName"),
      state: ({ DeliveryStreamDescription }) =>
        membersOf(DeliveryStreamDescription).DeliveryStreamStatus,
    },
  },
  PutSubscriptionFilter: {
    service: "logs",
    makes: named("subscription filter", "filterName"),
    needsReady: true,
    look: {
      operation: "DescribeSubscriptionFilters",
      input: only("logGroupName"),
      shows: has("subscriptionFilters", "filterName"),
      missing: NOT_FOUND,
    },
  },
};

export const SEED_OPERATIONS: ReadonlyMap<string, SeedOperation> = new Map(
  Object.entries(OPERATIONS),
);
