/**
 * Tables.
 * @module
 */

import { type Html, html, type View } from "./html.ts";
import { FAINT, FONT, TEXT } from "./style.ts";

/** Columns in the order in which the rows first name them; numbers stand right. */
export function table(rows: readonly object[], caption?: string): View {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => {
    const values = new Map(Object.entries(row));
    return columns.map((column) => shown(values.get(column)));
  });
  return { html: tableHtml(columns, cells, caption), text: tableText(columns, cells, caption) };
}

interface Cell {
  readonly text: string;
  readonly isNumber: boolean;
}

function shown(value: unknown): Cell {
  if (typeof value === "number") return { text: value.toLocaleString("en"), isNumber: true };
  if (value === undefined || value === null) return { text: "", isNumber: false };
  if (value instanceof Date) return { text: value.toISOString(), isNumber: false };
  return {
    text: typeof value === "object" ? JSON.stringify(value) : String(value),
    isNumber: false,
  };
}

const BORDER = "border-bottom:1px solid var(--jp-border-color2,#8884);padding:3px 10px;";

function tableHtml(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  caption: string | undefined,
): Html {
  const head = columns.map((column) =>
    html`<th scope="col" style="${BORDER}text-align:left;${FAINT}">${column}</th>`
  );
  const body = rows.map((row) =>
    html`<tr>${
      row.map(({ text, isNumber }) =>
        html`<td style="${BORDER}text-align:${
          isNumber ? "right" : "left"
        };overflow-wrap:anywhere;max-width:44em">${text}</td>`
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
