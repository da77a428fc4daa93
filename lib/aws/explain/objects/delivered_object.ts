/**
 * Delivered objects: what an object is made of, and for each trait which readers get it wrong, how,
 * and what to do. What readers do was measured by `deno task readers`.
 * @module
 */

import { streamSettingFor, switchOf } from "../../../readers/cures.ts";
import {
  type Case,
  type FolderCase,
  FOLDERS,
  type ReaderResult,
  resultsFor,
} from "../../../readers/results.ts";
import type { Compression } from "../../../sandbox/decoding/compression.ts";
import { count, COURSE, type Explanation } from "../../../sandbox/knowledge/explanation.ts";
import type { GzipTraits } from "./gzip_members.ts";
import type { JsonLayout } from "./json_layout.ts";
import { keyOf, namedCompression, type PathTrait, pathTraits } from "./object_path.ts";

/** What was read of an object. */
export interface ObjectTraits {
  /** `s3://BUCKET/KEY`, or a path. */
  readonly name: string;
  /** As stored. */
  readonly bytes: number;
  readonly compression: Compression;
  /** Undefined if the object is not gzip. */
  readonly gzip: GzipTraits | undefined;
  readonly layout: JsonLayout;
  /** As stored in S3; undefined for a file. */
  readonly contentEncoding?: string;
}

/** What the object is, then an explanation for each trait that some reader gets wrong. */
export function explainObject(traits: ObjectTraits): Explanation[] {
  const found = [
    ...gzipExplanations(traits),
    ...compressionExplanations(traits),
    ...layoutExplanations(traits),
    ...nameExplanations(traits),
    ...pathExplanations(traits),
  ];
  return [summaryOf(traits, found.length), ...found];
}

const number = (value: number) => value.toLocaleString("en");

function summaryOf(traits: ObjectTraits, traitCount: number): Explanation {
  const { bytes, compression, gzip, layout } = traits;
  return {
    subject: `a delivered object with ${count(layout.values, "record")}`,
    happened: traitCount === 0
      ? "It has nothing that a reader in docs/readers.md reads wrongly."
      : `Some readers read it wrongly, for ${count(traitCount, "reason")}: see below.`,
    numbers: [
      `${compressionText(traits)}, ${number(bytes)} bytes` +
      (compression === "UNCOMPRESSED" ? "" : `; ${number(layout.bytes)} bytes of content`),
      ...(gzip && gzip.members > 1
        ? [`members of ${number(gzip.smallestBytes)} to ${number(gzip.largestBytes)} bytes`]
        : []),
      layoutText(layout),
    ],
  };
}

function compressionText({ compression, gzip }: ObjectTraits): string {
  if (compression === "UNCOMPRESSED") return "not compressed";
  return gzip ? `gzip of ${count(gzip.members, "member")}` : compression;
}

function layoutText({ values, runTogether, otherLines, endsWithLineFeed }: JsonLayout): string {
  const others = otherLines > 0 ? [`${count(otherLines, "line")} of other text`] : [];
  const form = runTogether > 0
    ? `JSON run together: ${number(runTogether)} of ${
      count(values, "value")
    } follow another on its line`
    : values > 0
    ? "JSON, each value on its own line"
    : "no JSON";
  return [form, ...others, `${endsWithLineFeed ? "a" : "no"} line feed at the end`].join("; ");
}

function gzipExplanations({ gzip, layout, contentEncoding }: ObjectTraits): Explanation[] {
  if (!gzip) return [];
  const explanations: Explanation[] = [];
  if (gzip.members > 1) {
    // One for each record, or for each batch of them.
    const isKept = gzip.members >= layout.values;
    explanations.push(readersExplanation(isKept ? "keptMembers" : "mergedMembers", {
      subject: `${count(gzip.members, "gzip member")} in one object`,
      happened:
        "Several gzip members, one after the other, are one gzip file (RFC 1952, section 2.2). But " +
        "some readers stop after the first.",
      course: COURSE.keepCompressed,
    }));
  }
  if (contentEncoding === "gzip") explanations.push(contentEncodingExplanation(gzip.members));
  if (gzip.comments + gzip.headerChecksums + gzip.textFlags > 0) {
    explanations.push(headerFieldsExplanation(gzip));
  }
  if (gzip.problem !== undefined) {
    explanations.push({
      subject: "damaged gzip",
      happened: `The object is not one gzip file: ${gzip.problem}.`,
      numbers: [],
      cure:
        "Download it again. If it is still damaged, look at what the producer or the function wrote.",
    });
  }
  return explanations;
}

