import { assert, assertEquals } from "@std/assert";
import { usageLines, usageOfMillion } from "./invocation_report.ts";
import { madeInvocation } from "./invocation_testing.ts";

const report = (durationMs: number, rest = "") =>
  `REPORT RequestId: 1\tDuration: ${durationMs} ms\tBilled Duration: 100 ms\tMemory Size: 1024 MB\t` +
  `Max Memory Used: 60 MB\t${rest}\n`;

Deno.test("An invocation after one that ended the process is not counted as warm", () => {
  const invocations = [
    madeInvocation(`Runtime.ExitError\n${report(5, "Init Duration: 90.5 ms\t")}`, {
      hasFailed: true,
    }),
    madeInvocation(report(200)),
    madeInvocation(report(3)),
  ];
  const lines = usageLines({
    architecture: "x86_64",
    batches: invocations,
    invocations,
    recordSizes: [1, 1, 1],
    retries: 3,
    bufferMB: 1,
  });
  assert(lines.includes("  cold: 1 invocation, 5 ms, after a start of 91 ms"), lines.join("\n"));
  assert(lines.includes("  in a new process, with its start: 1 invocation, 200 ms"));
  assert(lines.includes("  warm: 1 invocation, 3 ms"));
  assert(lines.includes(
    "  failed: 1; the process ended, so the next invocation was a cold start",
  ));
});

Deno.test("A million records cost what the batches used, and a failed batch is paid for with its retries", () => {
  const batches = [madeInvocation(report(90)), madeInvocation(report(90), { hasFailed: true })];
  // 4 records of up to 5 KB in 2 batches: one invocation, and one with 3 retries, of 0.1 GB-s each.
  const usage = usageOfMillion({
    batches,
    recordSizes: [1, 1, 1, 1],
    retries: 3,
    architecture: "x86_64",
  });
  assertEquals(usage.lambdaInvocations, 1_250_000);
  assertEquals(Math.round(usage.lambdaGbSeconds ?? 0), 125_000);
  assertEquals(usage.firehoseBytes, 5_120_000_000);
  // One log, and four of the batch that fails.
  assertEquals(usage.logBytes, 5 * report(90).length * 250_000);
});

Deno.test("The cost of a million records says so if the records do not fill a buffer", () => {
  const batches = [madeInvocation(report(90))];
  const costOf = (recordSizes: readonly number[]) =>
    usageLines({
      batches,
      invocations: batches,
      recordSizes,
      retries: 3,
      bufferMB: 1,
      architecture: "x86_64",
    }).at(-1) ??
      "";
  const said = "These 3 records do not fill a buffer.";
  assertEquals(costOf([1, 1, 1]).includes(said), true);
  assertEquals(costOf([1, 1, 1_000_000]).includes("do not fill"), false);
});
