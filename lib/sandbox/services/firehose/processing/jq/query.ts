/**
 * Reads a MetadataExtractionQuery: one object constructor that gives all partition keys at once,
 * `{customer: .customer_id, year: .time | strftime("%Y")}`. Follows "Create partitioning keys with
 * inline parsing" (https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html).
 * Pure: jq itself checks elsewhere whether it compiles.
 * @module
 */

import { type Token, tokensOf } from "./tokens.ts";

/** Why a query is refused, in words for people. */
export class QueryFault extends Error {}

/**
 * The keys that `query` gives, in order. Throws a {@linkcode QueryFault} if it is not one object
 * constructor, or names a key only at run time.
 */
export function keysOfQuery(query: string): string[] {
  return [...new Set(keysOf(lex(query)))];
}

function lex(query: string): Token[] {
  try {
    return tokensOf(query);
  } catch (error) {
    if (error instanceof SyntaxError) throw new QueryFault(error.message);
    throw error;
  }
}

const OPENING = new Set(["(", "[", "{"]);
const CLOSING = new Set([")", "]", "}"]);

const isSign = (token: Token | undefined, text: string) =>
  token?.kind === "sign" && token.text === text;
const isOneOf = (token: Token | undefined, signs: ReadonlySet<string>) =>
  token?.kind === "sign" && signs.has(token.text);

function keysOf(tokens: readonly Token[]): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (depth === 0 && !(index === 0 && isSign(token, "{"))) {
      throw new QueryFault("it must be one object, {key: expression, …}, and nothing around it");
    }
    if (isOneOf(token, OPENING)) depth++;
    if (isOneOf(token, CLOSING)) depth--;
    const isBeforeKey = depth === 1 && (isSign(token, "{") || isSign(token, ","));
    const next = tokens[index + 1];
    if (isBeforeKey && next && !isSign(next, "}")) keys.push(keyOf(next, tokens[index + 2]));
  }
  if (depth !== 0 || keys.length === 0) {
    throw new QueryFault("it must be one object, {key: expression, …}, with one key at least");
  }
  return keys;
}

/** The key that begins with `first`. */
function keyOf(first: Token, second: Token | undefined): string {
  const token = first.kind === "format" && second?.kind === "string" ? second : first;
  if (token.kind === "word" || token.kind === "string" && !token.isInterpolated) return token.text;
  if (token.kind === "variable" && token.text !== "$__loc__") return token.text.slice(1);
  throw new QueryFault(`its keys must be known beforehand: ${token.text} is not a name`);
}
