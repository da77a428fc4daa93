/**
 * A function's resource policy: it lets callers invoke the function whose IAM policies don't.
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 * @module
 */

import { accessDeniedText } from "../../access/access_denied.ts";
import type { AccessControl, Caller, ConditionContext } from "../../access/caller.ts";
import { evaluate, type Policy, type Statement } from "../../access/policy.ts";
import { accessDenied } from "./errors.ts";
import type { LambdaFunction, PolicyStatement } from "./function.ts";
import type { FunctionReference } from "./names.ts";

const INVOKE = "lambda:InvokeFunction";

/** Who invokes, and the condition keys of the call. A service adds none to those of every request. */
export interface InvokingCall {
  readonly caller: Caller;
  readonly conditions?: ConditionContext;
}

/**
 * Throws AccessDeniedException unless the caller's own policies or, within one account, the
 * resource policy of what is invoked (`functionArn`) allows it, and none denies it.
 */
export function checkMayInvoke(
  { caller, conditions }: InvokingCall,
  functionArn: string,
  fn: LambdaFunction | undefined,
  { qualifier = "" }: FunctionReference,
  access: AccessControl,
): void {
  const request = { action: INVOKE, resource: functionArn, conditions };
  const decision = access.decide(caller, request);
  if (decision.allowed) return;
  // A resource policy overcomes neither an explicit deny nor the bound of a session policy.
  const isFinal = decision.kind !== "implicitDeny";
  const statements = fn?.policies[qualifier]?.statements ?? [];
  if (!isFinal && isAllowed(statements, caller, functionArn)) return;
  throw accessDenied(accessDeniedText(caller, request, decision.reason));
}

function isAllowed(
  statements: readonly PolicyStatement[],
  caller: Caller,
  resource: string,
): boolean {
  const policy: Policy = { expandsVariables: true, statements: statements.map(parsed) };
  // The account as a principal delegates to the account's own policies, which did not allow it.
  const names = [caller.arn, ...(caller.kind === "session" ? [caller.roleArn] : [])];
  const isPrincipal = ({ principals }: Statement) =>
    principals === "*" ||
    (principals?.get("AWS") ?? []).some((name) => name === "*" || names.includes(name));
  // Conditions of a statement are about services that act for a resource: no caller here is one.
  return evaluate(policy, { action: INVOKE, resource, values: new Map() }, isPrincipal) === "allow";
}

function parsed({ Principal, Action, Resource, Condition = {} }: PolicyStatement): Statement {
  return {
    effect: "Allow",
    actions: [Action],
    exceptActions: false,
    resources: [Resource],
    exceptResources: false,
    principals: Principal === "*"
      ? "*"
      : new Map(Object.entries(Principal).map(([type, name]) => [type, [name]])),
    conditions: Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => ({ operator, key, values: [value] }))
    ),
  };
}
