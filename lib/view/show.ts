/**
 * Shows things in a notebook; outside a notebook, as text on the console.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";
import { html, type View } from "./html.ts";
import { table } from "./table.ts";
import { cutTo, inspected } from "./value_text.ts";

/**
 * What {@linkcode show} takes: views, also plots that are still drawn, a record of values, rows of a table, plain text, and single
 * values, also those that a kernel does not show as a cell's last value: null, NaN, Infinity, -0
 * and every BigInt.
 */
export type Showable =
  | View
  | Promise<View>
  | Readonly<Record<string, unknown>>
  | readonly object[]
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined;

/** Characters of a text, and of a view's markup, that are shown: about 10 MB can end a session. */
const TEXT_CHARACTERS_MAX = 200_000;
const VIEW_CHARACTERS_MAX = 2_000_000;

/**
 * Deno's kernel may send output after it said that a cell is done; it is then lost or shown under
 * the next cell. A pause at the end keeps it where it belongs (measured: none wrong of 1,000).
 */
const SETTLE_MS = 5;

/** Shows things below the cell, one after the other. Await it. */
export async function show(...things: readonly Showable[]): Promise<void> {
  for (const view of await Promise.all(things.map(viewOf))) await put(view);
  await pause(SETTLE_MS);
}

/** A place in a cell's output that can be drawn again. */
export interface Slot {
  draw(thing: Showable): Promise<void>;
}

/** A slot whose first picture is `thing`. Later ones replace it. */
export async function slot(thing: Showable): Promise<Slot> {
  const displayId = crypto.randomUUID();
  let drawn = await viewOf(thing);
  await put(drawn, { displayId, update: false });
  return {
    async draw(next) {
      const view = await viewOf(next);
      // On the console every drawing is a new line, so only changes are drawn.
      if (view.text === drawn.text && view.html.text === drawn.html.text) return;
      drawn = view;
      await put(view, { displayId, update: true });
      await pause(SETTLE_MS);
    },
  };
}

/** The view of anything that can be shown. */
export async function viewOf(thing: Showable): Promise<View> {
  if (typeof thing === "string") return textView(cutTo(TEXT_CHARACTERS_MAX, thing));
  if (typeof thing !== "object" || thing === null) return textView(inspected(thing));
  if (thing instanceof Promise) return notTooLarge(await thing);
  if (isView(thing)) return notTooLarge(thing);
  return table(
    isRows(thing) ? thing : Object.entries(thing).map(([name, value]) => ({ name, value })),
  );
}

const textView = (text: string): View => ({
  html: html`<p style="white-space:pre-wrap">${text}</p>`,
  text,
});

/** The view, or its text cut where its markup is too much for a front end. */
function notTooLarge(view: View): View {
  return view.html.text.length <= VIEW_CHARACTERS_MAX
    ? view
    : textView(cutTo(TEXT_CHARACTERS_MAX, view.text));
}

const isView = (thing: object): thing is View =>
  "html" in thing && "text" in thing && typeof thing.text === "string";
const isRows = (thing: object): thing is readonly object[] => Array.isArray(thing);

interface Place {
  readonly displayId: string;
  readonly update: boolean;
}

async function put(view: View, place?: Place): Promise<void> {
  const jupyter = kernel();
  if (!jupyter) {
    console.log(view.text);
    return;
  }
  await jupyter.broadcast(place?.update ? "update_display_data" : "display_data", {
    data: displayData(view),
    metadata: {},
    transient: place ? { display_id: place.displayId } : {},
  });
}

/**
 * What a front end gets. JupyterLab 4.6 typesets `$…$` in HTML as a formula, also in code and in
 * prices, except below these classes: MathJax 4's, and the one of older versions.
 */
export function displayData({ html, text }: View): { "text/html": string; "text/plain": string } {
  const markup = `<div class="mathjax_ignore tex2jax_ignore">${html.text}</div>`;
  return { "text/html": markup, "text/plain": text };
}

/** What Deno's kernel offers beyond Deno itself. */
interface Kernel {
  broadcast(type: string, content: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Whether this runs in a notebook's kernel. */
export const isInKernel = () => kernel() !== undefined;

function kernel(): Kernel | undefined {
  try {
    const jupyter: unknown = Reflect.get(Deno, "jupyter");
    return isKernel(jupyter) ? jupyter : undefined;
  } catch {
    return undefined; // outside a kernel, reading the property throws
  }
}

function isKernel(value: unknown): value is Kernel {
  return typeof value === "object" && value !== null && "broadcast" in value &&
    typeof value.broadcast === "function";
}
