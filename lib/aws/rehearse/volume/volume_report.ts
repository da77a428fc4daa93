/**
 * A rehearsal at volume as lines of text, and the same for machines.
 * @module
 */

import { MIB } from "../batches.ts";
import { type BillLine, PRICED_REGION, PRICES_OF } from "./bill.ts";
import { exceeded, QUOTAS_OF } from "./quotas.ts";
import { timesOf, type Volume, type VolumeAt } from "./volume.ts";

/** The lines; empty without a volume. */
export function volumeLines(volume: Volume | undefined): string[] {
  if (!volume) return [];
  const [now, ...larger] = volume.at;
  return [
    ...headLines(volume, now),
    ...dayLines(now, volume),
    ...quotaLines(now),
    ...billLines(now.bill),
    ...safeLines(volume),
    "",
    "The same at a larger rate:",
    ...tableOf(larger),
    ...breakLines(volume),
  ];
}

function headLines(
  { hours, source, delivery, partitions, passes }: Volume,
  now: VolumeAt,
): string[] {
  const times = timesOf(passes);
  const rate = now.recordsPerSecond / times;
  const perDay = hours === 24 ? "" : ` in ${hours} hours a day`;
  return [
    `At your volume: ${
      number(rate)
    } records a second${perDay}, simulated for a day with BufferSizeInMBs ${
      source.bytes / MIB
    } and ${source.seconds} s before the function, ${
      delivery.bytes / MIB
    } MiB and ${delivery.seconds} s ` +
    `before S3${partitions === undefined ? "" : `, ${number(partitions)} partitions`}.`,
    "  Sizes and times were measured on this machine; AWS's times differ. The records come evenly.",
    ...times > 1
      ? [
        `  Each record goes through the stream ${
          times.toFixed(2)
        } times, because the function puts some back.`,
      ]
      : [],
    ...passes.kind === "known" ? [] : [
      "  Only the first pass is counted: how often the records that the function puts back go through " +
      "the stream is not known here.",
    ],
    ...now.day.simulatedShare < 1
      ? [
        `  ${
          percent(now.day.simulatedShare)
        } of the day was simulated. The rest is assumed to be like it.`,
      ]
      : [],
  ];
}

function dayLines({ day }: VolumeAt, { partitions }: Volume): string[] {
  const { objects, errorObjects } = day;
  return [
    `  invocations a day: ${whole(day.invocations)}` +
    (day.failedInvocations > 0 ? `, of which ${whole(day.failedInvocations)} fail` : "") +
    `; at the same time: up to ${whole(day.peakConcurrency)}, ${
      number(day.meanConcurrency)
    } on average`,
    `  objects a day: ${whole(objects.count)}` +
    (objects.count > 0
      ? `, of ${bytes(objects.smallestBytes)} to ${bytes(objects.largestBytes)} (median ${
        bytes(objects.medianBytes)
      }) before the stream's own compression`
      : ""),
    ...partitions === undefined ? [] : [
      `  active partitions: up to ${whole(day.activePartitions)}` +
      (day.refusedRecords > 0
        ? `; ${
          whole(day.refusedRecords)
        } records a day find no free partition and go to the error output`
        : ""),
    ],
    `  error output a day: ` +
    (day.failedRecords > 0
      ? `${whole(day.failedRecords)} records, ${whole(errorObjects.count)} objects, ${
        bytes(errorObjects.bytes)
      }`
      : "none"),
  ];
}

function quotaLines({ quotas }: VolumeAt): string[] {
  return [
    `Use of AWS's quotas (as of ${QUOTAS_OF}; yours may be higher):`,
    ...quotas.map(({ name, used, limit }) =>
      `  ${name}: ${number(used)} of ${number(limit)}${used > limit ? "  EXCEEDED" : ""}`
    ),
  ];
}

