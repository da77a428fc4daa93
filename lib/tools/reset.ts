/**
 * `deno task reset`: back to the state of a fresh clone. Stops the sandbox and removes everything it
 * kept: the account, its objects, the project's own AWS profiles, and the reader's progress.
 * Nothing outside the project is touched, so nothing is asked. `.venv` stays.
 * @module
 */

import { existsSync } from "node:fs";
import { shortPath } from "../aws/place/paths.ts";
import { COURSE_SANDBOX, findSandbox, stopSandbox } from "../aws/place/sandbox_process.ts";
import { isClaimed } from "../sandbox/data_dir.ts";
import { noOptions, runTool, say } from "./run_tool.ts";
import { PROGRESS_FILE } from "../view/progress_file.ts";

const USAGE = `deno task reset

Stops the sandbox and removes .sandbox/ (the sandbox's account, its objects, the project's own AWS
profiles) and the checkpoints passed. Your own ~/.aws and any real account stay as they are.`;

/** The things that are removed. */
export interface ResetPlaces {
  readonly dataDir: string;
  readonly progressFile: string;
}

/**
 * Stops the sandbox that keeps its data there, at whatever port, and removes the folder and the
 * progress; a line for each thing done. Throws an `Error` that says what to do if a sandbox holds the
 * data and its process is not known: nothing is removed then.
 */
export async function reset({ dataDir, progressFile }: ResetPlaces): Promise<string[]> {
  const done: string[] = [];
  if (existsSync(dataDir)) {
    if (isClaimed(dataDir)) {
      const sandbox = await findSandbox({ dataDir });
      await stopSandbox({ dataDir });
      done.push(`Stopped the sandbox${sandbox ? ` at ${sandbox.endpoint}` : ""}.`);
    }
    await Deno.remove(dataDir, { recursive: true });
    done.push(`Removed ${shortPath(dataDir)}.`);
  }
  if (existsSync(progressFile)) {
    await Deno.remove(progressFile);
    done.push(`Removed ${shortPath(progressFile)}.`);
  }
  return done;
}

async function run(): Promise<void> {
  const done = await reset({ dataDir: COURSE_SANDBOX.dataDir, progressFile: PROGRESS_FILE });
  say(...(done.length > 0 ? done : ["There was nothing to remove."]));
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions: noOptions, run });
