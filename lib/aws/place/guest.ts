/**
 * The guest of notebook 0: a user who has a key and no permission.
 * @module
 */

import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteUserPolicyCommand,
  ListUserTagsCommand,
  paginateListUserPolicies,
} from "@aws-sdk/client-iam";
import { deleteKeys } from "./access_keys.ts";
import type { Lab } from "./begin.ts";
import type { ClientSettings } from "./clients.ts";
import { assertOurs } from "./ownership.ts";

/**
 * Creates the guest, or removes the keys and policies that an earlier run gave; the new key.
 * Throws a `NotOursError` if somebody else's user has the name.
 */
export async function freshGuest(
  { iam, names, tags, region, endpoint }: Lab,
): Promise<ClientSettings> {
  const UserName = names.guest;
  await iam.send(new CreateUserCommand({ UserName, Tags: tags })).catch((error: unknown) => {
    if (!(error instanceof Error && error.name === "EntityAlreadyExistsException")) throw error;
  });
  await assertOurs(
    `user ${UserName}`,
    async () => (await iam.send(new ListUserTagsCommand({ UserName }))).Tags,
  );
  for await (const page of paginateListUserPolicies({ client: iam }, { UserName })) {
    for (const PolicyName of page.PolicyNames ?? []) {
      await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
    }
  }
  await deleteKeys(iam, UserName);
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
  return {
    credentials: { accessKeyId, secretAccessKey },
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}
