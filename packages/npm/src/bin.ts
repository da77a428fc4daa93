#!/usr/bin/env node
/**
 * `firehose-lab COMMAND …`: the same programs and options as the project's tasks.
 * @module
 */

import { spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";
import { commands, denoCommand } from "./program.ts";
import { starterOf, watchEnd } from "./starters.ts";

const USAGE = `firehose-lab COMMAND [options]

  ${Object.keys(commands).join(", ")}

firehose-lab COMMAND --help says more.`;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const [name = "--help", ...args] = process.argv.slice(2);
if (Object.hasOwn(commands, name)) start(name, args);
else if (name === "--help" || name === "-h") console.log(USAGE);
else {
  console.error(`There is no command ${name}.\n\n${USAGE}`);
  process.exitCode = 1;
}

/** Runs a command, hands signals on, and ends as it ends; a sandbox ends with this process. */
function start(name: string, args: readonly string[]): void {
  const isSandbox = name === "sandbox";
  const starter = isSandbox ? starterOf() : undefined;
  const parent = isSandbox ? ["--parent", `${process.pid}`] : [];
  const { program, args: all, env } = denoCommand(name, [...parent, ...args]);
  const child = spawn(program, all, { stdio: "inherit", env: { ...process.env, ...env } });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  if (starter !== undefined) watchEnd(starter, () => child.kill("SIGTERM"));
  child.on("error", (error) => {
    console.error(`Deno does not start: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 1 : constants.signals[signal]));
  });
}
