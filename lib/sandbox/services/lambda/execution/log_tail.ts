/**
 * The end of what a function wrote: an invoker gets no more than 4 KB of it, and a function may
 * write for a quarter of an hour.
 * @module
 */

import { Buffer } from "node:buffer";

/** Characters that are kept at least; where they begin inside a line, all of the line is. */
const KEPT_LENGTH = 64 * 1024;

/** Takes lines and forgets the first of them, as soon as those after it are enough. */
export class LogTail {
  readonly #lines: string[] = [];
  #length = 0;
  #bytes = 0;

  /** Of all lines, those that were forgotten too. */
  get bytes(): number {
    return this.#bytes;
  }

  add(line: string): void {
    this.#bytes += Buffer.byteLength(line);
    this.#lines.push(line);
    this.#length += line.length;
    while (this.#length - this.#lines[0].length >= KEPT_LENGTH) {
      this.#length -= this.#lines.shift()?.length ?? 0;
    }
  }

  text(): string {
    return this.#lines.join("");
  }
}
