/**
 * What a month costs, line by line: the amounts of a simulation at prices with a date and a Region.
 * @module
 */

import { PRICES, PRICES_OF } from "../../measure/cost.ts";

/** A line of the bill. */
export interface BillLine {
  readonly what: string;
  readonly amount: number;
  /** The unit of `amount`: `GB`, `million requests`. */
  readonly unit: string;
  readonly usd: number;
  /** AWS's page with today's prices. */
  readonly page: string;
}

/** Amounts of a month, by meter. */
export type MonthlyUsage = Readonly<Partial<Record<keyof typeof PRICES, number>>>;

/** The Region whose prices are known, and when they were noted. */
export const PRICED_REGION = "us-east-1";
export { PRICES_OF };

/** Throws a `RangeError` that names the Region if its prices are not known here. */
export function checkPriced(region: string): void {
  if (region === PRICED_REGION) return;
  throw new RangeError(
    `The prices of ${region} are not known here, only those of ${PRICED_REGION}: leave --region out, ` +
      "and look up the difference on AWS's price pages.",
  );
}

interface Tier {
  /** In units of the price; infinite for the last one. */
  readonly upTo: number;
  readonly usd: number;
}

/**
 * Prices of large amounts in a month; a meter without tiers has one price. Firehose's page ends at 5 PB
 * (beyond: ask AWS): the last price goes on. Noted in 2026, from people's notes.
 */
const TIERS: Readonly<Partial<Record<keyof typeof PRICES, readonly Tier[]>>> = {
  firehoseBytes: [
    { upTo: 500 * 1024, usd: 0.029 },
    { upTo: 2_000 * 1024, usd: 0.025 },
    { upTo: Infinity, usd: 0.02 },
  ],
  lambdaGbSeconds: [
    { upTo: 6e9, usd: 0.0000166667 },
    { upTo: 15e9, usd: 0.000015 },
    { upTo: Infinity, usd: 0.0000133334 },
  ],
  // https://aws.amazon.com/blogs/compute/introducing-tiered-pricing-for-aws-lambda/
  lambdaArmGbSeconds: [
    { upTo: 7.5e9, usd: 0.0000133334 },
    { upTo: 18.75e9, usd: 0.0000120001 },
    { upTo: Infinity, usd: 0.0000106667 },
  ],
  s3ByteMonths: [
    { upTo: 50 * 1024, usd: 0.023 },
    { upTo: 500 * 1024, usd: 0.022 },
    { upTo: Infinity, usd: 0.021 },
  ],
};

/**
 * The bill of a month, without free tiers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [line] = billOf({ firehoseBytes: 1000 * 1024 * 2 ** 30 });
 * // 500 TB at 0.029 USD for a GB, and 500 TB at 0.025.
 * assertEquals(Math.round(line.usd), 500 * 1024 * 0.029 + 500 * 1024 * 0.025);
 * ```
 */
export function billOf(usage: MonthlyUsage): BillLine[] {
  const meters = Object.entries(PRICES).filter(isMeter);
  return meters.flatMap(([meter, { what, usd, per, units, page }]) => {
    const counted = usage[meter];
    if (counted === undefined || counted === 0) return [];
    const amount = counted / units;
    const tiers = TIERS[meter] ?? [{ upTo: Infinity, usd }];
    return [{ what, amount, unit: per, usd: priceOf(amount, tiers), page }];
  });
}

type Meter = keyof typeof PRICES;

const isMeter = (entry: [string, typeof PRICES[Meter]]): entry is [Meter, typeof PRICES[Meter]] =>
  entry[0] in PRICES;

function priceOf(amount: number, tiers: readonly Tier[]): number {
  let [from, usd] = [0, 0];
  for (const tier of tiers) {
    usd += Math.max(0, Math.min(amount, tier.upTo) - from) * tier.usd;
    from = tier.upTo;
  }
  return usd;
}
