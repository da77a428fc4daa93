/**
 * ListGroupsForUser. There are no groups here; tools ask before they delete a user: Terraform's AWS
 * provider always does.
 * @module
 */

import type { ListGroupsForUserRequest, ListGroupsForUserResponse } from "@aws-sdk/client-iam";
import { ListGroupsForUser$ } from "../../schemas/iam.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import { onUser } from "./named_access.ts";
import { EXISTING_USER_NAME, MARKER, MAX_ITEMS, pageOf, required } from "./shapes.ts";
import type { IamState } from "./state.ts";

export const ListGroupsForUser: OperationDefinition<
  Given<ListGroupsForUserRequest, "UserName">,
  ListGroupsForUserResponse,
  IamState
> = {
  schema: ListGroupsForUser$,
  constraints: { UserName: required(EXISTING_USER_NAME), Marker: MARKER, MaxItems: MAX_ITEMS },
  access: ({ UserName }, { state }) => [onUser("ListGroupsForUser", UserName, state)],
  run: (input, { state }) => {
    state.user(input.UserName);
    const { items: _, ...page } = pageOf([], String, input);
    return { Groups: [], ...page };
  },
};
