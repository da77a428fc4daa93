/**
 * `AWS::Logs::LogGroup`, `AWS::Logs::LogStream` and `AWS::Logs::SubscriptionFilter`.
 * @module
 */

import { joinedName, picked, type Resource, type ResourceType, tagMap } from "../resource.ts";
import type { Value, ValueMap } from "../value.ts";

export const LOG_GROUP: ResourceType = {
  nameProperty: "LogGroupName",
  newName: joinedName,
  reads: ["LogGroupName", "KmsKeyId", "LogGroupClass", "RetentionInDays", "Tags"],
  attributes: {
    Arn: ({ name, stack: { region, accountId } }) =>
      `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`,
  },
  calls(group) {
    const retention = group.property("RetentionInDays");
    const create = lowered(group, ["KmsKeyId", "LogGroupClass"]);
    return [
      {
        operation: "CreateLogGroup",
        input: { ...create, logGroupName: group.name, tags: tagMap(group) },
      },
      ...(retention === undefined ? [] : [{
        operation: "PutRetentionPolicy",
        input: { logGroupName: group.name, retentionInDays: retention },
      }]),
    ];
  },
};

export const LOG_STREAM: ResourceType = {
  nameProperty: "LogStreamName",
  newName: joinedName,
  reads: ["LogGroupName", "LogStreamName"],
  calls: (stream) => [{
    operation: "CreateLogStream",
    input: { ...lowered(stream, ["LogGroupName"]), logStreamName: stream.name },
  }],
};

export const SUBSCRIPTION_FILTER: ResourceType = {
  nameProperty: "FilterName",
  newName: joinedName,
  reads: [
    "FilterName",
    "DestinationArn",
    "Distribution",
    "FilterPattern",
    "LogGroupName",
    "RoleArn",
  ],
  calls: (filter) => [{
    operation: "PutSubscriptionFilter",
    input: {
      ...lowered(filter, [
        "DestinationArn",
        "Distribution",
        "FilterPattern",
        "LogGroupName",
        "RoleArn",
      ]),
      filterName: filter.name,
    },
  }],
};

/** The API of Logs writes members with a small first letter. */
function lowered(from: Resource, names: readonly string[]): ValueMap {
  const entries = Object.entries(picked(from, names));
  return Object.fromEntries(
    entries.map(([name, value]): [string, Value] => [name[0].toLowerCase() + name.slice(1), value]),
  );
}
