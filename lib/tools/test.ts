/**
 * `deno task test`: all checks of the project: `check`, all tests, the examples in docs, and the
 * notebooks. All parts run, also after a failure; the last line is the sum, `N passed, N failed`.
 * Tests and notebooks wait more than they work, so parts run beside each other.
 * `deno task test:quick`, for every few minutes, checks types and runs the fast tests.
 * @module
 */

import { parseArgs } from "node:util";
import { runTool } from "./run_tool.ts";

/**
 * Test files that run alone, one after the other: they change what the whole process shares
 * (environment variables, umask) or measure its memory. All other files run beside each other.
 */
export const ALONE: readonly string[] = [
  "lambda/gunzip_test.ts",
  "lib/aws/explain/objects/gzip_members_test.ts",
  "lib/aws/place/begin_test.ts",
  "lib/aws/place/paths_test.ts",
  "lib/sandbox/memory_trim_test.ts",
  "lib/sandbox/private_files_test.ts",
  "lib/sandbox/services/firehose/processing/jq/engine_test.ts",
  "lib/view/acts_test.ts",
  "lib/view/progress_file_test.ts",
];

/** What the quick run leaves out: other processes and clients, kills, and long series of cases. */
const SLOW: readonly string[] = [
  "lib/aws/deploy",
  "lib/aws/explain",
  "lib/aws/lambda_kill_test.ts",
  "lib/aws/pipeline_test.ts",
  "lib/aws/place/sandbox_process_test.ts",
  "lib/aws/redrive/redrive_test.ts",
  "lib/aws/size_limit_boundary_test.ts",
  "lib/aws/size_limit_test.ts",
  "lib/exercises",
  "lib/readers",
  "lib/sandbox/access/policy_random_test.ts",
  "lib/sandbox/compat",
  "lib/sandbox/control/storm_test.ts",
  "lib/sandbox/console/page_test.ts",
  "lib/sandbox/coverage",
  "lib/sandbox/http/fuzz_requests_test.ts",
  "lib/sandbox/kill_test.ts",
  "lib/sandbox/services/firehose/processing/jq",
  "lib/sandbox/services/firehose/restart_test.ts",
  "lib/sandbox/services/lambda/execution",
  "lib/sandbox/services/lambda/firehose_test.ts",
  "lib/sandbox/services/lambda/metrics_test.ts",
  "lib/sandbox/services/lambda/operations",
  "lib/sandbox/services/logs/filter_pattern_test.ts",
  "lib/sandbox/services/logs/subscriptions_test.ts",
  "lib/sandbox/services/s3/large_upload_test.ts",
  "lib/sandbox/services/s3/list_objects_test.ts",
  "lib/tools",
];

/** Files that take long. They begin first, so that none of them runs alone at the end. */
const LONG: readonly string[] = [
  "lib/tools/pack_test.ts",
  "lib/aws/lambda_kill_test.ts",
  "lib/aws/own_function_test.ts",
  "lib/sandbox/console/page_test.ts",
  "lib/sandbox/services/lambda/execution/environment_test.ts",
  "lib/sandbox/services/lambda/execution/host_engine_test.ts",
  "lib/aws/rehearse/failures_test.ts",
  "lib/aws/size_limit_test.ts",
  "lib/sandbox/control/storm_test.ts",
  "lib/sandbox/services/lambda/operations/invoke_test.ts",
  "lib/sandbox/kill_test.ts",
  "lib/tools/deploy_lambda_task_test.ts",
  "lib/tools/explain_test.ts",
  "lib/tools/redrive_test.ts",
  "lib/tools/rehearse_test.ts",
  "lib/aws/rehearse",
  "lib/sandbox/compat",
];

/**
 * Test files at once in a lane. With one more than there are processors the whole run took 342 s in
 * place of 312 (two processors, 2026-11-30): the lane beside it has checks and notebooks.
 */
const FILES_AT_ONCE = navigator.hardwareConcurrency;

// The types were checked before: by `check`, or by the first part of the quick run.
const TEST = ["test", "-A", "--no-check", "--frozen"];

/** Arguments of Deno for one part of a run. */
type Part = readonly string[];

/** What is run, in lanes beside each other. The output of the first one is shown while it comes. */
interface Plan {
  /** The parts that are a lane's own: they run one after the other. */
  readonly lanes: readonly (readonly Part[])[];
  /** Then each lane takes the next of these, until none is left: so all lanes end together. */
  readonly shared: readonly Part[];
}

/**
 * The long files, and then a folder at a time, in groups that run one after the other; a group leaves
 * out what an earlier one has. `deno test --ignore` leaves files out of the first folder only, so that
 * two in a group would run some tests twice (`findings/deno-test-ignores-in-one-folder.sh`). The last
 * ones are short, so that no lane waits long for the other.
 */
export const GROUPS: readonly (readonly string[])[] = [
  LONG,
  ["lib/tools"],
  ["lib/aws"],
  ["lib/sandbox/services"],
  ["lib/sandbox"],
  ["lib"],
  ["lambda"],
];

