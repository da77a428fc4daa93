/**
 * Objects in S3, to look at: their keys as a tree, and one key explained part by part.
 * @module
 */

import { type Html, html, type View } from "./html.ts";
import { FAINT, FONT, MONO, SERIES, TEXT } from "./style.ts";

/** An object as a tree shows it. */
export interface TreeObject {
  readonly key: string;
  readonly sizeBytes: number;
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly objects: { readonly name: string; readonly sizeBytes: number }[];
}

/** How many objects of a folder are shown; the rest are counted. */
const SHOWN_OBJECTS_MAX = 8;

/** The tree of keys, folders first, chains of folders on one line. An empty one says so. */
export function objectTree(objects: readonly TreeObject[], title: string): View {
  const root: Folder = { folders: new Map(), objects: [] };
  for (const { key, sizeBytes } of objects) {
    const path = key.split("/");
    let folder = root;
    for (const name of path.slice(0, -1)) {
      const inner = folder.folders.get(name) ?? { folders: new Map(), objects: [] };
      folder.folders.set(name, inner);
      folder = inner;
    }
    folder.objects.push({ name: path.at(-1) ?? "", sizeBytes });
  }
  const total = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const summary = `${title}: ${count(objects.length, "object")}, ${
    total.toLocaleString("en")
  } bytes`;
  return {
    html: html`
      <div style="${FONT}${TEXT}" role="group"
        aria-label="${summary}"><strong>${summary}</strong>${branch(root)}</div>
    `,
    text: [summary, ...lines(root, "  ")].join("\n"),
  };
}

function branch(folder: Folder): Html {
  const folders = sorted(folder).map(([name, inner]) =>
    html`<li style="list-style:'▸ '"><span style="${MONO}">${name}/</span>${branch(inner)}</li>`
  );
  const shown = folder.objects.slice(0, SHOWN_OBJECTS_MAX).map(({ name, sizeBytes }) =>
    html`
      <li
        style="list-style:'· '"><span style="${MONO}overflow-wrap:anywhere">${name}</span> <span style="${FAINT}">${sizeBytes
          .toLocaleString("en")} bytes</span></li>
    `
  );
  const rest = folder.objects.length - SHOWN_OBJECTS_MAX;
  const more = rest > 0
    ? html`<li style="list-style:'· ';${FAINT}">and ${count(rest, "more object")}</li>`
    : undefined;
  return html`<ul style="margin:0;padding-left:1.4em">${folders}${shown}${more}</ul>`;
}

function* lines(folder: Folder, indent: string): Generator<string> {
  for (const [name, inner] of sorted(folder)) {
    yield `${indent}${name}/`;
    yield* lines(inner, indent + "  ");
  }
  for (const { name, sizeBytes } of folder.objects.slice(0, SHOWN_OBJECTS_MAX)) {
    yield `${indent}${name}  ${sizeBytes} bytes`;
  }
  const rest = folder.objects.length - SHOWN_OBJECTS_MAX;
  if (rest > 0) yield `${indent}and ${count(rest, "more object")}`;
}

const sorted = ({ folders }: Folder) => [...folders].map(joined).sort(([a], [b]) => a < b ? -1 : 1);

/** A folder that holds only one folder shares a line with it: `2026/01/15/`. */
function joined([name, folder]: [string, Folder]): [string, Folder] {
  const [only] = folder.folders;
  return folder.folders.size === 1 && folder.objects.length === 0
    ? joined([`${name}/${only[0]}`, only[1]])
    : [name, folder];
}

const count = (number: number, noun: string) =>
  `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

/** A part of a text and what it means. */
export interface ExplainedPart {
  readonly text: string;
  readonly meaning: string;
}

/** A text in coloured parts, with a legend of what each means. */
export function explainedParts(parts: readonly ExplainedPart[]): View {
  const named = parts.filter(({ meaning }) => meaning !== "");
  const colour = (part: ExplainedPart) => SERIES[named.indexOf(part) % SERIES.length];
  const line = parts.map((part) =>
    part.meaning === ""
      ? html`<span>${part.text}</span>`
      : html`<span style="border-bottom:3px solid ${colour(part)}">${part.text}</span>`
  );
  const legend = named.map((part) =>
    html`<div><span style="color:${
      colour(part)
    }">■</span> <span style="${MONO}">${part.text}</span> <span style="${FAINT}">${part.meaning}</span></div>`
  );
  return {
    html: html`
      <div
        style="${FONT}${TEXT}"><div style="${MONO}overflow-wrap:anywhere;padding:4px 0 8px">${line}</div>${legend}</div>
    `,
    text: named.map(({ text, meaning }) => `${text}  ${meaning}`).join("\n"),
  };
}

/** The parts of a key that Firehose made: prefix, stream, version, time, UUID, extension. */
export function explainKey(key: string, streamName: string): View {
  const start = key.lastIndexOf(`${streamName}-`);
  const match = /^-(\d+)-(\d{4}(?:-\d\d){5})-([0-9a-f-]{36})(.*)$/.exec(
    key.slice(start + streamName.length),
  );
  if (start < 0 || !match) throw new TypeError(`${key} is not a key of the stream ${streamName}`);
  const [, version, time, uuid, extension] = match;
  return explainedParts([
    { text: key.slice(0, start), meaning: "the prefix, filled in" },
    { text: streamName, meaning: "the delivery stream" },
    { text: "-", meaning: "" },
    { text: version, meaning: "the stream's version: each change of its settings adds one" },
    { text: "-", meaning: "" },
    { text: time, meaning: "when the object's first record arrived, in UTC" },
    { text: "-", meaning: "" },
    { text: uuid, meaning: "a random id, so that no two objects have the same name" },
    ...(extension === ""
      ? []
      : [{ text: extension, meaning: "the file extension of the compression" }]),
  ].filter(({ text }) => text !== ""));
}
