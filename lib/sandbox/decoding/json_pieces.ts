/**
 * Reads bytes as what they are made of: JSON values, however they stand (one a line, indented over
 * many lines, run together, inside of one long list), and lines of text between them. One reader for
 * error objects, logs and documents of any size: memory does not grow with the file.
 * @module
 */

import { JsonScan } from "./json_scan.ts";
import { parseJson } from "./parse_json.ts";

/** A piece of a file. */
export type Piece =
  | {
    readonly kind: "value";
    readonly value: unknown;
    /** Of its first character, from 1. */
    readonly line: number;
    /**
     * The member whose list it is an item of, `""` for a list that is the document itself; absent
     * for a value that stands alone.
     */
    readonly itemOf?: string;
  }
  /** A line that is not JSON, or belongs to JSON that is broken. At most 1 Mi characters. */
  | { readonly kind: "text"; readonly text: string; readonly line: number };

/** How a file is read. */
export interface PieceOptions {
  /**
   * Members whose lists are handed out item by item where the document takes more than a line; the
   * document itself follows with empty ones. "" means a document that is a list.
   */
  readonly lists?: readonly string[];
  /** What is left of a line once its wrapping is off, e.g. the time before it. */
  readonly unwrap?: (line: string) => string;
}

/** A value that has not ended by then is given up: its lines are text. */
const VALUE_CHARACTERS_MAX = 32 * 1024 * 1024;
/** A line of text is cut at so many characters. */
const LINE_CHARACTERS_MAX = 1024 * 1024;

/** The pieces of a file in their order. UTF-8; a byte order mark at the beginning is left out. */
export async function* jsonPieces(
  chunks: AsyncIterable<Uint8Array>,
  options: PieceOptions = {},
): AsyncGenerator<Piece> {
  for await (const pieces of pieceBatches(chunks, options)) yield* pieces;
}

/** As {@linkcode jsonPieces}, many at a time: for files with millions of lines. */
export async function* pieceBatches(
  chunks: AsyncIterable<Uint8Array>,
  options: PieceOptions = {},
): AsyncGenerator<readonly Piece[]> {
  const reader = new PieceReader(options);
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    reader.push(decoder.decode(chunk, { stream: true }));
    yield reader.drain();
  }
  reader.push(decoder.decode());
  reader.end();
  yield reader.drain();
}

/** A value whose end has not come yet. */
interface OpenValue {
  readonly scan: JsonScan;
  /** Where it begins. */
  readonly line: number;
  /** What came before `text`, without the items that were handed out. */
  head: string;
  text: string;
  /** The line on which `text` begins. */
  textLine: number;
  /** So much of `text` has been scanned. */
  scanned: number;
  /** Where the present item of a list that is handed out begins in `text`. */
  itemFrom: number | undefined;
  itemLine: number;
  listName: string;
}

class PieceReader {
  readonly #lists: ReadonlySet<string>;
  readonly #unwrap: (line: string) => string;
  #pieces: Piece[] = [];
  #rest = "";
  #line = 1;
  #open: OpenValue | undefined;

  constructor({ lists = [], unwrap = (line) => line }: PieceOptions) {
    this.#lists = new Set(lists);
    this.#unwrap = unwrap;
  }

