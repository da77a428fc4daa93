/**
 * The option `--quotas`: plain for AWS's values, or with values to be refused by.
 * @module
 */

import type { DirectPutQuota } from "./services/firehose/intake/direct_put_quota.ts";
import type { PutQuotas } from "./services/firehose/options.ts";

const BYTES: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 * 1024 };
const KNOWN = ["bytes", "records", "requests"] as const;

/** `args` with a plain `--quotas` spelled `--quotas=`: Node's parser has no optional values. */
export function withQuotasValue(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (args[index - 1] === "--quotas" && isValues(arg)) return [];
    if (arg !== "--quotas") return [arg];
    const next = args[index + 1];
    return [`--quotas=${next !== undefined && isValues(next) ? next : ""}`];
  });
}

/** The sandbox takes options only, so all else after the option is its value. */
const isValues = (text: string) => !text.startsWith("-");

/**
 * What the option's value means: absent is `off`, empty AWS's quotas, and `bytes=64KiB,records=100`
 * other ones for each second. Throws a `TypeError` that says what is wrong.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(quotasOf("bytes=64KiB,requests=10"), { bytes: 65_536, requests: 10 });
 * ```
 */
export function quotasOf(value: string | undefined): PutQuotas {
  if (value === undefined) return "off";
  if (value === "") return "enforced";
  const given: Partial<Record<keyof DirectPutQuota, number>> = {};
  for (const part of value.split(",")) {
    const [name, text = ""] = part.split("=");
    const known = KNOWN.find((quota) => quota === name);
    if (known === undefined || given[known] !== undefined) throw wrong(value);
    given[known] = numberOf(known, text, value);
  }
  return given;
}

function numberOf(name: keyof DirectPutQuota, text: string, value: string): number {
  const [, digits, unit = "B"] = /^(\d+)(B|KiB|MiB)?$/.exec(text) ?? [];
  const isPlain = name !== "bytes" && unit !== "B";
  const number = Number(digits) * BYTES[unit];
  if (isPlain || !Number.isSafeInteger(number) || number < 1) throw wrong(value);
  return number;
}

const wrong = (value: string) =>
  new TypeError(
    `--quotas is "${value}"; it takes nothing, for AWS's own, or values for a second such as ` +
      "bytes=64KiB,records=100,requests=10 (bytes in B, KiB or MiB)",
  );
