/**
 * Lambda's runtimes, and how many bytes each writes for the same response: what counts against the
 * limit are the bytes that the runtime's client posts. Measured in November 2026 with the real
 * clients; `clients/client_output.json` has what they posted.
 * @module
 */

import { getSize } from "../../../../lambda/size.ts";

/** How a runtime writes JSON. */
interface Writing {
  /** Blanks after `,` and `:`. */
  readonly hasBlanks: boolean;
  /** Bytes of a UTF-16 code unit beyond ASCII. */
  readonly beyondAscii: "utf8" | "escaped" | "escapedPairs";
  /** What the events library of the language adds to a record that names no partition keys, in bytes. */
  readonly recordExtra: number;
}

/** A runtime by the name that Lambda has for it, or `go` and `rust`. */
export interface Runtime {
  readonly name: string;
  readonly language: Language;
  /** How it is called in a sentence: `Node`, `Python 3.11`. */
  readonly title: string;
  readonly writing: Writing;
}

/** The languages whose clients are known. */
export type Language = "node" | "python" | "java" | "go" | "rust";

const AS_NODE: Writing = { hasBlanks: false, beyondAscii: "utf8", recordExtra: 0 };
const WRITINGS: Readonly<Record<Exclude<Language, "python">, Writing>> = {
  node: AS_NODE,
  java: { ...AS_NODE, beyondAscii: "escapedPairs" },
  // ,"metadata":{"partitionKeys":null,"otfMetadata":{"destinationDatabaseName":"",…}}
  go: { ...AS_NODE, recordExtra: 120 },
  // ,"metadata":{"partitionKeys":{}}
  rust: { ...AS_NODE, recordExtra: 32 },
};
/** Since Python 3.12 Lambda's client writes letters as they are. */
const PYTHON_UTF8_SINCE = 12;

const LANGUAGES: readonly Language[] = ["node", "python", "java", "go", "rust"];

const TITLES: Readonly<Record<Language, string>> = {
  node: "Node",
  python: "Python",
  java: "Java",
  go: "Go with its events library",
  rust: "Rust with its events library",
};

/** The runtime that is assumed where nothing says which it was. */
export const NODE: Runtime = {
  name: "nodejs22.x",
  language: "node",
  title: "Node",
  writing: AS_NODE,
};

/** One of each kind of writing: where a response is near the limit, all of them are looked at. */
export const EVERY_WRITING: readonly Runtime[] = [
  "nodejs22.x",
  "python3.12",
  "java21",
  "go",
  "rust",
]
  .map(runtimeOf);

/**
 * The runtime of a name such as `nodejs22.x`, `python3.12`, `java21`, `go` or `rust`. Throws a
 * `TypeError` for a name that is not known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(runtimeOf("python3.11").title, "Python 3.11");
 * ```
 */
export function runtimeOf(name: string): Runtime {
  const [, word, version = ""] = /^(nodejs|node|python|java|go|rust)([\d.]*)(?:\.x|\.al2\w*)?$/
    .exec(name.toLowerCase()) ?? [];
  const language = word === "nodejs" ? "node" : LANGUAGES.find((known) => known === word);
  if (!language) {
    throw new TypeError(
      `"${name}" is not a runtime whose client is known: write nodejs22.x, python3.12, java21, go or rust`,
    );
  }
  if (language !== "python") {
    return { name, language, title: TITLES[language], writing: WRITINGS[language] };
  }
  const minor = Number(version.split(".")[1] ?? PYTHON_UTF8_SINCE);
  const beyondAscii = minor < PYTHON_UTF8_SINCE ? "escaped" : "utf8";
  const writing: Writing = { hasBlanks: true, beyondAscii, recordExtra: 0 };
  return { name, language, title: `Python ${version || `3.${PYTHON_UTF8_SINCE}`}`, writing };
}

/**
 * Bytes that a runtime posts for a value that the function returned as plain objects and lists.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(wireSize({ a: "é" }, runtimeOf("nodejs22.x")), 10);
 * assertEquals(wireSize({ a: "é" }, runtimeOf("python3.12")), 11);
 * assertEquals(wireSize({ a: "é" }, runtimeOf("python3.11")), 15);
 * ```
 */
export function wireSize(value: unknown, { writing }: Runtime): number {
  const blanks = writing.hasBlanks ? separatorsIn(value) : 0;
  const escapes = writing.beyondAscii === "utf8" ? 0 : escapesIn(value, writing.beyondAscii);
  return getSize(value) + blanks + escapes;
}

/** Bytes of a response of so many `Ok` records without partition keys. */
export function responseSize(
  records: readonly { readonly recordId: string; readonly dataBytes: number }[],
  { writing }: Runtime,
): number {
  const [colonBlanks, commaBlanks] = writing.hasBlanks ? [3, 2] : [0, 0];
  const blank = writing.hasBlanks ? 1 : 0;
  let size = '{"records":[]}'.length + blank;
  for (const { recordId, dataBytes } of records) {
    const envelope = '{"recordId":,"result":"Ok","data":""}'.length + colonBlanks + commaBlanks;
    size += envelope + wireSize(recordId, { ...NODE, writing }) + dataBytes + writing.recordExtra;
  }
  return size + Math.max(0, records.length - 1) * (1 + blank);
}

/** One blank after each comma and each colon. */
function separatorsIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const items = Array.isArray(value) ? value : Object.values(value);
  const own = Math.max(0, items.length - 1) + (Array.isArray(value) ? 0 : items.length);
  return items.reduce((sum: number, item) => sum + separatorsIn(item), own);
}

/** What `\uXXXX` takes beyond UTF-8. */
function escapesIn(value: unknown, which: "escaped" | "escapedPairs"): number {
  if (typeof value === "string") return escapesInText(value, which);
  if (typeof value !== "object" || value === null) return 0;
  const texts = Array.isArray(value) ? value : Object.entries(value).flat();
  return texts.reduce((sum: number, item) => sum + escapesIn(item, which), 0);
}

function escapesInText(text: string, which: "escaped" | "escapedPairs"): number {
  // deno-lint-ignore no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return 0;
  let extra = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0xffff) extra += 12 - 4;
    else if (code > 0x7f && which === "escaped") extra += 6 - (code > 0x7ff ? 3 : 2);
  }
  return extra;
}
