/**
 * Records repeated to a number, with new ids where they have an obvious one: a function that
 * leaves out what it has seen would else answer for repeats in another way.
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { isObject } from "../../sandbox/values.ts";
import type { Records } from "./record_spool.ts";
import { isGzip } from "./records.ts";
import { utf8Text } from "./utf8_text.ts";

/** Members of a JSON object that are taken for its id, the first one that is there. */
const ID_NAMES = [
  ...["id", "_id", "uuid", "guid", "ID", "Id"],
  ...["eventId", "event_id", "eventID", "messageId", "message_id", "recordId", "record_id"],
  ...["requestId", "request_id", "orderId", "order_id"],
];

/** What was repeated, and what was changed in the repeats. */
export interface Repeats {
  /** Records in all. */
  readonly count: number;
  /** Records that are repeats of others. */
  readonly repeats: number;
  /** How many of these got a new id. */
  readonly varied: number;
  /** How many of these are gzip: their ids are inside, and stay. */
  readonly compressed: number;
  /** Names of the members that were changed. */
  readonly names: readonly string[];
}

/** Records whose texts around the id are kept; of more, each is found again for each repeat. */
const TEMPLATES_MAX = 5_000;

/**
 * Gives `count` records to `add`: those given, again and again. In a repeat the id, if a record is a JSON
 * object with one at its top, is another one: a UUID becomes another one, other texts get a number at
 * their end, a whole number goes up. All other bytes stay as they are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recordsInMemory } from "./record_spool.ts";
 * const texts: string[] = [];
 * const given = recordsInMemory([new TextEncoder().encode('{"id":"a","x":1.0}')]);
 * repeatTo(3, given, (record) => texts.push(new TextDecoder().decode(record)));
 * assertEquals(texts, ['{"id":"a","x":1.0}', '{"id":"a-2","x":1.0}', '{"id":"a-3","x":1.0}']);
 * ```
 */
export function repeatTo(
  count: number,
  records: Records,
  add: (record: Uint8Array) => void,
): Repeats {
  const given = records.sizes.length;
  const first = Math.min(count, given);
  for (const { record } of eachOf(records, first)) add(record);
  if (count <= given) return { count, repeats: 0, varied: 0, compressed: 0, names: [] };
  const known = new Map<number, Template | undefined>();
  const span = new Span();
  for (const { record, at } of eachOf(records, given)) {
    const template = templateOf(record);
    span.note(template?.id);
    if (given <= TEMPLATES_MAX) known.set(at, template);
  }
  const names = new Set<string>();
  let [varied, compressed] = [0, 0];
  for (let [round, left] = [1, count - given]; left > 0; round++, left -= given) {
    for (const { record, at } of eachOf(records, Math.min(left, given))) {
      const template = known.has(at) ? known.get(at) : templateOf(record);
      if (template) {
        varied++;
        names.add(template.name);
      } else if (isGzip(record)) compressed++;
      add(template ? variedRecord(template, round, span.width) : record);
    }
  }
  return { count, repeats: count - given, varied, compressed, names: [...names] };
}

/** Records that are read at once. */
const READ_AT_ONCE = 1_000;

/** The first records with their places. */
function* eachOf(records: Records, count: number) {
  for (let start = 0; start < count; start += READ_AT_ONCE) {
    const read = records.slice(start, Math.min(count, start + READ_AT_ONCE));
    for (const [index, record] of read.entries()) yield { record, at: start + index };
  }
}

function variedRecord({ id, before, after }: Template, round: number, step: number): Uint8Array {
  return Buffer.from(before + JSON.stringify(variedId(id, round, step)) + after);
}

/** A record's text around its id. */
interface Template {
  readonly name: string;
  readonly id: string | number;
  readonly before: string;
  readonly after: string;
}

/** Undefined for a record without an id that can be changed. */
function templateOf(record: Uint8Array): Template | undefined {
  const text = textOf(record);
  const value = text === undefined ? undefined : parsed(text);
  if (text === undefined || !isObject(value)) return undefined;
  const name = ID_NAMES.find((name) =>
    typeof value[name] === "string" || Number.isSafeInteger(value[name])
  );
  if (name === undefined) return undefined;
  const id = value[name];
  if (typeof id !== "string" && typeof id !== "number") return undefined;
  // The same name may stand inside of other members too: the right place is the one that changes the top.
  for (const { 0: member, 1: head, index } of text.matchAll(memberPattern(name))) {
    const template = {
      name,
      id,
      before: text.slice(0, index + head.length),
      after: text.slice(index + member.length),
    };
    const changed = parsed(`${template.before}"?"${template.after}`);
    if (isObject(changed) && changed[name] === "?") return template;
  }
  return undefined;
}

const memberPattern = (name: string) =>
  new RegExp(`("${name}"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"|-?\\d+)`, "g");

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function variedId(id: string | number, round: number, step: number): string | number {
  if (typeof id === "number") return id + round * step;
  return UUID.test(id) ? uuidOf(`${id} ${round}`) : `${id}-${round + 1}`;
}

/** The same UUID for the same text, in the form of version 4. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** How far apart numbers must go to meet none of the others. */
class Span {
  #least = Infinity;
  #most = -Infinity;

  note(id: string | number | undefined): void {
    if (typeof id !== "number") return;
    this.#least = Math.min(this.#least, id);
    this.#most = Math.max(this.#most, id);
  }

  get width(): number {
    return this.#most < this.#least ? 1 : this.#most - this.#least + 1;
  }
}

function textOf(record: Uint8Array): string | undefined {
  if (record[0] !== 0x7b && record[0] !== 0x20) return undefined; // not a JSON object: "{" or a blank
  return utf8Text(record);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What was varied, in a sentence; undefined if nothing was repeated. */
export function repeatsText(repeated: Repeats): string | undefined {
  const { count, repeats, varied, compressed, names } = repeated;
  if (repeats === 0) return undefined;
  const said = `${number(count)} records; ${number(repeats)} of them repeat others`;
  if (varied === 0) {
    return `${said} byte for byte, because ${reasonOf(repeated)}. Their record ids differ.`;
  }
  const rest = repeats - varied;
  return `${said}, with a new ${names.join(", ")}` +
    (rest > 0
      ? ` (except ${number(rest)} ${compressed > 0 ? "compressed or " : ""}without an id)`
      : "") +
    ". Their record ids differ.";
}

const number = (value: number) => value.toLocaleString("en");

function reasonOf({ repeats, compressed }: Repeats): string {
  if (compressed === 0) return "they have no id at their top level";
  const who = compressed === repeats
    ? "they are"
    : `${number(compressed)} of them ${compressed === 1 ? "is" : "are"}`;
  return `${who} compressed: an id inside stays the same`;
}
