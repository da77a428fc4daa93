/**
 * The settings on `deno task rehearse`'s command line: numbers within their limits, the volume, the
 * expectations, and how functions run.
 * @module
 */

import { isAbsolute } from "node:path";
import { RESPONSE_BYTES_MAX } from "../../lambda/size.ts";
import { type Architecture, architectureNamed } from "../aws/rehearse/architecture.ts";
import { likenessOf } from "../aws/rehearse/like.ts";
import { checkPriced, PRICED_REGION } from "../aws/rehearse/volume/bill.ts";
import type { SandboxOptions } from "../sandbox/sandbox.ts";
import { ACTIVE_PARTITIONS_MAX } from "../sandbox/services/firehose/naming/partition.ts";
import type { Values } from "./rehearse_arguments.ts";
import { UsageError } from "./usage_error.ts";

/** Settings that were given; undefined where one was not. */
export type Settings = ReturnType<typeof settingsIn>;

/** Reads the settings. Throws a `UsageError` that names the option and what it takes. */
export function settingsIn(values: Values) {
  const { like } = values;
  const responseMB = numberIn(values, "max-response-mb", 0.1, 7, ANY_NUMBER);
  return {
    bufferMB: numberIn(values, "buffer-mb", 0.2, 3, ANY_NUMBER),
    bufferSeconds: numberIn(values, "buffer-seconds", 0, 900),
    volume: volumeIn(values),
    partitionQuota: numberIn(values, "partition-quota", 1, 100_000) ?? ACTIVE_PARTITIONS_MAX,
    retries: numberIn(values, "retries", 0, 300),
    memoryMB: numberIn(values, "memory", 128, 10_240),
    architecture: architectureIn(values.architecture),
    timeoutSeconds: numberIn(values, "timeout", 1, 900),
    count: numberIn(values, "count", 1, 1_000_000),
    expect: expectationsIn(values.expect),
    responseBytesMax: responseMB === undefined ? RESPONSE_BYTES_MAX : responseMB * 1e6,
    likeness: like === undefined ? undefined : likenessOf(like),
    engine: engineIn(values),
  };
}

/** The volume; undefined without --rate. */
function volumeIn(values: Values) {
  if (values.rate === undefined) {
    const alone = OF_VOLUME.find((name) => values[name] !== undefined);
    if (alone) {
      throw new UsageError(`--${alone} belongs to --rate: give a rate, such as --rate 5000/s.`);
    }
    return undefined;
  }
  const region = values.region ?? PRICED_REGION;
  checkPriced(region);
  return {
    recordsPerSecond: rateIn(values.rate),
    region,
    hours: numberIn(values, "hours", 0.1, 24, ANY_NUMBER) ?? 24,
    partitions: numberIn(values, "partitions", 1, 1_000_000),
    s3BufferMB: numberIn(values, "s3-buffer-mb", 1, 128),
    s3BufferSeconds: numberIn(values, "s3-buffer-seconds", 0, 900),
  };
}

const OF_VOLUME = ["hours", "partitions", "region", "s3-buffer-mb", "s3-buffer-seconds"] as const;

const RATE_UNITS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600, day: 86_400 };

/** Records a second, of `5000/s`, `300000/min`, `2e6/h` or `1e8/day`. */
function rateIn(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?(?:e\d+)?)\/(s|min|h|day)$/.exec(text) ?? [];
  const rate = Number(count) / RATE_UNITS[unit];
  if (rate > 0 && rate <= 10_000_000) return rate;
  throw new UsageError(
    `--rate ${text}: write 5000/s, 300000/min, 2e6/h or 1e8/day; up to ten million a second.`,
  );
}

function architectureIn(name: string | undefined): Architecture | undefined {
  if (name === undefined) return undefined;
  const architecture = architectureNamed(name);
  if (architecture) return architecture;
  throw new UsageError(`--architecture ${name}: it takes x86_64 or arm64.`);
}

/** How functions run here. */
export type EngineChoice = Pick<SandboxOptions, "lambdaRuntime" | "python">;

function engineIn({ python, "lambda-runtime": engine }: Values): EngineChoice {
  if (engine !== undefined && engine !== "host" && engine !== "deno" && engine !== "node") {
    throw new UsageError(`--lambda-runtime ${engine}: it takes deno, node or host.`);
  }
  if (python !== undefined && python !== "nearest" && !isAbsolute(python)) {
    throw new UsageError(`--python ${python}: it takes nearest, or the whole path of a program.`);
  }
  return { ...engine && { lambdaRuntime: engine }, ...python && { python } };
}

const EXPECTED = ["ok", "dropped", "failed", "records", "lost"] as const;

function expectationsIn(text: string | undefined): Map<string, number> {
  const parts = text === undefined ? [] : text.split(",");
  return new Map(parts.map((part) => {
    const [, name, value] = /^(\w+)=(\d+)$/.exec(part.trim()) ?? [];
    if (EXPECTED.some((known) => known === name)) return [name, Number(value)];
    throw new UsageError(
      `--expect ${part}: write ok=500, dropped=0, failed=0 or lost=5, joined by commas.`,
    );
  }));
}

type NumberOption = {
  [Name in keyof Values]-?: Values[Name] extends string | undefined ? Name : never;
}[keyof Values];

const ANY_NUMBER = { whole: false };

/** The number from `min` to `max` that an option gives, a whole one unless said otherwise. */
function numberIn(
  values: Values,
  option: NumberOption,
  min: number,
  max: number,
  { whole } = { whole: true },
): number | undefined {
  const text = values[option];
  if (text === undefined) return undefined;
  const value = Number(text);
  const isNumber = text.trim() !== "" && (whole ? Number.isInteger(value) : Number.isFinite(value));
  if (isNumber && value >= min && value <= max) return value;
  throw new UsageError(
    `--${option} ${text}: give a ${whole ? "whole " : ""}number from ${min} to ${max}.`,
  );
}
