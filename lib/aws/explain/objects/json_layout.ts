/**
 * How the records of an object stand: one a line, run together, with or without a last line feed.
 * Looks at brackets and texts only, so an object of any size takes flat memory.
 * @module
 */

import { Buffer } from "node:buffer";

/** What was found. */
export interface JsonLayout {
  readonly bytes: number;
  /** JSON objects and lists that stand alone. */
  readonly values: number;
  /** Those that follow another one on the same line. */
  readonly runTogether: number;
  /** Lines that begin with something else than JSON. */
  readonly otherLines: number;
  /** Lines with nothing but blanks. */
  readonly emptyLines: number;
  readonly endsWithLineFeed: boolean;
  /** Members of the first value, if it is an object of at most 64 KiB; else none. */
  readonly members: readonly string[];
}

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_VALUE_BYTES_MAX = 64 * 1024;

const isBlank = (byte: number) => byte === 0x20 || byte === 0x09 || byte === 0x0d;
const opens = (byte: number) => byte === 0x7b || byte === 0x5b;
const closes = (byte: number) => byte === 0x7d || byte === 0x5d;

/** Looks at the content of an object while it comes. */
export class JsonLayoutReader {
  #bytes = 0;
  #depth = 0;
  #inText = false;
  #isEscaped = false;
  #values = 0;
  #runTogether = 0;
  #otherLines = 0;
  #emptyLines = 0;
  #last = LINE_FEED;
  /** What this line began with; undefined before its first character. */
  #lineBegan: "value" | "other" | undefined;
  /** The first bytes, in which the first value may end. */
  #head: Uint8Array[] = [];
  #headBytes = 0;
  #firstValueEnd = 0;

  /** Takes the next bytes of the content. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.#headBytes < FIRST_VALUE_BYTES_MAX) {
      this.#head.push(chunk.slice(0, FIRST_VALUE_BYTES_MAX - this.#headBytes));
      this.#headBytes += chunk.length;
    }
    for (let at = 0; at < chunk.length;) {
      if (this.#depth > 0) at = this.#takeValue(chunk, at);
      else if (this.#lineBegan === "other") at = this.#takeOther(chunk, at);
      else this.#takeBetween(chunk[at++]);
    }
    this.#bytes += chunk.length;
    this.#last = chunk[chunk.length - 1];
  }

  /** What was found, once all bytes were pushed. */
  finish(): JsonLayout {
    return {
      bytes: this.#bytes,
      values: this.#values,
      runTogether: this.#runTogether,
      otherLines: this.#otherLines,
      emptyLines: this.#emptyLines,
      endsWithLineFeed: this.#last === LINE_FEED,
      members: this.#firstMembers(),
    };
  }

  /** Goes on inside a value, to its end or the chunk's. State is local: this reads every byte. */
  #takeValue(chunk: Uint8Array, start: number): number {
    let [depth, inText, isEscaped, at] = [this.#depth, this.#inText, this.#isEscaped, start];
    for (; at < chunk.length && depth > 0; at++) {
      const byte = chunk[at];
      if (isEscaped) isEscaped = false;
      else if (byte === QUOTE) inText = !inText;
      else if (inText) isEscaped = byte === BACKSLASH;
      else if (opens(byte)) depth++;
      else if (closes(byte)) depth--;
    }
    [this.#depth, this.#inText, this.#isEscaped] = [depth, inText, isEscaped];
    if (depth === 0 && ++this.#values === 1) this.#firstValueEnd = this.#bytes + at;
    return at;
  }

  /** Goes on to the end of a line that is no JSON. */
  #takeOther(chunk: Uint8Array, start: number): number {
    const lineEnd = chunk.indexOf(LINE_FEED, start);
    if (lineEnd < 0) return chunk.length;
    this.#lineBegan = undefined;
    return lineEnd + 1;
  }

  #takeBetween(byte: number): void {
    if (byte === LINE_FEED) {
      if (this.#lineBegan === undefined) this.#emptyLines++;
      this.#lineBegan = undefined;
    } else if (opens(byte)) {
      if (this.#lineBegan === "value") this.#runTogether++;
      this.#lineBegan = "value";
      this.#depth = 1;
    } else if (!isBlank(byte) && this.#lineBegan === undefined) {
      this.#lineBegan = "other";
      this.#otherLines++;
    }
  }

  #firstMembers(): string[] {
    if (this.#firstValueEnd === 0 || this.#firstValueEnd > FIRST_VALUE_BYTES_MAX) return [];
    const text = Buffer.concat(this.#head).subarray(0, this.#firstValueEnd).toString();
    try {
      const value: unknown = JSON.parse(text);
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      return isObject ? Object.keys(value) : [];
    } catch {
      return [];
    }
  }
}
