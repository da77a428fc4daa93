/**
 * The permission that an operation on a function needs: its own action on the function's ARN.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 * @module
 */

import type { AccessRequest } from "../../access/caller.ts";
import type { LambdaState } from "./state.ts";

interface NamesFunction {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

type Access = (
  input: NamesFunction,
  context: { readonly state: LambdaState },
) => readonly AccessRequest[];

/** On the ARN as given: with the version or alias, if there is one. */
export function onVersion(action: string): Access {
  return ({ FunctionName, Qualifier }, { state }) => [
    { action, resource: state.arn(state.reference(FunctionName, Qualifier)) },
  ];
}

/** On the function's own ARN. */
export function onFunction(action: string): Access {
  return ({ FunctionName }, { state }) => [
    { action, resource: state.arn({ name: state.reference(FunctionName).name }) },
  ];
}