function contentEncodingExplanation(members: number): Explanation {
  if (members > 1) {
    return readersExplanation("httpMembers", {
      subject: "Content-Encoding: gzip, and several members",
      happened: "HTTP clients decompress an object with this header by themselves.",
    });
  }
  return {
    subject: "Content-Encoding: gzip",
    happened:
      "HTTP clients decompress an object with this header by themselves. If you decompress it " +
      "again, that fails. AWS's SDKs give you the bytes as stored.",
    numbers: [],
    cure: "Decompress only if the bytes begin with 1f 8b.",
  };
}

function headerFieldsExplanation(gzip: GzipTraits): Explanation {
  const fields = [
    [gzip.comments, "with a comment"],
    [gzip.headerChecksums, "with a header checksum"],
    [gzip.textFlags, "with the text flag"],
  ] as const;
  const found = fields.filter(([times]) => times > 0)
    .map(([times, what]) => `${count(times, "member")} ${what}`);
  return readersExplanation("headerFields", {
    subject: "header fields of gzip members",
    happened: `A producer wrote optional fields into gzip headers: ${found.join(", ")}.`,
  });
}

function compressionExplanations({ compression }: ObjectTraits): Explanation[] {
  switch (compression) {
    case "Snappy":
      return [readersExplanation("snappy", {
        subject: "Snappy, as snappy-java frames it",
        happened: "This is not Snappy's own framing format.",
      })];
    case "HADOOP_SNAPPY":
      return [readersExplanation("hadoopSnappy", {
        subject: "Snappy, as Hadoop frames it",
        happened:
          "This is not Snappy's own framing format. Spark reads it if the name ends in .snappy.",
      })];
    case "ZIP":
      return [readersExplanation("zip", {
        subject: "ZIP",
        happened: "ZIP libraries read it. Few data-frame readers do.",
      })];
    default:
      return [];
  }
}

function layoutExplanations({ layout }: ObjectTraits): Explanation[] {
  if (layout.values === 0) return [];
  if (layout.runTogether > 0) {
    return [readersExplanation("runTogether", {
      subject: "JSON run together",
      happened: "There is no line feed between records. Firehose writes them one after the other.",
      course: COURSE.delimiters,
    })];
  }
  const explanations: Explanation[] = [];
  if (layout.emptyLines > 0) {
    explanations.push(readersExplanation("emptyLines", {
      subject: count(layout.emptyLines, "empty line"),
      happened: "If the records end with a line feed, AppendDelimiterToRecord adds another one.",
      course: COURSE.delimiters,
    }));
  }
  if (!layout.endsWithLineFeed && layout.otherLines === 0) {
    explanations.push(readersExplanation("glued", {
      subject: "no line feed at the end",
      happened: `${lastLineText()} If the object is joined with the next object (cat, ` +
        "concatenated downloads), its last record and the next object's first record are on one line.",
      rule: "AppendDelimiterToRecord puts the delimiter between records, and none after the last.",
      course: COURSE.delimiters,
    }));
  }
  return explanations;
}

/** Which readers need a line feed after the last record, too. */
function lastLineText(): string {
  const wrong = resultsFor("lines").filter(({ outcome }) => outcome === "wrong")
    .map((result) => `${nameOf(result)} (${result.got}${switchText(result, "lines")})`);
  if (wrong.length === 0) return "The object alone is fine.";
  return `Of the object alone, only ${wrong.join(" and ")} loses the last record.`;
}

/** Whether the name, or S3, says another compression than the content has. */
export function nameExplanations(
  { name, compression, contentEncoding }: ObjectTraits,
): Explanation[] {
  const named = namedCompression(name);
  const actual = compression === "HADOOP_SNAPPY" ? "Snappy" : compression;
  const fits = named === undefined || named === actual;
  if (fits && !(contentEncoding === "gzip" && compression !== "GZIP")) return [];
  const happened = fits
    ? `S3 says Content-Encoding: gzip, but the content is ${contentText(compression)}.`
    : `The name says ${named}, but the content is ${contentText(compression)}.`;
  return [{
    subject: "a name that does not fit the content",
    happened: `${happened} Readers trust the name, and fail.`,
    rule: "A stream's FileExtension also names its error objects, which are plain lines of JSON.",
    numbers: [],
    cure:
      "Tell the reader the real compression. For error objects: use no FileExtension that names a " +
      "compression, or read everything under the error output prefix as plain text.",
    course: COURSE.keepCompressed,
  }];
}

const contentText = (compression: Compression) =>
  compression === "UNCOMPRESSED" ? "plain" : compression;

