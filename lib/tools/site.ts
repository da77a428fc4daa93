/**
 * `deno task site`: builds the static site of the course. Its notebooks are executed with the project's
 * own runner, because other tools stop reading at "idle" and lose output of Deno's kernel.
 * @module
 */

import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";
import { assertPortIsFree, PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { listNotebooks } from "../notebook/notebook_file.ts";
import { END_SIGNALS } from "../sandbox/end_signals.ts";
import { executeNotebook } from "./execute_notebook.ts";
import { registerKernel } from "./jupyter.ts";
import { notebookWorld } from "./notebook_world.ts";
import { ensureSiteVenv, ensureVenv } from "./python_env.ts";
import { complain, runTool, say } from "./run_tool.ts";
import {
  configuration,
  EXAMPLES_PAGE,
  examplesPage,
  sitePages,
  tableOfContents,
} from "./site/book.ts";
import { notebookPage, shownOutputs } from "./site/executed.ts";
import { type LinkTargets, rewriteLinks } from "./site/links.ts";
import { repositoryUrl } from "./site/repository.ts";
import { searchWithNumbers } from "./site/search.ts";

const USAGE = `deno task site [options]

Builds the course as a static site in .site/html: the notebooks with what their cells show, the pages
of docs/, the examples. Executes every notebook first, each in an empty sandbox; takes some minutes.

  --repository URL  where links to code lead; default: GITHUB_SERVER_URL and GITHUB_REPOSITORY, else
                    the address of the remote "origin", else none
  --port N          the sandbox's port, which the pages show; default 4566
  --keep-executed   build from the notebooks that the last build executed`;

const SITE_DIR = join(PROJECT_DIR, ".site");
const EXECUTED_DIR = join(SITE_DIR, "executed");
const SOURCE_DIR = join(SITE_DIR, "source");
const HTML_DIR = join(SITE_DIR, "html");
const TOOL_DIR = join(PROJECT_DIR, "lib/tools/site");

interface SiteOptions {
  readonly repository?: string;
  readonly port: number;
  readonly execute: "all" | "none";
}

/** Aborted by Ctrl-C: the kernel ends, and then the sandbox is ended as usual. */
const stopping = new AbortController();

async function build({ repository, port, execute }: SiteOptions): Promise<void> {
  if (execute === "all") await executeAll(port);
  const pages = sitePages();
  const targets: LinkTargets = {
    pages,
    texts: await markdownTexts(pages.keys()),
    kindOf,
    repository,
  };
  await Deno.remove(SOURCE_DIR, { recursive: true }).catch(ignoreNotFound);
  const outputs = await writePages(targets);
  await writeBook(repository);
  await runJupyterBook();
  for (const [path, count] of outputs) await assertShown(path, count);
  say(
    `site: ${targets.pages.size} pages, ${sum(outputs.values())} outputs, in ${
      relative(PROJECT_DIR, HTML_DIR)
    }`,
  );
  if (repository === undefined) {
    say(
      "The repository's address is not known: links to code are paths in words. " +
        "Give it with --repository URL.",
    );
  }
}

/** One after the other: all have the same port and the same folder, which pages may show. */
async function executeAll(port: number): Promise<void> {
  const folder = join(SITE_DIR, "world");
  await assertPortIsFree({ port, dataDir: join(folder, "data") }, "deno task site");
  const python = await ensureVenv(say);
  await registerKernel();
  await Deno.mkdir(EXECUTED_DIR, { recursive: true });
  await Deno.remove(folder, { recursive: true }).catch(ignoreNotFound);
  for (const path of await listNotebooks()) {
    await using world = await notebookWorld({ folder, port });
    const { failure, cells, seconds } = await executeNotebook(path, {
      output: join(EXECUTED_DIR, basename(path)),
      python,
      environment: world.environment,
      signal: stopping.signal,
    });
    const name = relative(PROJECT_DIR, path);
    if (failure) throw new Error(`${name}: cell "${failure.cell}" failed:\n${failure.error}`);
    say(`executed ${name} (${cells} cells, ${seconds.toFixed(1)} s)`);
  }
}

/** Writes all pages into the book's source; how many outputs each notebook has. */
async function writePages(targets: LinkTargets): Promise<Map<string, number>> {
  const outputs = new Map<string, number>();
  for (const [path, place] of targets.pages) {
    const markdown = targets.texts.get(path);
    const { text, pictures } = markdown === undefined
      ? await notebook(path)
      : rewriteLinks(markdown, path, targets);
    await write(join(SOURCE_DIR, place), text);
    for (const picture of pictures) await copy(picture);
  }
  return outputs;

  async function notebook(path: string) {
    const page = notebookPage(await executedText(path), path, { targets, projectDir: PROJECT_DIR });
    outputs.set(path, page.outputs);
    return page;
  }
}

/** Throws an `Error` if a notebook's page shows fewer or more outputs than its cells have. */
async function assertShown(path: string, count: number): Promise<void> {
  const html = await Deno.readTextFile(join(HTML_DIR, path.replace(/\.ipynb$/, ".html")));
  const shown = shownOutputs(html);
  if (shown !== count) throw new Error(`The page of ${path} shows ${shown} of ${count} outputs.`);
}

async function executedText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(join(EXECUTED_DIR, basename(path)));
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(`${path} was not executed yet: leave out --keep-executed.`, { cause });
  }
}

