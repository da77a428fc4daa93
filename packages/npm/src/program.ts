/**
 * The program in this package, and the Deno that runs it: that of the npm package `deno`, which npm
 * installs beside this one.
 * @module
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, platform } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** A command of Deno's, ready to be started. */
export interface DenoCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What `commands.json` says of a command. */
interface Command {
  readonly env: Readonly<Record<string, string>>;
  /** Options of Deno; `{runtimes}` stands for the folder of runtimes. */
  readonly options: readonly string[];
  /** Path in the program's folder. */
  readonly module: string;
  readonly args: readonly string[];
}

/** The folder with the program. */
const PROGRAM = fileURLToPath(new URL("./program/", import.meta.url));

/** The commands, by name. */
export const commands: Readonly<Record<string, Command>> = JSON.parse(
  readFileSync(join(PROGRAM, "commands.json"), "utf8"),
);

/** How to start a command of {@linkcode commands} with `args` behind its own. */
export function denoCommand(name: string, args: readonly string[]): DenoCommand {
  const command = commands[name];
  const runtimes = process.env.FIREHOSE_LAB_RUNTIMES || join(cacheFolder(), "runtimes");
  return {
    program: denoProgram(),
    args: [
      "run",
      "--quiet",
      ...command.options.map((option) => option.replace("{runtimes}", runtimes)),
      join(PROGRAM, command.module),
      ...command.args,
      ...args,
    ],
    env: {
      ...command.env,
      DENO_NO_UPDATE_CHECK: "1",
      // The program has its own configuration, whatever project it is installed in.
      DENO_NO_PACKAGE_JSON: "1",
      FIREHOSE_LAB_RUNTIMES: runtimes,
      FIREHOSE_LAB_DATA: process.env.FIREHOSE_LAB_DATA || join(process.cwd(), ".sandbox"),
    },
  };
}

/** Where this user's programs keep what can be made again. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (platform() === "win32") return join(LOCALAPPDATA ?? homedir(), "firehose-lab");
  if (platform() === "darwin") return join(homedir(), "Library", "Caches", "firehose-lab");
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "firehose-lab");
}

/** Deno itself. The program of its package is a Node process more, which hands on no signals. */
function denoProgram(): string {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve("deno/package.json"));
  const { runInstall } = require(join(folder, "install_api.cjs"));
  return runInstall();
}
