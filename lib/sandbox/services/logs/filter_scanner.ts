/**
 * Reads a filter pattern from left to right: what terms, JSON and column patterns have in common.
 * @module
 */

import { RE2JS, RE2JSSyntaxException } from "re2js";
import type { AwsError } from "../../errors.ts";
import { invalidFilterPattern, regexTooLarge } from "./errors.ts";

/** Regular expressions in one pattern. */
const REGEXES_MAX = 2;

/**
 * Steps of a compiled expression. Matching takes time by their number: 100 times `\w{1000}` on an event
 * of 1 MiB would take half an hour. AWS's limit is not known.
 */
const REGEX_STEPS_MAX = 500;

/** The characters and escapes that AWS's page lists; parentheses and others are refused. */
const REGEX_SYNTAX =
  /^(?:[A-Za-z0-9:_#=@/;,\-^$?[\]{}|*+.]|\\[dDsSwW]|\\x[0-9A-Fa-f]{2}|\\[^A-Za-z0-9\s\u0080-\uffff])+$/;

/** A place in a pattern. Blanks between the parts do not count. */
export class PatternScanner {
  readonly #text: string;
  #at = 0;
  #regexes = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipBlanks();
  }

  /** The error that a caller gets for any fault. */
  fault(): AwsError {
    return invalidFilterPattern();
  }

  isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  isAt(literal: string): boolean {
    return this.#text.startsWith(literal, this.#at);
  }

  /** Whether the last part read is followed by a blank or by the end. */
  isAtGap(): boolean {
    return this.isAtEnd() || /\s/.test(this.#text[this.#at - 1]);
  }

  /** Passes `literal` if it is next. */
  take(literal: string): boolean {
    if (!this.isAt(literal)) return false;
    this.#pass(literal.length);
    return true;
  }

  /** Passes `literal`. Throws where something else is next. */
  expect(literal: string): void {
    if (!this.take(literal)) throw this.fault();
  }

  /** Passes what the sticky expression `pattern` matches, if it does. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#pass(found.length);
    return found;
  }

  /** Passes a text in double quotes, in which a backslash takes the next character as it is. */
  quoted(): string | undefined {
    if (!this.isAt('"')) return undefined;
    const found = this.match(/"(?:[^"\\]|\\[^])*"/y);
    if (found === undefined) throw this.fault();
    return found.slice(1, -1).replace(/\\([^])/g, "$1");
  }

  /** Passes a regular expression between percent signs: whether it is found in a text. */
  regex(): ((text: string) => boolean) | undefined {
    if (!this.isAt("%")) return undefined;
    const source = this.match(/%(?:[^%\\]|\\[^])+%/y)?.slice(1, -1);
    if (source === undefined || !REGEX_SYNTAX.test(source)) throw this.fault();
    if (++this.#regexes > REGEXES_MAX) throw this.fault();
    const compiled = this.#compile(source);
    return (text) => compiled.matcher(text).find();
  }

  /** RE2's matcher takes linear time, whatever the expression: it runs on the sandbox's one thread. */
  #compile(source: string): RE2JS {
    const compiled = this.#parse(source);
    if (compiled.programSize() > REGEX_STEPS_MAX) throw regexTooLarge(REGEX_STEPS_MAX);
    return compiled;
  }

  #parse(source: string): RE2JS {
    try {
      return RE2JS.compile(source);
    } catch (error) {
      if (error instanceof RE2JSSyntaxException) throw this.fault();
      throw error;
    }
  }

  #pass(length: number): void {
    this.#at += length;
    this.#skipBlanks();
  }

  #skipBlanks(): void {
    while (this.#at < this.#text.length && /\s/.test(this.#text[this.#at])) this.#at++;
  }
}
