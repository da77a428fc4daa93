/**
 * A template's parameters: the values given at start, the template's defaults, and AWS's own.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 * @module
 */

import { RE2JS, RE2JSException } from "re2js";
import { hashOf, type Stack } from "./resource.ts";
import {
  isList,
  mapAt,
  type Path,
  SeedMistake,
  textAt,
  type Value,
  type ValueMap,
} from "./value.ts";

/** Parameters of AWS that a start may give, besides the template's own. */
export const SETTABLE: readonly string[] = ["AWS::Region", "AWS::StackName"];

export class Parameters {
  readonly #declared: ValueMap;
  readonly #given: ReadonlyMap<string, string>;
  readonly #pseudo: ReadonlyMap<string, Value>;

  constructor(
    declared: Value | undefined,
    { parameters, stack }: {
      readonly parameters: ReadonlyMap<string, string>;
      readonly stack: Stack;
    },
  ) {
    this.#declared = mapAt(declared, ["Parameters"]);
    this.#given = parameters;
    this.#pseudo = pseudoParameters(stack);
  }

  /** Throws a {@linkcode SeedMistake} for a value that the template does not allow. */
  check(): void {
    for (const [name, value] of this.#given) {
      if (Object.hasOwn(this.#declared, name)) this.#checkValue(name, value);
    }
  }

  /** A parameter's value; undefined if there is none of the name. */
  value(name: string, from: Path): Value | undefined {
    if (this.#pseudo.has(name)) return this.#pseudo.get(name);
    if (!Object.hasOwn(this.#declared, name)) return undefined;
    const path = ["Parameters", name];
    const { Type, Default } = mapAt(this.#declared[name], path);
    const type = textAt(Type, [...path, "Type"]);
    const given = this.#given.get(name);
    const how = `--seed-parameter ${name}=VALUE`;
    if (given === undefined && type.startsWith("AWS::SSM::")) {
      throw new SeedMistake(`the sandbox has no Systems Manager: give ${name} by ${how}`, from);
    }
    if (given === undefined && Default === undefined) {
      throw new SeedMistake(`parameter ${name} has no default: give it by ${how}`, from);
    }
    const text = given ?? textAt(Default, [...path, "Default"]);
    const isMany = type === "CommaDelimitedList" ||
      /^(AWS::SSM::Parameter::Value<)?List</.test(type);
    return isMany ? text.split(",").map((item) => item.trim()) : text;
  }

  #checkValue(name: string, value: string): void {
    const path = ["Parameters", name];
    const { AllowedValues, AllowedPattern, Type } = mapAt(this.#declared[name], path);
    const refuse = (why: string): never => {
      throw new SeedMistake(`parameter ${name} is ${JSON.stringify(value)}; ${why}`, path);
    };
    if (isList(AllowedValues) && !AllowedValues.some((allowed) => `${allowed}` === value)) {
      refuse(`the template allows ${AllowedValues.join(", ")}`);
    }
    if (typeof AllowedPattern === "string") {
      const pattern = javaPattern(AllowedPattern, [...path, "AllowedPattern"]);
      if (!pattern.matches(value)) refuse(`it must match ${AllowedPattern}`);
    }
    if (Type === "Number" && !Number.isFinite(Number(value))) refuse("it must be a number");
  }
}

/** CloudFormation's patterns are Java's, such as `(?i)dev|prod`. */
function javaPattern(pattern: string, path: Path): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const why = `the sandbox can't check the pattern ${pattern}: ${error.message}`;
    throw new SeedMistake(why, path, { cause: error });
  }
}

function pseudoParameters(stack: Stack): ReadonlyMap<string, Value> {
  const { name, region, accountId } = stack;
  const id = hashOf(stack, "").toLowerCase();
  return new Map<string, Value>([
    ["AWS::AccountId", accountId],
    ["AWS::NotificationARNs", []],
    ["AWS::Partition", "aws"],
    ["AWS::Region", region],
    ["AWS::StackId", `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${id}`],
    ["AWS::StackName", name],
    ["AWS::URLSuffix", "amazonaws.com"],
  ]);
}
