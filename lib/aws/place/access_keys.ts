/**
 * The access keys of a user, who may have two.
 * @module
 */

import {
  type AccessKeyMetadata,
  DeleteAccessKeyCommand,
  type IAMClient,
  ListUserTagsCommand,
  paginateListAccessKeys,
} from "@aws-sdk/client-iam";
import { unlessMissing } from "../errors/missing.ts";
import { NAME_PREFIX } from "./names.ts";
import { assertOurs } from "./ownership.ts";

/** The keys of a user, without their secrets: AWS shows a secret once, when the key is created. */
export async function keysOf(iam: IAMClient, userName: string): Promise<AccessKeyMetadata[]> {
  const keys: AccessKeyMetadata[] = [];
  for await (const page of paginateListAccessKeys({ client: iam }, { UserName: userName })) {
    keys.push(...page.AccessKeyMetadata ?? []);
  }
  return keys;
}

/**
 * Deletes the keys of a user of the course, except one: an interrupted run may have left them. Throws
 * a `RangeError` for any other name (without a name, IAM would take the caller's own user), and a
 * `NotOursError` for a user with the name and without the project's tag.
 */
export async function deleteKeys(
  iam: IAMClient,
  userName: string,
  { except }: { readonly except?: string } = {},
): Promise<void> {
  if (!userName?.startsWith(NAME_PREFIX)) {
    throw new RangeError(`"${userName}" is no user of the course: its keys stay`);
  }
  await assertOurs(
    `user ${userName}`,
    async () => (await iam.send(new ListUserTagsCommand({ UserName: userName }))).Tags,
  );
  for (const { AccessKeyId } of await keysOf(iam, userName)) {
    if (AccessKeyId === except) continue;
    await unlessMissing(iam.send(new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId })));
  }
}
