/**
 * The access keys of a user, who may have two.
 * @module
 */

import {
  type AccessKeyMetadata,
  DeleteAccessKeyCommand,
  type IAMClient,
  paginateListAccessKeys,
} from "@aws-sdk/client-iam";
import { unlessMissing } from "../errors/missing.ts";
import { NAME_PREFIX } from "./names.ts";

/** The keys of a user, without their secrets, which only their creation tells. */
export async function keysOf(iam: IAMClient, userName: string): Promise<AccessKeyMetadata[]> {
  const keys: AccessKeyMetadata[] = [];
  for await (const page of paginateListAccessKeys({ client: iam }, { UserName: userName })) {
    keys.push(...page.AccessKeyMetadata ?? []);
  }
  return keys;
}

/**
 * Deletes all keys of a user of the course but one, or really all: what an interrupted run may have
 * left. Throws a `RangeError` for any other user: without a name, IAM would take the caller's own.
 */
export async function deleteKeys(
  iam: IAMClient,
  userName: string,
  { except }: { readonly except?: string } = {},
): Promise<void> {
  if (!userName?.startsWith(NAME_PREFIX)) {
    throw new RangeError(`"${userName}" is no user of the course: its keys stay`);
  }
  for (const { AccessKeyId } of await keysOf(iam, userName)) {
    if (AccessKeyId === except) continue;
    await unlessMissing(iam.send(new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId })));
  }
}
