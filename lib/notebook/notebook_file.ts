/**
 * Notebook files (nbformat 4.5): read, checked for shape, and written as Jupyter writes them.
 * @module
 */

import { basename, join, resolve } from "node:path";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";

/** Where the course's notebooks are. */
const NOTEBOOKS_DIR = join(PROJECT_DIR, "notebooks");

/** One cell. Other members (attachments, …) are kept unchanged. */
export interface Cell {
  readonly id: string;
  readonly type: "code" | "markdown" | "raw";
  readonly source: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly outputs: readonly unknown[];
  readonly executionCount: unknown;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One notebook. */
export interface Notebook {
  /** `0_credentials.ipynb`. */
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly cells: readonly Cell[];
}

/** Paths of the course's notebooks in order: all, or those named by path or by the start of a name. */
export async function listNotebooks(wanted: readonly string[] = []): Promise<string[]> {
  const all: string[] = [];
  for await (const { name, isFile } of Deno.readDir(NOTEBOOKS_DIR)) {
    if (isFile && name.endsWith(".ipynb")) all.push(name);
  }
  all.sort();
  if (wanted.length === 0) return all.map((name) => join(NOTEBOOKS_DIR, name));
  return wanted.flatMap((path) => {
    if (path.endsWith(".ipynb") && path.includes("/")) return [resolve(path)];
    const found = all.filter((name) => name.startsWith(path));
    if (found.length > 0) return found.map((name) => join(NOTEBOOKS_DIR, name));
    throw new Error(`There is no notebook "${path}" in notebooks/: it has ${all.join(", ")}.`);
  });
}

/** Throws a `SyntaxError` or `TypeError` that names the file if it is not a notebook. */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await Deno.readTextFile(path);
  try {
    return parseNotebook(basename(path), text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : `${cause}`;
    throw new SyntaxError(`${path} is not a notebook: ${reason}`, { cause });
  }
}

/** Throws a `SyntaxError` or `TypeError` if `text` is not a notebook of nbformat 4. */
export function parseNotebook(name: string, text: string): Notebook {
  const file: unknown = JSON.parse(text);
  if (!isRecord(file) || file.nbformat !== 4) throw new TypeError("nbformat is not 4");
  if (!Array.isArray(file.cells)) throw new TypeError("it has no cells");
  return { name, metadata: recordOf(file.metadata), cells: file.cells.map(parseCell) };
}

function parseCell(raw: unknown, index: number): Cell {
  if (!isRecord(raw)) throw new TypeError(`cell ${index} is not an object`);
  const { id, cell_type: type, source, metadata, outputs, execution_count } = raw;
  if (type !== "code" && type !== "markdown" && type !== "raw") {
    throw new TypeError(`cell ${index} is of type "${type}"`);
  }
  return {
    id: typeof id === "string" ? id : "",
    type,
    source: Array.isArray(source) ? source.join("") : `${source ?? ""}`,
    metadata: recordOf(metadata),
    outputs: Array.isArray(outputs) ? outputs : [],
    executionCount: execution_count ?? null,
    raw,
  };
}

/** Whether a part of a notebook file is an object. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const recordOf = (value: unknown) => isRecord(value) ? value : {};

/** The metadata of every notebook of the course, without the versions that a kernel adds. */
const METADATA = {
  kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
  language_info: {
    codemirror_mode: "typescript",
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    nbconvert_exporter: "script",
    pygments_lexer: "typescript",
  },
};

/** Members of a cell's metadata that a person wrote; programs write the others. */
const CELL_METADATA = ["tags", "jupyter", "editable", "deletable"];

/**
 * The file's text for git: without outputs, counters and other traces of a run, in Jupyter's own
 * layout. So saving it in Jupyter changes only what was edited.
 */
export function cleanNotebookText(notebook: Notebook): string {
  const cells = notebook.cells.map(({ raw, type, source, metadata }) => ({
    ...raw,
    metadata: Object.fromEntries(
      Object.entries(metadata).filter(([name]) => CELL_METADATA.includes(name)),
    ),
    source: source.split(/(?<=\n)/).filter((line) => line !== ""),
    ...(type === "code" ? { outputs: [], execution_count: null } : {}),
  }));
  const file = { cells, metadata: METADATA, nbformat: 4, nbformat_minor: 5 };
  return JSON.stringify(sorted(file), null, 1) + "\n";
}

/** Sorts the names of every object, as Jupyter does. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
