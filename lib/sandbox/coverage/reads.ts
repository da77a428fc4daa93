/**
 * Finds out which members of its input an operation reads: the operation gets the input in a `Proxy`
 * that records them.
 * @module
 */

import type { NormalizedSchema } from "@smithy/core/schema";

/**
 * The members that were read, by path: `A.B` of a structure, `A[]` of a list's items, `A{}` of a
 * map's values.
 */
export class Reads {
  readonly #paths = new Set<string>();

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** `value`, a shape of `schema`, as a Proxy that records which members are read. */
  watch(schema: NormalizedSchema, value: unknown, path = ""): unknown {
    if (!isContainer(value)) return value;
    // Reading a member by name counts. Copying or listing the whole input does not: a copy asks for
    // the descriptor of each member right before the member.
    let described: (string | symbol)[] = [];
    const isInput = path === "";
    return new Proxy(value, {
      ownKeys: (target) => {
        described = [];
        return Reflect.ownKeys(target);
      },
      getOwnPropertyDescriptor: (target, key) => {
        described.push(key);
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
      get: (target, key, receiver) => {
        const isCopied = isInput && described.length === 1 && described[0] === key;
        described = [];
        const found: unknown = Reflect.get(target, key, receiver);
        const member = typeof key === "string" ? memberOf(schema, key, path) : undefined;
        if (!member) return found;
        if (!isCopied && found !== undefined) this.#paths.add(member.path);
        return this.watch(member.schema, found, member.path);
      },
    });
  }
}

function memberOf(schema: NormalizedSchema, key: string, path: string) {
  if (schema.isStructSchema()) {
    const member = Object.hasOwn(schema.getMemberSchemas(), key) && schema.getMemberSchema(key);
    return member ? { schema: member, path: path === "" ? key : `${path}.${key}` } : undefined;
  }
  if (schema.isListSchema() && /^\d+$/.test(key)) {
    return { schema: schema.getValueSchema(), path: `${path}[]` };
  }
  return schema.isMapSchema() ? { schema: schema.getValueSchema(), path: `${path}{}` } : undefined;
}

/** Structures, lists and maps. Not bytes, dates or streams: their methods need the real object. */
function isContainer(value: unknown): value is object {
  if (Array.isArray(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
