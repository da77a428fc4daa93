/** Functions that a notebook made, with their logs. */
import { DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteFunctionCommand,
  ListTagsCommand,
  paginateListFunctions,
} from "@aws-sdk/client-lambda";
import type { Lab } from "../place/begin.ts";
import { unlessMissing } from "../errors/missing.ts";
import { NAME_PREFIX } from "../place/names.ts";
import { type Finder, isTagged } from "./leftover.ts";

export const findFunctions: Finder = async (lab) => {
  const leftovers = [];
  for await (const { Functions = [] } of paginateListFunctions({ client: lab.lambda }, {})) {
    for (const { FunctionName: name = "", FunctionArn: Resource = "" } of Functions) {
      if (!name.startsWith(NAME_PREFIX)) continue;
      const found = await unlessMissing(lab.lambda.send(new ListTagsCommand({ Resource })));
      const tags = Object.entries(found?.Tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
      if (!isTagged(tags, lab.tags)) continue;
      leftovers.push({
        kind: "function",
        name,
        with: "its log",
        remove: () => removeFunction(lab, name),
      });
    }
  }
  return leftovers;
};

/**
 * Lambda creates the log group without tags, so only the function leads to it. It is removed first:
 * after an interruption it is found again.
 */
async function removeFunction({ lambda, logs }: Lab, FunctionName: string): Promise<void> {
  const logGroupName = `/aws/lambda/${FunctionName}`;
  await unlessMissing(logs.send(new DeleteLogGroupCommand({ logGroupName })));
  await unlessMissing(lambda.send(new DeleteFunctionCommand({ FunctionName })));
}
