import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { madeInvocation } from "../invocation_testing.ts";
import type { Rehearsed } from "../measure.ts";
import { billOf, checkPriced } from "./bill.ts";
import { sumOf, volumeForMachines, volumeLines } from "./volume_report.ts";
import { volumeOf, type VolumeOptions } from "./volume.ts";

const MIB = 1024 * 1024;

const log =
  "REPORT RequestId: 1\tDuration: 200 ms\tBilled Duration: 200 ms\tMemory Size: 1024 MB\t" +
  "Max Memory Used: 60 MB\t\n";

/** A rehearsal of 1,000 records of 1,024 bytes, each answered with as many. */
function rehearsedOf(more: Partial<Rehearsed> = {}): Rehearsed {
  const batch = madeInvocation(log, {
    end: 1_000,
    requestBytes: 1_500_000,
    responseBytes: 1_500_000,
  });
  return {
    bufferMB: 1,
    runtime: "python3.12",
    architecture: "x86_64",
    batches: [batch],
    alone: { fateAt: () => "ok", dataBytesAt: () => 1_024 },
    samples: [],
    invocations: [batch],
    recordSizes: new Array(1_000).fill(1024),
    answerBytes: new Array(1_000).fill(1_500),
    estimatedRecords: 0,
    timeLimitMs: 60_000,
    failureLog: undefined,
    putBack: 0,
    partitions: undefined,
    partitionQuota: 500,
    safe: undefined,
    notes: {
      firstFailed: new Map(),
      firstDropped: undefined,
      droppedControlMessages: 0,
      emptied: 0,
      areGzip: true,
      failedContents: [],
    },
    tried: undefined,
    batchesAtSafe: 0,
    recordsNotSent: 0,
    ...more,
  };
}

/** The batch, with so many of its records Dropped. */
const batchDropping = (dropped: number) =>
  madeInvocation(log, { end: 1_000, counts: { ok: 1_000 - dropped, dropped, byCode: new Map() } });

const OPTIONS: VolumeOptions = {
  recordsPerSecond: 1_024,
  hours: 24,
  partitions: undefined,
  region: "us-east-1",
  source: { bytes: MIB, seconds: 60 },
  delivery: {},
  retries: 3,
  partitionQuota: 500,
};

/** Simulated once for all tests. */
const volume = volumeOf(rehearsedOf(), OPTIONS);

Deno.test("volumeOf() says what a day of MiB a second needs, and what a month of it costs", () => {
  assert(volume);
  const [{ day, bill }] = volume.at;
  // A buffer fills in a second, an object of 5 MiB in five.
  assertEquals([Math.round(day.invocations), Math.round(day.objects.count)], [86_400, 17_280]);
  const usd = new Map(bill.map((line) => [line.what, line.usd]));
  // 1,024 records a second, each billed as 5 KB: 5 MiB a second.
  const gigabytes = 5 / 1024 * 86_400 * 365 / 12;
  assertClose(usd.get("Firehose: data taken in, 5 KB steps"), gigabytes * 0.029);
  assertClose(usd.get("Lambda: requests"), 86_400 * 365 / 12 * 0.2e-6);
  // The 200 ms are those of 1,024,000 bytes of records; a full buffer has 1,048,576.
  assertClose(usd.get("Lambda: duration"), 86_400 * 365 / 12 * 0.2048 * 0.0000166667);
  assertClose(sumOf(bill), [...usd.values()].reduce((sum, value) => sum + value, 0));
});

Deno.test("volumeOf() names the quota that breaks first, at which multiple, and what can be done", () => {
  assertEquals(volume?.firstBreak?.name, "Direct PUT, MiB a second");
  assertClose(volume?.firstBreak?.times, 5);
  const many = volumeOf(rehearsedOf(), { ...OPTIONS, hours: 0.1, partitions: 600 });
  assertEquals(many?.firstBreak?.name, "Firehose, active partitions");
  const text = volumeLines(many).join("\n");
  assertStringIncludes(
    text,
    "The first quota that is exceeded, already now: Firehose, active partitions (500)",
  );
  assertStringIncludes(text, "find no free partition and go to the error output");
});

