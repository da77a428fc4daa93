/**
 * Reads a request's XML body by the SDK's schema. An element that the schema does not have is
 * refused, as S3 does ("did not validate against our published schema"): a misspelt setting is
 * never ignored.
 * @module
 */

import { XmlShapeDeserializer } from "@aws-sdk/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../errors.ts";

type XmlSettings = ConstructorParameters<typeof XmlShapeDeserializer>[0];

const DECODER = new TextDecoder();

/** The value of `member` in `body`. Throws MalformedXML. */
export function readXmlBody(
  member: NormalizedSchema,
  body: Uint8Array,
  settings: XmlSettings,
): unknown {
  try {
    return new StrictDeserializer(settings).readStrictly(member, DECODER.decode(body));
  } catch (cause) {
    throw new AwsError(
      "MalformedXML",
      400,
      "The XML you provided was not well-formed or did not validate against our published schema",
      { cause },
    );
  }
}

class StrictDeserializer extends XmlShapeDeserializer {
  readStrictly(member: NormalizedSchema, text: string): unknown {
    const rootName = member.getMergedTraits().xmlName ?? member.getName();
    if (rootOf(text) !== rootName) throw new TypeError(`The root element is not ${rootName}`);
    const parsed: unknown = this.parseXml(readableReferences(withoutBlanks(text)));
    checkElements(member, parsed);
    return this.readSchema(member, parsed);
  }
}

/** The name of the first element, after the declaration and comments. */
function rootOf(text: string): string | undefined {
  return /^\uFEFF?\s*(?:<\?[^]*?\?>\s*|<!--[^]*?-->\s*)*<([^\s/>]+)/.exec(text)?.[1];
}

/** A comment or a CDATA section. An unclosed section goes to the end: linear. */
const COMMENT_OR_CDATA = /<!--[^]*?(?:(-->)|$)|<!\[CDATA\[[^]*?(?:\]\]>|$)/g;
/** A CDATA section, blanks before a tag that opens, or blanks after one that closes an element. */
const CDATA_OR_BLANKS =
  /<!\[CDATA\[[^]*?(?:\]\]>|$)|(?<=>)[ \t\r\n]+(?=<[^/!])|(?<=<\/[^<>]*>|<[^<>]*\/>)[ \t\r\n]+(?=<)/g;

/**
 * `text` without comments and without blanks between elements. The SDK's reader (3.972) leaves out such
 * blanks only if they have a line feed; else it takes them for the value, in place of the elements.
 */
function withoutBlanks(text: string): string {
  return text
    .replace(COMMENT_OR_CDATA, (found, closed?: string) => closed ? "" : found)
    .replace(CDATA_OR_BLANKS, (found) => found.startsWith("<") ? found : "");
}

/** A CDATA section or a reference. An unclosed section goes to the end: linear. */
const SECTION_OR_REFERENCE =
  /<!\[CDATA\[[^]*?(?:\]\]>|$)|&(?:(?:amp|lt|gt|quot|apos);|#(\d+);|#x([\da-fA-F]+);|)/g;

/**
 * `text` with its references as the SDK's reader (3.972) takes them. That leaves out one that it does
 * not know, and cuts a character's number to 16 bits: the key `a&nbsp;b` would be `ab`, and another
 * object deleted. Throws TypeError for a `&` that begins no reference outside of CDATA.
 * https://www.w3.org/TR/xml/#sec-references
 */
function readableReferences(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(SECTION_OR_REFERENCE, (found: string, decimal?: string, hex?: string) => {
    if (found === "&") throw new TypeError("A & begins no reference");
    if (decimal === undefined && hex === undefined) return found;
    const code = decimal === undefined ? parseInt(hex ?? "", 16) : Number(decimal);
    if (!isCharacter(code)) throw new TypeError(`${found} is no character`);
    return code > 0xffff ? String.fromCodePoint(code) : `&#${code};`;
  });
}

/** Whether a text can have a character with this code; one of UTF-16's halves is none. */
const isCharacter = (code: number) =>
  code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);

/** Throws TypeError for an element without a member, and for a boolean that is none. */
function checkElements(schema: NormalizedSchema, value: unknown): void {
  if (Array.isArray(value)) return value.forEach((each) => checkElements(schema, each));
  if (schema.isBooleanSchema()) return checkBoolean(value);
  if (typeof value !== "object" || value === null) return;
  const members = membersOf(schema);
  for (const [name, child] of Object.entries(value)) {
    const member = members.get(name);
    if (member) checkElements(member, child);
    else if (!isNoElement(name)) throw new TypeError(`Unknown element ${name}`);
  }
}

function checkBoolean(value: unknown): void {
  if (/^\s*(true|false|1|0)?\s*$/i.test(String(value))) return;
  throw new TypeError(`${value} is neither true nor false`);
}

/** The schemas of the elements in `schema`, by name. An item of a flattened list stands for itself. */
function membersOf(schema: NormalizedSchema): ReadonlyMap<string, NormalizedSchema> {
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    if (schema.getMergedTraits().xmlFlattened) return membersOf(item);
    return new Map([[item.getMergedTraits().xmlName ?? "member", item]]);
  }
  const members = new Map<string, NormalizedSchema>();
  if (!schema.isStructSchema()) return members;
  for (const [name, member] of schema.structIterator()) {
    members.set(member.getMemberTraits().xmlName ?? name, member);
  }
  return members;
}

/** Text between elements, and attributes: a namespace, or `xsi:type`. */
const isNoElement = (name: string) => name === "#text" || name === "xmlns" || name.includes(":");
