/**
 * The results as `docs/readers.md`.
 * @module
 */

import { streamSettingFor, switchOf } from "../../readers/cures.ts";
import {
  type Case,
  CASES,
  type FolderCase,
  FOLDERS,
  type ReaderResult,
  type ReaderResults,
} from "../../readers/results.ts";

const INTRODUCTION = `# Who reads what Firehose writes

A reader is a program that reads the objects. This page says which readers get every record of an
object, which lose some without an error, and which refuse it. The sandbox delivered the objects, with
RECORDS records each. \`deno task readers\` installs the readers, runs them, counts the records and
writes this page. Do not edit it by hand.

- **all**: every record exactly once.
- **bold**: rows or values are missing, doubled or changed, and the reader gave no error.
- **error**: the reader refused the object.
- empty: not tried.

Not tried: Athena, Trino, Vector, Logstash, fluent-bit, DuckDB's httpfs, awswrangler.
`;

/** A table of readers and objects. */
interface Section {
  readonly title: string;
  readonly text: string;
  readonly cases: readonly Case[];
}

const SECTIONS: readonly Section[] = [
  {
    title: "Gzip",
    text:
      "A gzip member is one compressed piece. Several members, one after the other, are one gzip file " +
      "(RFC 1952, section 2.2). A stream with CompressionFormat GZIP writes one member. A function that answers with gzip bytes makes " +
      "several in one object: one for each record (`keep-compressed`) or for each batch " +
      "(`merge-compressed`). Some readers stop at a different place each time, for example over a " +
      "network: the table has the worst of several tries.",
    cases: ["oneMember", "functionLines", "mergedMembers", "keptMembers", "headerFields"],
  },
  {
    title: "JSON and its delimiters",
    text:
      "Firehose writes records one after the other; the processor AppendDelimiterToRecord puts a " +
      "line feed between the records of an object, and none after the last.",
    cases: ["lines", "runTogether", "glued", "emptyLines"],
  },
  {
    title: "Records that differ",
    text:
      "Records of several kinds share an object, and some readers look at the first rows or the " +
      "first objects only to learn the members and their types. Here the readers read all " +
      "objects of a folder at once, with 1,000 rows in each object.",
    cases: ["lateDecimal", "lateMember", "lateLarge", "lateText", "numberTexts"],
  },
  {
    title: "Other compressions",
    text:
      "Firehose's Snappy has the format of snappy-java, and HADOOP_SNAPPY has the format of Hadoop.",
    cases: ["hadoopSnappy", "snappy", "zip"],
  },
  {
    title: "HTTP clients and Content-Encoding",
    text:
      "A stream with CompressionFormat GZIP sets `Content-Encoding: gzip` on its objects. HTTP " +
      "clients then decompress an object by themselves. If you decompress it again, you get an error. " +
      "The Python client minio 7.2.20 does it too: `fget_object` saves plain lines in a file that is " +
      "named `.gz`.",
    cases: ["httpOneMember", "httpMembers"],
  },
];

/** The whole page, of objects with `recordCount` records each. */
export function readersPage({ measured, results }: ReaderResults, recordCount: number): string {
  return [
    INTRODUCTION.replace("RECORDS", recordCount.toLocaleString("en")),
    ...SECTIONS.map((section) => sectionText(section, results)),
    foldersText(results),
    measuredText(measured),
  ].join("\n");
}

function sectionText({ title, text, cases }: Section, results: readonly ReaderResult[]): string {
  const found = results.filter((result) => cases.some((name) => name === result.case));
  const rows = [...Map.groupBy(found, ({ reader }) => reader).values()].map((some) => [
    nameOf(some[0]),
    ...cases.map((name) => cellOf(some.find((result) => result.case === name))),
    switchText(some, cases),
  ]);
  const settings = cases.flatMap((name, index) => {
    const setting = streamSettingFor(name);
    return setting ? [`- instead of ${index + 1}: ${setting}.`] : [];
  });
  return [
    `## ${title}`,
    text,
    cases.map((name, index) => `${index + 1}. ${CASES[name]}`).join("\n"),
    tableText(["reader", ...cases.map((_, index) => `${index + 1}`), "a setting that helps"], rows),
    ...(settings.length > 0 ? ["What helps every reader:", settings.join("\n")] : []),
  ].join("\n\n") + "\n";
}

/** The switch for the first object that the reader gets wrong. */
function switchText(results: readonly ReaderResult[], cases: readonly Case[]): string {
  const name = cases.find((name) =>
    results.some((result) => result.case === name && result.outcome !== "right")
  );
  return name ? switchOf(results[0].reader, name) ?? "" : "";
}

function foldersText(results: readonly ReaderResult[]): string {
  const names = Object.keys(FOLDERS).filter((name): name is FolderCase => name in FOLDERS);
  const found = results.filter(({ case: name }) => name in FOLDERS);
  const readers = [...Map.groupBy(found, ({ reader }) => reader).values()];
  const rows = names.map((name) => [
    FOLDERS[name],
    ...readers.map((some) => cellOf(some.find((result) => result.case === name))),
  ]);
  return [
    "## Partition folders",
    "This project's transform escapes its partition key values (`lambda/key_value.ts`): `_audit` " +
    "becomes `!5Faudit`, `a=b` becomes `a!3Db`. `ESCAPE_KEY_VALUE_JQ` in `lib/data` does the same in jq.",
    "The table shows the value of the folder's column, and how many rows were read. Each folder has " +
    "one row. A text has quotes; a number has lost its leading zeros. A missing row was skipped " +
    "without an error.",
    tableText(["folders", ...readers.map(([first]) => nameOf(first))], rows),
  ].join("\n\n") + "\n";
}

/** The day of each part. An older one is marked: the machine of a later run could not run it. */
function measuredText(measured: ReaderResults["measured"]): string {
  const newest = Object.values(measured).sort().at(-1) ?? "";
  const lines = Object.entries(measured).map(([part, date]) =>
    `- ${part}: ${date}${date < newest ? " (kept from then; not part of the last run)" : ""}`
  );
  return ["## Measured", lines.join("\n")].join("\n\n") + "\n";
}

const nameOf = ({ reader, version }: ReaderResult) => `${reader} ${version}`;

function cellOf(result: ReaderResult | undefined): string {
  switch (result?.outcome) {
    case undefined:
      return "";
    case "right":
    case "seen":
      return result.got;
    case "wrong":
      return `**${result.got}**`;
    case "error":
      return "error";
  }
}

function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
