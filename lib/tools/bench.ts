/**
 * `deno task bench`: the sandbox measured against a bare HTTP server, in one run with one client.
 * Figures depend on the machine; ratios much less. The sandbox runs as `deno task sandbox --quiet`
 * does: on disk, and without a line for each request.
 * Exits non-zero where an aim is missed by more than a quarter.
 * @module
 */

import { parseArgs } from "node:util";
import { checkout, compared, type Comparison } from "./bench/against.ts";
import { atRest } from "./bench/at_rest.ts";
import { course } from "./bench/course.ts";
import { explainLog } from "./bench/explain_files.ts";
import { jqStage, partitioned } from "./bench/jq_partitioning.ts";
import { coldStart, throughFunction, transformRatio, warmInvoke } from "./bench/lambda_function.ts";
import { manyRecords } from "./bench/many_records.ts";
import { putRecord, putRecordBatch } from "./bench/put_ratios.ts";
import { rehearseMemory, rehearseSpeed } from "./bench/rehearse.ts";
import { putWhileDelivering } from "./bench/put_while_delivering.ts";
import type { BenchOptions, Measured, Row } from "./bench/row.ts";
import { openBench } from "./bench/sandboxes.ts";
import { s3Objects } from "./bench/s3_ratios.ts";
import { partitions, smallObjects, streams } from "./bench/scale/buffers.ts";
import { invocations, roundRobin } from "./bench/scale/functions.ts";
import { policies, prefixes } from "./bench/scale/lists.ts";
import { logEvents, metricPoints } from "./bench/scale/logs_metrics.ts";
import { memoryAfterLoad, putCosts } from "./bench/scale/puts.ts";
import { recordCosts, restart } from "./bench/scale/records.ts";
import { soak } from "./bench/soak.ts";
import { naiveRatio, redriveRate } from "./bench/size_limit.ts";
import { strategies } from "./bench/strategies.ts";
import { positiveNumber, runTool } from "./run_tool.ts";

/** Groups that run only when they are named: they take long. */
const LONG_GROUPS = ["course", "soak"];

/** Rows by group, in the order they run. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  rest: { atRest },
  // In this process: before the sandbox has anything to deliver meanwhile.
  jq: { jqStage },
  puts: { putRecordBatch, putRecord, putWhileDelivering },
  pipelines: { partitioned, throughFunction },
  s3: { s3Objects },
  functions: { transformRatio, warmInvoke, coldStart },
  sizeLimit: { naiveRatio, strategies, redriveRate },
  explain: { explainLog },
  rehearse: { rehearseSpeed, rehearseMemory },
  many: { manyRecords, recordCosts, restart },
  // Each has its own sandbox, and a cost by which two builds can be compared.
  scale: {
    ...{ putCosts, memoryAfterLoad, partitions, streams, smallObjects, metricPoints, logEvents },
    ...{ roundRobin, invocations, prefixes, policies },
  },
  course: { course },
  soak: { soak },
};

const SHORT_GROUPS = Object.keys(GROUPS).filter((name) => !LONG_GROUPS.includes(name));

const USAGE = `deno task bench [options]

Measures the sandbox beside a bare HTTP server, and prints figures with their aims. Takes about ten
minutes; ends with 1 where an aim is missed by more than a quarter.

  --only NAME       a group or a row (again for more)
  --against COMMIT  measure that commit too, in turns, and print both and their ratio. Without --only,
                    the group scale; only rows that have a cost
  --seconds N       how long one load lasts (5)
  --records N       records of the group many (1,000,000); recordCosts puts ten times as many, too
  --log-events N    log events of the row logEvents (200,000)
  --soak MINUTES    how long the row soak lasts (12); it runs only when it is named, as
                    course does

${
  Object.entries(GROUPS).map(([name, rows]) => `  ${name}: ${Object.keys(rows).join(", ")}`)
    .join("\n")
}`;

interface Wanted {
  readonly rows: ReadonlyMap<string, Row>;
  /** Absent means that only this build is measured. */
  readonly against?: string;
  readonly options: BenchOptions;
}

function readOptions(args: readonly string[]): Wanted | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: "string", default: "5" },
      records: { type: "string", default: "1000000" },
      "log-events": { type: "string", default: "200000" },
      soak: { type: "string", default: "12" },
      only: { type: "string", multiple: true },
      against: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return "help";
  const { against, only = against === undefined ? SHORT_GROUPS : ["scale"] } = values;
  return {
    rows: chosenRows(only),
    against,
    options: {
      seconds: positiveNumber("--seconds", values.seconds),
      manyRecords: positiveNumber("--records", values.records),
      logEvents: positiveNumber("--log-events", values["log-events"]),
      soakMinutes: positiveNumber("--soak", values.soak),
    },
  };
}

/** The rows that names of rows and groups choose. Throws a `TypeError` for a name that is none. */
function chosenRows(names: readonly string[]): ReadonlyMap<string, Row> {
  const all = new Map(Object.values(GROUPS).flatMap((rows) => Object.entries(rows)));
  const chosen = names.flatMap((name) =>
    Object.keys(GROUPS[name] ?? {}).concat(all.has(name) ? name : [])
  );
  const unknown = names.filter((name) => !Object.hasOwn(GROUPS, name) && !all.has(name));
  if (unknown.length === 0) return new Map([...all].filter(([name]) => chosen.includes(name)));
  throw new TypeError(`There is no row or group ${unknown.join(", ")}.`);
}

/** Prints the rows of this build. Returns those whose aim is missed by more than a quarter. */
async function measure({ rows, options }: Wanted): Promise<Measured[]> {
  await using bench = await openBench(new URL("../sandbox/main.ts", import.meta.url), options);
  const missed: Measured[] = [];
  for (const row of rows.values()) {
    for (const result of await row(bench)) {
      console.log(`${result.measured.padEnd(70)} ${result.figure.padEnd(44)} aim: ${result.aim}`);
      const { cost = 0, costMax = Infinity } = result;
      if (cost > costMax * 1.25) missed.push(result);
    }
  }
  return missed;
}

/** Prints both figures of each row that has a cost, and their ratio. */
async function compare({ rows, options }: Wanted, commit: string): Promise<void> {
  await using there = await checkout(commit);
  const print = ({ measured, before, after }: Comparison) =>
    console.log(
      `| ${measured} | ${before.figure} | ${after.figure} | ` +
        `${((after.cost ?? 0) / (before.cost ?? 1)).toFixed(2)} | ${after.aim} |`,
    );
  console.log(`| what | ${commit} | this build | ratio | aim |\n| --- | --- | --- | --- | --- |`);
  for (const row of rows.values()) {
    const here = new URL("../sandbox/main.ts", import.meta.url);
    for (const comparison of await compared(row, { there: there.main, here }, options)) {
      print(comparison);
    }
  }
}

async function run(wanted: Wanted): Promise<boolean> {
  if (wanted.against !== undefined) {
    await compare(wanted, wanted.against);
    return true;
  }
  const missed = await measure(wanted);
  for (const { measured } of missed) console.log(`missed by more than a quarter: ${measured}`);
  return missed.length === 0;
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions, run });
