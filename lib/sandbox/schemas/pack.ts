/**
 * Writes the modules of this folder: the schemas of those operations of a service that the sandbox
 * has, from the SDK's client. The task is `deno task schemas`.
 * @module
 */

import type { StaticOperationSchema } from "@smithy/types";
import { assert } from "../assert.ts";
import { operationSchemas } from "../sdk_schemas.ts";
import { isReference } from "./unpack.ts";

/** What one module is written from. */
export interface PackedService {
  /** `@aws-sdk/client-s3`. */
  readonly client: string;
  /** What that module exports. */
  readonly exports: object;
  /** The names of the operations to pack. */
  readonly operations: ReadonlySet<string>;
  /** Whether requests name their operation by method and path alone: others are told by those. */
  readonly isRest: boolean;
}

/** The text of a service's module. Throws an `Error` for an operation that the SDK does not have. */
export function packedModule({ client, exports, operations, isRest }: PackedService): string {
  const all = operationSchemas(exports).sort((a, b) => a[2] < b[2] ? -1 : 1);
  const packed = all.filter(([, , name]) => operations.has(name));
  const names = packed.map(([, , name]) => name);
  const missing = [...operations.difference(new Set(names))];
  if (missing.length > 0) throw new Error(`${client} has no operation ${missing.join(", ")}`);
  const shapes = Object.entries(shapesOf(packed));
  return [
    `// Written by \`deno task schemas\` from ${client}. Do not edit.`,
    "// deno-fmt-ignore-file",
    `import { unpack${isRest ? ", unpackBindings" : ""} } from "./unpack.ts";`,
    "",
    "const operation = unpack({",
    ...shapes.map(([name, json]) => `  ${name}: ${literal(json)},`),
    "});",
    "",
    ...names.map((name) => `export const ${name}$ = operation("${name}");`),
    ...(isRest ? ["", `export const allSchemas = () => unpackBindings(${bindings(all)});`] : []),
    "",
  ].join("\n");
}

/** The operations and every shape that they reach, as JSON by name. */
function shapesOf(operations: readonly StaticOperationSchema[]): Record<string, string> {
  const found = new Map<string, unknown>(operations.map((schema) => [schema[2], schema]));
  const packed: Record<string, string> = {};
  const reference = (value: unknown): unknown => {
    if (typeof value !== "function") {
      assert(!isReference(value), `${value} would be read as a reference`);
      return value;
    }
    const shape: unknown = value();
    if (!Array.isArray(shape)) return shape;
    const [, , name] = shape;
    assert((found.get(name) ?? shape) === shape, `one shape is called ${name}`);
    found.set(name, shape); // a Map visits what is added while it is read
    return `#${name}`;
  };
  for (const [name, shape] of found) packed[name] = JSON.stringify(shape, (_, v) => reference(v));
  return packed;
}

const bindings = (all: readonly StaticOperationSchema[]) =>
  literal(JSON.stringify(all.map(([, , name, traits]) => [name, traits])));

/** JSON as a literal in single quotes, as it is full of double ones. */
const literal = (json: string) => `'${json.replace(/[\\']/g, "\\$&")}'`;