const PLAN: Plan = {
  lanes: [
    [],
    [
      ["task", "--quiet", "check"],
      [...TEST, ...ALONE],
      ["task", "--quiet", "notebooks", "--thorough"],
    ],
  ],
  shared: GROUPS.map((group, index) => {
    const elsewhere = [...ALONE, ...GROUPS.slice(0, index).flat()];
    return [...TEST, "--parallel", "--doc", `--ignore=${elsewhere.join()}`, ...group];
  }),
};

/** What a person runs every few minutes. */
const QUICK_PLAN: Plan = {
  lanes: [[
    ["check", "--quiet", "--frozen", "lib", "lambda"],
    ...["lib", "lambda"].map((
      folder,
    ) => [...TEST, "--parallel", `--ignore=${[...ALONE, ...SLOW].join()}`, folder]),
  ]],
  shared: [],
};

/** How many of a part's checks passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/**
 * The sum that a part printed as its last summary: a line of `deno test` or one like
 * `check: 5 passed, 0 failed`. A part that ended well or badly without one counts as one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const output = "ok | 12 passed (3 steps) | 0 failed (2s)\n";
 * assertEquals(tallyOf(output, { success: true }), { passed: 12, failed: 0 });
 * ```
 */
export function tallyOf(output: string, { success }: { readonly success: boolean }): Tally {
  const lines = output.split("\n").toReversed();
  for (const line of lines) {
    const sum = /^(?:(?:ok|FAILED) \| |\w+: )(\d+) passed\b.*?\b(\d+) failed\b/.exec(line);
    if (!sum) continue;
    const [passed, failed] = [Number(sum[1]), Number(sum[2])];
    // A failure outside the checks (an import that throws, a leak) must not look like success.
    return { passed, failed: success ? failed : Math.max(failed, 1) };
  }
  return success ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** How many files are named as the slowest. */
const SLOWEST_MAX = 10;

/**
 * The test files that took longest, by what `deno test --parallel` printed: seconds inside their tests.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const output = "./a_test.ts => x ... ok (1m2s)\n./a_test.ts => y ... ok (500ms)\n./b_test.ts => z ... FAILED (3s)\n";
 * assertEquals(slowestFiles(output), [["./a_test.ts", 62.5], ["./b_test.ts", 3]]);
 * ```
 */
export function slowestFiles(output: string): [path: string, seconds: number][] {
  const seconds = new Map<string, number>();
  const line = /^(\S+) => .* \.\.\. (?:ok|FAILED) \((?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?\)$/gm;
  for (const [, path, m = 0, s = 0, ms = 0] of output.matchAll(line)) {
    const took = Number(m) * 60 + Number(s) + Number(ms) / 1000;
    seconds.set(path, (seconds.get(path) ?? 0) + took);
  }
  return [...seconds].toSorted(([, a], [, b]) => b - a).slice(0, SLOWEST_MAX);
}

function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let left = bytes; left.length > 0;) left = left.subarray(Deno.stdout.writeSync(left));
}

/** Runs one part. Its output is shown while it comes, or whole at the end. */
async function runPart(part: Part, shown: "at once" | "at the end"): Promise<Tally> {
  const title = `\n--- deno ${part.join(" ")}\n`;
  if (shown === "at once") write(title);
  const startMs = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...part],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DENO_JOBS: `${FILES_AT_ONCE}` },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let output = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    if (shown === "at once") write(text);
  }
  const tally = tallyOf(output, await child.status);
  if (shown === "at the end") write(title + output);
  const seconds = (performance.now() - startMs) / 1000;
  const slowest = slowestFiles(output).map(([path, took]) => `  ${took.toFixed(1)} s  ${path}\n`);
  write(`--- took ${seconds.toFixed(0)} s\n${slowest.join("")}`);
  return tally;
}

/** Runs the lane's own parts, and then those that are left in `shared`, which it takes them from. */
async function runLane(
  own: readonly Part[],
  shared: Part[],
  shown: "at once" | "at the end",
): Promise<Tally[]> {
  const tallies = [];
  for (const part of own) tallies.push(await runPart(part, shown));
  for (let part = shared.shift(); part !== undefined; part = shared.shift()) {
    tallies.push(await runPart(part, shown));
  }
  return tallies;
}

const USAGE = `deno task test, or deno task test:quick

Runs all checks of the project: \`deno task check\`, all tests, the examples in docs and comments, and
the notebooks. The quick run checks types and leaves out the slow tests. One file or folder:
\`deno test -A --no-check FILE\`. The last line is the sum.`;

/** The plan that the command line asks for. */
function readOptions(args: readonly string[]): Plan | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return "help";
  return values.quick ? QUICK_PLAN : PLAN;
}

async function run({ lanes, shared }: Plan): Promise<boolean> {
  const left = [...shared];
  const running = lanes.map((own, index) =>
    runLane(own, left, index === 0 ? "at once" : "at the end")
  );
  const tallies = (await Promise.all(running)).flat();
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0;
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions, run });
