/**
 * The S3 key of a record that the function writes itself: in the folder that Firehose would use,
 * under a name that is always the same for the same record.
 * @module
 */

import type { PartitionKeys } from "./event.ts";
import { escapeKeyValue } from "./key_value.ts";
import type { Outcome } from "./outcome.ts";

const EXPRESSION = /!\{([^}]*)\}/g;
const FROM_LAMBDA = "partitionKeyFromLambda:";

/** The first expression of a prefix that {@linkcode objectKeyOf} cannot evaluate, or undefined. */
export function unknownExpressionIn(prefix: string): string | undefined {
  const expressions = [...prefix.matchAll(EXPRESSION)];
  return expressions.find(([, inner]) => !inner.startsWith(FROM_LAMBDA))?.[0];
}

/**
 * The key under `prefix`, in which `!{partitionKeyFromLambda:name}` stands for a partition key. A
 * retry of the same batch gives the same key again.
 */
export function objectKeyOf(
  prefix: string,
  { recordId, partitionKeys }: {
    readonly recordId: string;
    readonly partitionKeys: PartitionKeys;
  },
): Outcome<string> {
  const missing = [...prefix.matchAll(EXPRESSION)].map(([, inner]) => nameOf(inner))
    .find((name) => !Object.hasOwn(partitionKeys, name));
  if (missing !== undefined) return { reason: `it has no partition key "${missing}"` };
  const evaluated = prefix.replaceAll(EXPRESSION, (_, inner) => partitionKeys[nameOf(inner)]);
  return { value: `${evaluated}too-large-${escapeKeyValue(recordId)}.gz` };
}

const nameOf = (expression: string) => expression.slice(FROM_LAMBDA.length);
