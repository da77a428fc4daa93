/**
 * The permissions that a sandbox's process needs, as flags of `deno run`: the network of this machine
 * alone, its own sources and folders, and the programs that functions run on. What functions may do is
 * in `services/lambda/execution/`.
 * @module
 */

import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { FunctionEngine } from "./services/lambda/execution/engine.ts";
import {
  interpreterPrograms,
  versionFolders,
} from "./services/lambda/execution/python/interpreters.ts";

/** What decides on a sandbox's permissions. */
export interface SandboxReach {
  /** Folder of its data; undefined keeps them in memory, with a few files in a temporary folder. */
  readonly dataDir: string | undefined;
  /** An address to listen on besides 127.0.0.1 and ::1. */
  readonly listenOn?: string;
  /** How functions run; absent means under Deno. */
  readonly lambdaRuntime?: FunctionEngine;
  /** `nearest`, or the path of a Python that runs all Python functions. */
  readonly python?: string;
  /** Templates, which name files anywhere. */
  readonly seeds?: { readonly files: readonly string[] };
}

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Where Python's environments and the SDK for Node are kept, for functions: the sandbox installs them
 * itself. Ignored by git. Installed packages name a folder of the user's in place of it.
 */
export const RUNTIMES_DIR = Deno.env.get("FIREHOSE_LAB_RUNTIMES") ||
  join(PROJECT, ".runtimes");

/** Its own modules, other people's in the installed packages, and what the SDK for functions is made from. */
const SOURCES = ["lib/sandbox", "vendor", "deno.json", "deno.lock"].map((path) =>
  join(PROJECT, path)
);

/** Variables that it reads. Others, such as keys for AWS, are as if they were not set. */
const VARIABLES = [
  "SANDBOX_*",
  "FIREHOSE_LAB_*",
  "PATH",
  "HOME",
  "USERPROFILE",
  "TMPDIR",
  "TMP",
  "TEMP",
]
  .concat("LD_*", "DYLD_*", "DENO_USR2_MEMORY_TRIM");

/**
 * Flags for `deno run` with exactly these permissions. Throws a `RangeError` for a folder with a comma
 * in its path: Deno would read it as two folders.
 */
export function permissionFlags(reach: SandboxReach): string[] {
  const folders = [...foldersOf(reach), RUNTIMES_DIR];
  return [
    "--no-prompt",
    `--allow-net=${[...LOOPBACK, ...furtherAddresses(reach)].join(",")}`,
    `--allow-write=${folders.map(listItem).join(",")}`,
    readsAnyFile(reach)
      ? "--allow-read"
      : `--allow-read=${[...SOURCES, ...folders, ...versionFolders()].map(listItem).join(",")}`,
    runsAnyProgram(reach)
      ? "--allow-run"
      : `--allow-run=${programsOf(reach).map(listItem).join(",")}`,
    `--allow-env=${VARIABLES.join(",")}`,
    "--ignore-env",
    // Deno (2.9.6) knows no name for the one that Deno.umask needs.
    "--allow-sys",
  ];
}

/** Functions with the user's rights are programs of the user's, wherever they are. */
const runsAnyProgram = ({ lambdaRuntime }: SandboxReach) =>
  lambdaRuntime === "node" || lambdaRuntime === "host";

const readsAnyFile = (reach: SandboxReach) =>
  runsAnyProgram(reach) || (reach.seeds?.files.length ?? 0) > 0;

/** Paths of the programs that functions need, and of those that confine and watch them. */
function programsOf({ python }: SandboxReach): string[] {
  const folders = (Deno.env.get("PATH") ?? "").split(delimiter).filter(Boolean);
  const helpers = folders.flatMap((folder) => ["unshare", "ps"].map((name) => join(folder, name)));
  return [
    Deno.execPath(),
    ...helpers.filter(isFile),
    ...(Deno.build.os === "darwin" ? ["/usr/bin/sandbox-exec"] : []),
    ...interpreterPrograms().filter((path) => !path.includes(",")),
    ...(python === undefined || python === "nearest" ? [] : [python]),
  ];
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function listItem(path: string): string {
  if (!path.includes(",")) return path;
  throw new RangeError(
    `The path ${path} has a comma, which Deno's permissions can't hold: use another.`,
  );
}

/** Whether this process may do what a sandbox does: a process with less starts another one. */
export function hasPermissions(reach: SandboxReach): boolean {
  const isGranted = (descriptor: Deno.PermissionDescriptor) =>
    Deno.permissions.querySync(descriptor).state === "granted";
  return foldersOf(reach).every((path) => isGranted({ name: "write", path })) &&
    [...LOOPBACK_SAMPLES, ...furtherAddresses(reach)].every((host) =>
      isGranted({ name: "net", host })
    );
}

/** All of the loopback network: each Python function's Runtime API has its own address in it. */
const LOOPBACK = ["127.0.0.0/8", "[::1]"];
/** A permission can be asked for about single addresses only. */
const LOOPBACK_SAMPLES = ["127.0.0.1", "127.200.0.1", "[::1]"];

function furtherAddresses({ listenOn }: SandboxReach): string[] {
  if (listenOn === undefined) return [];
  return [listenOn.includes(":") ? `[${listenOn}]` : listenOn];
}

/** Deno checks where a path leads: a link to the folder counts as what it links to. */
function foldersOf({ dataDir }: SandboxReach): string[] {
  const folder = dataDir === undefined ? tmpdir() : resolve(dataDir);
  return [...new Set([folder, realPath(folder)])];
}

/** Of a path whose end need not exist yet. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    const parent = dirname(path);
    if (!(error instanceof Deno.errors.NotFound) || parent === path) return path;
    return join(realPath(parent), basename(path));
  }
}
