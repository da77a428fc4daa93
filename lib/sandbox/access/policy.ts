/**
 * Policy documents: parsed, checked, and matched against a request. Follows "Policy evaluation
 * logic" (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
 * @module
 */

import {
  type Condition,
  conditionsMatch,
  type ConditionValues,
  isConditionOperator,
} from "./conditions.ts";
import { arnMatches, wildcardMatches } from "./wildcards.ts";

/** A statement, with everything that may be one or many made many. */
export interface Statement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  /** Whether `actions` lists what is left out (`NotAction`). */
  readonly exceptActions: boolean;
  /** Undefined in a trust policy. */
  readonly resources?: readonly string[];
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

/** Why a document is refused: AWS's text for MalformedPolicyDocument. */
export class PolicyFault extends Error {}

/** What a kind of policy may and must have. */
export type PolicyKind = "identity" | "trust";

/** Parses and checks a document. Throws a {@linkcode PolicyFault} with AWS's text. */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const document = parseDocument(text, kind);
  for (const name of Object.keys(document)) {
    if (!["Version", "Id", "Statement"].includes(name)) {
      throw new PolicyFault(
        kind === "trust" ? `Unknown field ${name}` : "Syntax errors in policy.",
      );
    }
  }
  const version = document.Version ?? "2008-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17") {
    throw new PolicyFault("Syntax errors in policy.");
  }
  if (kind === "identity" && version !== "2012-10-17") {
    throw new PolicyFault("Policy document must be version 2012-10-17 or greater.");
  }
  const listed = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  if (document.Statement === undefined || listed.length === 0) {
    throw new PolicyFault("Syntax errors in policy.");
  }
  const statements = listed.map((statement) => parseStatement(statement, kind));
  const sids = statements.flatMap(({ sid }) => sid ? [sid] : []);
  if (new Set(sids).size < sids.length) {
    throw new PolicyFault("Statement IDs (SID) in a single policy must be unique.");
  }
  return { expandsVariables: version === "2012-10-17", statements };
}

function parseDocument(text: string, kind: PolicyKind): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PolicyFault(
      kind === "trust" ? "This policy contains invalid Json" : "Syntax errors in policy.",
    );
  }
  if (!isObject(value)) throw new PolicyFault("Syntax errors in policy.");
  return value;
}

const STATEMENT_FIELDS = new Set(
  "Sid Effect Action NotAction Resource NotResource Principal NotPrincipal Condition".split(" "),
);

function parseStatement(value: unknown, kind: PolicyKind): Statement {
  if (!isObject(value)) throw new PolicyFault("Syntax errors in policy.");
  const unknown = Object.keys(value).find((name) => !STATEMENT_FIELDS.has(name));
  if (unknown) throw new PolicyFault("Syntax errors in policy.");
  if (value.Effect !== "Allow" && value.Effect !== "Deny") {
    throw new PolicyFault("Syntax errors in policy.");
  }
  const actions = texts(value.Action ?? value.NotAction);
  if (actions.length === 0) throw new PolicyFault("Policy statement must contain actions.");
  for (const action of actions) {
    if (action !== "*" && !/^[A-Za-z0-9-]+:.+$/.test(action)) {
      throw new PolicyFault(
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
      );
    }
  }
  return {
    sid: typeof value.Sid === "string" && value.Sid !== "" ? value.Sid : undefined,
    effect: value.Effect,
    actions,
    exceptActions: value.Action === undefined,
    ...(kind === "trust" ? trustParts(value, actions) : identityParts(value)),
    conditions: parseConditions(value.Condition),
  };
}

function identityParts(value: Record<string, unknown>) {
  if (value.Principal !== undefined || value.NotPrincipal !== undefined) {
    throw new PolicyFault("Has prohibited field Principal");
  }
  const resources = texts(value.Resource ?? value.NotResource);
  if (resources.length === 0) throw new PolicyFault("Policy statement must contain resources.");
  for (const resource of resources) {
    if (resource !== "*" && resource.split(":").length < 6) {
      throw new PolicyFault(
        `Resource ${resource} must be in ARN format or "*".`,
      );
    }
  }
  return { resources, exceptResources: value.Resource === undefined };
}

function trustParts(value: Record<string, unknown>, actions: readonly string[]) {
  if (value.Resource !== undefined || value.NotResource !== undefined) {
    throw new PolicyFault("Has prohibited field Resource");
  }
  if (actions.some((action) => !/^(\*|sts:.*)$/i.test(action))) {
    throw new PolicyFault("AssumeRole policy may only specify STS AssumeRole actions.");
  }
  return { principals: parsePrincipals(value.Principal), exceptResources: false };
}

