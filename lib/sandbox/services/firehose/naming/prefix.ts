/**
 * Prefix and ErrorOutputPrefix: their expressions `!{namespace:value}`. Follows "Custom prefixes
 * for S3 objects" (https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html).
 * @module
 */

/** A piece of a prefix. */
export type PrefixPart =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "timestamp"; readonly pattern: string }
  | { readonly kind: "randomString" }
  | { readonly kind: "errorOutputType" }
  | { readonly kind: "partitionKeyFromQuery"; readonly key: string }
  | { readonly kind: "partitionKeyFromLambda"; readonly key: string };

/** Characters of a prefix with its expressions evaluated, without the implied date path. */
export const EVALUATED_PREFIX_MAX = 512;

/** `!{firehose:random-string}`: the first characters of a UUID, as in the guide's sample. */
export const RANDOM_CHARACTERS = 11;

/** Why a prefix is refused: AWS's text of the constraint that it breaks. */
export class PrefixFault extends Error {}

/**
 * Reads a prefix. `name` is `Prefix` or `ErrorOutputPrefix`, for the text of a
 * {@linkcode PrefixFault}. Timestamp patterns are checked elsewhere.
 */
export function parsePrefix(prefix: string, name: string): PrefixPart[] {
  const parts: PrefixPart[] = [];
  for (let rest = prefix; rest !== "";) {
    const start = rest.indexOf("!{");
    const literal = start < 0 ? rest : rest.slice(0, start);
    if (literal !== "") parts.push({ kind: "literal", text: literal });
    if (start < 0) break;
    const end = rest.indexOf("}", start);
    if (end < 0) throw invalidUsage(prefix);
    const part = parseExpression(rest.slice(start + 2, end), name);
    if (!part) throw invalidUsage(prefix);
    parts.push(part);
    rest = rest.slice(end + 1);
  }
  return parts;
}

/** Undefined for what is not of the form `<namespace>:<value>`. */
function parseExpression(expression: string, name: string): PrefixPart | undefined {
  const colon = expression.indexOf(":");
  if (colon < 0 || expression.includes("!{")) return undefined;
  const namespace = expression.slice(0, colon);
  const value = expression.slice(colon + 1);
  switch (namespace) {
    case "timestamp":
      return { kind: "timestamp", pattern: value };
    case "firehose":
      if (value === "random-string") return { kind: "randomString" };
      if (value === "error-output-type") return { kind: "errorOutputType" };
      throw invalidConversion(name);
    case "partitionKeyFromQuery":
    case "partitionKeyFromLambda":
      return value === "" ? undefined : { kind: namespace, key: value };
    default:
      throw new PrefixFault(
        `Namespace to the left of colon (${namespace}) is an invalid keyword!`,
      );
  }
}

/** Captured, with the whole prefix and without a space before "Must". */
const invalidUsage = (prefix: string) =>
  new PrefixFault(
    `Invalid expression usage: ${prefix}.Must be of the form !{<namespace>:<value>}`,
  );

/** The fault of an unknown `firehose` value, or of a letter that no timestamp pattern has. */
export const invalidConversion = (name: string) =>
  new PrefixFault(
    `Invalid conversion character used in the value of the expression in ${name}`,
  );

/** Whether a prefix has any expression: then no date path is appended to it. */
export const hasExpression = (parts: readonly PrefixPart[]): boolean =>
  parts.some(({ kind }) => kind !== "literal");

/** Whether a part stands for a partition key. */
export function isPartitionKey(
  part: PrefixPart,
): part is Extract<PrefixPart, { readonly key: string }> {
  return part.kind === "partitionKeyFromLambda" || part.kind === "partitionKeyFromQuery";
}
