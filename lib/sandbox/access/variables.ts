/**
 * Policy variables: `${aws:username}` in resources and condition values. Follows "IAM policy
 * elements: Variables and tags"
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
 * @module
 */

import { literalText } from "./wildcards.ts";

/** `${*}`, `${?}` and `${$}` stand for the characters themselves. */
const CHARACTERS: ReadonlySet<string> = new Set(["*", "?", "$"]);

/**
 * `text` with its variables replaced; undefined when one has no value and no default
 * (`${aws:username, 'x'}`). A key with several values has none as a variable.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const values = new Map([["aws:username", ["ann"]]]);
 * assertEquals(expandVariables("home/${aws:username}", values), "home/ann");
 * assertEquals(expandVariables("home/${aws:PrincipalTag/Team}", values), undefined);
 * ```
 */
export function expandVariables(
  text: string,
  values: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  let isComplete = true;
  const expanded = replaceVariables(text, (inner) => {
    if (CHARACTERS.has(inner)) return literalText(inner);
    const { key, fallback } = variableIn(inner);
    const found = values.get(key.toLowerCase()) ?? [];
    const value = found.length === 1 ? found[0] : fallback;
    if (value === undefined) isComplete = false;
    return literalText(value ?? "");
  });
  return isComplete ? expanded : undefined;
}

/** The keys of the variables in `text`. */
export function variablesIn(text: string): string[] {
  const keys: string[] = [];
  replaceVariables(text, (inner) => {
    if (!CHARACTERS.has(inner)) keys.push(variableIn(inner).key);
    return "";
  });
  return keys;
}

/** `text` with `replacement` of what is between `${` and `}`. Linear, for any text. */
export function replaceVariables(text: string, replacement: (inner: string) => string): string {
  let replaced = "";
  let from = 0;
  while (true) {
    const start = text.indexOf("${", from);
    const end = start < 0 ? -1 : text.indexOf("}", start);
    if (end < 0) return replaced + text.slice(from);
    replaced += text.slice(from, start) + replacement(text.slice(start + 2, end));
    from = end + 1;
  }
}

/** The key of a variable, and its default: `aws:username, 'x'`. */
function variableIn(inner: string): { readonly key: string; readonly fallback?: string } {
  const comma = inner.indexOf(",");
  if (comma < 0) return { key: inner.trim() };
  const [, fallback] = /^'([^']*)'$/.exec(inner.slice(comma + 1).trim()) ?? [];
  return { key: inner.slice(0, comma).trim(), fallback };
}
