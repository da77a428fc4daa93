/**
 * Reads a seed file: YAML, of which JSON is a part, with the short tags of CloudFormation
 * (`!Ref Name` is `{"Ref": "Name"}`), and the line of every value for messages.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 * @module
 */

import {
  type CollectionTag,
  type Document,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  Scalar,
  type ScalarTag,
  visit,
  YAMLMap,
  YAMLSeq,
} from "yaml";
import { isList, isMap, type Path, SeedMistake, type Value } from "./value.ts";

/** A file's content. */
export interface SeedDocument {
  readonly value: Value;
  /** The line of the value at `path`, or of the nearest one around it. The first line is 1. */
  lineOf(path: Path): number;
}

/**
 * Reads YAML or JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { value, lineOf } = readDocument("A:\n  B: !GetAtt C.Arn\n");
 * assertEquals(value, { A: { B: { "Fn::GetAtt": ["C", "Arn"] } } });
 * assertEquals(lineOf(["A", "B"]), 2);
 * ```
 *
 * Throws a `SyntaxError` with line and column for text that does not parse.
 */
export function readDocument(text: string): SeedDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    customTags: SHORT_TAGS,
    merge: false,
    resolveKnownTags: false,
  });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0]);
    const [what] = fault.message.split(/ at line \d|\n/);
    throw new SyntaxError(`line ${line}, column ${col}: ${what}`, { cause: fault });
  }
  keepSpelling(document);
  return {
    value: plain(document.toJS({ maxAliasCount: 100 }), []),
    lineOf: (path) => lineOf(document, path, lines),
  };
}

/** Numbers that would be written differently stay text: account ids begin with zeros. */
function keepSpelling(document: Document.Parsed): void {
  visit(document, {
    Scalar(_, { value, source }, path) {
      if (typeof value !== "number" || source === undefined || `${value}` === source) return;
      const holder = path.at(-1);
      if (isScalar(holder)) return;
      const text = new Scalar(source);
      return text;
    },
  });
}

function lineOf(document: Document.Parsed, path: Path, lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** What the library gives, as a `Value`. Throws a {@linkcode SeedMistake} for keys that are no text. */
function plain(value: unknown, path: Path): Value {
  if (Array.isArray(value)) return value.map((item, index) => plain(item, [...path, index]));
  if (value instanceof Map) throw new SeedMistake("Keys must be texts", path);
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, item]) => [key, plain(item, [...path, key])]));
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return null;
}

// --- short tags ---------------------------------------------------------------------------------

const FUNCTIONS = [
  "And",
  "Base64",
  "Cidr",
  "Equals",
  "FindInMap",
  "GetAZs",
  "GetAtt",
  "If",
  "ImportValue",
  "Join",
  "Not",
  "Or",
  "Select",
  "Split",
  "Sub",
  "Transform",
];

const SHORT_TAGS = [
  ...["Ref", "Condition"].flatMap((name) => tagsOf(`!${name}`, name)),
  ...FUNCTIONS.flatMap((name) => tagsOf(`!${name}`, `Fn::${name}`)),
];

function tagsOf(tag: string, key: string): (ScalarTag | CollectionTag)[] {
  const scalar: ScalarTag = { tag, resolve: (text) => ({ [key]: argumentOf(key, text) }) };
  return [scalar, collectionTag(tag, key, "seq"), collectionTag(tag, key, "map")];
}

function collectionTag(tag: string, key: string, collection: "seq" | "map"): CollectionTag {
  return {
    tag,
    collection,
    resolve(items) {
      const inner = items instanceof YAMLSeq ? new YAMLSeq() : new YAMLMap();
      Object.assign(inner, { items: items.items, range: items.range });
      const outer = new YAMLMap();
      outer.set(new Scalar(key), inner);
      return outer;
    },
  };
}

/** `!GetAtt Name.Attribute` is the list of both. */
function argumentOf(key: string, text: string): string | string[] {
  if (key !== "Fn::GetAtt") return text;
  const dot = text.indexOf(".");
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** Whether a file is a template of CloudFormation or SAM, and no plain seed. */
export function isTemplate({ value }: SeedDocument): boolean {
  if (!isMap(value)) return false;
  return "AWSTemplateFormatVersion" in value || isMap(value.Resources) || isList(value.Resources);
}
