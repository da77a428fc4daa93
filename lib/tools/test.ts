/**
 * `deno task test`: all checks of the project: `check`, all tests, the examples in docs, and the
 * notebooks. All parts run, also after a failure; the last line is the sum, `N passed, N failed`.
 * `deno task test:quick`, for every few minutes, checks types and runs the fast tests.
 * @module
 */

/**
 * Test files that run alone, one after the other: they change what the whole process shares
 * (environment variables, umask) or measure its memory. All other files run beside each other.
 */
export const ALONE: readonly string[] = [
  "lambda/gunzip_test.ts",
  "lib/aws/explain/objects/gzip_members_test.ts",
  "lib/aws/place/begin_test.ts",
  "lib/aws/place/paths_test.ts",
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

// The types were checked before: by `check`, or by the first part of the quick run.
const TEST = ["test", "-A", "--no-check", "--frozen"];

/** What is run, in this order: the fast and cheap first. */
const PARTS: readonly (readonly string[])[] = [
  ["task", "--quiet", "check"],
  [...TEST, "--parallel", "--doc", `--ignore=${ALONE.join()}`, "lib", "lambda"],
  [...TEST, ...ALONE],
  ["task", "--quiet", "notebooks", "--thorough"],
];

/** What a person runs every few minutes. */
const QUICK_PARTS: readonly (readonly string[])[] = [
  ["check", "--quiet", "--frozen", "lib", "lambda"],
  [...TEST, "--parallel", `--ignore=${[...ALONE, ...SLOW].join()}`, "lib", "lambda"],
];

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

async function runPart(args: readonly string[]): Promise<Tally> {
  console.log(`\n--- deno ${args.join(" ")}`);
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let output = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    await Deno.stdout.write(new TextEncoder().encode(text));
  }
  return tallyOf(output, await child.status);
}

if (import.meta.main) {
  let [passed, failed] = [0, 0];
  for (const part of Deno.args.includes("--quick") ? QUICK_PARTS : PARTS) {
    const tally = await runPart(part);
    passed += tally.passed;
    failed += tally.failed;
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  Deno.exit(failed === 0 ? 0 : 1);
}