/** The texts of those pages that are no notebooks. */
async function markdownTexts(paths: Iterable<string>): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const path of paths) {
    if (!path.endsWith(".ipynb")) texts.set(path, await markdownText(path));
  }
  return texts;
}

async function markdownText(path: string): Promise<string> {
  if (path !== EXAMPLES_PAGE) return await Deno.readTextFile(join(PROJECT_DIR, path));
  const files = await filesUnder(dirname(path));
  return examplesPage(
    await Promise.all(files.map(async (path) => ({
      path,
      text: await Deno.readTextFile(join(PROJECT_DIR, path)),
    }))),
  );
}

/** Paths of the files in a folder of the project and in those below it, in order. */
async function filesUnder(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(PROJECT_DIR, folder))) {
    const path = `${folder}/${name}`;
    if (name === "package-lock.json") continue; // nobody reads it
    files.push(...isDirectory ? await filesUnder(path) : [path]);
  }
  return files.sort();
}

async function writeBook(repository: string | undefined): Promise<void> {
  await write(join(SOURCE_DIR, "_toc.yml"), tableOfContents());
  await write(join(SOURCE_DIR, "_config.yml"), configuration({ repository }));
  const css = await Deno.readTextFile(join(TOOL_DIR, "site.css"));
  await write(join(SOURCE_DIR, "_static/site.css"), css);
}

/** Throws an `Error` if jupyter-book fails, which it also does for a warning. */
async function runJupyterBook(): Promise<void> {
  const python = await ensureSiteVenv(say);
  const work = join(SITE_DIR, "build");
  await Deno.remove(work, { recursive: true }).catch(ignoreNotFound);
  const { success, stdout, stderr } = await new Deno.Command(
    join(dirname(python), Deno.build.os === "windows" ? "jupyter-book.exe" : "jupyter-book"),
    {
      args: ["build", SOURCE_DIR, "--path-output", work, "--warningiserror", "--keep-going"],
      env: { PYTHONPATH: TOOL_DIR, PYTHONDONTWRITEBYTECODE: "1", NO_COLOR: "1" },
      stdin: "null",
      signal: stopping.signal,
    },
  ).output();
  if (stopping.signal.aborted) throw new Error("Stopped.");
  const [said, warnings] = [stdout, stderr].map((bytes) =>
    stripVTControlCharacters(new TextDecoder().decode(bytes)).trim()
  );
  if (!success) {
    complain(warnings || said);
    throw new Error("jupyter-book could not build the site; its warnings are above.");
  }
  await Deno.remove(HTML_DIR, { recursive: true }).catch(ignoreNotFound);
  await Deno.rename(join(work, "_build/html"), HTML_DIR);
  await Deno.writeTextFile(join(HTML_DIR, ".nojekyll"), "");
  const search = join(HTML_DIR, "_static/searchtools.js");
  await Deno.writeTextFile(search, searchWithNumbers(await Deno.readTextFile(search)));
}

function kindOf(path: string): "file" | "folder" | undefined {
  if (path === EXAMPLES_PAGE) return "file";
  const file = join(PROJECT_DIR, path);
  if (!existsSync(file)) return undefined;
  return statSync(file).isDirectory() ? "folder" : "file";
}

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, text);
}

/** Copies a picture of the project to the same place in the book's source. */
async function copy(path: string): Promise<void> {
  const target = join(SOURCE_DIR, path);
  await Deno.mkdir(dirname(target), { recursive: true });
  await Deno.copyFile(join(PROJECT_DIR, path), target);
}

const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + count, 0);

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** The address of the remote "origin"; undefined if there is none. */
async function gitRemote(): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["remote", "get-url", "origin"],
      cwd: PROJECT_DIR,
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch {
    return undefined; // there is no git
  }
}

async function readOptions(args: readonly string[]): Promise<SiteOptions | "help"> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      repository: { type: "string" },
      port: { type: "string", default: "4566" },
      "keep-executed": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new TypeError(`--port is "${values.port}"; it takes a number from 1 to 65535.`);
  }
  const repository = repositoryUrl({
    option: values.repository,
    environment: Deno.env.toObject(),
    remote: await gitRemote(),
  });
  return { repository, port, execute: values["keep-executed"] ? "none" : "all" };
}

async function run(options: SiteOptions): Promise<void> {
  for (const signal of END_SIGNALS) Deno.addSignalListener(signal, () => stopping.abort());
  await build(options);
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions, run });
