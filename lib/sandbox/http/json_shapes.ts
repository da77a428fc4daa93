/**
 * JSON to the SDK's input types, by schema. Stricter than the SDK's own reader, which accepts values of
 * the wrong type: a server must refuse them.
 * @module
 */

import { Buffer, isAscii } from "node:buffer";
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../errors.ts";
import { isObject } from "../values.ts";

/**
 * Reads a request body as the shape `schema`: base64 text becomes bytes, epoch seconds a `Date`.
 * An empty body is an empty structure. Unknown members are ignored, as on AWS. All blobs share one
 * piece of memory. Throws `SerializationException`.
 */
export function readJsonBody(schema: NormalizedSchema, body: Uint8Array): unknown {
  return readShape(schema, parseJson(body), new JsonScalars(body.length));
}

function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(textOf(body));
  } catch (cause) {
    throw serialization("The request body is not valid JSON in UTF-8", cause);
  }
}

/** Records are base64, so large bodies are ASCII: reading them as Latin-1 takes a tenth of the time. */
function textOf(body: Uint8Array): string {
  if (!isAscii(body)) return STRICT_UTF8.decode(body);
  return Buffer.from(body.buffer, body.byteOffset, body.length).toString("latin1");
}

const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

/** The values that JSON and CBOR write differently. Both throw `SerializationException`. */
export interface Scalars {
  blob(value: unknown): Uint8Array;
  timestamp(value: unknown): Date;
}

/** Checks a decoded value against the shape `schema`, and reads its blobs and timestamps. */
export function readShape(schema: NormalizedSchema, value: unknown, scalars: Scalars): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isStructSchema()) return readStruct(schema, value, scalars);
  if (schema.isListSchema()) return readList(schema, value, scalars);
  if (schema.isMapSchema()) return readMap(schema, value, scalars);
  return readScalar(schema, value, scalars);
}

function readStruct(
  schema: NormalizedSchema,
  value: unknown,
  scalars: Scalars,
): Record<string, unknown> {
  if (!isObject(value)) throw unexpected(value, "object");
  const result: Record<string, unknown> = {};
  for (const [name, member] of membersOf(schema)) {
    const read = readShape(member, value[name], scalars);
    if (read !== undefined) result[name] = read;
  }
  return result;
}

function readList(schema: NormalizedSchema, value: unknown, scalars: Scalars): unknown[] {
  if (!Array.isArray(value)) throw unexpected(value, "list");
  const item = schema.getValueSchema();
  return value.map((entry) => readShape(item, present(entry), scalars));
}

function readMap(
  schema: NormalizedSchema,
  value: unknown,
  scalars: Scalars,
): Record<string, unknown> {
  if (!isObject(value)) throw unexpected(value, "map");
  const item = schema.getValueSchema();
  const entries = Object.entries(value).map((
    [key, entry],
  ) => [key, readShape(item, present(entry), scalars)]);
  return Object.fromEntries(entries);
}

/**
 * An item of a list or a value of a map: none may be null, as no operation here has a sparse one.
 * https://smithy.io/2.0/spec/type-refinement-traits.html#sparse-trait
 */
function present(value: unknown): unknown {
  if (value === null || value === undefined) {
    throw serialization("Unexpected null in a list or map");
  }
  return value;
}

function readScalar(schema: NormalizedSchema, value: unknown, scalars: Scalars): unknown {
  if (schema.isBlobSchema()) return scalars.blob(value);
  if (schema.isStringSchema()) return expect(typeof value === "string", value, "string");
  if (schema.isBooleanSchema()) return expect(typeof value === "boolean", value, "boolean");
  if (schema.isTimestampSchema()) return scalars.timestamp(value);
  if (schema.isNumericSchema()) return expect(typeof value === "number", value, "number");
  return value;
}

/** Scalars of one JSON body. Its blobs need one allocation in place of one for each record. */
class JsonScalars implements Scalars {
  readonly #bytesMax: number;
  /** Memory for the blobs that follow. */
  #room: Uint8Array | undefined;

  constructor(bodyBytes: number) {
    // Four characters are three bytes, so all blobs of the body fit.
    this.#bytesMax = Math.ceil(bodyBytes * 3 / 4);
  }

  timestamp(value: unknown): Date {
    const date = new Date(typeof value === "number" ? Math.round(value * 1000) : NaN);
    if (!Number.isNaN(date.getTime())) return date;
    // 1e300 is a number, and no moment of a Date.
    throw unexpected(value, "timestamp");
  }

  blob(value: unknown): Uint8Array {
    if (typeof value !== "string") throw unexpected(value, "blob");
    const room = this.#room ??= new Uint8Array(this.#bytesMax);
    const written = setFromBase64(room, value);
    this.#room = room.subarray(written);
    return room.subarray(0, written);
  }
}

function setFromBase64(room: Uint8Array, text: string): number {
  try {
    return room.setFromBase64(text).written;
  } catch (cause) {
    throw serialization("Invalid base64 in a blob member", cause);
  }
}

function expect(isRight: boolean, value: unknown, wanted: string): unknown {
  if (!isRight) throw unexpected(value, wanted);
  return value;
}

/** Member lists by schema: building them again for each of 500 records would be slow. */
const memberLists = new WeakMap<object, readonly (readonly [string, NormalizedSchema])[]>();

function membersOf(schema: NormalizedSchema): readonly (readonly [string, NormalizedSchema])[] {
  const known = memberLists.get(schema);
  if (known) return known;
  const members = [...schema.structIterator()];
  memberLists.set(schema, members);
  return members;
}

/** The refusal of a value of the wrong type. */
export function unexpected(value: unknown, wanted: string): AwsError {
  const found = value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
  return serialization(`Unexpected ${found} where a ${wanted} was expected`);
}

/** The refusal of a malformed body. */
export function serialization(message: string, cause?: unknown): AwsError {
  return new AwsError("SerializationException", 400, message, { cause });
}
