/**
 * The cure when no buffer is safe, or only a small one: which strategy helps, what it costs, and the
 * lines that do it in the function's own language.
 * @module
 */

import { basename } from "node:path";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { Rehearsed } from "./measure.ts";
import { isFile, objectContent } from "./object_content.ts";
import type { RecordBytes } from "./record_bytes.ts";
import { type SafeBuffer, safeBuffer } from "./safe_buffer.ts";

/** How a function keeps its response small enough. */
export type Strategy = "compress" | "put-back";

/** A language that the lines are there for. Other runtimes get the words alone. */
type Language = "python" | "node" | "go";

/** What helps. */
export interface Cure {
  readonly strategy: Strategy;
  /** Why this one, in sentences. */
  readonly reasons: readonly string[];
  /** The largest safe buffer with it; undefined if it is not known. */
  readonly megabytes: number | undefined;
  /** Where the lines are in this project; undefined if there are none for the runtime. */
  readonly file: string | undefined;
  /** To copy into the function; undefined without a file. */
  readonly code: string | undefined;
}

/** Records whose answers are compressed to see how much it helps. */
const COMPRESSED_SAMPLE = 100;

/**
 * The cure for a rehearsal's function, with `handler` as the name of its exported function. Undefined if
 * the buffer is safe as it is, or the function fails for another reason.
 */
export async function cureOf(
  rehearsed: Rehearsed,
  handler: string,
): Promise<Cure | undefined> {
  const { safe, runtime, answerBytes, samples } = rehearsed;
  if (!answerBytes || !safe || !isCurable(safe, rehearsed.bufferMB)) return undefined;
  // A Parquet, ORC or Avro file within gzip is one that no reader takes.
  const canCompress = !isFile(objectContent(samples));
  const compressed = canCompress ? withCompression(rehearsed, answerBytes) : undefined;
  const strategy = compressed?.kind === "safe" ? "compress" : "put-back";
  const language = languageOf(runtime);
  const file = language && FILES[strategy][language];
  return {
    strategy,
    reasons: strategy === "compress" ? compressReasons(compressed) : putBackReasons(safe),
    megabytes: compressed?.kind === "safe" ? compressed.megabytes : undefined,
    file: file && `lib/aws/rehearse/cures/${basename(file.pathname)}`,
    code: file && (await linesOf(file, handler)),
  };
}

/** A smaller buffer that is safe cures it for these records only: others may compress even better. */
const isCurable = (safe: SafeBuffer, bufferMB: number) =>
  safe.kind === "none" || safe.kind === "tooLarge" ||
  (safe.kind === "safe" && safe.limitedBy === "response" && safe.megabytes < bufferMB);

/** Each is named whole: the packages hold the files that a module names. */
const FILES: Readonly<Record<Strategy, Readonly<Partial<Record<Language, URL>>>>> = {
  compress: {
    python: new URL("./cures/compress.py", import.meta.url),
    node: new URL("./cures/compress.mjs", import.meta.url),
    go: new URL("./cures/compress.go.txt", import.meta.url),
  },
  "put-back": {
    python: new URL("./cures/put_back.py", import.meta.url),
    node: new URL("./cures/put_back.mjs", import.meta.url),
    go: new URL("./cures/put_back.go.txt", import.meta.url),
  },
};

/** `provided` runs anything; the lines for Go are of use to readers of other languages too. */
function languageOf(runtime: string): Language | undefined {
  if (runtime.startsWith("python")) return "python";
  if (runtime.startsWith("nodejs")) return "node";
  return runtime.startsWith("provided") ? "go" : undefined;
}

async function linesOf(file: URL, handler: string): Promise<string> {
  const text = await Deno.readTextFile(file);
  return text.replaceAll("HANDLER", handler).trimEnd();
}

function compressReasons(compressed: SafeBuffer | undefined): string[] {
  const safe = compressed?.kind === "safe" ? compressed.megabytes : undefined;
  return [
    "Answer with compressed data. Objects then have several gzip members, one after the other. " +
    `With these records BufferSizeInMBs ${safe} is then safe.`,
    "Turn the stream's own compression off, set its FileExtension to .gz, and do not use " +
    "AppendDelimiterToRecord: it would write plain bytes between the members.",
    "docs/readers.md says which readers read such objects. If yours does not, put back what does not fit: " +
    "lib/aws/rehearse/cures/ has put_back too.",
  ];
}

function putBackReasons(safe: SafeBuffer): string[] {
  return [
    "Answer with the records that fit, and put the others back into the stream. Answer Dropped only for " +
    "records that the stream has accepted. " +
    "The function's role needs firehose:PutRecordBatch on the stream.",
    ...safe.kind === "tooLarge"
      ? [
        "Answer ProcessingFailed for a record that is too large alone: it goes to the error output. If you " +
        "put it back, it goes round without end.",
      ]
      : [],
  ];
}

/** The safe buffer if each answer were compressed; undefined if that can't be estimated. */
function withCompression(
  { recordSizes, alone, samples }: Rehearsed,
  answerBytes: RecordBytes,
): SafeBuffer | undefined {
  const ratio = compressionOf(samples);
  if (ratio === undefined) return undefined;
  const compressed = Float64Array.from(answerBytes, (bytes, index) => {
    const isOk = alone.fateAt(index) === "ok";
    const data = isOk ? base64Bytes(alone.dataBytesAt(index)) : undefined;
    return compressedAnswer(bytes, data, ratio, recordSizes[index]);
  });
  return safeBuffer({ recordBytes: recordSizes, answerBytes: compressed });
}

/** An answer of unknown size is taken for one that is as small as the record itself was. */
function compressedAnswer(
  answerBytes: number,
  dataBytes: number | undefined,
  ratio: number,
  recordBytes: number,
): number {
  if (dataBytes === undefined) {
    return answerBytes === Infinity ? base64Bytes(recordBytes) + ANSWER_FRAME_BYTES : answerBytes;
  }
  return answerBytes - dataBytes + Math.ceil(dataBytes * ratio) + GZIP_FRAME_BYTES;
}

/** Of an answer without its data, with some partition keys. */
const ANSWER_FRAME_BYTES = 300;
/** What gzip adds at least: header and checksum, as base64. */
const GZIP_FRAME_BYTES = 28;

const base64Bytes = (bytes: number) => Math.ceil(bytes / 3) * 4;

/** How much smaller gzip makes the answers, each for itself; undefined if no answer is known. */
function compressionOf(samples: readonly Uint8Array[]): number | undefined {
  if (samples.length === 0) return 1;
  const step = Math.max(1, Math.floor(samples.length / COMPRESSED_SAMPLE));
  let [before, after] = [0, 0];
  for (let index = 0; index < samples.length; index += step) {
    before += samples[index].length;
    after += gzipSync(Buffer.from(samples[index])).length;
  }
  return before === 0 ? undefined : after / before;
}

/** The cure as lines; empty without one. */
export function cureLines(cure: Cure | undefined): string[] {
  if (!cure) return [];
  return [
    "",
    "What helps:",
    ...cure.reasons.map((reason) => `  ${reason}`),
    ...cure.code === undefined
      ? ["  There are no lines for this runtime. See notebooks/4_size_limit.ipynb, step 6."]
      : [
        `  Lines to put at the end of the function's file (${cure.file}; tests run them):`,
        "",
        ...cure.code.split("\n").map((line) => line === "" ? "" : `    ${line}`),
      ],
  ];
}
