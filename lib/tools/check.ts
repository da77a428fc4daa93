/**
 * `deno task check`: the checks that run no code: format, lint and types, also of the notebooks' cells,
 * and the rules for notebook files.
 * @module
 */

import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import {
  type CellModule,
  droppedValues,
  fileNamesOf,
  type LintFinding,
  lintFindingsIn,
  lintProblems,
  moduleOf,
  textAskingForPromises,
  typeFindingsIn,
  typeProblems,
} from "./notebook_cells.ts";
import { listNotebooks, type Notebook, readNotebook } from "../notebook/notebook_file.ts";
import { type Problem, problemsOf } from "./notebook_rules.ts";
import { noOptions, runTool } from "./run_tool.ts";

/** Next to `notebooks/`, so `../lib/` means the same; ignored by git. */
const CELLS_DIR = join(PROJECT_DIR, ".check");

interface Sheet {
  readonly path: string;
  readonly notebook: Notebook;
  readonly module: CellModule;
}

let [passed, failed] = [0, 0];

/** Prints one line for a check, and its findings. */
function report(what: string, problems: readonly string[]): void {
  const isGood = problems.length === 0;
  console.log([`${isGood ? "ok  " : "FAIL"} ${what}`, ...problems.map(indented)].join("\n"));
  if (isGood) passed++;
  else failed++;
}

const indented = (text: string) => text.split("\n").map((line) => `     ${line}`).join("\n");
const lineOf = ({ cell, line, message }: Problem) =>
  `cell "${cell}"${line === undefined ? "" : `, line ${line}`}: ${message}`;

interface DenoOutput {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

function deno(...args: readonly string[]): Promise<DenoOutput> {
  return denoReading("", ...args);
}

/** Runs Deno with `input` as its standard input. */
async function denoReading(input: string, ...args: readonly string[]): Promise<DenoOutput> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: PROJECT_DIR,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  await new Blob([input]).stream().pipeTo(child.stdin);
  const { success, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function readSheets(): Promise<Sheet[]> {
  const sheets = [];
  for (const path of await listNotebooks()) {
    const notebook = await readNotebook(path);
    sheets.push({ path, notebook, module: moduleOf(notebook) });
  }
  return sheets;
}

/** Writes each notebook's cells as a module and returns the linter's findings. */
async function lintCells(sheets: readonly Sheet[]): Promise<LintFinding[]> {
  await Deno.mkdir(CELLS_DIR, { recursive: true });
  const plugin = join(PROJECT_DIR, "lib/tools/lint_statements.ts");
  const config = join(CELLS_DIR, "deno.json");
  await Deno.writeTextFile(config, JSON.stringify({ lint: { plugins: [plugin] } }));
  for (const { module } of sheets) {
    await Deno.writeTextFile(join(CELLS_DIR, fileNamesOf(module).plain), module.text);
  }
  const output = await deno("lint", "--json", "--config", config, CELLS_DIR);
  await Deno.remove(config);
  return lintFindingsIn(output.stdout);
}

async function checkCells(sheets: readonly Sheet[]): Promise<void> {
  if (sheets.length === 0) return;
  const findings = await lintCells(sheets);
  for (const { path, module } of sheets) {
    const asking = textAskingForPromises(module.text, droppedValues(module, findings));
    await Deno.writeTextFile(join(CELLS_DIR, fileNamesOf(module).asking), asking);
    const problems = lintProblems(module, findings).map(lineOf);
    report(`${relative(PROJECT_DIR, path)}: lint of its cells`, problems);
  }
}

/** One run for the project and the cells, which share the SDK's types. */
async function checkTypes(sheets: readonly Sheet[]): Promise<void> {
  const output = await deno("check", "--quiet", "--frozen", "--doc", ".");
  const findings = typeFindingsIn(output.stderr);
  const ofCells = new Set(sheets.flatMap(({ module }) => Object.values(fileNamesOf(module))));
  const ofProject = findings.filter(({ file, text }) =>
    !ofCells.has(file) || !text.includes(CELLS_DIR)
  );
  const isUnexplained = !output.success && findings.length === 0;
  report(
    "deno check",
    isUnexplained ? [output.stderr.trim()] : ofProject.map(({ text }) => text),
  );
  for (const { path, module } of sheets) {
    report(
      `${relative(PROJECT_DIR, path)}: types of its cells, and no promise dropped`,
      typeProblems(module, findings).map(lineOf),
    );
  }
}

function checkFiles(sheets: readonly Sheet[]): void {
  for (const { path, notebook } of sheets) {
    const fileExists = (target: string) => existsSync(join(dirname(path), target));
    const problems = problemsOf(notebook, { fileExists }).map(lineOf);
    report(`${relative(PROJECT_DIR, path)}: form, links, pictures`, problems);
  }
}

/** The console's page runs in a browser: other types, so that no other file may use a browser's. */
const PAGE_DIR = "lib/sandbox/console/page";
const PAGE = ["--config", `${PAGE_DIR}/deno.json`];

async function checkWith(
  command: "fmt" | "lint" | "check",
  ...args: readonly string[]
): Promise<void> {
  const { success, stdout, stderr } = await deno(command, ...args);
  const said = `${stdout}${stderr}`.replace(/\n\s*Stack backtrace:[\s\S]*$/, "").trim();
  report(["deno", command, ...args].join(" "), success ? [] : [said]);
}

/**
 * Checks that a notebook is as `deno fmt` would write it. The output is compared: `deno fmt --check`
 * calls every notebook unformatted that is not in its cache (Deno 2.9.6).
 */
async function checkNotebookFormat({ path }: Sheet): Promise<void> {
  const text = await Deno.readTextFile(path);
  const { success, stdout, stderr } = await denoReading(text, "fmt", "--ext", "ipynb", "-");
  const name = relative(PROJECT_DIR, path);
  const problems = !success ? [stderr] : stdout === text ? [] : [`run deno fmt ${name}`];
  report(`${name}: format`, problems);
}

const USAGE = `deno task check

Checks all that can be checked without running code: format, lint and types, also of the notebooks'
cells, and the rules for notebook files. The last line is the sum.`;

async function run(): Promise<boolean> {
  const sheets = await readSheets();
  await checkWith("fmt", "--check", "--ignore=notebooks/*.ipynb");
  for (const sheet of sheets) await checkNotebookFormat(sheet);
  await checkWith("fmt", "--check", ...PAGE, PAGE_DIR);
  await checkWith("lint");
  await checkWith("lint", ...PAGE, PAGE_DIR);
  await checkWith("check", "--quiet", ...PAGE, `${PAGE_DIR}/main.ts`);
  checkFiles(sheets);
  try {
    await checkCells(sheets);
    await checkTypes(sheets);
  } finally {
    await Deno.remove(CELLS_DIR, { recursive: true }).catch(() => {});
  }
  console.log(`check: ${passed} passed, ${failed} failed`);
  return failed === 0;
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions: noOptions, run });
