/**
 * Reads a file and tells what it is: a document if it is small enough to be one, else piece by piece.
 * @module
 */

import { Buffer } from "node:buffer";
import { decompress, textBytes } from "../../sandbox/decoding/compression.ts";
import { DecodingError } from "../../sandbox/decoding/decoding_error.ts";
import { type Piece, pieceBatches } from "../../sandbox/decoding/json_pieces.ts";
import { parseJson } from "../../sandbox/decoding/parse_json.ts";
import { failedRecord } from "../../sandbox/knowledge/failed_record.ts";
import type { Context, Evidence, NamedFile } from "./shared/evidence.ts";
import { count, type Explanation } from "../../sandbox/knowledge/explanation.ts";
import { ErrorObjectSums } from "./kinds/error_object.ts";
import { explainEvent, isEvent } from "./kinds/event.ts";
import {
  explainFunctionError,
  explainInvokeAnswer,
  explainPutAnswer,
} from "./kinds/function_error.ts";
import { explainLog } from "./kinds/log.ts";
import { explainOtherEvent } from "./kinds/other_event.ts";
import { explainResponse, type ResponseFile } from "./kinds/response.ts";
import { isBrokenResponse, isResponse } from "./kinds/response_shape.ts";
import { explainUnknown, isCloudTrail } from "./kinds/unknown.ts";
import { objectIn } from "./shared/json_members.ts";
import { LogReader } from "./logs/log_reader.ts";
import { LOG_LISTS, unwrapLine } from "./logs/wrappings.ts";
import { explainObject, nameExplanations, type ObjectTraits } from "./objects/delivered_object.ts";
import { ObjectObserver } from "./objects/object_observer.ts";

/** A file up to this size may be one document, held whole: no event or response is larger. */
const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;
/** So much of a file says whether it may be one document. */
const BEGINNING_BYTES = 64 * 1024;
/** Lines of an error object that could not be read, shown with their reason. */
const PROBLEMS_SHOWN = 5;
const DOCUMENTS_EXPLAINED = 20;

/** Reads a file's bytes, in any compression that a stream writes. */
export async function readEvidence(file: NamedFile): Promise<Evidence> {
  const observer = new ObjectObserver();
  try {
    const { compression, chunks } = await decompress(observer.stored(file.open()));
    // Gzip inside of it is no fault in a delivered object: records may be gzip.
    const text = textBytes(chunks, ["UTF-16", "tar"]);
    const readable = new ReadablePart(observer.content(text));
    const evidence = await readPlain(readable);
    const { problem } = readable;
    // Of a whole file that is not read, the gzip is not to blame.
    const gzipProblem = problem?.cause === undefined ? undefined : observer.gzipProblem();
    if (problem) return cutOff(evidence, problem.message, gzipProblem);
    return withObjectTraits(evidence, observer.traits(compression, file));
  } catch (error) {
    if (!(error instanceof DecodingError)) throw error;
    return unreadable("a file that cannot be read", error.message, observer.gzipProblem());
  }
}

/** Chunks up to the first that cannot be decompressed. */
class ReadablePart {
  /** Why it ended; undefined where all could be read. */
  problem: DecodingError | undefined;

  constructor(readonly chunks: AsyncIterable<Uint8Array>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.chunks;
    } catch (error) {
      if (!(error instanceof DecodingError)) throw error;
      this.problem = error;
    }
  }
}

/** What could be read of a damaged file, and that this is not all. */
function cutOff(evidence: Evidence, problem: string, gzipProblem: string | undefined): Evidence {
  if (!evidence.isKnown) return unreadable("a file that cannot be read", problem, gzipProblem);
  const rest = unreadable("the rest of the file", problem, gzipProblem);
  return {
    ...evidence,
    isIncomplete: true,
    explain: (context) => [...evidence.explain(context), ...rest.explain(context)],
  };
}

function unreadable(subject: string, problem: string, more: string | undefined): Evidence {
  const explanation: Explanation = {
    subject,
    happened: `It cannot be read: ${problem}.`,
    numbers: more === undefined ? [] : [more],
    cure: "Explain the whole file, decompressed and unpacked, as UTF-8.",
  };
  return { isKnown: false, explain: () => [explanation] };
}

/**
 * The evidence with what is said about it as a delivered object: for every object of S3 but error
 * objects, for a file that is nothing else, and of any file at least a name that does not fit.
 */
function withObjectTraits(evidence: Evidence, traits: ObjectTraits): Evidence {
  const isObject = !evidence.isErrorObject && !evidence.isOfOtherService &&
    (traits.name.startsWith("s3://") || (!evidence.isKnown && looksDelivered(traits)));
  const own = isObject ? explainObject(traits) : nameExplanations(traits);
  if (isObject && !evidence.isKnown) return { ...evidence, isKnown: true, explain: () => own };
  return { ...evidence, explain: (context) => [...evidence.explain(context), ...own] };
}

