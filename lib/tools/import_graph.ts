/**
 * The imports of the project's files, types included, and what must hold for them: no circle, and
 * arrows in the README's direction only.
 * @module
 */

import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What each file imports. Paths are relative to the project: `lib/aws/mod.ts`. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** An import that may not be. */
export interface WrongArrow {
  readonly from: string;
  readonly to: string;
  readonly rule: string;
}

/** Which files the files of an area may import. The first rule whose `of` matches is the file's. */
const DIRECTIONS: readonly { readonly of: RegExp; readonly may: RegExp; readonly rule: string }[] =
  [
    { of: /^lambda\//, may: /^lambda\//, rule: "lambda/ is deployed and imports nothing of lib/" },
    {
      of: /^lib\/sandbox\//,
      may: /^lib\/sandbox\//,
      rule: "lib/sandbox imports nothing else of lib/, nor lambda/; its tests neither",
    },
    {
      of: /^lib\/(data|view)\//,
      may: /^(lib\/(data|view|sandbox)|lambda)\//,
      rule: "lib/data and lib/view are below the rest of lib/",
    },
    {
      of: /^lib\/readers\//,
      may: /^(lib\/(readers|data|view)|lambda)\//,
      rule: "lib/readers is below lib/aws",
    },
    {
      of: /^lib\/aws\/.*(?<!_test\.ts)$/,
      may: /^(lib\/(aws|data|view|readers|sandbox|notebook)|lambda)\//,
      rule: "lib/aws imports neither lib/exercises nor lib/tools",
    },
  ];

/** A service's own files; its tests use the real parts of other services. */
const SERVICE = /^lib\/sandbox\/services\/(\w+)\/(?!.*(?:_test|\/testing)\.ts$)(?!testing\.ts$)/;

/** What a service imports by: the folder of another one, or the front door. */
const OF_SERVICE = /^lib\/sandbox\/services\/(\w+)\//;

/** The imports that go against the README's direction. */
export function wrongArrows(graph: ImportGraph): WrongArrow[] {
  return [...graph].flatMap(([from, imports]) =>
    imports.flatMap((to) => ruleAgainst(from, to).map((rule) => ({ from, to, rule })))
  );
}

function ruleAgainst(from: string, to: string): string[] {
  const direction = DIRECTIONS.find(({ of }) => of.test(from));
  if (direction && !direction.may.test(to)) return [direction.rule];
  const service = SERVICE.exec(from)?.[1];
  if (service === undefined) return [];
  if (to.startsWith("lib/sandbox/http/")) return ["a service does not import http/"];
  const other = OF_SERVICE.exec(to)?.[1] ?? service;
  return other === service ? [] : ["a service imports no other: what both need is in ports/"];
}

/** The circles of a graph: each as its files, sorted. */
export function circlesIn(graph: ImportGraph): string[][] {
  const circles: string[][] = [];
  const state = new Map<string, { readonly index: number; low: number; isOpen: boolean }>();
  const open: string[] = [];
  // Tarjan's algorithm: files that reach each other get the same `low`.
  const visit = (file: string) => {
    const mine = { index: state.size, low: state.size, isOpen: true };
    state.set(file, mine);
    open.push(file);
    for (const imported of graph.get(file) ?? []) {
      const seen = state.get(imported) ?? visit(imported);
      if (seen.isOpen) mine.low = Math.min(mine.low, seen.low);
    }
    if (mine.low < mine.index) return mine;
    const circle = open.splice(open.indexOf(file));
    for (const member of circle) {
      const found = state.get(member);
      if (found) found.isOpen = false;
    }
    if (circle.length > 1 || graph.get(file)?.includes(file)) circles.push(circle.sort());
    return mine;
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file);
  return circles;
}

/**
 * The rooms of `house` (its sub-folders) that import each other, without tests: rooms are read one
 * after the other, so they may not point at each other in circles.
 */
export function roomCircles(graph: ImportGraph, house: string): string[][] {
  const rooms = new Map<string, string[]>();
  for (const [file, imports] of graph) {
    const room = roomOf(file, house);
    if (room === undefined || file.endsWith("_test.ts")) continue;
    const others = imports.flatMap((path) => roomOf(path, house) ?? [])
      .filter((other) => !isNested(room, other));
    rooms.set(room, [...rooms.get(room) ?? [], ...others]);
  }
  return circlesIn(rooms);
}

/** Whether one is in the other, or they are the same: a room and its corners may use each other. */
const isNested = (a: string, b: string) =>
  `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);

/** The folder of a file, if it is below `house`. */
function roomOf(file: string, house: string): string | undefined {
  const folder = file.slice(0, file.lastIndexOf("/"));
  return folder.startsWith(`${house}/`) ? folder : undefined;
}

/** Reads the imports of every module below `folders` of `projectDir`, with `deno info`. */
export async function readImportGraph(
  projectDir: string,
  folders: readonly string[],
): Promise<ImportGraph> {
  const files: string[] = [];
  for (const folder of folders) await collectModules(join(projectDir, folder), files);
  const all = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = files.map((file) => `import type {} from "${pathToFileURL(file)}";\n`);
    await Deno.writeTextFile(all, lines.join(""));
    const { modules } = await denoInfo(all, projectDir);
    return new Map(modules.flatMap((module) => entriesOf(module, projectDir)));
  } finally {
    await Deno.remove(all);
  }
}

async function collectModules(folder: string, files: string[]): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await collectModules(join(folder, name), files);
    else if (/\.(ts|mjs|js)$/.test(name)) files.push(join(folder, name));
  }
}

/** The part of `deno info --json` that is read here. */
interface Info {
  readonly modules: readonly InfoModule[];
}

interface InfoModule {
  readonly specifier: string;
  readonly error?: string;
  readonly dependencies?: readonly {
    /** As written. */
    readonly specifier: string;
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

async function denoInfo(file: string, projectDir: string): Promise<Info> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", join(projectDir, "deno.json"), file],
    cwd: projectDir,
  }).output();
  if (!success) throw new Error(`deno info failed: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** A module of the project as an entry of the graph; nothing for packages. */
function entriesOf(
  { specifier, error, dependencies = [] }: InfoModule,
  projectDir: string,
): [string, string[]][] {
  const file = projectPath(specifier, projectDir);
  if (file === undefined) return [];
  if (error !== undefined) throw new Error(`${file} cannot be read: ${error}`);
  // `@std/assert` is a name of deno.json, as a package would be, wherever it leads.
  const written = dependencies.filter((dependency) => dependency.specifier.startsWith("."));
  const imports = written.flatMap(({ code, type }) =>
    [code?.specifier, type?.specifier].flatMap((target) => projectPath(target, projectDir) ?? [])
  );
  return [[file, [...new Set(imports)]]];
}

function projectPath(specifier: string | undefined, projectDir: string): string | undefined {
  if (!specifier?.startsWith("file://")) return undefined;
  const path = relative(projectDir, fileURLToPath(specifier));
  return path.startsWith("..") ? undefined : path;
}
