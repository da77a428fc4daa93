/**
 * Wildcards of policies: `*` for any run of characters, `?` for one.
 * @module
 */

/**
 * Private-use characters that stand for a literal `*`, `?` or `:` in a policy's text: they come from
 * `${*}`, or from the value of a policy variable, whose text is never a pattern.
 */
const LITERALS = [["*", "\ue000"], ["?", "\ue001"], [":", "\ue002"]] as const;

/** `text` with every `*`, `?` and `:` marked as literal. */
export function literalText(text: string): string {
  return LITERALS.reduce((marked, [char, mark]) => marked.replaceAll(char, mark), text);
}

/** Undoes {@linkcode literalText}. */
export function plainText(text: string): string {
  return LITERALS.reduce((plain, [char, mark]) => plain.replaceAll(mark, char), text);
}

/** Whether the whole `text` matches `pattern`. Linear in their product, whatever the stars. */
export function wildcardMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (t < text.length) {
    const wanted = plainChar(pattern[p]);
    if (p < pattern.length && (pattern[p] === "?" || (pattern[p] !== "*" && wanted === text[t]))) {
      p++;
      t++;
    } else if (pattern[p] === "*") {
      starAt = p++;
      resumeAt = t;
    } else if (starAt >= 0) {
      p = starAt + 1;
      t = ++resumeAt;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

const PLAIN_CHARS: ReadonlyMap<string | undefined, string> = new Map(
  LITERALS.map(([char, mark]) => [mark, char]),
);

function plainChar(char: string | undefined): string | undefined {
  return PLAIN_CHARS.get(char) ?? char;
}

/**
 * Whether ARN `arn` matches `pattern`, field by field: a `*` does not swallow a colon, except in
 * the sixth field, which may hold colons. A lone `*` matches everything, and `arn:aws:s3` all of a
 * service: IAM's own text about `arn:error:s3` says `arn:error:s3:*:*:*` (moto's
 * `test_iam_policies.py`, 2019).
 */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  const given = arnFields(pattern);
  const wanted = given.length === 3 ? [...given, "*", "*", "*"] : given;
  const found = arnFields(arn);
  return wanted.length === found.length &&
    wanted.every((field, index) => wildcardMatches(field, found[index]));
}

function arnFields(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
