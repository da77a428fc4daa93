/**
 * A program that starts itself again with other permissions: what its options need is known only
 * once they are read, and Deno grants nothing later without a question.
 * @module
 */

import { withoutLoaderVariables } from "./child_environment.ts";
import { END_SIGNALS } from "./end_signals.ts";
import { memoryTrim } from "./memory_trim.ts";
import { MEMORY_VARIABLES } from "./memory_variables.ts";
import { V8_FLAGS } from "./v8_flags.ts";

/** The second process has started by then, and this one only waits. */
const TRIM_AFTER_MS = 2_000;

/** Tells the second process to end when its standard input does: then the first one has ended. */
const MARK = "SANDBOX_ENDS_WITH_STDIN";

/**
 * Runs `module` with these flags and arguments, hands signals on, and ends as it ends. Once
 * `parentEnded` resolves, the second process is asked to end.
 */
export async function rerun(
  module: string,
  flags: readonly string[],
  args: readonly string[],
  parentEnded: Promise<unknown>,
): Promise<never> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", V8_FLAGS, ...flags, module, ...args],
    env: { ...MEMORY_VARIABLES, ...withoutLoaderVariables(), [MARK]: "1" },
    stdin: "piped",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  for (const signal of END_SIGNALS) {
    Deno.addSignalListener(signal, () => endChild(child, signal));
  }
  parentEnded.then(() => endChild(child, "SIGTERM"));
  setTimeout(() => memoryTrim()?.(), TRIM_AFTER_MS);
  const { code } = await child.status;
  Deno.exit(code);
}

/** A terminal's Ctrl-C has reached the child already: it may have ended. */
function endChild(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Whether this process was started by {@linkcode rerun}. */
export const isRerun = () => Deno.env.has(MARK);

/** Resolves when the process that started this one has ended; never if it was not a rerun. */
export async function starterEnded(): Promise<void> {
  if (!isRerun()) return await new Promise(() => {});
  for await (const _ of Deno.stdin.readable); // nothing is written to it
}
