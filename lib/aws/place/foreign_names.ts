/**
 * Finds out whether somebody else's things have the names that a notebook would use in a real
 * account. Done before the notebook's first change: later calls take what has the name as their own.
 * @module
 */

import { ListTagsForDeliveryStreamCommand } from "@aws-sdk/client-firehose";
import { ListRoleTagsCommand, ListUserTagsCommand } from "@aws-sdk/client-iam";
import { GetFunctionCommand } from "@aws-sdk/client-lambda";
import { unlessMissing } from "../errors/missing.ts";
import { bucketTags } from "./bucket_tags.ts";
import type { Clients } from "./clients.ts";
import type { Names } from "./names.ts";
import { type FoundTags, isOurs, NotOursError } from "./ownership.ts";

/** A thing by its name, and its tags: undefined if there is no such thing. */
type Question = readonly [what: string, tags: () => Promise<FoundTags>];

/** Throws a `NotOursError` that lists somebody else's things with these names. */
export async function assertNamesAreFree(clients: Clients, names: Names): Promise<void> {
  const taken: string[] = [];
  for (const [what, tagsOf] of questions(clients, names)) {
    const tags = await tagsOf();
    if (tags !== undefined && !isOurs(tags)) taken.push(what);
  }
  if (taken.length === 0) return;
  throw new NotOursError(taken.map((what) => ({
    what,
    found: [],
    wouldChange: [],
    advice:
      "This notebook would use its name: rename or remove it, or use another account or region.",
  })));
}

/** A thing without tags has an empty list; undefined means that there is no such thing. */
function questions({ s3, iam, firehose, lambda }: Clients, names: Names): readonly Question[] {
  const { bucket, stream, function: functionName } = names;
  const role = (RoleName: string): Question => [
    `role ${RoleName}`,
    async () => tagsIn(await unlessMissing(iam.send(new ListRoleTagsCommand({ RoleName })))),
  ];
  const user = (UserName: string): Question => [
    `user ${UserName}`,
    async () => tagsIn(await unlessMissing(iam.send(new ListUserTagsCommand({ UserName })))),
  ];
  const ofStream = new ListTagsForDeliveryStreamCommand({ DeliveryStreamName: stream });
  const ofFunction = new GetFunctionCommand({ FunctionName: functionName });
  return [
    [`bucket ${bucket}`, () => bucketTags(s3, bucket)],
    [`delivery stream ${stream}`, async () => tagsIn(await unlessMissing(firehose.send(ofStream)))],
    [`function ${functionName}`, async () => tagsIn(await unlessMissing(lambda.send(ofFunction)))],
    role(names.deliveryRole),
    role(`${functionName}-role`),
    user(names.user),
    user(names.guest),
  ];
}

const tagsIn = (answer: { readonly Tags?: FoundTags } | undefined): FoundTags =>
  answer === undefined ? undefined : answer.Tags ?? [];
