/**
 * `deno task notebooks`: runs the notebooks without a browser, on the kernel and the client that a
 * reader uses, each against its own sandbox.
 * @module
 */

import { basename, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { registerKernel } from "./jupyter.ts";
import { beginWorld, freePort } from "./notebook_world.ts";
import { cleanNotebookText, listNotebooks, readNotebook } from "../notebook/notebook_file.ts";
import { END_SIGNALS } from "../sandbox/end_signals.ts";
import { ensureVenv } from "./python_env.ts";
import { executeNotebook, type ExecutionResult } from "./execute_notebook.ts";
import { runTool } from "./run_tool.ts";

const USAGE = `deno task notebooks [options] [NAME …]

Runs all notebooks, or those whose names start with NAME: each from a fresh state; again on top of
itself, with each cell run twice and the exercises solved; and, from a fresh state, after Stop was
pressed in a cell in the middle. Executed notebooks are kept in .executed/ as .ipynb, those that failed as HTML too.

  --html       all as HTML too
  --time       run each only once, from a fresh state, one after the other, and print the seconds that
               they took in all, with the start of each sandbox and kernel
  --thorough   then also with a new kernel, and only the setup cell, before each step
  --clean      do not run: take outputs and counters out of the files, and format their cells`;

const EXECUTED_DIR = join(PROJECT_DIR, ".executed");

/** Runs at the same time, each with its own sandbox and kernel: they wait more than they work. */
const AT_ONCE = 4;

/** Aborted by Ctrl-C: the runner ends its kernel, and then the sandbox is ended as usual. */
const stopping = new AbortController();

/** One way through a notebook; `fresh` ways begin in an empty account. */
interface Pass {
  readonly name: string;
  readonly begins: "fresh" | "on top";
  readonly way: "top-to-bottom" | "each-cell-twice" | "interrupted" | "restarted";
  /** The code in exercises. The runner checks that a starter does not pass and a solution does. */
  readonly exercises: "starter" | "solution";
}

/** Top to bottom, again on top of that, each cell twice, and after Stop in the middle. */
const PASSES: readonly Pass[] = [
  { name: "fresh", begins: "fresh", way: "top-to-bottom", exercises: "starter" },
  {
    name: "again, each cell twice",
    begins: "on top",
    way: "each-cell-twice",
    exercises: "solution",
  },
  { name: "stopped in the middle", begins: "fresh", way: "interrupted", exercises: "starter" },
  { name: "after the stop", begins: "on top", way: "top-to-bottom", exercises: "starter" },
];
const THOROUGH_PASSES: readonly Pass[] = [
  ...PASSES,
  { name: "restarted before each step", begins: "fresh", way: "restarted", exercises: "starter" },
];

/** What `--time` runs. */
const TIMED_PASSES = PASSES.slice(0, 1);

/** A new sandbox for one notebook, on a free port; it is removed at the end. */
async function freshWorld() {
  return beginWorld({
    folder: await Deno.makeTempDir({ dir: EXECUTED_DIR, prefix: "world-" }),
    port: freePort(),
  });
}

/** How notebooks are run. */
interface Running {
  readonly python: string;
  /** Options of the runner for every pass. */
  readonly options: readonly string[];
}

async function runPass(
  path: string,
  pass: Pass,
  { python, options }: Running,
  { environment, sandbox }: ReturnType<typeof beginWorld>,
): Promise<ExecutionResult> {
  const stem = basename(path, ".ipynb");
  const until = pass.way === "interrupted" ? ["--until", await middleCell(path)] : [];
  return await executeNotebook(path, {
    output: join(EXECUTED_DIR, `${stem}.${pass.name.replaceAll(/[ ,]+/g, "-")}.ipynb`),
    options: [...options, "--way", pass.way, "--exercises", pass.exercises, ...until],
    python,
    environment,
    ready: sandbox,
    signal: stopping.signal,
  });
}

/** The cell for the Stop test: of the cells that wait, the one nearest to the middle. */
async function middleCell(path: string): Promise<string> {
  const code = (await readNotebook(path)).cells.filter(({ type }) => type === "code");
  const middle = Math.floor(code.length / 2);
  const indexes = [...code.keys()].toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  const waiting = indexes.find((index) => /\b(until|watch\w*)\(/.test(code[index].source));
  return code[waiting ?? middle].id;
}

/** A notebook's passes that share one sandbox. */
interface Run {
  readonly path: string;
  readonly passes: readonly Pass[];
}

/** Runs a notebook in these ways and prints a line for each; the number of failures. */
async function runPasses({ path, passes }: Run, running: Running): Promise<number> {
  let failed = 0;
  await using world = await freshWorld();
  for (const pass of passes) {
    const { cells, seconds, failure } = await runPass(path, pass, running, world);
    const what = `${relative(PROJECT_DIR, path)}, ${pass.name}`;
    if (failure) failed++;
    console.log(
      failure
        ? `FAIL ${what}: in cell "${failure.cell}"\n${indented(failure.error)}`
        : `ok   ${what} (${cells} cells, ${seconds.toFixed(1)} s)`,
    );
  }
  return failed;
}

/** Groups of passes that share one sandbox: a fresh one and those on top of it. */
function groupsOf(passes: readonly Pass[]): Pass[][] {
  const groups: Pass[][] = [];
  for (const pass of passes) {
    if (pass.begins === "fresh") groups.push([pass]);
    else groups.at(-1)?.push(pass);
  }
  return groups;
}

const indented = (text: string) => text.split("\n").map((line) => `     ${line}`).join("\n");

async function clean(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await Deno.writeTextFile(path, cleanNotebookText(await readNotebook(path)));
  }
  // The formatter changes the layout of the file too, so it is cleaned again.
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", ...paths] }).spawn().status;
  for (const path of paths) {
    await Deno.writeTextFile(path, cleanNotebookText(await readNotebook(path)));
    console.log(`clean ${relative(PROJECT_DIR, path)}`);
  }
}

async function runAll(
  paths: readonly string[],
  passes: readonly Pass[],
  { options, atOnce }: { readonly options: readonly string[]; readonly atOnce: number },
): Promise<number> {
  for (const signal of END_SIGNALS) Deno.addSignalListener(signal, () => stopping.abort());
  const python = await ensureVenv(console.log);
  await registerKernel();
  await Deno.mkdir(EXECUTED_DIR, { recursive: true });
  // The longest come last in the list, and begin first: none of them runs alone at the end.
  const left = groupsOf(passes).toReversed()
    .flatMap((group) => paths.map((path) => ({ path, passes: group })));
  const beganMs = performance.now();
  const failures = await Promise.all(
    Array.from({ length: atOnce }, async () => {
      let failed = 0;
      for (let run = left.shift(); run !== undefined; run = left.shift()) {
        failed += await runPasses(run, { python, options });
      }
      return failed;
    }),
  );
  const failed = failures.reduce((sum, count) => sum + count, 0);
  const seconds = (performance.now() - beganMs) / 1000;
  console.log(
    `all took ${seconds.toFixed(1)} s, ${
      atOnce === 1 ? "one after the other" : `${atOnce} at once`
    }`,
  );
  console.log(`notebooks: ${paths.length * passes.length - failed} passed, ${failed} failed`);
  return failed;
}

/** What the command line asks for. */
interface NotebookOptions {
  readonly paths: readonly string[];
  readonly passes: readonly Pass[];
  readonly html: boolean;
  readonly what: "run" | "time" | "clean";
}

async function readOptions(args: readonly string[]): Promise<NotebookOptions | "help"> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      thorough: { type: "boolean", default: false },
      html: { type: "boolean", default: false },
      time: { type: "boolean", default: false },
      clean: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const chosen = (["thorough", "time", "clean"] as const).filter((name) => values[name]);
  if (chosen.length > 1) throw new TypeError(`Choose one of --${chosen.join(" and --")}.`);
  return {
    paths: await listNotebooks(positionals),
    passes: values.thorough ? THOROUGH_PASSES : values.time ? TIMED_PASSES : PASSES,
    html: values.html,
    what: values.time ? "time" : values.clean ? "clean" : "run",
  };
}

async function run(options: NotebookOptions): Promise<boolean> {
  const { paths, passes, html, what } = options;
  if (what === "clean") {
    await clean(paths);
    return true;
  }
  return await runAll(paths, passes, {
    options: html ? ["--html"] : [],
    atOnce: what === "time" ? 1 : AT_ONCE,
  }) === 0;
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions, run });
