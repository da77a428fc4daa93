/**
 * HTML text that is always escaped: what comes from outside can't become markup.
 * @module
 */

/** Markup that is safe to put into other markup. Only {@linkcode html} makes it. */
export class Html {
  constructor(readonly text: string) {}
}

/** Something to show: as HTML in a notebook, as text anywhere else. */
export interface View {
  readonly html: Html;
  readonly text: string;
}

type Part = string | number | boolean | Html | undefined | readonly (Html | string)[];

/**
 * A template whose values are escaped, except for markup that `html` made itself.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(html`<b>${"<i>"}</b>`.text, "<b>&lt;i&gt;</b>");
 * ```
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((text, index) => text + (index < parts.length ? markup(parts[index]) : "")).join(
      "",
    ),
  );
}

/** Markup from another source that has escaped it, such as a serialised SVG element. */
export function trusted(text: string): Html {
  return new Html(text);
}

function markup(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(markup).join("");
  return String(part).replace(/[&<>"']/g, (char) => ENTITIES[char]);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
