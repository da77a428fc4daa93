/**
 * CloudFormation's functions in a template: `Ref`, `Fn::GetAtt`, `Fn::Sub` and the others that can be
 * answered on this machine. The rest is refused by name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 * @module
 */

import {
  described,
  isList,
  isMap,
  listAt,
  mapAt,
  type Path,
  SeedMistake,
  textAt,
  type Value,
  type ValueMap,
} from "./value.ts";

/** What the functions ask the template for. Each throws a {@linkcode SeedMistake} for unknown names. */
export interface Names {
  ref(name: string, path: Path): Value | typeof NO_VALUE;
  attribute(resource: string, name: string, path: Path): Value;
  condition(name: string, path: Path): boolean;
  mapping(map: string, key: string, second: string, path: Path): Value;
}

/** The value of `AWS::NoValue`: the member that has it is left out. */
export const NO_VALUE = Symbol("AWS::NoValue");

/** A value, or none. */
export type Evaluated = Value | typeof NO_VALUE;

/** `value` with all functions replaced by what they give. */
export function evaluate(value: Value | undefined, names: Names, path: Path): Evaluated {
  if (isList(value)) {
    return value.map((item, index) => evaluate(item, names, [...path, index])).filter(isGiven);
  }
  if (value === undefined) return NO_VALUE;
  if (!isMap(value)) return value;
  const [[key, argument] = ["", null], ...others] = Object.entries(value);
  if (key !== "Ref" && !key.startsWith("Fn::")) return evaluateMembers(value, names, path);
  if (others.length > 0) {
    throw new SeedMistake(`${key} stands alone in its map; here is also ${others[0][0]}`, path);
  }
  const call = FUNCTIONS[key];
  if (!call) throw new SeedMistake(`the sandbox does not support the function ${key}`, path);
  return call({ argument, names, path: [...path, key] });
}

/** The value, where one must be. Throws a {@linkcode SeedMistake} for `AWS::NoValue`. */
export function evaluateGiven(value: Value | undefined, names: Names, path: Path): Value {
  const evaluated = evaluate(value, names, path);
  if (evaluated !== NO_VALUE) return evaluated;
  throw new SeedMistake("AWS::NoValue leaves nothing here, where a value is needed", path);
}

/** The answer of a condition: one of the template's, or a function that compares. */
export function isTrue(value: Value | undefined, names: Names, path: Path): boolean {
  const [[key, argument] = ["", null]] = Object.entries(mapAt(value, path));
  const inside = [...path, key];
  const parts = () => listAt(argument, inside);
  switch (key) {
    case "Condition":
      return names.condition(textAt(argument, inside), inside);
    case "Fn::Equals": {
      const [left, right] = parts().map((item, index) =>
        evaluateGiven(item, names, [...inside, index])
      );
      return JSON.stringify(asText(left)) === JSON.stringify(asText(right));
    }
    case "Fn::And":
      return parts().every((item, index) => isTrue(item, names, [...inside, index]));
    case "Fn::Or":
      return parts().some((item, index) => isTrue(item, names, [...inside, index]));
    case "Fn::Not":
      return parts().every((item, index) => !isTrue(item, names, [...inside, index]));
    default:
      throw new SeedMistake(
        `a condition is Condition, Fn::Equals, Fn::And, Fn::Or or Fn::Not, and not ${
          key || described(value)
        }`,
        path,
      );
  }
}

/** The names of resources and parameters that a value refers to. */
export function referencesIn(value: Value | undefined): string[] {
  if (isList(value)) return value.flatMap(referencesIn);
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === "Ref" && typeof item === "string") return [item];
    if (key === "Fn::GetAtt") return [resourceOf(item)];
    if (key === "Fn::Sub") return [...namesInText(item), ...referencesIn(item)];
    return referencesIn(item);
  });
}

// --- the functions ------------------------------------------------------------------------------

interface Call {
  readonly argument: Value | undefined;
  readonly names: Names;
  readonly path: Path;
}

const FUNCTIONS: Readonly<Record<string, (call: Call) => Evaluated>> = {
  "Ref": ({ argument, names, path }) => names.ref(textAt(argument, path), path),
  "Fn::GetAtt": getAttribute,
  "Fn::Sub": substitute,
  "Fn::Join": join,
  "Fn::Split": split,
  "Fn::Select": select,
  "Fn::If": choose,
  "Fn::FindInMap": findInMap,
  "Fn::Base64": ({ argument, names, path }) =>
    new TextEncoder().encode(textAt(evaluateGiven(argument, names, path), path)).toBase64(),
};

