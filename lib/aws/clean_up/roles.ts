/** Roles that a notebook made, with their policies. */
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  type IAMClient,
  ListRoleTagsCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  paginateListRoles,
} from "@aws-sdk/client-iam";
import { unlessMissing } from "../errors/missing.ts";
import { NAME_PREFIX } from "../place/names.ts";
import { type Finder, isTagged } from "./leftover.ts";

export const findRoles: Finder = async ({ iam, tags }) => {
  const leftovers = [];
  for await (const { Roles = [] } of paginateListRoles({ client: iam }, {})) {
    for (const { RoleName = "" } of Roles) {
      if (!RoleName.startsWith(NAME_PREFIX)) continue;
      const found = await unlessMissing(iam.send(new ListRoleTagsCommand({ RoleName })));
      if (!isTagged(found?.Tags, tags)) continue;
      leftovers.push({
        kind: "role",
        name: RoleName,
        with: "its policies",
        remove: async () => void await unlessMissing(removeRole(iam, RoleName)),
      });
    }
  }
  return leftovers;
};

async function removeRole(iam: IAMClient, RoleName: string): Promise<void> {
  const named = { RoleName };
  for await (const page of paginateListRolePolicies({ client: iam }, named)) {
    for (const PolicyName of page.PolicyNames ?? []) {
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    }
  }
  for await (const page of paginateListAttachedRolePolicies({ client: iam }, named)) {
    for (const { PolicyArn } of page.AttachedPolicies ?? []) {
      await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    }
  }
  await iam.send(new DeleteRoleCommand(named));
}
