/**
 * A resource of a template, and what its type says about it.
 * @module
 */

import { createHash } from "node:crypto";
import type { Assets } from "./cdk_output.ts";
import {
  isMap,
  listAt,
  mapAt,
  nameOf,
  type Path,
  SeedMistake,
  textAt,
  type Value,
  type ValueMap,
} from "./value.ts";

/** The stack that a template stands for. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
}

/** A resource whose functions are evaluated as they are asked for. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly stack: Stack;
  /** Files that become objects before the resource is made. */
  readonly assets: Assets;
  /** Where its properties stand. */
  readonly path: Path;
  /** What AWS calls it: the name that the template gives, or one made from stack and id. */
  readonly name: string;
  /** A property; undefined if it is not given. */
  property(name: string): Value | undefined;
  /** All properties. */
  properties(): ValueMap;
}

/** A call for a resource. */
export interface Call {
  readonly operation: string;
  readonly input: ValueMap;
}

/** A type of resources. */
export interface ResourceType {
  /** The property with the resource's name. */
  readonly nameProperty?: string;
  /** The name of a resource that the template does not name, from stack, id and a hash of both. */
  readonly newName?: (parts: NameParts) => string;
  /** The properties that are read; all others are refused by name. `all` passes them on. */
  readonly reads: readonly string[] | "all";
  /** What `Ref` gives; the name when absent. */
  readonly ref?: (resource: Resource) => string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes?: Readonly<Record<string, (resource: Resource) => string>>;
  /** The calls that make it. */
  readonly calls: (resource: Resource) => readonly Call[];
}

/** What generated names are made of. */
export interface NameParts {
  readonly stack: string;
  readonly id: string;
  /** 12 letters and digits, the same at every start. */
  readonly hash: string;
}

/** A name as CloudFormation makes them, but the same at every start: stack, id and hash. */
export function joinedName({ stack, id, hash }: NameParts, lengthMax = 64): string {
  const room = lengthMax - hash.length - 2;
  const stackPart = stack.slice(0, Math.max(Math.floor(room / 2), room - id.length));
  return `${stackPart}-${id.slice(0, room - stackPart.length)}-${hash}`;
}

/** 12 capital letters and digits for a resource of a stack. */
export function hashOf({ name, region, accountId }: Stack, id: string): string {
  const digest = createHash("sha256").update(`${accountId} ${region} ${name} ${id}`).digest();
  return BigInt(`0x${digest.toString("hex")}`).toString(36).toUpperCase().slice(0, 12);
}

/** The values of a property that is a list of texts. */
export function textsOf(resource: Resource, name: string): string[] {
  const path = [...resource.path, name];
  return listAt(resource.property(name), path).map((item, index) => textAt(item, [...path, index]));
}

/** Tags as a map, for services that take one. */
export function tagMap(resource: Resource, name = "Tags"): Record<string, string> | undefined {
  const path = [...resource.path, name];
  const given = resource.property(name);
  if (given === undefined) return undefined;
  const pairs = isMap(given)
    ? Object.entries(given)
    : listAt(given, path).map((tag, index): [string, Value] => {
      const { Key, Value = "" } = mapAt(tag, [...path, index]);
      return [textAt(Key, [...path, index, "Key"]), Value];
    });
  return Object.fromEntries(pairs.map(([key, value]) => [key, textAt(value, [...path, key])]));
}

/** The members of `from` that are given, under the same names. */
export function picked(from: Resource, names: readonly string[]): Record<string, Value> {
  const members: Record<string, Value> = {};
  for (const name of names) {
    const value = from.property(name);
    if (value !== undefined) members[name] = value;
  }
  return members;
}

/**
 * Throws the {@linkcode SeedMistake} for a property that the sandbox does not support; `more` ends the
 * sentence.
 */
export function refuse(resource: Resource, path: Path, more = ""): never {
  const place = [...resource.path, ...path];
  const [name] = path;
  const hint = `--seed-skip ${resource.type}.${name} leaves it out`;
  throw new SeedMistake(`the sandbox does not support ${nameOf(place)}${more}; ${hint}`, place);
}
