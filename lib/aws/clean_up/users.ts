/** Users that a notebook made, with their keys and policies, and the profiles that hold such a key. */
import {
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  ListUserTagsCommand,
  paginateListAccessKeys,
  paginateListAttachedUserPolicies,
  paginateListUserPolicies,
  paginateListUsers,
} from "@aws-sdk/client-iam";
import type { Lab } from "../place/begin.ts";
import { unlessMissing } from "../errors/missing.ts";
import { NAME_PREFIX } from "../place/names.ts";
import { profileNames, profileSettings, removeProfile } from "../place/profiles.ts";
import { type Finder, isTagged } from "./leftover.ts";

export const findUsers: Finder = async (lab) => {
  const leftovers = [];
  for await (const { Users = [] } of paginateListUsers({ client: lab.iam }, {})) {
    for (const { UserName = "" } of Users) {
      if (!UserName.startsWith(NAME_PREFIX)) continue;
      const found = await unlessMissing(lab.iam.send(new ListUserTagsCommand({ UserName })));
      if (!isTagged(found?.Tags, lab.tags)) continue;
      const keyIds = await keyIdsOf(lab.iam, UserName);
      const profiles = await profilesWith(lab, keyIds);
      leftovers.push({
        kind: "user",
        name: UserName,
        with: [
          `${keyIds.length} access key${keyIds.length === 1 ? "" : "s"}`,
          ...profiles.map((name) => `profile ${name}`),
        ]
          .join(", "),
        remove: async () => {
          await unlessMissing(removeUser(lab.iam, UserName));
          for (const name of profiles) await removeProfile(lab.files, name);
        },
      });
    }
  }
  return leftovers;
};

async function keyIdsOf(iam: IAMClient, UserName: string): Promise<string[]> {
  const keyIds: string[] = [];
  for await (const page of paginateListAccessKeys({ client: iam }, { UserName })) {
    keyIds.push(...(page.AccessKeyMetadata ?? []).map(({ AccessKeyId = "" }) => AccessKeyId));
  }
  return keyIds;
}

/** Profiles with one of these keys: they would no longer work. */
async function profilesWith({ files }: Lab, keyIds: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of await profileNames(files)) {
    const { aws_access_key_id } = await profileSettings(files, "credentials", name);
    if (keyIds.includes(aws_access_key_id)) found.push(name);
  }
  return found;
}

async function removeUser(iam: IAMClient, UserName: string): Promise<void> {
  for (const AccessKeyId of await keyIdsOf(iam, UserName)) {
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  }
  for await (const page of paginateListUserPolicies({ client: iam }, { UserName })) {
    for (const PolicyName of page.PolicyNames ?? []) {
      await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
    }
  }
  for await (const page of paginateListAttachedUserPolicies({ client: iam }, { UserName })) {
    for (const { PolicyArn } of page.AttachedPolicies ?? []) {
      await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
    }
  }
  await iam.send(new DeleteUserCommand({ UserName }));
}
