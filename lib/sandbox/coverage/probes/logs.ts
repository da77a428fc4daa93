/**
 * How CloudWatch Logs' operations are called to learn what they do with each member of their input.
 * @module
 */

import type { InputOf, Probe } from "../probe.ts";
import { ACCOUNT_ID, BUCKET_ARN, REGION, ROLE_ARN, type Scene } from "../scene.ts";

const arnOf = (group: string) => `arn:aws:logs:${REGION}:${ACCOUNT_ID}:log-group:${group}`;

/** A log group with two streams, and three events in the first. */
async function group(scene: Scene): Promise<string> {
  const logGroupName = scene.unique("group");
  await scene.call("logs", "CreateLogGroup", { logGroupName, tags: { key: "value" } });
  for (const logStreamName of ["a", "b"]) {
    await scene.call("logs", "CreateLogStream", { logGroupName, logStreamName });
  }
  const logEvents = ["one", "two", "three"].map((message) => ({
    timestamp: scene.clock.nowMs(),
    message,
  }));
  await scene.call("logs", "PutLogEvents", { logGroupName, logStreamName: "a", logEvents });
  return logGroupName;
}

const ofGroup = async (scene: Scene) => ({ logGroupName: await group(scene) });
const ofStream = async (scene: Scene) => ({ ...await ofGroup(scene), logStreamName: "a" });
const ofArn = async (scene: Scene) => ({ resourceArn: arnOf(await group(scene)) });

/** The same, with the group's identifier in place of its name. */
const byIdentifier = (inputOf: InputOf) => ({
  identifier: async (scene: Scene) => {
    const { logGroupName, ...rest } = await inputOf(scene);
    return { ...rest, logGroupIdentifier: arnOf(String(logGroupName)) };
  },
});

/** The same, for the page after the first. */
const nextPage = (operation: string, inputOf: InputOf, token: string) => ({
  token: async (scene: Scene) => {
    const input = { ...await inputOf(scene), limit: 1 };
    const { [token]: nextToken } = await scene.call("logs", operation, input);
    return { ...input, nextToken };
  },
});

/** A filter of a new group, to a delivery stream. */
async function newFilter(scene: Scene) {
  const name = await scene.activeStream({
    S3DestinationConfiguration: { RoleARN: ROLE_ARN, BucketARN: BUCKET_ARN },
  });
  return {
    ...await ofGroup(scene),
    filterName: "a",
    filterPattern: "",
    destinationArn: `arn:aws:firehose:${REGION}:${ACCOUNT_ID}:deliverystream/${name}`,
    roleArn: ROLE_ARN,
  };
}

/** A group with two filters. */
async function ofFilters(scene: Scene) {
  const filter = await newFilter(scene);
  for (const filterName of ["a", "b"]) {
    await scene.call("logs", "PutSubscriptionFilter", { ...filter, filterName });
  }
  return { logGroupName: filter.logGroupName };
}

export const LOGS_PROBES: Readonly<Record<string, Probe>> = {
  CreateLogGroup: {
    input: (scene) => ({ logGroupName: scene.unique("group"), tags: { key: "value" } }),
    values: { deletionProtectionEnabled: [false, true] },
  },
  DeleteLogGroup: { input: ofGroup },
  DescribeLogGroups: {
    input: () => ({}),
    values: {
      accountIdentifiers: [[ACCOUNT_ID]],
      includeLinkedAccounts: [false, true],
    },
    calls: {
      nextToken: nextPage("DescribeLogGroups", async (scene) => {
        await group(scene);
        await group(scene);
        return {};
      }, "nextToken"),
    },
  },
  PutRetentionPolicy: { input: async (scene) => ({ ...await ofGroup(scene), retentionInDays: 7 }) },
  DeleteRetentionPolicy: { input: ofGroup },
  CreateLogStream: { input: async (scene) => ({ ...await ofGroup(scene), logStreamName: "new" }) },
  DeleteLogStream: { input: ofStream },
  DescribeLogStreams: {
    input: ofGroup,
    calls: {
      logGroupIdentifier: byIdentifier(ofGroup),
      nextToken: nextPage("DescribeLogStreams", ofGroup, "nextToken"),
    },
  },
  PutLogEvents: {
    input: async (scene) => ({
      ...await ofStream(scene),
      logEvents: [{ timestamp: scene.clock.nowMs(), message: "event" }],
    }),
    unread: { sequenceToken: "AWS has ignored it since 2023" },
  },
  GetLogEvents: {
    input: ofStream,
    calls: {
      logGroupIdentifier: byIdentifier(ofStream),
      nextToken: nextPage("GetLogEvents", ofStream, "nextBackwardToken"),
    },
  },
  FilterLogEvents: {
    input: ofGroup,
    values: { logStreamNames: [["a"]] },
    calls: {
      logGroupIdentifier: byIdentifier(ofGroup),
      nextToken: nextPage("FilterLogEvents", ofGroup, "nextToken"),
    },
    unread: { interleaved: "AWS has ignored it since 2019: streams are always interleaved" },
  },
  PutSubscriptionFilter: {
    input: newFilter,
    values: { applyOnTransformedLogs: [false, true], emitSystemFields: [["@aws.account"]] },
  },
  DescribeSubscriptionFilters: {
    input: ofFilters,
    calls: {
      nextToken: nextPage("DescribeSubscriptionFilters", ofFilters, "nextToken"),
    },
  },
  DeleteSubscriptionFilter: {
    input: async (scene) => ({ ...await ofFilters(scene), filterName: "a" }),
  },
  TagResource: { input: async (scene) => ({ ...await ofArn(scene), tags: { key: "value" } }) },
  UntagResource: { input: async (scene) => ({ ...await ofArn(scene), tagKeys: ["key"] }) },
  ListTagsForResource: { input: ofArn },
  TagLogGroup: { input: async (scene) => ({ ...await ofGroup(scene), tags: { key: "value" } }) },
  UntagLogGroup: { input: async (scene) => ({ ...await ofGroup(scene), tags: ["key"] }) },
  ListTagsLogGroup: { input: ofGroup },
};
