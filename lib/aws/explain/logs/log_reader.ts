/**
 * Reads a log: lines and documents in, signs out, whatever the language and the wrapping. Holds a few
 * lines for each log stream, however long the log is.
 * @module
 */

import type { Piece } from "../../../sandbox/decoding/json_pieces.ts";
import { clientEvent, clientSign, LINES_BEFORE, lonePythonError } from "./client_lines.ts";
import { CsvReader, logColumns } from "./csv_rows.ts";
import { firehoseEvent } from "./firehose_events.ts";
import { Invocations } from "./invocations.ts";
import { objectIn, textIn } from "../shared/json_members.ts";
import { noteOf } from "./notes.ts";
import { isQuoted, platformEvent, platformSign, platformSigns } from "./platform_lines.ts";
import type { Language } from "../shared/runtimes.ts";
import type { Note, Sign } from "./signs.ts";
import { messagesIn, unwrapLine } from "./wrappings.ts";

/** A note, how often it came, and the first line that had it. */
export interface ToldNote {
  readonly note: Note;
  readonly line: string;
  count: number;
}

interface LogCsv {
  readonly reader: CsvReader;
  readonly columns: NonNullable<ReturnType<typeof logColumns>>;
}

/** Of a line, so many characters are looked at. */
const LINE_LOOKED_AT = 100_000;
const NOTES_KEPT = 1_000;
/** A line without any of these says nothing that is known. They are cheap to look for. */
const IS_INTERESTING =
  /RequestId|ERROR|initialization|Unable to import|payload size|response code|"errorMessage"|Error|rror:|xception|panic|Traceback|timed out|INIT_|not authorized|ProcessingFailed|round:|FATAL|fatal|memory allocation|goroutine|runtime stack|Node\.js v|non-200|status code|FailedPutCount|[{]|refused|Slow down|SemLock|\[sandbox\]/;

/** Reads one log, piece by piece. */
export class LogReader {
  readonly invocations = new Invocations();
  readonly notes = new Map<string, ToldNote>();
  /** The runtime that the log names, e.g. `python3.12`. */
  runtimeName: string | undefined;
  /** The language whose client spoke, where the log names no runtime. */
  language: Language | undefined;
  /** Lines and documents that meant something. */
  signs = 0;
  /** Lines of text that were read. */
  lines = 0;
  #lastStream = "";
  readonly #before = new Map<string, string[]>();
  #csv: LogCsv | undefined;
  #python: { readonly sign: Sign; readonly line: string; readonly stream: string } | undefined;

  /** Takes the next piece of the file. */
  add(piece: Piece): void {
    if (piece.kind === "text") this.addLine(piece.text);
    else this.addValue(piece.value);
  }

  /** A line as it stands in the file. */
  addLine(line: string): void {
    this.lines++;
    if (this.#csv) return this.#addCsv(this.#csv, line);
    if (this.lines === 1) {
      const columns = logColumns(line);
      if (columns) {
        this.#csv = { reader: new CsvReader(), columns };
        return;
      }
    }
    const { text, stream } = unwrapLine(line);
    // Where lines name their log stream, one that does not goes on with the message before.
    this.#lastStream = stream ?? this.#lastStream;
    this.#addText(text, this.#lastStream);
  }

  /** A document: one line of a JSON log, or what a service answered. */
  addValue(value: unknown, stream = ""): void {
    const document = objectIn(value);
    const found = platformEvent(document) ??
      (Object.keys(document).length > 0
        ? [...clientEvent(document), ...firehoseEvent(document)]
        : []);
    if (found.length > 0 || "record" in document && "type" in document) {
      for (const sign of found) this.#addSign(sign, JSON.stringify(value).slice(0, 500), stream);
      return;
    }
    const messages = messagesIn(value, stream === "" ? undefined : stream);
    for (const message of messages ?? []) this.#addMessage(message.text, message.stream ?? stream);
    if (!messages) this.#addLevelled(document, stream);
  }

  /** Ends the log. */
  finish(): void {
    if (this.#csv) this.#addRow(this.#csv.reader.end(), this.#csv.columns);
    this.#settlePython();
  }

  #addCsv({ reader, columns }: LogCsv, line: string): void {
    const row = reader.add(line);
    if (row) this.#addRow(row, columns);
  }

  #addRow(row: readonly string[], columns: LogCsv["columns"]): void {
    if (row.length <= columns.message) return;
    this.#addMessage(row[columns.message], row[columns.stream] ?? "");
  }

  /** A whole message of a log, e.g. with the traceback in it. */
  #addMessage(text: string, stream: string): void {
    const trimmed = text.trim();
    if (trimmed.startsWith("{")) {
      const value = parse(trimmed);
      if (value !== undefined) return this.addValue(value, stream);
    }
    for (const line of text.split(/[\r\n]+/)) {
      if (line !== "") this.#addText(line, stream);
    }
  }

  /** A JSON line of the function's own at some level: its message may be what the platform says. */
  #addLevelled(document: Readonly<Record<string, unknown>>, stream: string): void {
    const message = textIn(document, "message");
    if (message === undefined) return;
    const isOwn = /^(TRACE|DEBUG|INFO|WARN)/i.test(textIn(document, "level") ?? "");
    for (const line of message.split(/[\r\n]+/)) {
      if (isOwn) this.#addNote(line);
      else if (line !== "") this.#addText(line, stream);
    }
  }

  /** A line without its wrapping. Carriage returns stand for line feeds in a message. */
  #addText(text: string, stream: string): void {
    if (text.includes("\r")) {
      for (const line of text.split("\r")) if (line !== "") this.#addText(line, stream);
      return;
    }
    const line = text.length > LINE_LOOKED_AT ? text.slice(0, LINE_LOOKED_AT) : text;
    if (isRunTogether(line)) return this.#addRunTogether(line, stream);
    if (line.trim() === "") return;
    const before = this.#linesBefore(stream);
    if (mayMean(line, before)) this.#look(line, before, stream);
    before.push(line);
    if (before.length > 2 * LINES_BEFORE) before.splice(0, LINES_BEFORE);
  }

  /** The function's own lines cannot be told apart any more: nothing good is said of the invocation. */
  #addRunTogether(line: string, stream: string): void {
    const signs = line.split(/(?=\b(?:START|END|REPORT) RequestId:)/).flatMap(platformSigns);
    for (const sign of signs) {
      if (sign.kind === "report") this.invocations.add({ kind: "suspicion" }, line, stream);
      this.#addSign(sign, line, stream);
    }
  }

  #look(line: string, before: readonly string[], stream: string): void {
    // The most frequent line of all that says nothing.
    if (line.startsWith("END RequestId: ") && line.length < 80) return;
    const sign = platformSign(line) ?? clientSign(line, before);
    if (sign) {
      if (sign.kind !== "failure" || sign.language !== "python") {
        return this.#addSign(sign, line, stream);
      }
      // The line with the error's name says more than the one that the traceback begins with.
      const named = this.#python?.line ?? line;
      this.#python = undefined;
      return this.#addSign(sign, named, stream);
    }
    const json = jsonAtEnd(line);
    const value = json === undefined ? undefined : parse(json);
    // What stands before it is Go's time, or another wrapping's.
    if (json !== undefined && value !== undefined && !isQuoted(line, line.length - json.length)) {
      return this.addValue(value, stream);
    }
    const lone = lonePythonError(line);
    if (lone) {
      this.#settlePython();
      this.#python = { sign: lone, line, stream };
      return;
    }
    if (!this.#addNote(line) && looksLikeError(line)) {
      this.invocations.add({ kind: "suspicion" }, line, stream);
    }
  }

  /** `[ERROR] KeyError: …` whose traceback has not come: the line alone says it. */
  #settlePython(): void {
    const waiting = this.#python;
    this.#python = undefined;
    if (waiting) this.#addSign(waiting.sign, waiting.line, waiting.stream);
  }

  #addSign(sign: Sign, line: string, stream: string): void {
    if (sign.kind !== "failure" || sign.language !== "python") this.#settlePython();
    this.signs++;
    if (sign.kind === "note") return this.#countNote(sign.note, line);
    if (sign.kind === "runtime") this.runtimeName ??= sign.name;
    if (sign.kind === "failure") this.language ??= sign.language;
    this.invocations.add(sign, line, stream);
  }

  #addNote(line: string): boolean {
    const note = noteOf(line);
    if (!note) return false;
    this.signs++;
    this.#countNote(note, line);
    return true;
  }

  #countNote(note: Note, line: string): void {
    const key = JSON.stringify(note);
    const known = this.notes.get(key);
    if (known) known.count++;
    else if (this.notes.size < NOTES_KEPT) this.notes.set(key, { note, line, count: 1 });
  }

  #linesBefore(stream: string): string[] {
    const known = this.#before.get(stream);
    if (known) return known;
    // Streams that were not heard of for long are over.
    if (this.#before.size >= NOTES_KEPT) this.#before.clear();
    const before: string[] = [];
    this.#before.set(stream, before);
    return before;
  }
}

