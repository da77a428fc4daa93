/**
 * `deno task readers`: lets real readers read the objects that Firehose writes, and writes what they
 * got into `docs/readers.md`.
 * @module
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { type ReaderResult, type ReaderResults, readerResults } from "../readers/results.ts";
import { resultsIn } from "./readers/evaluate.ts";
import { makeObjects } from "./readers/objects.ts";
import { missingPrograms, type PartPlace, PARTS } from "./readers/parts.ts";
import { writePlan } from "./readers/plan.ts";
import { run } from "./readers/program.ts";
import { readersPage } from "./readers/table.ts";
import { runTool } from "./run_tool.ts";

const USAGE = `deno task readers [options]

Makes objects with the sandbox, installs readers of several languages, lets each read every object,
and writes lib/readers/results.json and docs/readers.md. Takes some minutes and 3 GB of disk.

  --only PART     run this part (again for more): ${Object.keys(PARTS).join(", ")}
  --folder DIR    install there and keep it, instead of a temporary folder

The results of a part that this machine cannot run stay as they were, with their date.`;

/** Records of each object. Together they are more than 1 MiB of JSON: some readers stop there. */
const RECORD_COUNT = 6_000;

const RESULTS = join(PROJECT_DIR, "lib/readers/results.json");
const PAGE = join(PROJECT_DIR, "docs/readers.md");

/** The results with new results of one part. */
function withPart(
  { measured, results }: ReaderResults,
  part: string,
  found: readonly ReaderResult[],
): ReaderResults {
  const order = Object.keys(PARTS);
  const others = results.filter((result) => result.part !== part);
  const all = [...others, ...found].sort((a, b) => order.indexOf(a.part) - order.indexOf(b.part));
  const date = new Date().toISOString().slice(0, "2026-11-30".length);
  return { measured: { ...measured, [part]: date }, results: all };
}

/** Runs the parts, and writes the results after each: an interrupted run loses only one part. */
async function runParts(names: readonly string[], folder: string): Promise<void> {
  const objects = join(folder, "objects");
  await Deno.mkdir(objects, { recursive: true });
  const made = await makeObjects(RECORD_COUNT);
  try {
    const plan = await writePlan(made, objects);
    for (const name of names) {
      const place = { plan, planPath: join(objects, "plan.json"), folder: join(folder, name) };
      const found = await runPart(name, place);
      if (found) await write(withPart(await readResults(), name, found));
    }
  } finally {
    await made.stop();
  }
}

async function readResults(): Promise<ReaderResults> {
  return readerResults(JSON.parse(await Deno.readTextFile(RESULTS)));
}

async function write(results: ReaderResults): Promise<void> {
  await Deno.writeTextFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  await Deno.writeTextFile(PAGE, readersPage(results, RECORD_COUNT));
  await run(Deno.execPath(), ["fmt", "--quiet", RESULTS, PAGE]);
}

/** The results of a part; undefined if this machine cannot run it, and says why. */
async function runPart(name: string, place: PartPlace): Promise<ReaderResult[] | undefined> {
  const missing = await missingPrograms(PARTS[name]);
  if (missing.length > 0) {
    console.log(`${name}: not run, this machine has no ${missing.join(" and no ")}`);
    return undefined;
  }
  await Deno.mkdir(place.folder, { recursive: true });
  try {
    const found = resultsIn(await PARTS[name].read(place), name, RECORD_COUNT);
    console.log(`${name}: ${found.length} results`);
    return found;
  } catch (error) {
    console.log(`${name}: failed: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

interface ReadersOptions {
  /** Names of parts. */
  readonly only: readonly string[];
  /** Absent means a temporary folder. */
  readonly folder?: string;
}

function readOptions(args: readonly string[]): ReadersOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: Object.keys(PARTS) },
      folder: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const unknown = values.only.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown) throw new TypeError(`there is no part ${unknown}: ${Object.keys(PARTS).join(", ")}`);
  return values;
}

async function runTheParts({ only, folder: kept }: ReadersOptions): Promise<void> {
  const folder = kept ?? await Deno.makeTempDir();
  try {
    await runParts(only, folder);
  } finally {
    if (kept === undefined) await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions, run: runTheParts });
