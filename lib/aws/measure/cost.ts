/**
 * The cost of a run on AWS: measured counts times prices with a date.
 * @module
 */

import { html, type View } from "../../view/html.ts";
import { table } from "../../view/table.ts";

/** A price of AWS in us-east-1. */
interface Price {
  readonly what: string;
  readonly usd: number;
  /** The unit that costs `usd`: `1,000 requests`. */
  readonly per: string;
  /** The number of counted things in that unit. */
  readonly units: number;
  /** AWS's page with today's price. */
  readonly page: string;
  /** What is counted, if the price does not say it. */
  readonly counted?: string;
}

const FIREHOSE = "https://aws.amazon.com/firehose/pricing/";
const S3 = "https://aws.amazon.com/s3/pricing/";
const LAMBDA = "https://aws.amazon.com/lambda/pricing/";
const CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/";
const GIB = 1024 ** 3;
/** The unit of AWS's prices: its GB has 2^30 bytes. */
const AWS_GB = "GB (2^30 bytes)";

/** When the prices were noted; AWS changes them. */
export const PRICES_OF = "2026";

/** Prices by meter, in us-east-1: the first tier, without the free tier. */
export const PRICES = {
  /** Count billed bytes: {@linkcode billedBytes}. */
  firehoseBytes: perGb("Firehose: data taken in, 5 KB steps", 0.029, FIREHOSE),
  partitionedBytes: perGb("Firehose: dynamic partitioning, data", 0.02, FIREHOSE),
  partitionedObjects: perThousand("Firehose: dynamic partitioning, objects", 0.005, FIREHOSE),
  jqSeconds: { ...price("Firehose: jq", 0.07, "hour", 3600, FIREHOSE), counted: "s" },
  s3Puts: perThousand("S3: PUT and LIST requests", 0.005, S3),
  s3Gets: perThousand("S3: GET requests", 0.0004, S3),
  s3ByteMonths: price("S3: storage for a month", 0.023, `${AWS_GB} and month`, GIB, S3),
  lambdaInvocations: price("Lambda: requests", 0.2, "million", 1_000_000, LAMBDA),
  lambdaGbSeconds: {
    ...price("Lambda: duration", 0.0000166667, "GB-second", 1, LAMBDA),
    counted: "GB-seconds",
  },
  lambdaArmGbSeconds: {
    ...price("Lambda: duration on arm64", 0.0000133334, "GB-second", 1, LAMBDA),
    counted: "GB-seconds",
  },
  logBytes: perGb("CloudWatch Logs: data taken in", 0.5, CLOUDWATCH),
} satisfies Record<string, Price>;

function price(what: string, usd: number, per: string, units: number, page: string): Price {
  return { what, usd, per, units, page };
}

function perGb(what: string, usd: number, page: string): Price {
  return price(what, usd, AWS_GB, GIB, page);
}

function perThousand(what: string, usd: number, page: string): Price {
  return price(what, usd, "1,000", 1000, page);
}

/** The amounts that were used, by meter. */
export type Usage = Readonly<Partial<Record<keyof typeof PRICES, number>>>;

/** Firehose bills each record in steps of this many bytes. https://aws.amazon.com/firehose/pricing/ */
const BILLED_STEP_BYTES = 5 * 1024;

/**
 * The bytes that Firehose bills for records of these sizes: each is rounded up to 5 KB, also
 * inside a batch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(billedBytes([1, 5120, 5121]), 4 * 5120);
 * ```
 */
export function billedBytes(sizes: ArrayLike<number>): number {
  let steps = 0;
  for (let index = 0; index < sizes.length; index++) {
    steps += Math.ceil(sizes[index] / BILLED_STEP_BYTES);
  }
  return steps * BILLED_STEP_BYTES;
}

/** The price of a usage, in USD. */
export function costOf(usage: Usage): number {
  return linesOf(usage).reduce((sum, { usd }) => sum + usd, 0);
}

/** A bill: a line for each meter, the sum, and the source of the prices. */
export function costTable(usage: Usage, title = "This run on AWS"): View {
  const lines = linesOf(usage);
  const bill = table(
    [
      ...lines.map(({ price, count, usd }) => ({
        what: price.what,
        measured: measured(price, count),
        price: `${price.usd} USD per ${price.per}`,
        USD: inUsd(usd),
      })),
      { what: "Sum", measured: "", price: "", USD: inUsd(costOf(usage)) },
    ],
    `${title}: prices of us-east-1 as noted in ${PRICES_OF}, without free tiers`,
  );
  const pages = [...new Set(lines.map(({ price }) => price.page))];
  const links = pages.map((page) =>
    html`
      <a href="${page}" target="_blank">${page}</a>
    `
  );
  return {
    html: html`${bill.html}<div style="font-size:12px">Today's prices: ${links}</div>`,
    text: `${bill.text}\nToday's prices: ${pages.join(" ")}`,
  };
}

interface BillLine {
  readonly price: Price;
  readonly count: number;
  readonly usd: number;
}

function linesOf(usage: Usage): BillLine[] {
  const counts = new Map(Object.entries(usage));
  return Object.entries(PRICES).flatMap(([meter, price]) => {
    const count = counts.get(meter);
    return count === undefined ? [] : [{ price, count, usd: count / price.units * price.usd }];
  });
}

/** Bytes in a unit that is easy to read, anything else as a number. */
function measured({ units, counted = "" }: Price, count: number): string {
  if (units !== GIB) {
    return `${count.toLocaleString("en", { maximumFractionDigits: 1 })} ${counted}`.trimEnd();
  }
  const [unit, size] = BYTE_UNITS.find(([, size]) => count >= size) ?? ["bytes", 1];
  return `${(count / size).toLocaleString("en", { maximumSignificantDigits: 3 })} ${unit}`;
}

/** Decimal, as everywhere in the notebooks; the price says which bytes AWS's own GB has. */
const BYTE_UNITS = [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]] as const;

/** A run mostly costs far less than a cent; digits below a millionth of a dollar are left out. */
function inUsd(usd: number): string {
  if (usd > 0 && usd < 1e-6) return "< 0.000001";
  return usd.toLocaleString("en", { maximumFractionDigits: usd < 0.1 ? 6 : 2 });
}
