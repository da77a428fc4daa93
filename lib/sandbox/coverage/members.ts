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

/** The key of a sample in a map that is empty. */
const SAMPLE_KEY = "sample";

/** Some value of the shape. */
export function sampleOf(schema: NormalizedSchema, constraint?: MemberConstraint): unknown {
  if (constraint?.enum) return constraint.enum[0];
  if (schema.isStructSchema()) return {};
  if (schema.isListSchema()) return [sampleOf(schema.getValueSchema(), constraint?.item)];
  if (schema.isMapSchema()) return { [SAMPLE_KEY]: sampleOf(schema.getValueSchema()) };
  if (schema.isBlobSchema()) return new TextEncoder().encode("sample");
  if (schema.isTimestampSchema()) return new Date(0);
  if (schema.isBooleanSchema()) return true;
  return schema.isNumericSchema() ? 1 : "sample";
}

/** The value at `path` in `input`, with samples in place of what is missing. */
export function valueAt(
  input: Readonly<Record<string, unknown>>,
  path: string,
  sampleAt: (path: string) => unknown,
): unknown {
  let value: unknown = input;
  for (const { step, at, next } of walk(path)) {
    if (typeof value !== "object" || value === null) return undefined;
    // A sample may lie deeper.
    const nothing = next === undefined ? undefined : {};
    value = Reflect.get(value, keyIn(value, step)) ?? sampleAt(at) ?? nothing;
  }
  return value;
}

/**
 * A copy of `input` with `value` at `path`. Missing structures on the way are created or taken from
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
    const key = keyIn(container, step);
    if (next === undefined) {
      Reflect.set(container, key, value);
      break;
    }
    const found: unknown = Reflect.get(container, key) ?? copied(sampleAt(at)) ??
      (next === "[]" ? [] : {});
    if (typeof found !== "object" || found === null) throw new Error(`${at} holds no members`);
    Reflect.set(container, key, found);
    container = found;
  }
  return copy;
}

/** The steps to `path`: the name of each, where it leads, and the next one. */
function walk(path: string): { step: string; at: string; next: string | undefined }[] {
  const steps = path.split(/\.|(?=\[\]|\{\})/);
  let at = "";
  return steps.map((step, index) => {
    at += index === 0 || step === "[]" || step === "{}" ? step : `.${step}`;
    return { step, at, next: steps[index + 1] };
  });
}

/** The key of the first item of a list or map, or of the member with that name. */
function keyIn(container: object, step: string): string | number {
  if (step === "[]") return 0;
  return step === "{}" ? Object.keys(container)[0] ?? SAMPLE_KEY : step;
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return copiedStructure(value);
}

function copiedStructure(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]));
}
