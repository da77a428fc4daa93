/**
 * Condition keys that AWS documents for actions of the sandbox and that the sandbox cannot evaluate.
 * A policy that uses one is refused by name: it would silently mean something else. Every other
 * documented key is evaluated, or is missing as it would be on AWS; the table in
 * `condition_keys_test.ts` says which.
 * @module
 */

import { keysAskedBy, type Policy, type Statement } from "./policy.ts";

/** Keys in lower case, each with the reason why its value is not known. */
const NOT_EVALUATED: ReadonlySet<string> = new Set([
  // What the receiving service tells IAM about the resource; not documented for the services here.
  "iam:associatedresourcearn",
  // Access grants of CloudWatch do not exist here.
  "cloudwatch:hasaccessgrant",
  // Whether a direct invocation has the value false or none is not documented.
  "lambda:invokedviafunctionurl",
  // Annotations of objects do not exist here.
  "s3:x-amz-object-annotation-directive",
]);

/** The first condition key of `policy` that the sandbox cannot evaluate; undefined if none. */
export function keyNotEvaluated(policy: Policy): string | undefined {
  return keysAskedBy(policy).find((key) => NOT_EVALUATED.has(key.toLowerCase()));
}

/**
 * `policy`, which was stored before such keys were refused, without them: an Allow with one allows
 * nothing, a Deny with one denies whatever the key's value.
 */
export function withoutUnknownKeys(policy: Policy): Policy {
  if (keyNotEvaluated(policy) === undefined) return policy;
  const { expandsVariables } = policy;
  const isUnknown = (part: Pick<Statement, "conditions" | "resources">) =>
    keyNotEvaluated({ expandsVariables, statements: [{ ...NOTHING, ...part }] }) !== undefined;
  const statements = policy.statements.map((statement): Statement => {
    if (!isUnknown(statement)) return statement;
    if (
      statement.effect === "Allow" || isUnknown({ conditions: [], resources: statement.resources })
    ) {
      return NOTHING;
    }
    const known = statement.conditions.filter((condition) =>
      !isUnknown({ conditions: [condition] })
    );
    return { ...statement, conditions: known };
  });
  return { expandsVariables, statements };
}

/** A statement that never applies. */
const NOTHING: Statement = {
  effect: "Allow",
  actions: [],
  exceptActions: false,
  exceptResources: false,
  conditions: [],
};
