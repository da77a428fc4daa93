/**
 * Members of an input, addressed by paths, and values for them.
 * @module
 */

import type { NormalizedSchema } from "@smithy/core/schema";
import type { MemberConstraint } from "../constraints.ts";

/** A member of an input, at any depth. */
export interface Member {
  /** `A.B`, `A[]`, `A{}`. */
  readonly path: string;
  readonly schema: NormalizedSchema;
  readonly constraint: MemberConstraint | undefined;
}

/** The members right below `member`: of a structure, or the items of a list or map. */
export function membersBelow({ path, schema, constraint }: Member): Member[] {
  if (schema.isStructSchema()) {
    return Object.entries(schema.getMemberSchemas()).map(([name, member]) => ({
      path: path === "" ? name : `${path}.${name}`,
      schema: member,
      constraint: constraint?.members?.[name],
    }));
  }
  if (schema.isListSchema()) {
    return [{ path: `${path}[]`, schema: schema.getValueSchema(), constraint: constraint?.item }];
  }
  if (schema.isMapSchema()) {
    return [{ path: `${path}{}`, schema: schema.getValueSchema(), constraint: constraint?.item }];
  }
  return [];
}

/** The key of a sample in a map. */
const SAMPLE_KEY = "sample";

/** Some value of the shape. */
export function sampleOf(schema: NormalizedSchema): unknown {
  if (schema.isStructSchema()) return {};
  if (schema.isListSchema()) return [sampleOf(schema.getValueSchema())];
  if (schema.isMapSchema()) return { [SAMPLE_KEY]: sampleOf(schema.getValueSchema()) };
  if (schema.isBlobSchema()) return new TextEncoder().encode("sample");
  if (schema.isTimestampSchema()) return new Date(0);
  if (schema.isBooleanSchema()) return true;
  return schema.isNumericSchema() ? 1 : "sample";
}

/** What stands at `path` in `input`, or would if samples were put where nothing is. */
export function valueAt(
  input: Readonly<Record<string, unknown>>,
  path: string,
  sampleAt: (path: string) => unknown,
): unknown {
  let value: unknown = input;
  for (const { step, at } of walk(path)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, step) ?? sampleAt(at);
  }
  return value;
}

/**
 * A copy of `input` with `value` at `path`. What is missing on the way there is made, or taken from
 * samples.
 */
export function withValueAt(
  input: Readonly<Record<string, unknown>>,
  path: string,
  value: unknown,
  sampleAt: (path: string) => unknown,
): Record<string, unknown> {
  const copy = copiedStructure(input);
  let container: object = copy;
  for (const { step, at, next } of walk(path)) {
    if (next === undefined) {
      Reflect.set(container, step, value);
      break;
    }
    const found: unknown = Reflect.get(container, step) ?? copied(sampleAt(at)) ??
      (next === 0 ? [] : {});
    if (typeof found !== "object" || found === null) throw new Error(`${at} holds no members`);
    Reflect.set(container, step, found);
    container = found;
  }
  return copy;
}

/** The steps to `path`: a name or an index, where it leads, and the step after it. */
function walk(path: string): { step: Step; at: string; next: Step | undefined }[] {
  const parts = path.split(/\.|(?=\[\]|\{\})/);
  const steps = parts.map((part): Step => part === "[]" ? 0 : part === "{}" ? SAMPLE_KEY : part);
  let at = "";
  return parts.map((part, index) => {
    at += index === 0 || part === "[]" || part === "{}" ? part : `.${part}`;
    return { step: steps[index], at, next: steps[index + 1] };
  });
}

type Step = string | 0;

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return copiedStructure(value);
}

function copiedStructure(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]));
}
