/**
 * Records repeated to a number, with ids of their own where they have an obvious one: a function that
 * leaves out what it has seen would else answer for repeats in another way.
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { isObject } from "../../sandbox/values.ts";

/** Members of a JSON object that are taken for its id, the first one that is there. */
const ID_NAMES = [
  ...["id", "_id", "uuid", "guid", "ID", "Id"],
  ...["eventId", "event_id", "eventID", "messageId", "message_id", "recordId", "record_id"],
  ...["requestId", "request_id", "orderId", "order_id"],
];

/** Repeated records, and what was changed in them. */
export interface Repeats {
  readonly records: readonly Uint8Array[];
  /** Records that are repeats of others. */
  readonly repeats: number;
  /** How many of these got an id of their own. */
  readonly varied: number;
  /** Names of the members that were changed. */
  readonly names: readonly string[];
}

/**
 * `count` records: those given, again and again. In a repeat the id, if a record is a JSON object with
 * one at its top, is another one: a UUID becomes another one, other texts get a number at their end, a
 * whole number goes up. All other bytes stay as they are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { records } = repeatedTo(3, [new TextEncoder().encode('{"id":"a","x":1.0}')]);
 * const texts = records.map((record) => new TextDecoder().decode(record));
 * assertEquals(texts, ['{"id":"a","x":1.0}', '{"id":"a-2","x":1.0}', '{"id":"a-3","x":1.0}']);
 * ```
 */
export function repeatedTo(count: number, records: readonly Uint8Array[]): Repeats {
  if (count <= records.length) {
    return { records: records.slice(0, count), repeats: 0, varied: 0, names: [] };
  }
  const templates = records.map(templateOf);
  const step = spanOf(templates.map((template) => template?.id));
  const names = new Set<string>();
  let varied = 0;
  const all = Array.from({ length: count }, (_, index) => {
    const at = index % records.length;
    const round = Math.floor(index / records.length);
    const template = templates[at];
    if (round === 0 || !template) return records[at];
    varied++;
    names.add(template.name);
    const id = JSON.stringify(variedId(template.id, round, step));
    return Buffer.from(template.before + id + template.after);
  });
  return { records: all, repeats: count - records.length, varied, names: [...names] };
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
function spanOf(ids: readonly (string | number | undefined)[]): number {
  const numbers = ids.filter((id) => typeof id === "number");
  const least = numbers.reduce((least, id) => Math.min(least, id), Infinity);
  const most = numbers.reduce((most, id) => Math.max(most, id), -Infinity);
  return numbers.length === 0 ? 1 : most - least + 1;
}

function textOf(record: Uint8Array): string | undefined {
  if (record[0] !== 0x7b && record[0] !== 0x20) return undefined; // not a JSON object: "{" or a blank
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(record);
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What was varied, in a sentence; undefined if nothing was repeated. */
export function repeatsText({ records, repeats, varied, names }: Repeats): string | undefined {
  if (repeats === 0) return undefined;
  const number = (value: number) => value.toLocaleString("en");
  const said = `${number(records.length)} records, of which ${number(repeats)} repeat others`;
  if (varied === 0) return `${said} byte for byte: no id was found in them. Record ids differ.`;
  const rest = repeats - varied;
  return `${said}: their ${names.join(", ")} is varied` +
    (rest > 0 ? `, except in ${number(rest)} in which no id was found` : "") +
    ". Record ids differ.";
}
