/**
 * The permissions that a sandbox's process needs, as flags of `deno run`: the network of this
 * machine alone, its own data, its own program. It starts functions and its helper with `--allow-run`;
 * what functions may do is in `services/lambda/execution/deno_engine.ts`.
 * @module
 */

import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What decides on a sandbox's permissions. */
export interface SandboxReach {
  /** Folder of its data; undefined keeps them in memory, with a few files in a temporary folder. */
  readonly dataDir: string | undefined;
  /** An address to listen on besides 127.0.0.1 and ::1. */
  readonly listenOn?: string;
}

/** The folder of the sandbox's own program: its workers and the bootstrap of functions. */
const PROGRAM_DIR = fileURLToPath(new URL(".", import.meta.url));

/** Flags for `deno run` with exactly these permissions. */
export function permissionFlags(reach: SandboxReach): string[] {
  const folders = foldersOf(reach);
  return [
    "--no-prompt",
    `--allow-net=${addressesOf(reach).join(",")}`,
    `--allow-read=${[...folders, PROGRAM_DIR].join(",")}`,
    `--allow-write=${folders.join(",")}`,
    "--allow-run",
    "--allow-env",
    "--allow-sys",
  ];
}

/** Whether this process has them. Those that every start has are not asked for. */
export function hasPermissions(reach: SandboxReach): boolean {
  const isGranted = (descriptor: Deno.PermissionDescriptor) =>
    Deno.permissions.querySync(descriptor).state === "granted";
  return foldersOf(reach).every((path) => isGranted({ name: "write", path })) &&
    addressesOf(reach).every((host) => isGranted({ name: "net", host }));
}

function addressesOf({ listenOn }: SandboxReach): string[] {
  const own = listenOn?.includes(":") ? `[${listenOn}]` : listenOn;
  return ["127.0.0.1", "[::1]", ...(own === undefined ? [] : [own])];
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
