import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { cardView, checkpointView, note, wantedErrorView } from "./cards.ts";
import { exerciseView } from "./exercise.ts";
import { html, type View } from "./html.ts";
import { explainedParts, objectTree } from "./objects.ts";
import { sizeBars } from "./plots.ts";
import { table } from "./table.ts";
import { textFile } from "./text_file.ts";
import { codePoint } from "../sandbox/testing/code_point.ts";

/** Every view, with one text in all the places where text from outside can stand. */
const VIEWS: Readonly<Record<string, (text: string) => View>> = {
  cardView: (text) => cardView("neutral", text, [text]),
  "checkpointView of what holds": (text) => checkpointView(text, [[text, true, text]]),
  "checkpointView of what is missing": (text) => checkpointView(text, [[text, false, text]]),
  wantedErrorView: (text) => wantedErrorView(Object.assign(new Error(text), { name: text })),
  note,
  exerciseView: (text) =>
    exerciseView(text, [{ tried: text, answer: text, wanted: text, isRight: false }]),
  explainedParts: (text) => explainedParts([{ text, meaning: text }]),
  objectTree: (text) => objectTree([{ key: `${text}/${text}`, sizeBytes: 1 }], text),
  textFile: (text) => textFile(text, text),
  table: (text) => table([{ [`column ${text}`]: text }], text),
};

/** Text without what a view interprets: slashes of a key, and empty text. */
const textFromOutside = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40, unit: codePoint }),
  fc.constantFrom("<script>alert(1)</script>", `" onmouseover="x`, "' x='", "&lt;b&gt;", "-->"),
).map((text) => `x${text.replaceAll("/", "|")}`);

/** The characters that make markup. */
const marks = (view: View) => view.html.text.replace(/[^<>"]/g, "");

for (const [name, viewOf] of Object.entries(VIEWS)) {
  Deno.test(`${name} shows any text as text: it never becomes markup`, () => {
    const plain = marks(viewOf("x"));
    fc.assert(fc.property(textFromOutside, (text) => assertEquals(marks(viewOf(text)), plain)));
  });
}

Deno.test("html escapes all that could end a text or an attribute", () => {
  assertEquals(html`<i title="${`<>&"'`}">`.text, `<i title="&lt;&gt;&amp;&quot;&#39;">`);
});

Deno.test("html keeps its own markup, one part or many, and leaves out what is undefined", () => {
  assertEquals(html`${html`<b>${1}</b>`}${[html`<i>`, "<"]}${undefined}.`.text, "<b>1</b><i>&lt;.");
});

Deno.test("plots show names and captions as text too", async () => {
  const plain = await sizeBars([{ name: "x", bytes: 1 }], { caption: "x" });
  await fc.assert(fc.asyncProperty(textFromOutside, async (text) => {
    const view = await sizeBars([{ name: text, bytes: 1 }], { caption: text });
    assertEquals(tags(view), tags(plain));
  }));
});

/**
 * The names of a view's tags. In the value of an attribute "<" and ">" make none; each line of a
 * name is a tspan.
 */
function tags({ html: { text } }: View): string[] {
  const names = text.replace(/"[^"]*"/g, '""').matchAll(/<(\/?\w+)/g);
  return [...names].map(([, name]) => name).filter((name) => !name.endsWith("tspan"));
}
