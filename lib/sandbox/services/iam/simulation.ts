/**
 * The policy simulator's result for one action on one resource. Pure.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
 * @module
 */

import type { PolicyEvaluationDecisionType } from "@aws-sdk/client-iam";
import {
  keysAskedBy,
  matchedStatements,
  type Policy,
  type PolicyRequest,
} from "../../access/policy.ts";
import { type StatementPosition, statementPositions } from "./statement_positions.ts";

/** A policy of the simulation, and its name in the result. */
export interface SimulatedPolicy {
  readonly id: string;
  readonly text: string;
  readonly policy: Policy;
}

/** A statement that decides. AWS sends a type that its own model does not list (captured). */
interface MatchedStatement extends StatementPosition {
  readonly SourcePolicyId: string;
  readonly SourcePolicyType: "IAM Policy";
}

/** The part of a result that is the same for the action and for the resource. */
interface SharedResult {
  readonly MatchedStatements: readonly MatchedStatement[];
  readonly MissingContextValues: readonly string[];
}

/** The SDK's EvaluationResult, as AWS fills it. */
export interface EvaluationResult extends SharedResult {
  readonly EvalActionName: string;
  readonly EvalResourceName: string;
  readonly EvalDecision: PolicyEvaluationDecisionType;
  /** Of the action only (recorded 2025-04). */
  readonly EvalDecisionDetails: Readonly<Record<string, never>>;
  readonly ResourceSpecificResults: readonly (SharedResult & {
    readonly EvalResourceName: string;
    readonly EvalResourceDecision: PolicyEvaluationDecisionType;
  })[];
}

/** Evaluates `policies` as a request would be, and names the statements that decide. */
export function simulate(
  policies: readonly SimulatedPolicy[],
  request: PolicyRequest,
): EvaluationResult {
  const matches = policies.flatMap((source) =>
    matchedStatements(source.policy, request).map((index) => ({
      effect: source.policy.statements[index].effect,
      shown: shownStatement(source, index),
    }))
  );
  const denying = matches.filter(({ effect }) => effect === "Deny");
  // Documented: if a statement denies, only denying statements are shown.
  const deciding = denying.length > 0 ? denying : matches;
  const decision = denying.length > 0
    ? "explicitDeny"
    : matches.length > 0
    ? "allowed"
    : "implicitDeny";
  const shared: SharedResult = {
    MatchedStatements: deciding.map(({ shown }) => shown),
    MissingContextValues: missingKeys(policies, request),
  };
  return {
    EvalActionName: request.action,
    EvalResourceName: request.resource,
    EvalDecision: decision,
    EvalDecisionDetails: {},
    ...shared,
    ResourceSpecificResults: request.resource === "*" ? [] : [{
      EvalResourceName: request.resource,
      EvalResourceDecision: decision,
      ...shared,
    }],
  };
}

function shownStatement({ id, text }: SimulatedPolicy, index: number): MatchedStatement {
  const SourcePolicyType = "IAM Policy";
  return { SourcePolicyId: id, SourcePolicyType, ...statementPositions(text)[index] };
}

/** Condition keys that the policies use and the request does not give. */
function missingKeys(policies: readonly SimulatedPolicy[], { values }: PolicyRequest): string[] {
  const asked = policies.flatMap(({ policy }) => keysAskedBy(policy));
  return [...new Set(asked)].filter((key) => !values.has(key.toLowerCase()));
}
