/**
 * JSON as the input of an operation, by the SDK's own schema. A member that the schema does not have
 * is refused by name: the SDK would leave it out in silence.
 * @module
 */

import { NormalizedSchema } from "@smithy/core/schema";
import type { StaticOperationSchema } from "@smithy/types";
import {
  described,
  isList,
  isMap,
  nameOf,
  type Path,
  SeedMistake,
  type Value,
  type ValueMap,
} from "./value.ts";

/** Reads `{ File: path }`: a file's bytes, or a folder as a zip. */
export type ReadBytes = (path: string) => Uint8Array;

/** An operation's input. Throws a {@linkcode SeedMistake} for what does not fit its schema. */
export function inputOf(
  operation: StaticOperationSchema,
  value: ValueMap,
  { path, read }: { readonly path: Path; readonly read: ReadBytes },
): Record<string, unknown> {
  return structOf(NormalizedSchema.of(operation[4]), value, { path, read });
}

interface Place {
  readonly path: Path;
  readonly read: ReadBytes;
}

const within = ({ path, read }: Place, step: string | number): Place => ({
  path: [...path, step],
  read,
});

function structOf(schema: NormalizedSchema, value: ValueMap, place: Place) {
  const members = schema.getMemberSchemas();
  const input: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || member === null) continue;
    if (!Object.hasOwn(members, name)) {
      const known = Object.keys(members).join(", ");
      throw new SeedMistake(`there is no ${name} here, only ${known}`, within(place, name).path);
    }
    input[name] = shaped(members[name], member, within(place, name));
  }
  return input;
}

function shaped(schema: NormalizedSchema, value: Value, place: Place): unknown {
  if (schema.isBlobSchema()) return bytesOf(value, place);
  if (schema.isStructSchema()) {
    if (isMap(value)) return structOf(schema, value, place);
    return mismatch(value, "a map", place);
  }
  if (schema.isMapSchema()) {
    if (!isMap(value)) return mismatch(value, "a map", place);
    const given = Object.entries(value).flatMap(([key, item]) =>
      item === undefined || item === null
        ? []
        : [[key, shaped(schema.getValueSchema(), item, within(place, key))] as const]
    );
    return Object.fromEntries(given);
  }
  if (schema.isListSchema()) {
    if (!isList(value)) return mismatch(value, "a list", place);
    return value.map((item, index) => shaped(schema.getValueSchema(), item, within(place, index)));
  }
  return scalarOf(schema, value, place);
}

/** Texts of numbers and booleans are taken for them, and the other way round. */
function scalarOf(schema: NormalizedSchema, value: Value, place: Place): unknown {
  if (schema.isBooleanSchema()) {
    if (value === true || value === "true") return true;
    return value === false || value === "false" ? false : mismatch(value, "true or false", place);
  }
  if (schema.isNumericSchema()) {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number)
      ? number
      : mismatch(value, "a number", place);
  }
  if (schema.isTimestampSchema()) {
    const time = new Date(typeof value === "number" ? value * 1000 : `${value}`);
    return Number.isNaN(time.getTime()) ? mismatch(value, "a time", place) : time;
  }
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return `${value}`;
  if (isMap(value) && isDocument(place.path)) return JSON.stringify(value);
  return mismatch(value, "a text", place);
}

/** Policies are texts of JSON in the API, and are written as JSON in seeds. */
const isDocument = (path: Path) => /Policy(Document)?$/.test(nameOf(path));

function bytesOf(value: Value, place: Place): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return new TextEncoder().encode(value);
  const [[key, argument] = [], ...others] = isMap(value) ? Object.entries(value) : [];
  if (others.length === 0 && typeof argument === "string") {
    if (key === "File") return place.read(argument);
    if (key === "Base64") return Uint8Array.fromBase64(argument);
  }
  return mismatch(value, "a text, { File: path } or { Base64: text }", place);
}

function mismatch(value: Value, wanted: string, { path }: Place): never {
  throw new SeedMistake(`${nameOf(path)} is ${described(value)}; it takes ${wanted}`, path);
}
