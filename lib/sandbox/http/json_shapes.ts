/**
 * JSON to the SDK's input types, by schema. Stricter than the SDK's own reader, which passes a
 * value of the wrong type through: a server must refuse it.
 * @module
 */

import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../errors.ts";

/**
 * Reads `value` (parsed JSON) as the shape `schema`: base64 text becomes bytes, epoch seconds a
 * `Date`. Unknown members are ignored, as AWS does. Throws `SerializationException`.
 */
export function readJsonShape(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isStructSchema()) return readStruct(schema, value);
  if (schema.isListSchema()) return readList(schema, value);
  if (schema.isMapSchema()) return readMap(schema, value);
  return readScalar(schema, value);
}

/** Parses a request body. An empty one is an empty structure. Throws `SerializationException`. */
export function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(STRICT_UTF8.decode(body));
  } catch (cause) {
    throw serialization("The request body is not valid JSON in UTF-8", cause);
  }
}

const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

function readStruct(schema: NormalizedSchema, value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw unexpected(value, "object");
  const result: Record<string, unknown> = {};
  for (const [name, member] of membersOf(schema)) {
    const read = readJsonShape(member, value[name]);
    if (read !== undefined) result[name] = read;
  }
  return result;
}

function readList(schema: NormalizedSchema, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw unexpected(value, "list");
  const item = schema.getValueSchema();
  return value.map((entry) => readJsonShape(item, entry));
}

function readMap(schema: NormalizedSchema, value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw unexpected(value, "map");
  const item = schema.getValueSchema();
  const entries = Object.entries(value).map(([key, entry]) => [key, readJsonShape(item, entry)]);
  return Object.fromEntries(entries);
}

function readScalar(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isBlobSchema()) return readBlob(value);
  if (schema.isStringSchema()) return expect(typeof value === "string", value, "string");
  if (schema.isBooleanSchema()) return expect(typeof value === "boolean", value, "boolean");
  if (schema.isTimestampSchema()) {
    expect(typeof value === "number", value, "timestamp");
    return new Date(Number(value) * 1000);
  }
  if (schema.isNumericSchema()) return expect(typeof value === "number", value, "number");
  return value;
}

function readBlob(value: unknown): Uint8Array {
  if (typeof value !== "string") throw unexpected(value, "blob");
  try {
    return Uint8Array.fromBase64(value);
  } catch (cause) {
    throw serialization("Invalid base64 in a blob member", cause);
  }
}

function expect(isRight: boolean, value: unknown, wanted: string): unknown {
  if (!isRight) throw unexpected(value, wanted);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Member lists by schema: building them anew for every one of 500 records is what would cost. */
const memberLists = new WeakMap<object, readonly (readonly [string, NormalizedSchema])[]>();

function membersOf(schema: NormalizedSchema): readonly (readonly [string, NormalizedSchema])[] {
  const known = memberLists.get(schema);
  if (known) return known;
  const members = [...schema.structIterator()];
  memberLists.set(schema, members);
  return members;
}

function unexpected(value: unknown, wanted: string): AwsError {
  const found = value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
  return serialization(`Unexpected ${found} where a ${wanted} was expected`);
}

function serialization(message: string, cause?: unknown): AwsError {
  return new AwsError("SerializationException", 400, message, { cause });
}
