/**
 * What operations on a function ask permission for: their own action, on the function's ARN.
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

/** On the ARN as it was named: with the version or alias, where one was. */
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
