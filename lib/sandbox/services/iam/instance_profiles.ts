/**
 * ListInstanceProfilesForRole. There are no instance profiles here; tools ask before they delete a
 * role.
 * @module
 */

import type {
  ListInstanceProfilesForRoleRequest,
  ListInstanceProfilesForRoleResponse,
} from "@aws-sdk/client-iam";
import { ListInstanceProfilesForRole$ } from "../../schemas/iam.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { onRole } from "./named_access.ts";
import { MARKER, MAX_ITEMS, pageOf, required, ROLE_NAME } from "./shapes.ts";
import type { IamState } from "./state.ts";

export const ListInstanceProfilesForRole: OperationDefinition<
  Given<ListInstanceProfilesForRoleRequest, "RoleName">,
  ListInstanceProfilesForRoleResponse,
  IamState
> = {
  schema: ListInstanceProfilesForRole$,
  constraints: { RoleName: required(ROLE_NAME), Marker: MARKER, MaxItems: MAX_ITEMS },
  access: ({ RoleName }, { state }) => [onRole("ListInstanceProfilesForRole", RoleName, state)],
  run: (input, { state }) => {
    state.role(input.RoleName);
    const { items: _, ...page } = pageOf([], String, input);
    return { InstanceProfiles: [], ...page };
  },
};
