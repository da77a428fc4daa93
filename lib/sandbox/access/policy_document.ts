/**
 * Policy documents: read from their text, and refused as IAM refuses them. The checks run in IAM's
 * order. The texts were measured on AWS on 2026-09-03 to 2026-09-07 (cdk-preflight 0.0.143,
 * `rules/iam`) and in 2019 (moto's `test_iam_policies.py`); assumed ones are marked.
 * @module
 */

import { type Condition, isConditionOperator, isConditionValue } from "./conditions.ts";
import type { Policy, Principals, Statement } from "./policy.ts";
import { resourceFault, resourceFieldsAreMissing } from "./policy_resources.ts";
import { isServicePrincipal } from "./service_principals.ts";
import { isObject } from "../values.ts";

/** Why a document is refused: AWS's text for MalformedPolicyDocument. */
export class PolicyFault extends Error {}

/**
 * An identity policy grants to whom it belongs. A managed one must have version 2012-10-17; an inline
 * one need not: SAM's policy templates have no version, and become inline policies of roles
 * (aws-sam-translator 1.115.0). A trust policy says who may assume a role.
 */
export type PolicyKind = "identity" | "managed" | "trust";

type Json = Readonly<Record<string, unknown>>;

const SYNTAX = "Syntax errors in policy.";
const LEGACY = "The policy failed legacy parsing";
const VERSIONS = ["2012-10-17", "2008-10-17"];

/** Reads a document. Throws a {@linkcode PolicyFault} with AWS's text for one that IAM refuses. */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const { document, statements } = readSyntax(text, kind);
  const version = document.Version ?? "2008-10-17";
  if (kind === "managed" && version !== "2012-10-17") {
    throw new PolicyFault("Policy document must be version 2012-10-17 or greater.");
  }
  for (const check of [checkLegacy, ...(kind === "trust" ? TRUST_CHECKS : IDENTITY_CHECKS)]) {
    check(statements);
  }
  return { expandsVariables: version === "2012-10-17", statements: statements.map(statementOf) };
}

/** Stands for a statement that IAM would refuse today: it never applies. */
const NEVER: Statement = {
  effect: "Allow",
  actions: [],
  exceptActions: false,
  exceptResources: false,
  conditions: [],
};

/**
 * Reads a document that was stored, perhaps before today's checks. A statement that IAM refuses
 * never applies; neither does any statement of a document that is refused as a whole.
 */
export function storedPolicy(text: string, kind: PolicyKind): Policy {
  try {
    return parsePolicy(text, kind);
  } catch (error) {
    if (!(error instanceof PolicyFault)) throw error;
  }
  try {
    const { document, statements } = readDocument(text, kind);
    return {
      expandsVariables: document.Version === "2012-10-17",
      statements: statements.map((statement) => storedStatement(document, statement, kind)),
    };
  } catch (error) {
    if (error instanceof PolicyFault) return { expandsVariables: true, statements: [] };
    throw error;
  }
}

function storedStatement(document: Json, statement: unknown, kind: PolicyKind): Statement {
  try {
    return parsePolicy(JSON.stringify({ ...document, Statement: statement }), kind).statements[0];
  } catch (error) {
    if (error instanceof PolicyFault) return NEVER;
    throw error;
  }
}

// --- syntax ------------------------------------------------------------------------------------

function readSyntax(text: string, kind: PolicyKind) {
  const { document, statements } = readDocument(text, kind);
  if (document.Version !== undefined && !VERSIONS.includes(String(document.Version))) {
    throw new PolicyFault(SYNTAX);
  }
  if (document.Id !== undefined && typeof document.Id !== "string") throw new PolicyFault(SYNTAX);
  if (statements.length === 0) throw new PolicyFault(SYNTAX);
  return { document, statements: statements.map(statementSyntax) };
}

function readDocument(text: string, kind: PolicyKind) {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new PolicyFault(kind === "trust" ? "This policy contains invalid Json" : SYNTAX);
  }
  if (!isObject(document)) throw new PolicyFault(SYNTAX);
  const unknown = Object.keys(document).find((name) =>
    !["Version", "Id", "Statement"].includes(name)
  );
  if (unknown !== undefined) {
    throw new PolicyFault(kind === "trust" ? `Unknown field ${unknown}` : SYNTAX);
  }
  const { Statement } = document;
  const statements: readonly unknown[] = Array.isArray(Statement)
    ? Statement
    : Statement === undefined
    ? []
    : [Statement];
  return { document, statements };
}