/** What readers make of such a folder, and what helps. */
export const PATHS: Readonly<Record<PathTrait["kind"], { happened: string; cure: string }>> = {
  zeros: {
    happened: "Some readers read the value as a number: its zeros are lost, and 01 equals 1.",
    cure: "Compare numbers, or tell the reader the column's type (hive_types, schema).",
  },
  dates: {
    happened: "Some readers read the value as a date, others as text.",
    cure: "Tell the reader the column's type.",
  },
  equals: {
    happened: "The value has an equals sign: some readers find no column, or refuse the folder.",
    cure: "Escape values as lambda/key_value.ts does: = becomes !3D.",
  },
  sameName: {
    happened:
      "The records have a member with the same name. Most readers use the folder's value, and some " +
      "fail.",
    cure: "Give the folder a name that no member has.",
  },
  underscore: {
    happened: "Spark and pyarrow skip names that begin with _ or . without an error.",
    cure:
      "Escape values as lambda/key_value.ts does (_audit becomes !5Faudit), or pass the folder " +
      "itself to the reader (pyarrow: ignore_prefixes=[]).",
  },
  noNames: {
    happened: "Folders without name= give no columns, so a reader cannot skip partitions.",
    cure:
      "Write folders with names: year=!{partitionKeyFromLambda:year}/. Spark reads the present " +
      "ones with recursiveFileLookup=true.",
  },
};

function pathExplanations({ name, layout }: ObjectTraits): Explanation[] {
  return pathTraits(keyOf(name), layout.members).map(({ kind, folders }) => ({
    subject: `partition path: ${folders.join("/")}`,
    ...PATHS[kind],
    numbers: seenBy(FOLDER_CASES[kind]),
  }));
}

const FOLDER_CASES: Readonly<Record<PathTrait["kind"], FolderCase>> = {
  zeros: "customers",
  dates: "dates",
  equals: "equals",
  sameName: "sameName",
  underscore: "underscore",
  noNames: "noNames",
};

/** What each reader made of such folders, those of one mind together. */
function seenBy(name: FolderCase): string[] {
  const views = Map.groupBy(
    resultsFor(name),
    ({ outcome, got }) => outcome === "error" ? "error" : got,
  );
  return [
    `readers tried with ${FOLDERS[name].replaceAll("`", "")}, one row in each folder:`,
    ...[...views].map(([view, some]) => `${some.map(nameOf).join(", ")}: ${view}`),
  ];
}

const nameOf = ({ reader, version }: ReaderResult) => `${reader} ${version}`;

/** An explanation with the readers that get such objects wrong, and what cures it. */
function readersExplanation(
  name: Case,
  { subject, happened, rule, course }: Pick<
    Explanation,
    "subject" | "happened" | "rule" | "course"
  >,
): Explanation {
  const results = resultsFor(name).filter((result) => isAbout(result, name));
  const having = (outcome: ReaderResult["outcome"]) =>
    results.filter((result) => result.outcome === outcome);
  const [right, wrong, refused] = [having("right"), having("wrong"), having("error")];
  return {
    subject,
    happened:
      `${happened} Of ${count(results.length, "reader")} tried, ${right.length} read all; ` +
      `${wrong.length} lost rows without an error; ${refused.length} refused it.`,
    ...(rule ? { rule } : {}),
    numbers: [
      ...wrong.map((result) => `${nameOf(result)} got ${result.got}${switchText(result, name)}`),
      ...refused.map((result) => `${nameOf(result)} refused it${switchText(result, name)}`),
    ],
    ...cureOf(name, [...wrong, ...refused]),
    ...(course ? { course } : {}),
  };
}

/** Readers that stop after the first member say nothing about the header fields of the others. */
function isAbout({ reader }: ReaderResult, name: Case): boolean {
  if (name !== "headerFields") return true;
  return resultsFor("mergedMembers").find((result) => result.reader === reader)?.outcome ===
    "right";
}

function cureOf(name: Case, affected: readonly ReaderResult[]): Pick<Explanation, "cure"> {
  const setting = streamSettingFor(name);
  if (!setting) return {};
  const hasSwitch = affected.some(({ reader }) => switchOf(reader, name) !== undefined);
  return {
    cure: `${
      hasSwitch ? "Use what works with the reader (above). Or, for" : "For"
    } every reader: ${setting}.`,
  };
}

function switchText({ reader }: ReaderResult, name: Case): string {
  const own = switchOf(reader, name);
  return own ? `; what works: ${own.replaceAll("`", "")}` : "";
}
