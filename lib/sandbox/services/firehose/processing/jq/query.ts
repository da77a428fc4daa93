/**
 * MetadataExtractionQuery, read: one object constructor that gives all partition keys at once,
 * `{customer: .customer_id, year: .time | strftime("%Y")}`. Follows "Create partitioning keys with
 * inline parsing" (https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html).
 * Pure: whether jq compiles it is asked elsewhere.
 * @module
 */

import { type Token, tokensOf } from "./tokens.ts";

/** Why a query is refused, in words for people. */
export class QueryFault extends Error {}

/**
 * The keys that `query` gives, in order. Throws a {@linkcode QueryFault} if it is not one object
 * constructor, names a key only at run time, or is not jq 1.6.
 */
export function keysOfQuery(query: string): string[] {
  const tokens = lex(query);
  const keys = keysOf(tokens);
  checkVersion(tokens);
  return [...new Set(keys)];
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

// --- jq 1.6 -----------------------------------------------------------------------------------

/** Functions that came after 1.6, by name and number of arguments. */
const NEWER_FUNCTIONS = new Set(["abs/0", "pick/1", "debug/1", "scan/2"]);

/** Not functions; and alone as a key (`{if}`) only newer versions know them. */
const KEYWORDS = new Set(
  ("module import include def if then else elif and or end reduce foreach try catch label as " +
    "__loc__").split(" "),
);

/**
 * Throws a {@linkcode QueryFault} for what the sandbox's jq reads and Firehose's jq 1.6 does not
 * (the two were compared, builtin by builtin).
 */
function checkVersion(tokens: readonly Token[]): void {
  const opened: string[] = [];
  const hasElse: boolean[] = [];
  for (const [index, token] of tokens.entries()) {
    const [before, after] = [tokens[index - 1], tokens[index + 1]];
    if (isOneOf(token, OPENING)) opened.push(token.text);
    if (isOneOf(token, CLOSING)) opened.pop();
    if (isSign(token, ".") && isSign(after, "[") && endsTerm(before)) {
      throw notIn16("`.[` after a term: it is `.a[0]`, not `.a.[0]`");
    }
    if (token.kind !== "word") continue;
    if (opened.at(-1) === "{" && (isSign(before, "{") || isSign(before, ","))) {
      if (KEYWORDS.has(token.text) && !isSign(after, ":")) throw notIn16(`{${token.text}}`);
      continue;
    }
    if (token.text === "if") hasElse.push(false);
    if (token.text === "else") hasElse.splice(-1, 1, true);
    if (token.text === "end" && hasElse.pop() === false) throw notIn16("`if` without `else`");
    const name = `${token.text}/${argumentsAt(tokens, index + 1)}`;
    if (NEWER_FUNCTIONS.has(name) && !defines(tokens, token.text)) throw notIn16(name);
  }
}

const notIn16 = (what: string) => new QueryFault(`jq 1.6 does not know ${what}`);

/** Whether a token ends a term, so that what follows it is a suffix. */
function endsTerm(token: Token | undefined): boolean {
  if (token?.kind === "sign") return CLOSING.has(token.text) || token.text === "?";
  return token !== undefined && !KEYWORDS.has(token.text);
}

/** How many arguments stand in the parentheses at `index`: none without parentheses. */
function argumentsAt(tokens: readonly Token[], index: number): number {
  if (!isSign(tokens[index], "(")) return 0;
  let depth = 0;
  let count = 1;
  for (const token of tokens.slice(index)) {
    if (isOneOf(token, OPENING)) depth++;
    if (isOneOf(token, CLOSING) && --depth === 0) break;
    if (isSign(token, ";") && depth === 1) count++;
  }
  return count;
}

/** Whether the query defines a function of that name itself. */
function defines(tokens: readonly Token[], name: string): boolean {
  return tokens.some((token, index) => token.text === name && tokens[index - 1]?.text === "def");
}
