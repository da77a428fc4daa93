/**
 * Policy variables: `${aws:username}` in resources and condition values. Follows "IAM policy
 * elements: Variables and tags"
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
 * @module
 */

import type { ConditionValues } from "./conditions.ts";
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
export function expandVariables(text: string, values: ConditionValues): string | undefined {
  let isComplete = true;
  const expanded = text.replace(/\$\{([^}]*)\}/g, (_, inner: string) => {
    if (CHARACTERS.has(inner)) return literalText(inner);
    const [, name = "", fallback] = /^\s*([^,]*?)\s*(?:,\s*'([^']*)')?\s*$/.exec(inner) ?? [];
    const found = values.get(name.toLowerCase()) ?? [];
    if (found.length === 1) return literalText(found[0]);
    if (fallback !== undefined) return literalText(fallback);
    isComplete = false;
    return "";
  });
  return isComplete ? expanded : undefined;
}

/** The keys of the variables in `text`. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{\s*([^,}]*?)\s*(?:,[^}]*)?\}/g)]
    .map(([, name]) => name)
    .filter((name) => !CHARACTERS.has(name));
}