/** One plain JSON document may be anything; several are records. */
function looksDelivered({ compression, layout }: ObjectTraits): boolean {
  const { values, otherLines } = layout;
  return values > 0 && otherLines === 0 && (values > 1 || compression !== "UNCOMPRESSED");
}

async function readPlain(chunks: AsyncIterable<Uint8Array>): Promise<Evidence> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let bytes = 0;
  while (bytes <= DOCUMENT_BYTES_MAX && (bytes < BEGINNING_BYTES || mayBeOneDocument(head))) {
    const { done, value } = await iterator.next();
    if (done) {
      const whole = Buffer.concat(head);
      return readDocument(whole) ?? await readPieces(ReadableStream.from([whole]), whole);
    }
    head.push(value);
    bytes += value.length;
  }
  return await readPieces(joined(head, iterator), undefined);
}

/** A log as a document is read item by item, however large it is. */
const LOG_LIST = new RegExp(`"(?:${LOG_LISTS.join("|")})"\\s*:\\s*\\[`);

/** Whether what has come may be the beginning of one document, and is not one line of many. */
function mayBeOneDocument(head: readonly Uint8Array[]): boolean {
  const beginning = Buffer.concat(head.slice(0, 2)).subarray(0, BEGINNING_BYTES).toString();
  if (!/^\ufeff?\s*[{["]/.test(beginning) || LOG_LIST.test(beginning)) return false;
  const lineEnd = beginning.indexOf("\n");
  return lineEnd < 0 || parseJson(beginning.slice(0, lineEnd)) === undefined;
}

async function* joined(head: Uint8Array[], rest: AsyncIterator<Uint8Array>) {
  // What has been read is let go of.
  for (let chunk = head.shift(); chunk; chunk = head.shift()) yield chunk;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

const known = (explanations: readonly Explanation[]): Evidence => ({
  isKnown: true,
  explain: () => explanations,
});

/** A file that is one document of a kind that is not streamed. */
function readDocument(payload: Uint8Array): Evidence | undefined {
  const text = new TextDecoder().decode(payload);
  const parsed = parseJson(text);
  if (!parsed) return isBrokenResponse(text) ? response({ payload, value: undefined }) : undefined;
  const { value } = parsed;
  if (isEvent(value) && !isResponse(value)) {
    return {
      isKnown: true,
      event: value,
      explain: (context) => [withRuntime(explainEvent(value, context.runtime), context)],
    };
  }
  const document = objectIn(value);
  const answer = explainInvokeAnswer(document);
  if (answer) return invokeAnswer(answer, document);
  const explanation = explainFunctionError(document) ?? explainPutAnswer(document) ??
    explainOtherEvent(document);
  if (explanation) return known([explanation]);
  return isResponse(value) ? response({ payload, value }) : undefined;
}

function response(file: ResponseFile): Evidence {
  return {
    isKnown: true,
    explain: (
      context,
    ) => [withRuntime(explainResponse(file, context.event, context.runtime), context)],
  };
}

function invokeAnswer(answer: Explanation, document: Readonly<Record<string, unknown>>): Evidence {
  const log = new LogReader();
  if ("LogResult" in document) log.addValue(document);
  return { isKnown: true, ...runtimeOfLog(log), explain: () => [answer, ...explainLog(log)] };
}

const runtimeOfLog = ({ runtimeName, language }: LogReader) => ({ runtimeName, language });

function withRuntime(explanation: Explanation, { runtime, runtimeReason }: Context): Explanation {
  const note = `sizes are those of ${runtime.title}, ${runtimeReason}`;
  return { ...explanation, numbers: [...explanation.numbers, note] };
}

/** A file of many pieces: an error object, a log, or documents one after the other. */
async function readPieces(
  chunks: AsyncIterable<Uint8Array>,
  whole: Uint8Array | undefined,
): Promise<Evidence> {
  const reader = new PieceSorter();
  const options = { lists: ["", ...LOG_LISTS], unwrap: unwrapJson };
  for await (const pieces of pieceBatches(chunks, options)) {
    for (const piece of pieces) reader.add(piece);
  }
  return reader.evidence(whole);
}

/** A JSON line of a log may have a time and a log stream before it. */
function unwrapJson(line: string): string {
  if (!line.includes("{")) return line;
  const { text } = unwrapLine(line);
  return text.startsWith("{") ? text : line;
}

/** Sorts pieces by what they are. */
class PieceSorter {
  readonly #errors = new ErrorObjectSums();
  readonly #log = new LogReader();
  readonly #documents: Evidence[] = [];
  readonly #problems: string[] = [];
  #unreadable = 0;
  /** Lines of text that are no cut error line. */
  #otherLines = 0;
  readonly #firstOtherLines: number[] = [];
  #bytes = 0;
  #firstLine = "";
  #pieces = 0;
  #firstValue: unknown;

  add(piece: Piece): void {
    if (this.#pieces++ === 0) {
      if (piece.kind === "text") this.#firstLine = piece.text.slice(0, 1_000);
      else this.#firstValue = piece.value;
    }
    if (piece.kind === "text") return this.#addText(piece.text, piece.line);
    this.#addValue(piece.value, piece.line);
  }

  #addText(text: string, line: number): void {
    this.#bytes += text.length + 1;
    if (!this.#errors.isEmpty && text.includes('"rawData"')) {
      this.#addProblem(line, "it is not JSON");
      return;
    }
    this.#log.addLine(text);
    this.#otherLines++;
    if (this.#firstOtherLines.length < PROBLEMS_SHOWN) this.#firstOtherLines.push(line);
  }

  #addOtherLines(): void {
    for (const line of this.#firstOtherLines) this.#addProblem(line, "it is not JSON");
    this.#unreadable += this.#otherLines - this.#firstOtherLines.length;
  }

  #addValue(value: unknown, line: number): void {
    if (Array.isArray(value) && value.some((item) => isErrorLine(objectIn(item)))) {
      for (const item of value) this.#addValue(item, line);
      return;
    }
    if (typeof value === "object" && value !== null && isErrorLine(value)) {
      return this.#addErrorLine(value, line);
    }
    const isDocument = this.#documents.length < DOCUMENTS_EXPLAINED && mayBeDocument(value);
    const document = isDocument ? readDocument(Buffer.from(JSON.stringify(value))) : undefined;
    if (document) this.#documents.push(document);
    else this.#log.addValue(value);
  }

  #addErrorLine(value: object, line: number): void {
    try {
      this.#errors.add(failedRecord(value));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#addProblem(line, error.message);
    }
  }

  #addProblem(line: number, problem: string): void {
    this.#unreadable++;
    if (this.#problems.length < PROBLEMS_SHOWN) this.#problems.push(`line ${line}: ${problem}`);
  }

  evidence(whole: Uint8Array | undefined): Evidence {
    const log = explainLog(this.#log);
    // An error object holds no other lines, and a log may hold error lines.
    if (!this.#errors.isEmpty && log.length === 0) this.#addOtherLines();
    const isKnown = !this.#errors.isEmpty || this.#documents.length > 0 || log.length > 0;
    if (!isKnown && this.#unreadable === 0) return this.#unknown(whole);
    return {
      isKnown: true,
      isIncomplete: this.#unreadable > 0,
      event: this.#documents.find(({ event }) => event)?.event,
      ...runtimeOfLog(this.#log),
      isErrorObject: !this.#errors.isEmpty || this.#unreadable > 0,
      explain: (context) => [
        ...this.#errors.explain(context.runtime),
        ...this.#documents.flatMap((document) => document.explain(context)),
        ...(this.#unreadable > 0 ? [this.#explainUnreadable()] : []),
        ...log,
      ],
    };
  }

  #explainUnreadable(): Explanation {
    return {
      subject: `${count(this.#unreadable, "line")} of the error object that cannot be read`,
      happened: "They are not counted above, and redrive cannot send them.",
      numbers: this.#problems,
      cure: "Download the object again, and look at these lines.",
    };
  }

  #unknown(whole: Uint8Array | undefined): Evidence {
    const value = this.#pieces === 1 ? this.#firstValue : undefined;
    const firstLine = this.#firstLine ||
      (this.#firstValue === undefined ? "" : JSON.stringify(this.#firstValue));
    const explanation = explainUnknown({
      bytes: whole?.length ?? this.#bytes,
      lines: this.#pieces,
      firstLine,
      value,
    });
    const isOfOtherService = isCloudTrail(value);
    return { isKnown: false, isOfOtherService, explain: () => [explanation] };
  }
}

/** Also one that has lost its rawData. */
const isErrorLine = (value: object) =>
  "rawData" in value || ("attemptsMade" in value && "arrivalTimestamp" in value);

/** Members that only a separate document has, never a line of a log. */
function mayBeDocument(value: unknown): boolean {
  const document = objectIn(value);
  return Array.isArray(document.records) || "FailedPutCount" in document ||
    "RequestResponses" in document ||
    ("StatusCode" in document && "ExecutedVersion" in document);
}
