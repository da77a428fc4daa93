/**
 * Numbers as jq 1.6 writes them. Pure. The rule is `jvp_dtoa_fmt` in jq's `src/jv_dtoa.c`: the
 * shortest digits that give the double back, with an exponent below 1e-4 and where more than
 * fifteen zeros would follow the digits.
 * @module
 */

const ZEROS_MAX = 15;

/**
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([1.10, 1e3, 1e-7, 1e17].map(numberText), ["1.1", "1000", "1e-07", "1e+17"]);
 * ```
 */
export function numberText(value: number): string {
  const finite = Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
  const sign = finite < 0 || Object.is(finite, -0) ? "-" : "";
  const [mantissa, exponentText] = Math.abs(finite).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  /** Digits before the decimal point. */
  const point = Number(exponentText) + 1;
  if (point <= -4 || point > digits.length + ZEROS_MAX) {
    const exponent = `${Math.abs(point - 1)}`.padStart(2, "0");
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${fraction}e${point - 1 < 0 ? "-" : "+"}${exponent}`;
  }
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  const whole = digits.slice(0, point).padEnd(point, "0");
  return digits.length > point ? `${sign}${whole}.${digits.slice(point)}` : `${sign}${whole}`;
}
