/**
 * Finds where a JSON value ends while its text still comes, without building it. Only the outline is
 * checked: brackets, texts, and that a member follows where one must. `JSON.parse` has the last word.
 * @module
 */

/** Deeper than any document that is explained here; what is deeper counts as broken. */
const DEPTH_MAX = 64;
/** Of a member's name, so many characters are kept. */
const KEY_CHARACTERS = 64;

/** What a stretch of text did to the value. */
export type Scanned =
  /** The value goes on after the text. */
  | { readonly kind: "open" }
  /** The value ended before `at`. */
  | { readonly kind: "ended"; readonly at: number }
  /** A list that is handed out item by item begins at `at`, as the member `key`. */
  | { readonly kind: "listBegins"; readonly at: number; readonly key: string }
  /** An item of that list ends at `at`, where a comma stands or the list's bracket. */
  | { readonly kind: "itemEnds"; readonly at: number }
  /** That list ends at `at`, where its bracket stands; after an item, unless it is empty. */
  | { readonly kind: "listEnds"; readonly at: number; readonly isEmpty: boolean }
  /** This is not JSON. */
  | { readonly kind: "broken" };

/** The state of one value's scan. */
export class JsonScan {
  #stack = "";
  #inText = false;
  #escaped = false;
  /** The last character outside of texts that was not a blank: `"` after a text, `0` in a word. */
  #last = "";
  #key = "";

  /**
   * `isListed` says of a member of the outermost object whether its list is handed out by items; of
   * "", whether a document that is itself a list is.
   */
  constructor(readonly isListed: (key: string) => boolean) {}

  /** Whether the text so far ends inside of a text. */
  get isInText(): boolean {
    return this.#inText;
  }

  /** Goes on from `start` to the next thing that matters, or to the end of `text`. */
  scan(text: string, start: number): Scanned {
    for (let at = start; at < text.length; at++) {
      if (this.#inText) {
        at = this.#endOfText(text, at);
        continue;
      }
      const character = text[at];
      if (isBlank(character)) continue;
      const mayEndItem = character === "," || character === "]";
      const wasInList = mayEndItem && this.#isInList();
      const isEmpty = this.#last === "[";
      if (!this.#accept(character)) return { kind: "broken" };
      if (wasInList && character === ",") return { kind: "itemEnds", at };
      if (wasInList && character === "]" && !this.#isInList()) {
        return { kind: "listEnds", at, isEmpty };
      }
      if (this.#stack === "") return { kind: "ended", at: at + 1 };
      if (character === "[" && this.#isInList()) {
        return { kind: "listBegins", at: at + 1, key: this.#stack === "[" ? "" : this.#key };
      }
    }
    return { kind: "open" };
  }

  /** Whether the outermost value has ended: after the bracket of its list. */
  get isEnded(): boolean {
    return this.#stack === "" && this.#last !== "";
  }

  #isInList(): boolean {
    if (this.#stack === "[") return this.isListed("");
    return this.#stack === "{[" && this.isListed(this.#key);
  }

  /** The position of the quote that ends the text, or of the last character there is. */
  #endOfText(text: string, start: number): number {
    let at = start;
    if (this.#escaped) {
      this.#escaped = false;
      at++;
    }
    while (true) {
      const quote = text.indexOf('"', at);
      const end = quote < 0 ? text.length : quote;
      const escaping = backslashesBefore(text, end, at);
      if (escaping % 2 === 1 && quote < 0) this.#escaped = true;
      if (this.#stack === "{") this.#keepKey(text.slice(at, Math.min(end, at + KEY_CHARACTERS)));
      if (quote < 0) return text.length;
      at = quote + 1;
      if (escaping % 2 === 1) continue;
      this.#inText = false;
      this.#last = '"';
      return quote;
    }
  }

  #keepKey(part: string): void {
    if (this.#key.length < KEY_CHARACTERS) this.#key += part;
  }

  #accept(character: string): boolean {
    const last = this.#last;
    const inList = this.#stack.endsWith("[");
    const isValue = this.#stack === ""
      ? last === ""
      : last === ":" || inList && "[,".includes(last);
    switch (character) {
      case '"':
        if (!isValue && !(last === "{" || !inList && last === ",")) return false;
        if (this.#stack === "{" && last !== ":") this.#key = "";
        this.#inText = true;
        return true;
      case "{":
      case "[":
        if (!isValue || this.#stack.length >= DEPTH_MAX) return false;
        this.#stack += character;
        break;
      case "}":
      case "]":
        if (this.#stack === "" || inList !== (character === "]") || ":,".includes(last)) {
          return false;
        }
        this.#stack = this.#stack.slice(0, -1);
        break;
      case ",":
        if (this.#stack === "" || "{[,:".includes(last)) return false;
        break;
      case ":":
        if (inList || last !== '"') return false;
        break;
      default:
        if (last !== "0" && !isValue || !/[-+.\w]/.test(character)) return false;
        this.#last = "0";
        return true;
    }
    this.#last = character;
    return true;
  }
}

const isBlank = (character: string) =>
  character === " " || character === "\n" || character === "\t" || character === "\r";

function backslashesBefore(text: string, end: number, start: number): number {
  let count = 0;
  while (end - count > start && text[end - count - 1] === "\\") count++;
  return count;
}