/** Whether a line holds several of the platform's: a log that lost its line feeds, e.g. in a browser. */
function isRunTogether(line: string): boolean {
  const at = line.indexOf("REPORT RequestId:");
  if (at < 0) return false;
  const other = line.search(/\b(?:START|END) RequestId:/);
  return other >= 0 && !isQuoted(line, Math.min(at, other));
}

/** An object that a line ends with, whatever stands before it. */
function jsonAtEnd(line: string): string | undefined {
  const start = line.indexOf('{"');
  return start >= 0 && line.trimEnd().endsWith("}") ? line.slice(start) : undefined;
}

/** Whether a line looks like an error, and is not a message of the function at a lower level. */
function looksLikeError(line: string): boolean {
  const match =
    /\b(?:ERROR|FATAL|[A-Za-z]*Error|[A-Za-z.]*Exception|Traceback \(most|panic|panicked|fatal error)\b/
      .exec(line);
  return match !== null &&
    !/(?:^|[\t ])\[?(?:TRACE|DEBUG|INFO|WARN|WARNING)\]?[\t ]/.test(line.slice(0, match.index));
}

/** A line that follows one of these may be their message. */
const ASKS_FOR_NEXT = /panicked at |: (?:[a-z_][\w$]*\.)+[A-Z][\w$.]*\s*$|ERROR/;

function mayMean(line: string, before: readonly string[]): boolean {
  if (IS_INTERESTING.test(line)) return true;
  const last = before.at(-1);
  return last !== undefined && ASKS_FOR_NEXT.test(last);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
