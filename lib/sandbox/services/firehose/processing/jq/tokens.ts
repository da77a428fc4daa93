/**
 * The tokens of a jq program, in as much detail as it takes to see which keys an object constructor
 * names and whether it has only paths. jq itself checks the program.
 * https://jqlang.github.io/jq/manual/v1.6/
 * @module
 */

/** A token. A string's interpolations follow it, each between `(` and `)`. */
export interface Token {
  readonly kind: "word" | "field" | "variable" | "format" | "string" | "sign";
  /** As written; for a string without interpolation, its value. */
  readonly text: string;
  /** Whether a string has an interpolation: its value is then known only at run time. */
  readonly isInterpolated?: boolean;
}

/** Tokens with a simple pattern, in the order in which they are tried. */
const PATTERNS: readonly (readonly [Token["kind"], RegExp])[] = [
  ["variable", /\$(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*/y],
  ["format", /@\w+/y],
  ["field", /\.[A-Za-z_]\w*/y],
  ["word", /(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*/y],
  ["sign", /\.\.|\?\/\/|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|[^\s]/y],
];

const BLANK = /(?:\s+|#[^\n]*)+/y;

/** The tokens of `program`. Throws a `SyntaxError` for a string without an end. */
export function tokensOf(program: string): Token[] {
  return new Lexer(program).tokens({ until: "end" });
}

class Lexer {
  #at = 0;

  constructor(readonly program: string) {}

  /** The tokens up to the end, or up to and with the parenthesis that closes an interpolation. */
  tokens({ until }: { readonly until: "end" | "parenthesis" }): Token[] {
    const tokens: Token[] = [];
    for (let depth = 0; this.#skipBlank();) {
      const found = this.#next();
      tokens.push(...found);
      const { kind, text } = found[0];
      if (kind !== "sign") continue;
      if (text === "(") depth++;
      if (text === ")" && depth-- === 0 && until === "parenthesis") return tokens;
    }
    if (until === "parenthesis") throw new SyntaxError("a string has no end");
    return tokens;
  }

  /** Skips blanks and comments; false at the end. */
  #skipBlank(): boolean {
    this.#match(BLANK);
    return this.#at < this.program.length;
  }

  #next(): Token[] {
    if (this.program[this.#at] === '"') return this.#string();
    for (const [kind, pattern] of PATTERNS) {
      const text = this.#match(pattern);
      if (text !== undefined) return [{ kind, text }];
    }
    throw new Error("the last pattern matches whatever is not blank");
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.program)?.[0];
    this.#at += text?.length ?? 0;
    return text;
  }

  #string(): Token[] {
    const start = this.#at++;
    const interpolated: Token[] = [];
    while (this.program[this.#at] !== '"') {
      if (this.#at >= this.program.length) throw new SyntaxError("a string has no end");
      const isEscape = this.program[this.#at++] === "\\";
      const escaped = isEscape ? this.program[this.#at++] : "";
      if (escaped !== "(") continue;
      interpolated.push({ kind: "sign", text: "(" }, ...this.tokens({ until: "parenthesis" }));
    }
    const quoted = this.program.slice(start, ++this.#at);
    if (interpolated.length > 0) {
      return [{ kind: "string", text: quoted, isInterpolated: true }, ...interpolated];
    }
    return [{ kind: "string", text: textOf(quoted) }];
  }
}

/** The value of a string. jq's escapes are JSON's; a wrong one is left for jq to refuse. */
function textOf(quoted: string): string {
  try {
    return JSON.parse(quoted.replaceAll("\n", "\\n").replaceAll("\t", "\\t"));
  } catch {
    return quoted;
  }
}
