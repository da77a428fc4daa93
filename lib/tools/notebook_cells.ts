/**
 * The code of notebook cells as modules for `deno check` and `deno lint`, and the way back from their
 * findings to the cell. A kernel checks nothing by itself: an unknown name imports as undefined, and a
 * promise without `await` fails in silence.
 * @module
 */

import { Buffer } from "node:buffer";
import { basename } from "node:path";
import { DROPPED_VALUE } from "./lint_statements.ts";
import type { Notebook } from "../notebook/notebook_file.ts";
import type { Problem } from "./notebook_rules.ts";

/** One notebook's cells as one module: later cells use names of earlier ones. */
export interface CellModule {
  /** `0_credentials`. */
  readonly stem: string;
  readonly text: string;
  /** The cell of each line, with line 1 at index 0. */
  readonly lines: readonly { readonly cell: string; readonly line: number }[];
}

/** Joins the code cells of a notebook. */
export function moduleOf(notebook: Notebook): CellModule {
  const cells = notebook.cells.filter(({ type }) => type === "code");
  const lines = cells.flatMap(({ id, source }) =>
    source.split("\n").map((text, index) => ({ text, cell: id, line: index + 1 }))
  );
  return {
    stem: basename(notebook.name, ".ipynb"),
    // The last line makes it a module, also without imports, so `await` is allowed.
    text: [...lines.map(({ text }) => text), "export {};", ""].join("\n"),
    lines: lines.map(({ cell, line }) => ({ cell, line })),
  };
}

/** A place in a text, counted in bytes of UTF-8 as `deno lint --json` does. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The text of the checker's message for a dropped promise; it is a type, so the message quotes it. */
const NOBODY_AWAITS = "a promise that nobody awaits";

/**
 * The module's text with each dropped value passed to a function that takes no promise: the type
 * checker then reports promises. It reports everything else for the plain module too.
 */
export function textAskingForPromises(
  text: string,
  dropped: readonly ByteRange[],
): string {
  const bytes = Buffer.from(text);
  // If two end at the same place, one inside the other, their closing parentheses are the same.
  const insertions = dropped
    .flatMap(({ start, end }) => [{ at: start, text: "takes_(" }, { at: end, text: ")" }])
    .toSorted((a, b) => a.at - b.at);
  let [asking, done] = ["", 0];
  for (const { at, text } of insertions) {
    asking += bytes.toString("utf8", done, at) + text;
    done = at;
  }
  return asking + bytes.toString("utf8", done) + TAKER;
}

const TAKER = `declare function takes_<Value>(value: Value extends PromiseLike<unknown> ` +
  `? "${NOBODY_AWAITS}" : Value): void;\n`;

/** A finding of `deno check` about a file. */
export interface TypeFinding {
  /** The file's name without folders; "" if the finding names no file. */
  readonly file: string;
  readonly line: number;
  /** As Deno prints it, place included. */
  readonly text: string;
}

/** The findings in the output of `deno check`, without colours and without its closing lines. */
export function typeFindingsIn(output: string): TypeFinding[] {
  const [said] = output.split(/^(?:Found \d+ errors?\.|error: Type checking failed\.)$/m);
  // A finding may continue after an empty line, with other places.
  return said.split(/\n(?=TS\d+ \[|error: )/).flatMap((block) => {
    const text = block.replace(/\n\s*Stack backtrace:[\s\S]*$/, "").trim();
    const place = /at (file:\S+?):(\d+):\d+/.exec(text);
    const file = place ? basename(new URL(place[1]).pathname) : "";
    return text === "" ? [] : [{ file, line: Number(place?.[2] ?? 0), text }];
  });
}

/** File names of a notebook's two modules. */
export const fileNamesOf = ({ stem }: CellModule) => ({
  plain: `${stem}.ts`,
  asking: `${stem}.promises.ts`,
});

/** The checker's findings about one notebook's cells. */
export function typeProblems(module: CellModule, findings: readonly TypeFinding[]): Problem[] {
  const { plain, asking } = fileNamesOf(module);
  return findings.flatMap(({ file, line, text }) => {
    const place = placeIn(module, line);
    if (file === asking && text.includes(NOBODY_AWAITS)) {
      const message = "drops a promise: write `await` before it, or it fails in silence";
      return [{ ...place, message }];
    }
    return file === plain ? [{ ...place, message: withoutPlace(text) }] : [];
  });
}

/** The cell, and the line in it, that a line of the module came from. */
function placeIn({ lines }: CellModule, line: number) {
  return lines[line - 1] ?? lines.at(-1) ?? { cell: "(none)", line };
}

const withoutPlace = (text: string) => text.replace(/\n\s*at file:\S+/g, "");

/** The linter's findings about one notebook's cells. */
export function lintProblems(module: CellModule, findings: readonly LintFinding[]): Problem[] {
  return findings
    .filter(({ file, code }) => file === fileNamesOf(module).plain && code !== DROPPED_VALUE)
    .map(({ line, message }) => ({ ...placeIn(module, line), message: withoutPlace(message) }));
}

/** The places where the linter's plugin found an unused value. */
export function droppedValues(
  module: CellModule,
  findings: readonly LintFinding[],
): ByteRange[] {
  return findings
    .filter(({ file, code }) => file === fileNamesOf(module).plain && code === DROPPED_VALUE)
    .map(({ range }) => range);
}

/** A finding of `deno lint`. */
export interface LintFinding {
  readonly file: string;
  readonly line: number;
  readonly range: ByteRange;
  readonly code: string;
  readonly message: string;
}

/** The findings in the output of `deno lint --json`. Throws a `SyntaxError` for any other text. */
export function lintFindingsIn(json: string): LintFinding[] {
  const { diagnostics, errors }: LintOutput = JSON.parse(json);
  const unreadable = errors.map(({ file_path, message }) => ({
    file: basename(file_path),
    line: Number(/:(\d+):\d+$/.exec(message)?.[1] ?? 1),
    range: { start: 0, end: 0 },
    code: "syntax",
    message,
  }));
  return diagnostics.map(({ filename, range, code, message, hint }) => ({
    file: basename(new URL(filename).pathname),
    line: range.start.line,
    range: { start: range.start.bytePos, end: range.end.bytePos },
    code,
    message: `${message} (${code})${hint ? `: ${hint}` : ""}`,
  })).concat(unreadable);
}

interface LintOutput {
  readonly diagnostics: readonly {
    readonly filename: string;
    readonly range: { readonly start: LintPlace; readonly end: LintPlace };
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
  }[];
  readonly errors: readonly { readonly file_path: string; readonly message: string }[];
}

interface LintPlace {
  readonly line: number;
  readonly bytePos: number;
}
