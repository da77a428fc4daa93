/**
 * Wildcards of policies: `*` for any run of characters, `?` for one.
 * @module
 */

const LITERAL_STAR = "\ue000";
const LITERAL_QUESTION = "\ue001";

/** Whether the whole `text` matches `pattern`. Linear in their product, whatever the stars. */
export function wildcardMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (t < text.length) {
    const wanted = literal(pattern[p]);
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

function literal(char: string | undefined): string | undefined {
  return char === LITERAL_STAR ? "*" : char === LITERAL_QUESTION ? "?" : char;
}

/**
 * Whether ARN `arn` matches `pattern`, field by field: a `*` does not swallow a colon, except in
 * the sixth field, which may hold colons. A lone `*` matches everything.
 */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  const wanted = arnFields(pattern);
  const found = arnFields(arn);
  return wanted.length === found.length &&
    wanted.every((field, index) => wildcardMatches(field, found[index]));
}

function arnFields(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
