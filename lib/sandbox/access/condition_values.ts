/**
 * The values that condition operators compare: which texts AWS takes as a number, a date, a
 * network, an ARN or base64, and what they mean. Each reader returns undefined for a text that AWS
 * refuses. What AWS takes was measured there on 2026-09-07 (cdk-preflight 0.0.143, `rules/iam`).
 * @module
 */

import { isIPv4, isIPv6 } from "node:net";
import { replaceVariables } from "./variables.ts";

/**
 * A decimal number. `10.5`, `-1` and `1e3` are numbers; ` 10` and `0x10` are not.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(numberOf("1e3"), 1000);
 * assertEquals(numberOf(" 10"), undefined);
 * ```
 */
export function numberOf(text: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** A year, a date or a moment; a moment without a zone is UTC (assumed). */
const ISO_8601 =
  /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:[Tt ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/;
/** AWS takes any 64-bit number of seconds (moto's `test_iam_policies.py`). */
const EPOCH_SECONDS_MAX = 9_223_372_036_854_775_807n;

/**
 * Milliseconds since the epoch of an ISO 8601 text or of epoch seconds. Four digits are a year
 * (assumed; AWS takes both forms).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(momentOf("2026-01-01T09:00+09:00"), Date.UTC(2026, 0, 1));
 * assertEquals(momentOf("1767225600"), Date.UTC(2026, 0, 1));
 * assertEquals(momentOf("tomorrow"), undefined);
 * ```
 */
export function momentOf(text: string): number | undefined {
  const parts = ISO_8601.exec(text);
  if (!parts) return epochOf(text);
  const [, year, month = "01", day = "01", hour = "0", minute = "0", second = "0"] = parts;
  const [fraction = "0", zone = "Z"] = parts.slice(7);
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const whole = Date.UTC(
    ...[Number(year), Number(month) - 1, Number(day)] as const,
    ...[Number(hour), Number(minute), Number(second)] as const,
  );
  return whole + Number(`0.${fraction}`) * 1000 - zoneMinutes(zone) * 60_000;
}

function epochOf(text: string): number | undefined {
  if (!/^-?\d+$/.test(text)) return undefined;
  const whole = BigInt(text);
  if (whole > EPOCH_SECONDS_MAX || whole < -EPOCH_SECONDS_MAX - 1n) return undefined;
  return Number(text) * 1000;
}

function zoneMinutes(zone: string): number {
  const [, sign, hours, minutes = "0"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
}

/** An IPv4 or IPv6 network: the address as binary digits, and how many of them count. */
export interface Network {
  readonly bits: string;
  readonly length: number;
}

/**
 * A network in CIDR form, or one address. `10.0.0.0/`, `/abc` and `/33` are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(networkOf("10.0.0.0/8")?.length, 8);
 * assertEquals(networkOf("10.0.0.0/"), undefined);
 * ```
 */
export function networkOf(text: string): Network | undefined {
  const [, address = "", length] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const bits = addressBits(address);
  if (bits === undefined) return undefined;
  const counted = length === undefined ? bits.length : Number(length);
  return counted <= bits.length ? { bits, length: counted } : undefined;
}

/** An IPv4 or IPv6 address as 32 or 128 binary digits. */
export function addressBits(address: string): string | undefined {
  if (isIPv4(address)) return ipv4Bits(address);
  if (!isIPv6(address) || address.includes("%")) return undefined;
  // The last 32 bits may be written as an IPv4 address.
  const hex = address.replace(/\d+\.\d+\.\d+\.\d+$/, (tail) => {
    const bits = ipv4Bits(tail);
    return [bits.slice(0, 16), bits.slice(16)].map((half) => parseInt(half, 2).toString(16))
      .join(":");
  });
  const [head, tail] = hex.split("::");
  const before = head ? head.split(":") : [];
  const after = tail ? tail.split(":") : [];
  const gap = Array.from({ length: 8 - before.length - after.length }, () => "0");
  const groups = [...before, ...(tail === undefined ? [] : gap), ...after];
  return groups.map((group) => parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

function ipv4Bits(address: string): string {
  return address.split(".").map((part) => Number(part).toString(2).padStart(8, "0")).join("");
}

/** Whether `text` can stand for ARNs: `*`, or six fields with or without wildcards. */
export function isArnPattern(text: string): boolean {
  return text === "*" || /^arn:([^:]*:){4}[^]+$/.test(replaceVariables(text, () => "x"));
}

/** Whether `text` is base64 with its padding. */
export function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) &&
    text !== "";
}