function billLines(bill: readonly BillLine[]): string[] {
  return [
    `A month (365/12 days) in ${PRICED_REGION}, prices as noted in ${PRICES_OF}, without free tiers:`,
    ...bill.map(({ what, amount, unit, usd }) =>
      `  ${dollars(usd).padStart(14)}  ${what}: ${number(amount)} × ${unit}`
    ),
    `  ${
      dollars(sumOf(bill)).padStart(14)
    }  in total. S3 storage: the objects of one month, stored for one month.`,
    `  Check today's prices: ${[...new Set(bill.map(({ page }) => page))].join(" ")}`,
  ];
}

function safeLines({ atSafe }: Volume): string[] {
  if (!atSafe) return [];
  const { megabytes, volume: { day, bill } } = atSafe;
  return [
    `At the safe setting, BufferSizeInMBs ${megabytes}: ${whole(day.invocations)} invocations, ` +
    `${whole(day.failedRecords)} failed records and ${whole(day.objects.count)} objects a day, ` +
    `${dollars(sumOf(bill))} a month.`,
  ];
}

function tableOf(larger: readonly VolumeAt[]): string[] {
  const rows = larger.map(({ times, day, quotas, bill, recordsPerSecond }) => {
    const broken = exceeded(quotas).map(({ name, used, limit }) =>
      `${name} ×${number(used / limit)}`
    );
    return [
      `×${number(times)}`,
      `${number(recordsPerSecond)}/s`,
      `${whole(day.invocations)} invocations a day, up to ${whole(day.peakConcurrency)} at once`,
      `${whole(day.objects.count)} objects`,
      `${dollars(sumOf(bill))} a month`,
      broken.length === 0 ? "within the quotas" : `over: ${broken.join(", ")}`,
    ];
  });
  return rows.map((cells) => `  ${cells.join("; ")}`);
}

function breakLines({ firstBreak, at }: Volume): string[] {
  const most = at[at.length - 1].times;
  if (!firstBreak) return [`No quota is exceeded, not even at ×${number(most)}.`];
  const { name, limit, times, raise } = firstBreak;
  const when = times < 1 ? "already now" : `at about ×${number(times)}`;
  return [
    `The first quota that is exceeded, ${when}: ${name} (${
      number(limit)
    }). What you can do: ${raise}.`,
  ];
}

/** What `--json` prints of a volume. */
export function volumeForMachines(volume: Volume) {
  const { region, hours, partitions, source, delivery, passes, firstBreak, atSafe } = volume;
  const at = (one: VolumeAt) => {
    const { quotas, bill, ...rest } = one;
    return {
      ...rest,
      quotas,
      bill,
      usdPerMonth: sumOf(bill),
      exceeded: exceeded(quotas).map(({ name }) => name),
    };
  };
  return {
    region,
    pricesOf: PRICES_OF,
    quotasOf: QUOTAS_OF,
    hoursPerDay: hours,
    partitions: partitions ?? null,
    source,
    delivery,
    passes: passes.kind === "known" ? passes.times : null,
    at: volume.at.map(at),
    firstBreak: firstBreak ?? null,
    atSafe: atSafe ? { bufferMB: atSafe.megabytes, ...at(atSafe.volume) } : null,
  };
}

/** The sum of a bill in USD. */
export const sumOf = (bill: readonly BillLine[]): number =>
  bill.reduce((sum, { usd }) => sum + usd, 0);

const number = (value: number) =>
  value.toLocaleString(
    "en",
    value < 1_000 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 },
  );
const whole = (value: number) => Math.round(value).toLocaleString("en");
const percent = (share: number) => `${number(100 * share)} %`;
const dollars = (usd: number) =>
  usd < 0.01 && usd > 0
    ? "< 0.01 USD"
    : `${usd.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })} USD`;

const UNITS = [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]] as const;

function bytes(count: number): string {
  const [unit, size] = UNITS.find(([, size]) => count >= size) ?? ["bytes", 1];
  return `${(count / size).toLocaleString("en", { maximumSignificantDigits: 3 })} ${unit}`;
}
