/**
 * A text file to look at: its name and its lines.
 * @module
 */

import { html, type View } from "./html.ts";
import { FAINT, FONT, MONO, TEXT } from "./style.ts";

/** The file's name above its text, in a box; what is too wide can be scrolled. */
export function textFile(name: string, text: string): View {
  return {
    html: html`
      <div style="${FONT}${TEXT}margin:6px 0">
        <div style="${FAINT}">${name}</div>
        <pre
          style="${MONO}${TEXT}margin:2px 0;padding:6px 12px;border:1px solid var(--jp-border-color2,#8884);border-radius:4px;max-width:60em;overflow-x:auto;background:transparent">${text
            .trimEnd()}</pre>
      </div>
    `,
    text: `${name}\n${text.trimEnd().split("\n").map((line) => `  ${line}`).join("\n")}`,
  };
}
