/**
 * Tables.
 * @module
 */

import { type Html, html, type View } from "./html.ts";
import { FAINT, FONT, TEXT } from "./style.ts";
import { cutTo, inspected } from "./value_text.ts";

/** Rows of a table, and characters of a cell, that are shown: about 10 MB can end a session. */
const ROWS_MAX = 1_000;
const CELL_CHARACTERS_MAX = 10_000;

/**
 * A table with the columns in the order in which the rows first name them. A column of numbers
 * only has them on the right. At most 1,000 rows and 10,000 characters of a cell are shown; the
 * caption and the cell say what was cut.
 */
export function table(rows: readonly object[], caption?: string): View {
  const shownRows = rows.slice(0, ROWS_MAX);
  const columns = [...new Set(shownRows.flatMap((row) => Object.keys(row)))];
  const cells = shownRows.map((row) => {
    const values = new Map(Object.entries(row));
    return columns.map((column) => shown(values.get(column)));
  });
  const cut = rows.length > ROWS_MAX
    ? `The first ${ROWS_MAX.toLocaleString("en")} of ${rows.length.toLocaleString("en")} rows.`
    : undefined;
  const title = [caption, cut].filter((part) => part !== undefined).join(" ") || undefined;
  return { html: tableHtml(columns, cells, title), text: tableText(columns, cells, title) };
}

interface Cell {
  readonly text: string;
  readonly isNumber: boolean;
}

function shown(value: unknown): Cell {
  if (typeof value === "number") {
    const text = Number.isFinite(value) ? value.toLocaleString("en") : inspected(value);
    return { text, isNumber: true };
  }
  if (typeof value === "bigint") return { text: inspected(value), isNumber: true };
  if (value === undefined) return { text: "", isNumber: false };
  if (value instanceof Date) return { text: value.toISOString(), isNumber: false };
  return { text: cutTo(CELL_CHARACTERS_MAX, plainText(value)), isNumber: false };
}

const plainText = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);

const BORDER = "border-bottom:1px solid var(--jp-border-color2,#8884);padding:3px 10px;";

/** Words and codes up to this length stay whole; longer ones break where they must. */
const UNBROKEN_CHARACTERS_MAX = 32;
/** So do phrases up to this length; longer ones wrap between words in a narrow window. */
const UNBROKEN_PHRASE_MAX = 10;
/** Longer ones get a wider column in a narrow window, so that a row is no tower of short lines. */
const LONG_CHARACTERS = 120;

function wrapping(text: string): string {
  if (text.length > LONG_CHARACTERS) return "overflow-wrap:anywhere;min-width:24em;";
  if (text.length > UNBROKEN_CHARACTERS_MAX) return "overflow-wrap:anywhere;min-width:10em;";
  const isPhrase = text.length > UNBROKEN_PHRASE_MAX && text.includes(" ");
  return isPhrase ? "min-width:6em;" : "white-space:nowrap;";
}

function tableHtml(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  caption: string | undefined,
): Html {
  const head = columns.map((column) =>
    html`<th scope="col" style="${BORDER}text-align:left;${FAINT}">${column}</th>`
  );
  // Beside texts, a number on the right would be far from its name.
  const aligns = columns.map((_, column) => {
    const filled = rows.map((row) => row[column]).filter(({ text }) => text !== "");
    return filled.length > 0 && filled.every(({ isNumber }) => isNumber) ? "right" : "left";
  });
  const body = rows.map((row) =>
    html`<tr>${
      row.map(({ text }, column) =>
        html`<td style="${BORDER}text-align:${aligns[column]};${
          wrapping(text)
        }max-width:44em">${text}</td>`
      )
    }</tr>`
  );
  const title = caption
    ? html`<caption style="text-align:left;${FAINT}padding-bottom:4px">${caption}</caption>`
    : undefined;
  return html`
    <table
      style="${FONT}${TEXT}border-collapse:collapse;margin:4px 0">${title}<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>
  `;
}

function tableText(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  caption: string | undefined,
): string {
  const lines = [columns, ...rows.map((row) => row.map(({ text }) => text))];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = lines.map((line) =>
    line.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()
  );
  return [...(caption ? [caption] : []), ...text].join("\n");
}
