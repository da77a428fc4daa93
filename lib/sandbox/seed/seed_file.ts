/**
 * Seeds: buckets, roles, functions, streams and objects that a sandbox has from its start. A file is a
 * plain seed, or a template of CloudFormation or SAM.
 * @module
 */

import { basename, dirname, join, resolve } from "node:path";
import { type CallerParts, RootCaller } from "./caller.ts";
import { readAssets, readStack } from "./cdk_output.ts";
import { isTemplate, readDocument, type SeedDocument } from "./document.ts";
import { readerIn } from "./files.ts";
import { SETTABLE } from "./parameters.ts";
import { compilePlain } from "./plain.ts";
import { makeSteps, type StepsMade } from "./make_steps.ts";
import type { SeedStep } from "./steps.ts";
import { compileTemplate } from "./template.ts";
import { isMap, mapAt, SeedMistake, type Value } from "./value.ts";

/** What a start is seeded with. */
export interface SeedOptions {
  /** Paths of files, in order. */
  readonly files: readonly string[];
  /** Values of templates' parameters, by name. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Ids and types of templates' resources to leave out, or of one property: `AWS::S3::Bucket.Tags`. */
  readonly skip: ReadonlySet<string>;
}

/** Where seeds go. */
export interface SeedPlace extends CallerParts {
  /** The region of files that do not name one. */
  readonly region: string;
  /** Receives lines for people. */
  readonly onNote: (line: string) => void;
}

/**
 * Makes what the files say, one after the other. Throws an `Error` that names files and lines if one
 * can't be read or something in it is refused.
 */
export async function makeSeeds(options: SeedOptions, place: SeedPlace): Promise<void> {
  const seeds = options.files.map((file) => ({ file, document: readFile(file) }));
  checkParameters(options, seeds.map(({ document }) => document));
  const stacks = new Map<string, string>();
  const plans: { readonly seed: SeedFile; readonly plan: Plan }[] = [];
  for (const seed of seeds) {
    const plan = await placed(seed, () => planOf(seed, options, place));
    claimStack(stacks, plan, seed.file);
    plans.push({ seed, plan });
  }
  checkSkipped(options, plans.map(({ plan }) => plan));
  for (const { seed, plan } of plans) await placed(seed, () => makePlan(plan, seed.file, place));
}

/** A file that was read. */
interface SeedFile {
  readonly file: string;
  readonly document: SeedDocument;
}

/** What `act` gives; its mistakes get their file and line. */
async function placed<Result>(seed: SeedFile, act: () => Result | Promise<Result>) {
  try {
    return await act();
  } catch (error) {
    throw readable(error, seed);
  }
}

/** What is to be made of a file. */
interface Plan {
  readonly region: string;
  /** Undefined for a plain seed. */
  readonly stackName: string | undefined;
  readonly steps: readonly SeedStep[];
  readonly notes: readonly string[];
  /** The names to skip that it has. */
  readonly skipped: ReadonlySet<string>;
}

function planOf(seed: SeedFile, options: SeedOptions, place: SeedPlace): Plan {
  const { document } = seed;
  if (isTemplate(document)) return planTemplate(seed, options, place);
  const { region = place.region, steps } = compilePlain(document.value);
  return { region, steps, stackName: undefined, notes: [], skipped: new Set() };
}

/** Two templates of one stack would take each other's generated names for their own. */
function claimStack(stacks: Map<string, string>, { stackName, region }: Plan, file: string): void {
  if (stackName === undefined) return;
  const id = `${stackName} ${region}`;
  const other = stacks.get(id);
  if (other !== undefined) {
    throw new Error(
      `--seed ${file} and ${other} are both the stack ${stackName}: rename one of the files.`,
    );
  }
  stacks.set(id, file);
}

async function makePlan({ region, steps, notes }: Plan, file: string, place: SeedPlace) {
  const caller = await RootCaller.in(region, place);
  const made = await makeSteps(steps, caller, readerIn(dirname(resolve(file))));
  for (const note of [...linesOf(file, made), ...notes]) place.onNote(note);
}