/** A statement's members, once each is known to be of its type. */
interface StatementText {
  readonly sid: string | undefined;
  readonly effect: string;
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[] | undefined;
  readonly principal: Principals | undefined;
  readonly notPrincipal: Principals | undefined;
  readonly conditions: readonly Condition[];
}

const STATEMENT_FIELDS: ReadonlySet<string> = new Set(
  "Sid Effect Action NotAction Resource NotResource Principal NotPrincipal Condition".split(" "),
);

function statementSyntax(value: unknown): StatementText {
  if (!isObject(value)) throw new PolicyFault(SYNTAX);
  const isUnknown = (name: string) => !STATEMENT_FIELDS.has(name);
  if (Object.keys(value).some(isUnknown)) throw new PolicyFault(SYNTAX);
  for (const name of ["Action", "Resource", "Principal"]) {
    if (value[name] !== undefined && value[`Not${name}`] !== undefined) {
      throw new PolicyFault(SYNTAX);
    }
  }
  const { Sid, Effect } = value;
  if (Sid !== undefined && typeof Sid !== "string") throw new PolicyFault(SYNTAX);
  if (typeof Effect !== "string" || !/^(allow|deny)$/i.test(Effect)) throw new PolicyFault(SYNTAX);
  return {
    sid: Sid,
    effect: Effect,
    actions: texts(value.Action),
    notActions: texts(value.NotAction),
    resources: texts(value.Resource),
    notResources: texts(value.NotResource),
    principal: principalsOf(value.Principal),
    notPrincipal: principalsOf(value.NotPrincipal),
    conditions: conditionsOf(value.Condition),
  };
}

const PRINCIPAL_TYPES: ReadonlySet<string> = new Set(
  ["AWS", "Service", "Federated", "CanonicalUser"],
);

function principalsOf(value: unknown): Principals | undefined {
  if (value === undefined || value === "*") return value;
  if (!isObject(value)) throw new PolicyFault(SYNTAX);
  return new Map(
    Object.entries(value).map(([type, names]) => {
      const listed = texts(names);
      if (!PRINCIPAL_TYPES.has(type) || !listed?.length) throw new PolicyFault(SYNTAX);
      return [type, listed];
    }),
  );
}

function conditionsOf(value: unknown): Condition[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw new PolicyFault(SYNTAX);
  return Object.entries(value).flatMap(([operator, block]) => {
    if (!isObject(block)) throw new PolicyFault(SYNTAX);
    return Object.entries(block).map(([key, wanted]) => {
      const values = (Array.isArray(wanted) ? wanted : [wanted]).map(conditionValue);
      const isBinary = /binaryequals/i.test(operator);
      const isRefused = isBinary && values.some((one) => !isConditionValue(operator, one));
      if (!isConditionOperator(operator) || isRefused) throw new PolicyFault(SYNTAX);
      return { operator, key, values };
    });
  });
}

function conditionValue(value: unknown): string {
  if (["string", "number", "boolean"].includes(typeof value)) return String(value);
  throw new PolicyFault(SYNTAX);
}

function texts(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  return (Array.isArray(value) ? value : [value]).map((item) => {
    if (typeof item === "string") return item;
    throw new PolicyFault(SYNTAX);
  });
}

// --- what all kinds must keep --------------------------------------------------------------------

type Check = (statements: readonly StatementText[]) => void;

/** What IAM calls legacy parsing: the case of Effect, condition values, the fields of ARNs. */
function checkLegacy(statements: readonly StatementText[]): void {
  for (const { effect, conditions, resources = [], notResources = [] } of statements) {
    const isRefused = !["Allow", "Deny"].includes(effect) ||
      conditions.some(({ operator, values }) =>
        values.some((value) => !isConditionValue(operator, value))
      ) ||
      [...resources, ...notResources].some(resourceFieldsAreMissing);
    if (isRefused) throw new PolicyFault(LEGACY);
  }
}

function checkSids(statements: readonly StatementText[]): void {
  const sids = statements.flatMap(({ sid }) => sid ? [sid] : []);
  if (sids.some((sid) => !/^[0-9A-Za-z]*$/.test(sid))) {
    throw new PolicyFault(
      "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular " +
        "expression [0-9A-Za-z]*",
    );
  }
  if (new Set(sids).size < sids.length) {
    throw new PolicyFault("Statement IDs (SID) in a single policy must be unique.");
  }
}

