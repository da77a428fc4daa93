/**
 * The rules for Prefix and ErrorOutputPrefix, checked when a stream is created or updated.
 * The texts were captured (September 2026).
 * @module
 */

import type { S3DestinationDescription } from "@aws-sdk/client-firehose";
import { invalidArgument } from "../errors.ts";
import {
  EVALUATED_PREFIX_MAX,
  hasExpression,
  invalidConversion,
  isPartitionKey,
  parsePrefix,
  PrefixFault,
  type PrefixPart,
  RANDOM_CHARACTERS,
} from "../naming/prefix.ts";
import { checkPattern, formatTimestamp } from "../naming/timestamps.ts";

/** What a destination's prefixes may hold. */
export interface PrefixRules {
  readonly partitionKeys: "allowed" | "refused";
  readonly timeZone: string;
  readonly nowMs: number;
}

/** Throws InvalidArgumentException for the first rule that a destination's prefixes break. */
export async function checkPrefixes(
  { Prefix = "", ErrorOutputPrefix = "" }: Pick<
    S3DestinationDescription,
    "Prefix" | "ErrorOutputPrefix"
  >,
  rules: PrefixRules,
): Promise<void> {
  try {
    const prefix = parsePrefix(Prefix, "Prefix");
    const errorPrefix = parsePrefix(ErrorOutputPrefix, "ErrorOutputPrefix");
    checkNamespaces(prefix, errorPrefix, rules);
    await checkTimestamps(prefix, "Prefix");
    await checkTimestamps(errorPrefix, "ErrorOutputPrefix");
    if (await evaluatedLength(prefix, rules) > EVALUATED_PREFIX_MAX) {
      throw new PrefixFault("Length of evaluated prefix cannot be greater than 512");
    }
    if (await evaluatedLength(errorPrefix, rules) > EVALUATED_PREFIX_MAX) {
      throw new PrefixFault("Length of evaluated ErrorOutputPrefix cannot be greater than 512");
    }
  } catch (error) {
    if (!(error instanceof PrefixFault)) throw error;
    throw invalidArgument(
      `The supplied prefix(es) do not satisfy the following constraint: ${error.message}`,
    );
  }
}

function checkNamespaces(
  prefix: readonly PrefixPart[],
  errorPrefix: readonly PrefixPart[],
  { partitionKeys }: PrefixRules,
): void {
  const hasErrorType = (parts: readonly PrefixPart[]) =>
    parts.some(({ kind }) => kind === "errorOutputType");
  if (hasErrorType(prefix)) {
    throw new PrefixFault(
      "Prefix must not contain any occurrence of !{firehose:error-output-type}",
    );
  }
  if (errorPrefix.some(isPartitionKey)) {
    throw new PrefixFault(
      "Dynamic Partitioning Namespaces can't be part of an error prefix expression",
    );
  }
  if (partitionKeys === "refused" && prefix.some(isPartitionKey)) {
    throw new PrefixFault(
      "Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic " +
        "Partitioning is enabled.",
    );
  }
  if (hasExpression(prefix) && errorPrefix.length === 0) {
    throw new PrefixFault(
      "ErrorOutputPrefix cannot be null or empty when Prefix contains expressions",
    );
  }
  if (hasExpression(errorPrefix) && !hasErrorType(errorPrefix)) {
    throw new PrefixFault(
      "ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}",
    );
  }
}

async function checkTimestamps(parts: readonly PrefixPart[], name: string): Promise<void> {
  for (const part of parts) {
    if (part.kind !== "timestamp") continue;
    if (await checkPattern(part.pattern) === "invalid") throw invalidConversion(name);
  }
}

/** With partition keys empty: their values are not known yet. */
async function evaluatedLength(
  parts: readonly PrefixPart[],
  { timeZone, nowMs }: PrefixRules,
): Promise<number> {
  let length = 0;
  for (const part of parts) {
    if (part.kind === "literal") length += part.text.length;
    if (part.kind === "timestamp") {
      length += (await formatTimestamp(part.pattern, nowMs, timeZone)).length;
    }
    if (part.kind === "randomString") length += RANDOM_CHARACTERS;
    if (part.kind === "errorOutputType") length += "processing-failed".length;
  }
  return length;
}
