/**
 * What a seed file holds once it is read: JSON, and bytes that were made from it.
 * @module
 */

/** JSON, and bytes. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly Value[]
  | ValueMap;

/** A structure or a map. A member that is undefined is not there. */
export interface ValueMap {
  readonly [name: string]: Value | undefined;
}

/** Names and numbers that lead from the top of a file to a value in it. */
export type Path = readonly (string | number)[];

/** A mistake in a seed file, and where it stands. */
export class SeedMistake extends Error {
  constructor(message: string, readonly path: Path, options?: ErrorOptions) {
    super(message, options);
  }
}

export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === "object" && value !== null && !isList(value) &&
    !(value instanceof Uint8Array);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** What a value is, for messages: `a list`, `the number 5`. */
export function described(value: Value | undefined): string {
  if (value === undefined || value === null) return "nothing";
  if (value instanceof Uint8Array) return "bytes";
  if (isList(value)) return "a list";
  if (isMap(value)) return "a map";
  if (typeof value === "string") return `the text ${JSON.stringify(value)}`;
  return typeof value === "number" ? `the number ${value}` : `${value}`;
}

/** `value` as a map. Throws a {@linkcode SeedMistake} if it is none; nothing at all is an empty map. */
export function mapAt(value: Value | undefined, path: Path): ValueMap {
  if (value === undefined || value === null) return {};
  if (isMap(value)) return value;
  throw new SeedMistake(`${nameOf(path)} is ${described(value)}; it takes a map`, path);
}

/** `value` as a list. Throws a {@linkcode SeedMistake} if it is none; absent is an empty list. */
export function listAt(value: Value | undefined, path: Path): readonly Value[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value;
  throw new SeedMistake(`${nameOf(path)} is ${described(value)}; it takes a list`, path);
}

/** `value` as text; a number or boolean is written out. Throws a {@linkcode SeedMistake} otherwise. */
export function textAt(value: Value | undefined, path: Path): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return `${value}`;
  throw new SeedMistake(`${nameOf(path)} is ${described(value)}; it takes a text`, path);
}

/** The last name in a path, with the indexes after it: `Tags[0]`. */
export function nameOf(path: Path): string {
  const from = path.findLastIndex((step) => typeof step === "string");
  const [name = "The file", ...indexes] = path.slice(Math.max(from, 0));
  return `${name}${indexes.map((index) => `[${index}]`).join("")}`;
}
