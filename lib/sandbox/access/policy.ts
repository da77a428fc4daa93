/**
 * Policies matched against a request. Follows "Policy evaluation logic"
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
 * `policy_document.ts` reads them from their text.
 * @module
 */

import {
  type Condition,
  conditionsMatch,
  type ConditionValues,
  type Expand,
  takesVariables,
} from "./conditions.ts";
import { expandVariables, variablesIn } from "./variables.ts";
import { arnMatches, wildcardMatches } from "./wildcards.ts";

/** A statement; what may be one or many in its text is a list here. */
export interface Statement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  /** Whether `actions` lists the exceptions (`NotAction`). */
  readonly exceptActions: boolean;
  /** Undefined in a trust policy. */
  readonly resources?: readonly string[];
  /** Whether `resources` lists the exceptions (`NotResource`). */
  readonly exceptResources: boolean;
  /** Undefined in an identity policy. */
  readonly principals?: Principals;
  readonly conditions: readonly Condition[];
}

/** `"*"`, or names by type (`AWS`, `Service`). */
export type Principals = "*" | ReadonlyMap<string, readonly string[]>;

/** A parsed document. Variables are expanded from version 2012-10-17 on. */
export interface Policy {
  readonly expandsVariables: boolean;
  readonly statements: readonly Statement[];
}

/** The request that a statement is matched against. */
export interface PolicyRequest {
  readonly action: string;
  readonly resource: string;
  /** Condition keys in lower case, with their values. */
  readonly values: ConditionValues;
}

/**
 * A request whose condition values are made when a statement first asks for them: most have neither
 * conditions nor variables. It is a class because V8 makes a new hidden class for each literal with a
 * getter, which only a full collection takes back.
 */
export class LazyRequest implements PolicyRequest {
  readonly action: string;
  readonly resource: string;
  readonly #makeValues: () => ConditionValues;
  #values: ConditionValues | undefined;

  constructor(action: string, resource: string, makeValues: () => ConditionValues) {
    this.action = action;
    this.resource = resource;
    this.#makeValues = makeValues;
  }

  get values(): ConditionValues {
    return this.#values ??= this.#makeValues();
  }
}

/** `deny` beats `allow`; `none` means that no statement applies. */
export type Verdict = "allow" | "deny" | "none";

/** The verdict of `policy` on `request`, from the statements whose principal is right. */
export function evaluate(
  policy: Policy,
  request: PolicyRequest,
  isPrincipal: (statement: Statement) => boolean = () => true,
): Verdict {
  let verdict: Verdict = "none";
  for (const statement of policy.statements) {
    if (!isPrincipal(statement) || !applies(statement, request, policy.expandsVariables)) continue;
    if (statement.effect === "Deny") return "deny";
    verdict = "allow";
  }
  return verdict;
}

/** The statements of `policy` that apply to `request`, by their place in the document. */
export function matchedStatements(policy: Policy, request: PolicyRequest): number[] {
  return policy.statements.flatMap((statement, index) =>
    applies(statement, request, policy.expandsVariables) ? [index] : []
  );
}

/** The condition keys that a policy uses: in conditions and, as variables, in its texts. */
export function keysAskedBy({ statements, expandsVariables }: Policy): string[] {
  const keys = statements.flatMap(({ conditions, resources = [] }) => {
    const variables = [
      ...resources,
      ...conditions.flatMap(({ operator, values }) => takesVariables(operator) ? values : []),
    ].flatMap(variablesIn);
    return [...conditions.map(({ key }) => key), ...(expandsVariables ? variables : [])];
  });
  return [...new Set(keys)];
}

function applies(statement: Statement, request: PolicyRequest, expands: boolean): boolean {
  const action = request.action.toLowerCase();
  const isNamed = statement.actions.some((one) => wildcardMatches(one.toLowerCase(), action));
  if (isNamed === statement.exceptActions) return false;
  const expand: Expand = (text) =>
    expands && text.includes("${") ? expandVariables(text, request.values) : text;
  return coversResource(statement, request.resource, expand) &&
    (statement.conditions.length === 0 ||
      conditionsMatch(statement.conditions, request.values, expand));
}

/**
 * Whether the statement is about `resource`. One of its resources with a variable that has no value
 * matches nothing; the others still count, in `NotResource` too.
 */
function coversResource(
  { resources, exceptResources }: Statement,
  resource: string,
  expand: Expand,
): boolean {
  if (resources === undefined) return true;
  const isListed = resources.some((one) => {
    const expanded = expand(one);
    return expanded !== undefined && arnMatches(expanded, resource);
  });
  return isListed !== exceptResources;
}
