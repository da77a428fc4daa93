/**
 * A text file to look at: its name and its lines.
 * @module
 */

import { html, type View } from "./html.ts";
import { FAINT, FONT, MONO, TEXT } from "./style.ts";
import { cutTo } from "./value_text.ts";

/** Characters of a file that are shown: about 10 MB can end a session. */
const CHARACTERS_MAX = 200_000;

/**
 * The file's name above its text, in a box; what is too wide can be scrolled. At most 200,000
 * characters are shown, and the last line then says so.
 */
export function textFile(name: string, whole: string): View {
  const text = cutTo(CHARACTERS_MAX, whole).trimEnd();
  return {
    html: html`
      <div style="${FONT}${TEXT}margin:6px 0">
        <div style="${FAINT}">${name}</div>
        ${box(text)}
      </div>
    `,
    text: plain(name, text),
  };
}

/** The same, folded under its name and its number of lines: for files that one reads when asked. */
export function foldedFile(name: string, whole: string): View {
  const text = cutTo(CHARACTERS_MAX, whole).trimEnd();
  const lines = text.split("\n").length.toLocaleString("en");
  return {
    html: html`
      <details style="${FONT}${TEXT}margin:6px 0">
        <summary>${name} (${lines} lines)</summary>
        ${box(text)}
      </details>
    `,
    text: plain(name, text),
  };
}

const box = (text: string) =>
  html`
    <pre
      style="${MONO}${TEXT}margin:2px 0;padding:6px 12px;border:1px solid var(--jp-border-color2,#8884);border-radius:4px;max-width:60em;overflow-x:auto;background:transparent">${text}</pre>
  `;

const plain = (name: string, text: string) =>
  `${name}\n${text.split("\n").map((line) => `  ${line}`).join("\n")}`;
