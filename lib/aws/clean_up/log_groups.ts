/** Log groups that a notebook made itself. Those of functions are removed with their functions. */
import {
  DeleteLogGroupCommand,
  ListTagsForResourceCommand,
  paginateDescribeLogGroups,
} from "@aws-sdk/client-cloudwatch-logs";
import { unlessMissing } from "../errors/missing.ts";
import { type Finder, isTagged } from "./leftover.ts";

export const findLogGroups: Finder = async ({ logs, names, tags }) => {
  const leftovers = [];
  const query = { logGroupNamePrefix: names.streamLogGroup };
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, query)) {
    for (const { logGroupName = "", logGroupArn: resourceArn = "" } of logGroups) {
      if (logGroupName !== names.streamLogGroup) continue;
      const found = await unlessMissing(logs.send(new ListTagsForResourceCommand({ resourceArn })));
      const all = Object.entries(found?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
      if (!isTagged(all, tags)) continue;
      leftovers.push({
        kind: "log group",
        name: logGroupName,
        remove: async () => {
          await unlessMissing(logs.send(new DeleteLogGroupCommand({ logGroupName })));
        },
      });
    }
  }
  return leftovers;
};
