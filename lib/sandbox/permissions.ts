/**
 * The permissions that a sandbox's process needs, as flags of `deno run`: the network of this machine
 * alone, and writing to its own folders alone. It starts functions and its helper with `--allow-run`;
 * what functions may do is in `services/lambda/execution/`.
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

/**
 * Where Python's environments and the SDK for Node are kept, for functions: the sandbox installs them
 * itself. Ignored by git. Installed packages name a folder of the user's in place of it.
 */
export const RUNTIMES_DIR = Deno.env.get("FIREHOSE_LAB_RUNTIMES") ||
  fileURLToPath(new URL("../../.runtimes", import.meta.url));

/**
 * Flags for `deno run` with exactly these permissions. Throws a `RangeError` for a folder with a comma
 * in its path: Deno would read it as two folders.
 */
export function permissionFlags(reach: SandboxReach): string[] {
  return [
    "--no-prompt",
    `--allow-net=${[...LOOPBACK, ...furtherAddresses(reach)].join(",")}`,
    `--allow-write=${[...foldersOf(reach), RUNTIMES_DIR].map(listItem).join(",")}`,
    // Interpreters of functions may be anywhere, and lead on by links.
    "--allow-read",
    "--allow-run",
    "--allow-env",
    "--allow-sys",
  ];
}

function listItem(path: string): string {
  if (!path.includes(",")) return path;
  throw new RangeError(
    `The path ${path} has a comma, which Deno's permissions can't hold: use another.`,
  );
}

/** Whether this process has them. Those that every start has are not asked for. */
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