const PRINCIPAL_TYPES = new Set(["AWS", "Service", "Federated", "CanonicalUser"]);

function parsePrincipals(value: unknown): Principals {
  if (value === "*") return "*";
  if (!isObject(value)) throw new PolicyFault("Syntax errors in policy.");
  const principals = new Map<string, readonly string[]>();
  for (const [type, names] of Object.entries(value)) {
    const listed = texts(names);
    if (!PRINCIPAL_TYPES.has(type) || listed.length === 0) {
      throw new PolicyFault("Syntax errors in policy.");
    }
    for (const name of listed) {
      if (type === "Service" && !/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(name)) {
        throw new PolicyFault(`Invalid principal in policy: "SERVICE":"${name}"`);
      }
    }
    principals.set(type, listed);
  }
  return principals;
}

function parseConditions(value: unknown): Condition[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw new PolicyFault("Syntax errors in policy.");
  return Object.entries(value).flatMap(([operator, block]) => {
    // Of an operator that is missing the text was seen (cfn-lint issue 3751, 2024-10); of one that
    // AWS does not have it is assumed.
    if (!isObject(block) || !isConditionOperator(operator)) {
      throw new PolicyFault("Syntax errors in policy.");
    }
    return Object.entries(block).map(([key, values]) => ({
      operator,
      key,
      values: texts(values, (item) => String(item)),
    }));
  });
}

function texts(value: unknown, read: (item: unknown) => string = expectText): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(read) : [read(value)];
}

function expectText(item: unknown): string {
  if (typeof item === "string") return item;
  throw new PolicyFault("Syntax errors in policy.");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a statement is matched against. */
export interface PolicyRequest {
  readonly action: string;
  readonly resource: string;
  /** Condition keys in lower case, with their values. */
  readonly values: ConditionValues;
}

/** `deny` beats `allow`; `none` says nothing. */
export type Verdict = "allow" | "deny" | "none";

/** What `policy` says to `request`, for those statements whose principal is right. */
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

/** The condition keys that a policy asks for: in conditions and, as variables, in its texts. */
export function keysAskedBy({ statements, expandsVariables }: Policy): string[] {
  const keys = statements.flatMap(({ conditions, resources = [] }) => {
    const texts = [...resources, ...conditions.flatMap(({ values }) => values)];
    const variables = texts.flatMap((text) =>
      [...text.matchAll(/\$\{\s*([^,}\s]+)[^}]*\}/g)].map(([, name]) => name)
    ).filter((name) => expandsVariables && !(name in LITERALS));
    return [...conditions.map(({ key }) => key), ...variables];
  });
  return [...new Set(keys)];
}

function applies(statement: Statement, request: PolicyRequest, expands: boolean): boolean {
  const expand = (text: string) => expands ? expandVariables(text, request.values) : text;
  const named = statement.actions.some((action) =>
    wildcardMatches(action.toLowerCase(), request.action.toLowerCase())
  );
  if (named === statement.exceptActions) return false;
  if (statement.resources) {
    const expanded = statement.resources.map(expand);
    // A variable without a value makes the statement not apply.
    if (expanded.some((resource) => resource === undefined)) return false;
    const covered = expanded.some((resource) => arnMatches(resource ?? "", request.resource));
    if (covered === statement.exceptResources) return false;
  }
  return conditionsMatch(statement.conditions, request.values, expand);
}

/** Stands for literal `*`, `?` and `$` while wildcards are matched: private-use characters. */
const LITERALS: Readonly<Record<string, string>> = { "*": "\ue000", "?": "\ue001", $: "$" };

/**
 * `text` with `${aws:username}` and the like replaced; undefined where one has no value and no
 * default (`${aws:username, 'x'}`).
 */
function expandVariables(text: string, values: ConditionValues): string | undefined {
  let isComplete = true;
  const expanded = text.replace(/\$\{([^}]*)\}/g, (_, inner: string) => {
    if (inner in LITERALS) return LITERALS[inner];
    const [, name, fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)')?\s*$/.exec(inner) ?? [];
    const value = name === undefined ? undefined : values.get(name.toLowerCase())?.[0];
    if (value !== undefined) {
      return value.replaceAll("*", LITERALS["*"]).replaceAll("?", LITERALS["?"]);
    }
    if (fallback !== undefined) return fallback;
    isComplete = false;
    return "";
  });
  return isComplete ? expanded : undefined;
}
