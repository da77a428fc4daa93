/**
 * What an object of these answers is like for its readers: a stream writes the data of its records one
 * after the other, with nothing in between.
 * @module
 */

import { resultsFor } from "../../readers/results.ts";
import { utf8Text } from "./utf8_text.ts";

/** A form of answers that readers get wrong once many are in one object. */
export type ContentKind = "Parquet" | "ORC" | "Avro" | "JSON" | "text";

/** Of the answers that were looked at, those of one form. */
export interface ObjectContent {
  readonly kind: ContentKind;
  readonly answers: number;
  readonly lookedAt: number;
}

/**
 * The form of most of the answers, if it is one that readers get wrong. Undefined for lines of text, and
 * for bytes that nothing is known about here.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [bare, line] = ['{"a":1}', '{"a":1}\n'].map((text) => new TextEncoder().encode(text));
 * assertEquals(objectContent([bare, bare]), { kind: "JSON", answers: 2, lookedAt: 2 });
 * assertEquals(objectContent([line, line]), undefined);
 * ```
 */
export function objectContent(answers: readonly Uint8Array[]): ObjectContent | undefined {
  const looked = answers.filter(({ length }) => length > 0);
  const counts = Map.groupBy(looked, kindOf);
  counts.delete(undefined);
  const [most] = [...counts].sort(([, a], [, b]) => b.length - a.length);
  const kind = most?.[0];
  return kind && { kind, answers: most[1].length, lookedAt: looked.length };
}

/** Whether the answers are files: only the end or the head of a file says how to read it. */
export const isFile = (content: ObjectContent | undefined): boolean =>
  content?.kind === "Parquet" || content?.kind === "ORC" || content?.kind === "Avro";

/**
 * The first bytes of a file: https://parquet.apache.org/docs/file-format/,
 * https://orc.apache.org/specification/ORCv1/ and https://avro.apache.org/docs/1.12.0/specification/.
 */
const MAGIC = [["Parquet", "PAR1"], ["ORC", "ORC"], ["Avro", "Obj\x01"]] as const;

function kindOf(data: Uint8Array): ContentKind | undefined {
  const begins = (magic: string) => [...magic].every((letter, at) => data[at] === codeOf(letter));
  const file = MAGIC.find(([, magic]) => begins(magic));
  if (file) return file[0];
  const last = data[data.length - 1];
  if (last === codeOf("\n") || !isText(data)) return undefined;
  const isJson = (begins("{") && last === codeOf("}")) || (begins("[") && last === codeOf("]"));
  return isJson ? "JSON" : "text";
}

const codeOf = (letter: string) => letter.charCodeAt(0);

/** Control characters that no line of text has: tabs and ends of lines are fine. */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\0-\x08\x0e-\x1f]/;

function isText(data: Uint8Array): boolean {
  const text = utf8Text(data);
  return text !== undefined && !CONTROLS.test(text);
}

/**
 * Lines about an object of such answers; empty if nothing is wrong with it. `separatesRecords` says that
 * the stream writes a delimiter, or reads the records itself to convert them.
 */
export function contentLines(
  content: ObjectContent | undefined,
  { separatesRecords = false }: { readonly separatesRecords?: boolean } = {},
): string[] {
  if (!content) return [];
  const { kind, answers, lookedAt } = content;
  const looked = answers === lookedAt ? "" : ` (${answers} of ${lookedAt} that were looked at)`;
  if (isFile(content)) {
    return [
      `Unreadable objects: the answers are ${kind} files${looked}. Firehose writes the records of an object ` +
      `one after the other, and several ${kind} files in a row are not one ${kind} file. ${
        FILE_READERS[kind] ?? ""
      }`.trimEnd(),
      "  Answer with lines of JSON. Let the stream convert them (record format conversion writes Parquet or " +
      "ORC), or convert the objects later.",
    ];
  }
  if (separatesRecords) return [];
  return [
    `Run together: the answers are ${kind} without a line feed at the end${looked}, so all records of an ` +
    `object stand on one line.${kind === "JSON" ? ` ${readersText()}` : ""}`,
    "  End the data of each answer with a line feed, or give the stream the processor " +
    "AppendDelimiterToRecord.",
  ];
}

/** Tried with three files in one on 2026-12-01; for Parquet, findings/parquet-files-in-one.sh repeats it. */
const FILE_READERS: Readonly<Partial<Record<ContentKind, string>>> = {
  Parquet: "pyarrow 26, DuckDB 1.4 and Polars 1.35 lost rows without an error.",
  ORC: "pyarrow 26 lost rows without an error.",
  Avro: "fastavro 1.13 read the first file and refused the rest.",
};

function readersText(): string {
  const results = resultsFor("runTogether");
  const having = (outcome: string) => results.filter((it) => it.outcome === outcome).length;
  return `Of ${results.length} readers tried, ${having("right")} read such objects, ${
    having("wrong")
  } lost rows without an error, and ${having("error")} refused them (docs/readers.md).`;
}
