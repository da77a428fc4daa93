/**
 * `deno task test`: all checks of the project: `check`, `deno test` and the notebooks. All parts run,
 * also after a failure; the last line is the sum, `N passed, N failed`.
 * @module
 */

/** The parts in their order, the fast ones first. */
const PARTS: readonly (readonly string[])[] = [
  ["task", "--quiet", "check"],
  // The part before has checked the types.
  ["test", "-A", "--no-check", "--frozen"],
  ["task", "--quiet", "notebooks"],
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
  for (const part of PARTS) {
    const tally = await runPart(part);
    passed += tally.passed;
    failed += tally.failed;
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  Deno.exit(failed === 0 ? 0 : 1);
}
