/**
 * What a reader printed of an object, judged: right is every record exactly once.
 * @module
 */

import { type ReaderResult, RIGHT_VALUES } from "../../readers/results.ts";

/** A line that a reader's program printed. */
interface ReaderLine {
  readonly reader: string;
  readonly version: string;
  readonly case: string;
  /** The ids of the rows, in any order. */
  readonly ids?: readonly number[] | null;
  /** What a column held: a partition's, or one of {@linkcode RIGHT_VALUES}. */
  readonly got?: string;
  readonly error?: string;
}

/** Texts of errors are cut to this: the table needs their beginning only. */
const ERROR_CHARACTERS_MAX = 120;

/** The results in a program's output. Throws a `SyntaxError` if a line is not JSON. */
export function resultsIn(printed: string, part: string, recordCount: number): ReaderResult[] {
  return printed.split("\n").filter((line) => line.startsWith("{")).map((text) => {
    const line: ReaderLine = JSON.parse(text);
    const { reader, version } = line;
    return { reader, version, part, case: line.case, ...judged(line, recordCount) };
  });
}

function judged(
  { case: name, ids, got, error }: ReaderLine,
  recordCount: number,
): Pick<ReaderResult, "outcome" | "got"> {
  if (error !== undefined) return { outcome: "error", got: shortened(error) };
  if (got !== undefined) return { outcome: outcomeOf(name, got), got };
  const rows = ids ?? [];
  const distinct = new Set(rows);
  const isComplete = distinct.size === recordCount &&
    rows.every((id) => id >= 0 && id < recordCount);
  if (isComplete && rows.length === recordCount) return { outcome: "right", got: "all" };
  const doubled = rows.length - distinct.size;
  const counted = `${rows.length.toLocaleString("en")} of ${recordCount.toLocaleString("en")} rows`;
  return { outcome: "wrong", got: doubled > 0 ? `${counted}, ${doubled} of them again` : counted };
}

/** Partition folders have no right value. */
function outcomeOf(name: string, got: string): "right" | "wrong" | "seen" {
  const right = RIGHT_VALUES[name];
  if (right === undefined) return "seen";
  return got === right ? "right" : "wrong";
}

/** One line without paths of this machine. */
function shortened(error: string): string {
  const text = error.replaceAll(/\s+/g, " ").replaceAll(/(?:file:\/\/)?\/\S*\/(?=[\w.]+)/g, "…/")
    .trim();
  return text.length > ERROR_CHARACTERS_MAX ? `${text.slice(0, ERROR_CHARACTERS_MAX)}…` : text;
}