function getAttribute({ argument, names, path }: Call): Value {
  const parts: readonly (Value | undefined)[] = typeof argument === "string"
    ? splitOnce(argument)
    : listAt(argument, path);
  const [resource, attribute] = parts.map((part, index) =>
    textAt(evaluateGiven(part, names, [...path, index]), [...path, index])
  );
  if (resource === undefined || attribute === undefined) {
    throw new SeedMistake("Fn::GetAtt takes a resource and an attribute", path);
  }
  return names.attribute(resource, attribute, path);
}

/** `${Name}`, `${Name.Attribute}`, `${!Literal}`; the second argument has further names. */
function substitute({ argument, names, path }: Call): string {
  const [text, given = {}] = isList(argument) ? argument : [argument];
  const own = mapAt(given, [...path, 1]);
  return textAt(text, path).replace(PLACEHOLDER, (_, literal: string, name: string) => {
    if (literal === "!") return `\${${name}}`;
    if (Object.hasOwn(own, name)) {
      const place = [...path, 1, name];
      return textAt(evaluateGiven(own[name], names, place), place);
    }
    const [resource, attribute] = splitOnce(name);
    const found = attribute === undefined
      ? names.ref(name, path)
      : names.attribute(resource, attribute, path);
    if (found === NO_VALUE) throw new SeedMistake("AWS::NoValue is no text", path);
    return textAt(found, path);
  });
}

const PLACEHOLDER = /\$\{(!?)\s*([^}]*?)\s*\}/g;

function namesInText(argument: Value | undefined): string[] {
  const [text, own] = isList(argument) ? argument : [argument];
  if (typeof text !== "string") return [];
  return [...text.matchAll(PLACEHOLDER)].flatMap(([, literal, name]) => {
    const isOwn = isMap(own) && Object.hasOwn(own, name);
    return literal === "!" || isOwn ? [] : [splitOnce(name)[0]];
  });
}

function join(call: Call): string {
  const [separator, items] = argumentsOf(call, 2);
  const place = [...call.path, 1];
  return listAt(items, place)
    .map((item, index) => textAt(item, [...place, index]))
    .join(textAt(separator, [...call.path, 0]));
}

function split(call: Call): Value {
  const [separator, text] = argumentsOf(call, 2);
  return textAt(text, [...call.path, 1]).split(textAt(separator, [...call.path, 0]));
}

function select(call: Call): Value {
  const [index, items] = argumentsOf(call, 2);
  const list = listAt(items, [...call.path, 1]);
  const item = list[Number(index)];
  if (item !== undefined) return item;
  throw new SeedMistake(`Fn::Select asks for item ${index} of ${list.length}`, call.path);
}

function choose({ argument, names, path }: Call): Evaluated {
  const [condition, yes = null, no = null] = listAt(argument, path);
  const isMet = names.condition(textAt(condition, [...path, 0]), [...path, 0]);
  return evaluate(isMet ? yes : no, names, [...path, isMet ? 1 : 2]);
}

function findInMap(call: Call): Value {
  const [map, key, second] = argumentsOf(call, 3).map((part, index) =>
    textAt(part, [...call.path, index])
  );
  return call.names.mapping(map, key, second, call.path);
}

function argumentsOf({ argument, names, path }: Call, count: number): readonly Value[] {
  const given = listAt(argument, path);
  if (given.length === count) {
    return given.map((item, index) => evaluateGiven(item, names, [...path, index]));
  }
  throw new SeedMistake(`${path.at(-1)} takes ${count} arguments, not ${given.length}`, path);
}

function evaluateMembers(value: ValueMap, names: Names, path: Path): ValueMap {
  const members: Record<string, Value> = {};
  for (const [name, member] of Object.entries(value)) {
    const evaluated = evaluate(member, names, [...path, name]);
    if (evaluated !== NO_VALUE) members[name] = evaluated;
  }
  return members;
}

const isGiven = (value: Evaluated): value is Value => value !== NO_VALUE;

/** CloudFormation compares texts: `"5"` equals 5. */
const asText = (value: Value): Value =>
  typeof value === "number" || typeof value === "boolean" ? `${value}` : value;

function splitOnce(name: string): readonly [string, string?] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function resourceOf(argument: Value | undefined): string {
  const [first] = isList(argument) ? argument : [argument];
  return typeof first === "string" ? splitOnce(first)[0] : "";
}
