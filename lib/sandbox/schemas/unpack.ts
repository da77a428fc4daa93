/**
 * Reads the packed schemas of this folder. A shape is parsed when it is first needed: most sandboxes
 * use a few operations of each service, and the SDK's clients take 27 MiB of memory for all.
 * @module
 */

import type { StaticOperationSchema, StaticSchema } from "@smithy/types";
import { assert } from "../assert.ts";

/**
 * Shapes by name: the JSON of the SDK's own tuple, with `"#Name"` for a reference to another shape.
 * Written by `pack.ts`.
 */
export type PackedShapes = Readonly<Record<string, string>>;

/** The operations in packed shapes, by name. Throws an `Error` for a name that is not among them. */
export function unpack(shapes: PackedShapes): (name: string) => StaticOperationSchema {
  // One function for each shape: the SDK keeps what it derives from a shape at its reference.
  const references = new Map<string, () => StaticSchema>();
  const referenceTo = (name: string): () => StaticSchema => {
    let schema: StaticSchema | undefined;
    const reference = references.get(name) ?? (() => schema ??= read(name));
    references.set(name, reference);
    return reference;
  };
  const read = (name: string): StaticSchema => {
    assert(Object.hasOwn(shapes, name), `the packed schemas have ${name}`);
    return JSON.parse(
      shapes[name],
      (_, value) => isReference(value) ? referenceTo(value.slice(1)) : value,
    );
  };
  return (name) => {
    const schema = read(name);
    if (schema[0] !== 9) throw new Error(`${name} is no operation`);
    return schema;
  };
}

/** Whether a value in packed JSON is a reference to a shape. */
export const isReference = (value: unknown): value is string =>
  typeof value === "string" && value.startsWith("#");

/** Operations that the sandbox does not have: their names and HTTP bindings, as packed JSON. */
export function unpackBindings(json: string): StaticOperationSchema[] {
  const bindings: [string, StaticOperationSchema[3]][] = JSON.parse(json);
  return bindings.map(([name, traits]) => [9, "", name, traits, "unit", "unit"]);
}
