/**
 * Executes one notebook with `python/execute_notebook.py`, which reads all that Deno's kernel sends.
 * @module
 */

import { join } from "node:path";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { readNotebook } from "../notebook/notebook_file.ts";
import { diagnosisOf } from "../notebook/silent_error.ts";

const RUNNER = join(PROJECT_DIR, "lib/tools/python/execute_notebook.py");

/** The result of the Python runner. */
export interface ExecutionResult {
  readonly cells: number;
  readonly seconds: number;
  readonly failure?: { readonly cell: string; readonly error: string };
}

/** Reads the runner's last line. Throws a `SyntaxError` if it is no result, as after a crash. */
export function parseResult(output: string): ExecutionResult {
  const value: unknown = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "");
  if (typeof value !== "object" || value === null) throw new SyntaxError(`no result: ${output}`);
  const seconds = "seconds" in value ? Number(value.seconds) : 0;
  const cells = "cells" in value ? Number(value.cells) : 0;
  if (!("error" in value)) return { cells, seconds };
  const cell = "cell" in value ? `${value.cell}` : "";
  return { cells, seconds, failure: { cell, error: `${value.error}` } };
}

/** How a notebook is executed. */
export interface Execution {
  /** Where the executed notebook is written, an `.ipynb`; beside it a page, if a cell failed. */
  readonly output: string;
  /** More options of the runner. */
  readonly options?: readonly string[];
  /** The Python of `.venv`. */
  readonly python: string;
  /** The whole environment of the kernel. */
  readonly environment: Record<string, string>;
  /** What the first cell waits for while the kernel starts, such as a sandbox. */
  readonly ready?: Promise<unknown>;
  /** Ends the runner and its kernel. */
  readonly signal: AbortSignal;
}

/**
 * Executes the notebook at `path`. A cell that fails is a result; an `Error` is thrown if the runner
 * itself ends badly or was stopped.
 */
export async function executeNotebook(
  path: string,
  execution: Execution,
): Promise<ExecutionResult> {
  const { output, options = [], python, environment, ready, signal } = execution;
  const runner = new Deno.Command(python, {
    args: [RUNNER, path, output, ...options],
    env: environment,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    signal,
  }).spawn();
  const ended = runner.output();
  try {
    await Promise.race([ready, ended]);
  } catch (error) {
    runner.kill();
    await ended;
    throw error;
  }
  // The end of its input lets the runner begin with the first cell.
  await runner.stdin.close();
  const { success, stdout } = await ended;
  if (signal.aborted) throw new Error("Stopped.");
  const said = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`the runner of ${path} ended badly: ${said}`);
  return await withDiagnosis(path, parseResult(said));
}

/** The result, with Deno's own words about a cell whose error the kernel does not explain. */
async function withDiagnosis(path: string, result: ExecutionResult): Promise<ExecutionResult> {
  const { failure } = result;
  if (!failure || failure.error !== "") return result;
  const cell = (await readNotebook(path)).cells.find(({ id }) => id === failure.cell);
  return { ...result, failure: { ...failure, error: await diagnosisOf(cell?.source ?? "") } };
}