function checkActionsExist(statements: readonly StatementText[]): void {
  if (statements.every((statement) => actionsOf(statement).length > 0)) return;
  throw new PolicyFault("Policy statement must contain actions.");
}

const actionsOf = ({ actions, notActions }: StatementText) => actions ?? notActions ?? [];

// --- identity policies -----------------------------------------------------------------------------

const IDENTITY_CHECKS: readonly Check[] = [
  checkSids,
  (statements) => {
    const names = ({ principal, notPrincipal }: StatementText) => principal ?? notPrincipal;
    if (statements.every((statement) => names(statement) === undefined)) return;
    throw new PolicyFault("Policy document should not specify a principal.");
  },
  checkActionsExist,
  (statements) => {
    const resources = statements.map(resourcesOf);
    if (resources.some((listed) => listed.length === 0)) {
      throw new PolicyFault("Policy statement must contain resources.");
    }
    const fault = resources.flat().map(resourceFault).find((found) => found !== undefined);
    if (fault !== undefined) throw new PolicyFault(fault);
  },
  (statements) => {
    const fault = statements.flatMap(actionsOf).map(actionFault).find((found) =>
      found !== undefined
    );
    if (fault !== undefined) throw new PolicyFault(fault);
  },
];

const resourcesOf = ({ resources, notResources }: StatementText) => resources ?? notResources ?? [];

function actionFault(action: string): string | undefined {
  if (action === "*") return undefined;
  const [vendor, ...rest] = action.split(":");
  if (rest.length === 0) {
    return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  }
  if (rest.length > 1) return "Actions/Condition can contain only one colon.";
  if (/[*?]/.test(vendor)) {
    return "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.";
  }
  return /^[A-Za-z0-9.-]+$/.test(vendor) ? undefined : `Vendor ${vendor} is not valid`;
}

// --- trust policies ----------------------------------------------------------------------------------

/** The only actions of a trust policy; their case counts (measured). */
const TRUST_ACTIONS: ReadonlySet<string> = new Set(
  ("sts:AssumeRole sts:AssumeRoleWithWebIdentity sts:AssumeRoleWithSAML sts:TagSession " +
    "sts:SetSourceIdentity sts:SetContext").split(" "),
);

const TRUST_CHECKS: readonly Check[] = [
  (statements) => {
    for (const { resources, notResources, principal, notPrincipal } of statements) {
      if (resources !== undefined) throw new PolicyFault("Has prohibited field Resource");
      // These two texts are assumed: versitygw's, which imitate AWS's.
      if (notResources !== undefined) {
        throw new PolicyFault("AssumeRole policy must not contain resources.");
      }
      if (notPrincipal !== undefined) {
        throw new PolicyFault("AssumeRole policy must not contain NotPrincipal field.");
      }
      if (principal === undefined) throw new PolicyFault("Missing required field Principal");
      if (principal === "*") {
        throw new PolicyFault('AssumeRolepolicy contained an invalid principal: "STAR":"*"');
      }
      if (principal.size === 0) {
        throw new PolicyFault("Missing required field Principal cannot be empty!");
      }
    }
  },
  checkSids,
  checkActionsExist,
  (statements) => {
    if (statements.flatMap(actionsOf).every((action) => TRUST_ACTIONS.has(action))) return;
    throw new PolicyFault("AssumeRole policy may only specify STS AssumeRole actions.");
  },
  (statements) => {
    for (const { principal, conditions } of statements) {
      if (principal === undefined || principal === "*") continue;
      const unknown = principal.get("Service")?.find((name) => !isServicePrincipal(name));
      if (unknown !== undefined) {
        throw new PolicyFault(`Invalid principal in policy: "SERVICE":"${unknown}"`);
      }
      const isCognito = principal.get("Federated")?.includes("cognito-identity.amazonaws.com");
      if (isCognito && conditions.length === 0) {
        throw new PolicyFault("A condition block must be present for the Cognito provider");
      }
    }
  },
];

// --- the statement ---------------------------------------------------------------------------------

function statementOf(statement: StatementText): Statement {
  const { sid, effect, notActions, resources, notResources, principal, conditions } = statement;
  return {
    sid: sid || undefined,
    effect: effect === "Allow" ? "Allow" : "Deny",
    actions: actionsOf(statement),
    exceptActions: notActions !== undefined,
    resources: resources ?? notResources,
    exceptResources: notResources !== undefined,
    principals: principal,
    conditions,
  };
}