Deno.test("volumeOf() lets records that the function puts back come again", () => {
  const found = rehearsedOf({ putBack: 500, batches: [batchDropping(500)] });
  const twice = volumeOf(found, { ...OPTIONS, hours: 0.1 });
  assertEquals(twice?.passes, { kind: "known", times: 2 });
  assertClose(twice?.at[0].day.records, 2 * 1_024 * 360);
});

Deno.test("volumeOf() fails no batch of a function that puts back what does not fit", () => {
  // 995 of 1,000 records go back; the others' answers of 1 MB would not fit together otherwise.
  const found = rehearsedOf({
    putBack: 995,
    batches: [batchDropping(995)],
    answerBytes: Float64Array.from({ length: 1_000 }, (_, at) => at < 5 ? 1e6 : 100),
  });
  const large = volumeOf(found, {
    ...OPTIONS,
    hours: 0.1,
    source: { bytes: 3 * MIB, seconds: 60 },
  });
  assertEquals(large?.passes, { kind: "known", times: 200 });
  assertEquals([large?.at[0].day.failedInvocations, large?.at[0].day.failedRecords], [0, 0]);
});

// AWS's blueprint for CloudWatch Logs divides a record whose answer is larger than a response may be.
Deno.test("volumeOf() counts one pass, and says so, if a function divides its records or delivers none", () => {
  for (
    const [putBack, dropped, kind] of [
      [12, 6, "divided"],
      [1_000, 1_000, "none delivered"],
    ] as const
  ) {
    const found = rehearsedOf({ putBack, batches: [batchDropping(dropped)] });
    const volume = volumeOf(found, { ...OPTIONS, hours: 0.1 });
    assertEquals(volume?.passes.kind, kind);
    assertClose(volume?.at[0].day.records, 1_024 * 360);
    assertStringIncludes(volumeLines(volume).join("\n"), "Only the first pass is counted");
  }
});

// https://aws.amazon.com/blogs/compute/introducing-tiered-pricing-for-aws-lambda/: 7.5 and 18.75 billion.
Deno.test("A function on arm64 has arm64's price and tiers", () => {
  const arm = volumeOf(rehearsedOf({ architecture: "arm64" }), { ...OPTIONS, hours: 0.1 });
  const x86 = volumeOf(rehearsedOf(), { ...OPTIONS, hours: 0.1 });
  const usdOf = (found: typeof arm, what: string) =>
    found?.at[0].bill.find((line) => line.what === what)?.usd ?? NaN;
  const ratio = usdOf(arm, "Lambda: duration on arm64") / usdOf(x86, "Lambda: duration");
  assertClose(ratio, 0.0000133334 / 0.0000166667);
  const [{ usd }] = billOf({ lambdaArmGbSeconds: 20e9 });
  assertClose(usd, 7.5e9 * 0.0000133334 + 11.25e9 * 0.0000120001 + 1.25e9 * 0.0000106667);
});

Deno.test("volumeOf() takes the stream's own quota of active partitions", () => {
  const raised = { ...OPTIONS, hours: 0.1, partitions: 600, partitionQuota: 1_000 };
  const [{ day, quotas }] = volumeOf(rehearsedOf(), raised)?.at ?? [];
  assertEquals([day.activePartitions, day.refusedRecords], [600, 0]);
  assertEquals(quotas.find(({ name }) => name === "Firehose, active partitions")?.limit, 1_000);
});

Deno.test("A volume has the same numbers for machines", () => {
  assert(volume);
  const { at, region, firstBreak } = JSON.parse(JSON.stringify(volumeForMachines(volume)));
  assertEquals([region, at.length, at[0].times, at[3].times], ["us-east-1", 4, 1, 1_000]);
  assertEquals(firstBreak.name, "Direct PUT, MiB a second");
});

Deno.test("A Region whose prices are not known is refused by name", () => {
  assertThrows(() => checkPriced("eu-west-1"), RangeError, "eu-west-1");
  checkPriced("us-east-1");
});

Deno.test("billOf() leaves out what is not used", () => {
  assertEquals(billOf({ s3Puts: 0 }), []);
});

function assertClose(actual: number | undefined, wanted: number): void {
  assert(
    actual !== undefined && Math.abs(actual - wanted) < wanted / 1000,
    `${actual}, not ${wanted}`,
  );
}