function planTemplate(
  { file, document }: SeedFile,
  { parameters, skip }: SeedOptions,
  place: SeedPlace,
): Plan {
  const cdk = beside(file, "manifest.json", (it) => readStack(it, basename(file)));
  const stack = {
    name: parameters.get("AWS::StackName") ?? cdk?.name ?? stackNameOf(file),
    region: parameters.get("AWS::Region") ?? cdk?.region ?? place.region,
    accountId: place.root.accountId,
  };
  const assetsName = basename(file).replace(/\.template\.json$/, ".assets.json");
  const assets = beside(file, assetsName, (it) => readAssets(it, stack)) ?? new Map();
  const { steps, outputs, leftOut, skipped } = compileTemplate(document.value, {
    ...{ stack, parameters, skip, assets },
  });
  const shown = [...outputs].map(([name, value]) => `${name} = ${value}`);
  return {
    region: stack.region,
    stackName: stack.name,
    ...{ steps, skipped },
    notes: [
      ...leftOut.map((line) => `Left out: ${line}`),
      ...(shown.length === 0 ? [] : [`Outputs of ${stack.name}: ${shown.join(", ")}`]),
    ],
  };
}

/** `Pipeline` of `Pipeline.template.json`, with the letters that a stack's name may have. */
function stackNameOf(file: string): string {
  const name = basename(file).replace(/\.(json|ya?ml|template)$/i, "").replace(/\.template$/i, "");
  return name.replace(/[^A-Za-z0-9-]+/g, "-").replace(/^[^A-Za-z]+/, "").slice(0, 128) || "stack";
}

/** What `read` finds in another file of a template of CDK; undefined if it is not there. */
function beside<Found>(
  template: string,
  name: string,
  read: (value: Value) => Found,
): Found | undefined {
  if (!template.endsWith(".template.json")) return undefined;
  const text = textIfThere(join(dirname(template), name));
  return text === undefined ? undefined : read(readDocument(text).value);
}

function textIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.IsADirectory) {
      throw new Error(`--seed ${path} is a folder: name a file in it.`, { cause: error });
    }
    throw error;
  }
}

function readFile(file: string): SeedDocument {
  const text = textIfThere(file);
  if (text === undefined) throw new Error(`--seed ${file}: there is no such file.`);
  try {
    return readDocument(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new Error(`--seed ${file}, ${cause.message}`, { cause });
    }
    throw cause;
  }
}

/** A parameter that no template has is a mistake of the command line. */
function checkParameters({ parameters }: SeedOptions, documents: readonly SeedDocument[]): void {
  const templates = documents.filter(isTemplate).map(({ value }) => mapAt(value, []));
  const entriesOf = (section: Value | undefined) => isMap(section) ? Object.entries(section) : [];
  const declared = templates.flatMap((it) => entriesOf(it.Parameters).map(([name]) => name));
  const known = [...SETTABLE, ...declared];
  for (const name of parameters.keys()) {
    if (known.includes(name)) continue;
    throw new Error(`--seed-parameter ${name}: no template has it. There is ${known.join(", ")}.`);
  }
}

/** A name to skip that no template has is a mistake of the command line. */
function checkSkipped({ skip }: SeedOptions, plans: readonly Plan[]): void {
  for (const name of skip) {
    if (plans.some(({ skipped }) => skipped.has(name))) continue;
    throw new Error(`--seed-skip ${name}: no template has a resource or property of this name.`);
  }
}

/** One line for each thing. */
function linesOf(file: string, { made, stayed }: StepsMade): string[] {
  return [
    ...made.map((what) => `${file}: made ${what}`),
    ...stayed.map((what) => `${file}: ${what} exists and stays as it is`),
  ];
}

/** Mistakes as lines with their places. */
function readable(error: unknown, { file, document }: SeedFile): unknown {
  const mistakes = error instanceof AggregateError ? error.errors : [error];
  if (error instanceof RangeError) return new Error(`--seed ${file}: ${error.message}`);
  if (!mistakes.every((mistake) => mistake instanceof SeedMistake)) return error;
  const lines = mistakes.map((mistake) =>
    `${file}:${document.lineOf(mistake.path)}: ${idOf(mistake)}${mistake.message}`
  );
  return new Error(`The seed is refused.\n${lines.join("\n")}`, { cause: error });
}

/** The resource's id, unless the message begins with it. */
function idOf({ path: [section, id], message }: SeedMistake): string {
  if (section !== "Resources" || id === undefined || message.startsWith(`${id} `)) return "";
  return `${id}: `;
}
