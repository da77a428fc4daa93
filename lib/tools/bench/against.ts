/**
 * Two builds beside each other: this one and that of a commit, measured in turns.
 * @module
 */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BenchOptions, Measured, Row } from "./row.ts";
import { openBench } from "./sandboxes.ts";

/** Turns of each build; that with the median cost counts. */
const TURNS = 3;

/** A row of both builds. */
export interface Comparison {
  readonly measured: string;
  readonly before: Measured;
  readonly after: Measured;
}

/** The commit's files in a new folder, which is removed when this is disposed of. */
export async function checkout(commit: string): Promise<AsyncDisposable & { readonly main: URL }> {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "build");
  await git("worktree", "add", "--detach", path, commit);
  return {
    main: pathToFileURL(join(path, "lib/sandbox/main.ts")),
    [Symbol.asyncDispose]: async () => {
      await git("worktree", "remove", "--force", path);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function git(...args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("git", { args: [...args] }).output();
  if (!success) throw new Error(`git ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** The row on both builds, in turns: those of its lines that have a cost. */
export async function compared(
  row: Row,
  builds: { readonly there: URL; readonly here: URL },
  options: BenchOptions,
): Promise<Comparison[]> {
  const befores: Measured[][] = [];
  const afters: Measured[][] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    befores.push(await measured(row, builds.there, options));
    afters.push(await measured(row, builds.here, options));
  }
  return afters[0].flatMap((after, line) =>
    after.cost === undefined ? [] : [{
      measured: after.measured,
      before: median(befores.map((turn) => turn[line])),
      after: median(afters.map((turn) => turn[line])),
    }]
  );
}

async function measured(row: Row, main: URL, options: BenchOptions): Promise<Measured[]> {
  await using bench = await openBench(main, options);
  return [...await row(bench)];
}

function median(turns: readonly Measured[]): Measured {
  const sorted = turns.toSorted((a, b) => (a.cost ?? 0) - (b.cost ?? 0));
  return sorted[Math.floor(sorted.length / 2)];
}
