/**
 * The function's options, read from its environment variables. An unknown variable of this family,
 * or an unknown value, is refused by name.
 * @module
 */

import { ROUNDS_COUNT_MAX } from "./gzip_rounds.ts";
import { unknownExpressionIn } from "./object_key.ts";
import { RESPONSE_BYTES_MAX } from "./size.ts";
import { STRATEGIES, TOO_LARGE, type TransformOptions } from "./transform_options.ts";

/** The variable of each option. */
export const VARIABLES = {
  strategy: "TRANSFORM_STRATEGY",
  responseBytesMax: "TRANSFORM_RESPONSE_BYTES_MAX",
  roundsMax: "TRANSFORM_ROUNDS_MAX",
  tooLarge: "TRANSFORM_TOO_LARGE",
  bucket: "TRANSFORM_TOO_LARGE_BUCKET",
  prefix: "TRANSFORM_TOO_LARGE_PREFIX",
} as const;

/** All these variables begin with it. */
export const VARIABLE_FAMILY = "TRANSFORM_";

/** Where the function writes records that are too large for any response. */
export interface LargeRecordPlace {
  readonly bucket: string;
  /** The delivery stream's Prefix, e.g. `data/!{partitionKeyFromLambda:database}/`. */
  readonly prefix: string;
}

/** The options of the transform that have a variable. */
export type TransformSettings = Pick<
  TransformOptions,
  "strategy" | "responseBytesMax" | "roundsMax" | "tooLarge"
>;

/** All options that the variables give. */
export interface FunctionOptions {
  readonly transform: TransformSettings;
  /** Undefined if no record is written to S3. */
  readonly largeRecords: LargeRecordPlace | undefined;
}

/** The text of each setting; undefined if it is not given. */
export type GivenSettings = Readonly<Record<keyof TransformSettings, string | undefined>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** The options in `environment`. Throws a `TypeError` that names the wrong variable. */
export function readOptions(environment: Environment): FunctionOptions {
  const known = new Set<string>(Object.values(VARIABLES));
  for (const name of Object.keys(environment)) {
    if (name.startsWith(VARIABLE_FAMILY) && !known.has(name)) throw refused(name, "is not known");
  }
  const { strategy, responseBytesMax, roundsMax, tooLarge } = VARIABLES;
  const transform = readSettings({
    strategy: environment[strategy],
    responseBytesMax: environment[responseBytesMax],
    roundsMax: environment[roundsMax],
    tooLarge: environment[tooLarge],
  }, (setting) => variable(VARIABLES[setting]));
  return { transform, largeRecords: placeIn(environment, transform) };
}

/**
 * The transform's own options. Throws a `TypeError` for the first wrong one. It uses the name that
 * `nameOf` gives, which is how the reader wrote it.
 */
export function readSettings(
  given: GivenSettings,
  nameOf: (setting: keyof TransformSettings) => string,
): TransformSettings {
  return {
    strategy: choice(given.strategy, STRATEGIES, nameOf("strategy")),
    responseBytesMax: number(
      given.responseBytesMax,
      RESPONSE_BYTES_MAX,
      nameOf("responseBytesMax"),
    ),
    roundsMax: number(given.roundsMax, ROUNDS_COUNT_MAX, nameOf("roundsMax")),
    tooLarge: choice(given.tooLarge, TOO_LARGE, nameOf("tooLarge")),
  };
}

function choice<Choice extends string>(
  text: string | undefined,
  choices: readonly Choice[],
  name: string,
): Choice | undefined {
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (!found) throw new TypeError(`${name} is "${text}", not one of ${choices.join(", ")}`);
  return found;
}

function number(text: string | undefined, max: number, name: string): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value <= max) return value;
  throw new TypeError(`${name} is "${text}", not a whole number from 0 to ${max}`);
}

function placeIn(
  environment: Environment,
  { tooLarge }: TransformSettings,
): LargeRecordPlace | undefined {
  const { bucket: bucketName, prefix: prefixName } = VARIABLES;
  const [bucket, prefix] = [environment[bucketName], environment[prefixName]];
  if (tooLarge !== "write-to-s3") {
    const vain = [bucketName, prefixName].find((name) => environment[name] !== undefined);
    if (vain) throw refused(vain, `has no meaning unless ${VARIABLES.tooLarge} is write-to-s3`);
    return undefined;
  }
  if (!bucket) throw refused(bucketName, "is missing");
  if (prefix === undefined) throw refused(prefixName, "is missing");
  const unknown = unknownExpressionIn(prefix);
  if (unknown) throw refused(prefixName, `has ${unknown}, which the function cannot evaluate`);
  return { bucket, prefix };
}

function refused(name: string, why: string): TypeError {
  return new TypeError(`${variable(name)} ${why}`);
}

const variable = (name: string) => `the environment variable ${name}`;