  drain(): readonly Piece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  push(text: string): void {
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#add(this.#rest + text.slice(start, end), "\n");
      this.#rest = "";
      this.#line++;
      start = end + 1;
    }
    this.#rest += text.slice(start);
    // A whole document may stand on one line.
    const isInList = this.#open?.itemFrom !== undefined;
    if (isInList || this.#rest.length > LINE_CHARACTERS_MAX) {
      this.#add(this.#rest, "");
      this.#rest = "";
    }
  }

  end(): void {
    if (this.#rest !== "") this.#add(this.#rest, "\n");
    this.#rest = "";
    while (this.#open) this.#giveUp(this.#open);
  }

  /** `lineFeed` is missing where the line goes on with what is added next. */
  #add(line: string, lineFeed: "\n" | ""): void {
    let text = this.#open ? line : this.#unwrap(line);
    if (!this.#open && lineFeed !== "" && this.#addWhole(text)) return;
    if (this.#open && text === "") this.#open.text += lineFeed;
    while (text.trim() !== "") {
      if (!this.#open && !BEGINS_JSON.test(text)) return this.#addText(text);
      this.#open ??= this.#begin();
      text = (this.#continue(this.#open, text + lineFeed) ?? "").trimEnd();
    }
  }

  /** Adds a line that is one value. */
  #addWhole(text: string): boolean {
    const parsed = MAY_BE_JSON.test(text) ? parseJson(text) : undefined;
    if (parsed) this.#pieces.push({ kind: "value", value: parsed.value, line: this.#line });
    return parsed !== undefined;
  }

  #addText(text: string): void {
    for (let at = 0; at < text.length; at += LINE_CHARACTERS_MAX) {
      const part = text.slice(at, at + LINE_CHARACTERS_MAX);
      if (part.trim() !== "") this.#pieces.push({ kind: "text", text: part, line: this.#line });
    }
  }

  #begin(): OpenValue {
    const line = this.#line;
    const scan = new JsonScan((key) => this.#lists.has(key));
    const text = { head: "", text: "", textLine: line, scanned: 0 };
    return { scan, line, ...text, itemFrom: undefined, itemLine: line, listName: "" };
  }

  /** What follows the value once it has ended; undefined while it goes on, or where it is broken. */
  #continue(open: OpenValue, more: string): string | undefined {
    open.text += more;
    while (true) {
      const scanned = open.scan.scan(open.text, open.scanned);
      switch (scanned.kind) {
        case "open":
          return this.#wait(open);
        case "broken":
          return this.#giveUp(open);
        case "ended":
          return this.#close(open, scanned.at);
        case "listBegins":
          open.head += open.text.slice(0, scanned.at);
          open.scanned = scanned.at;
          dropText(open, scanned.at);
          Object.assign(open, { itemFrom: 0, itemLine: open.textLine, listName: scanned.key });
          break;
        case "itemEnds":
          if (!this.#takeItem(open, scanned.at)) return this.#giveUp(open);
          open.scanned = open.itemFrom = scanned.at + 1;
          break;
        case "listEnds":
          if (!scanned.isEmpty && !this.#takeItem(open, scanned.at)) return this.#giveUp(open);
          dropText(open, scanned.at);
          Object.assign(open, { scanned: 1, itemFrom: undefined });
          if (open.scan.isEnded) return this.#close(open, 1);
          break;
      }
    }
  }

  #wait(open: OpenValue): undefined {
    open.scanned = open.text.length;
    // JSON has no line feed inside of a text: this value was cut off.
    const isCut = open.scan.isInText && open.text.endsWith("\n");
    const isTooLong = open.head.length + open.text.length > VALUE_CHARACTERS_MAX;
    if (isCut || isTooLong) return this.#giveUp(open);
    if (open.itemFrom) dropText(open, open.itemFrom);
  }

  /** Hands out the item that ends at `end`. False if it is not JSON. */
  #takeItem(open: OpenValue, end: number): boolean {
    const item = open.text.slice(open.itemFrom, end);
    const parsed = parseJson(item);
    if (!parsed) return false;
    const line = open.itemLine + lineFeedsIn(/^\s*/.exec(item)?.[0] ?? "");
    this.#pieces.push({ kind: "value", value: parsed.value, line, itemOf: open.listName });
    open.itemLine += lineFeedsIn(item);
    return true;
  }

  #close(open: OpenValue, end: number): string | undefined {
    const parsed = parseJson(open.head + open.text.slice(0, end));
    if (!parsed) return this.#giveUp(open);
    this.#open = undefined;
    this.#pieces.push({ kind: "value", value: parsed.value, line: open.line });
    return open.text.slice(end);
  }

  /** The first line is text; the others are read again, as each may begin a value. */
  #giveUp(open: OpenValue): undefined {
    this.#open = undefined;
    const line = this.#line;
    const lines = open.text.replace(/\n$/, "").split("\n");
    for (const [index, text] of lines.entries()) {
      this.#line = open.textLine + index;
      if (index === 0) this.#addText(text);
      else this.#add(text, "\n");
    }
    this.#line = line;
  }
}

/** Lets go of what stands before `at`. */
function dropText(open: OpenValue, at: number): void {
  open.textLine += lineFeedsIn(open.text.slice(0, at));
  open.text = open.text.slice(at);
  open.scanned -= at;
  if (open.itemFrom !== undefined) open.itemFrom -= at;
}

function lineFeedsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** A line that may be one JSON value. */
const MAY_BE_JSON = /^\s*[{["]/;
/** A line where an object or a list may begin that goes on after it: a log has many that only look so. */
const BEGINS_JSON = /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:[[{"\]]|$))/;
