/**
 * `deno task reset`: back to the state of a fresh clone. Stops the sandbox and removes all that it
 * kept: the account, its objects, the project's own AWS profiles, and the reader's progress in it.
 * Nothing outside the project is touched, so nothing is asked. `.venv` stays.
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { shortPath } from "../aws/place/paths.ts";
import { profileSettings, type Settings } from "../aws/place/profiles.ts";
import { COURSE_SANDBOX, findSandbox, stopSandbox } from "../aws/place/sandbox_process.ts";
import { PROGRESS_FILE } from "../view/progress_file.ts";

const USAGE = `deno task reset

Stops the sandbox and removes .sandbox/ (the sandbox's account, its objects, the project's own AWS
profiles) and the checkpoints passed. Your own ~/.aws and any real account stay as they are.`;

/** What is removed. */
export interface ResetPlaces {
  readonly dataDir: string;
  readonly progressFile: string;
}

/**
 * Stops the sandbox that keeps its data there, at whatever port, and removes what is there; what
 * was done, a line each. Throws an `Error` where a sandbox holds the data and can't be stopped.
 */
export async function reset({ dataDir, progressFile }: ResetPlaces): Promise<string[]> {
  const done: string[] = [];
  if (existsSync(dataDir)) {
    const sandbox = await runningSandbox(dataDir);
    if (sandbox) {
      await stopSandbox(sandbox);
      done.push(`Stopped the sandbox at ${sandbox.endpoint}.`);
    }
    assertUnused(dataDir);
    await Deno.remove(dataDir, { recursive: true });
    done.push(`Removed ${shortPath(dataDir)}.`);
  }
  if (existsSync(progressFile)) {
    await Deno.remove(progressFile);
    done.push(`Removed ${shortPath(progressFile)}.`);
  }
  return done;
}

/** The sandbox of this folder: each start writes its address into the profile. */
async function runningSandbox(dataDir: string) {
  const [config, credentials] = ["config", "credentials"].map((name) => join(dataDir, "aws", name));
  // A file that can't be read names no sandbox, and goes with the rest.
  const settings = await profileSettings({ config, credentials }, "config", "sandbox")
    .catch((): Settings => ({}));
  if (!URL.canParse(settings.endpoint_url)) return undefined;
  const port = Number(new URL(settings.endpoint_url).port);
  // Another program, or another folder's sandbox, may have taken the port since.
  return await findSandbox({ port, dataDir }).catch(() => undefined);
}

/** The sandbox locks a file of its folder for as long as it lives. */
function assertUnused(dataDir: string): void {
  const path = join(dataDir, "lock.sqlite");
  if (!existsSync(path)) return;
  const lock = new DatabaseSync(path);
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    throw new Error(
      `A sandbox that does not answer keeps its data in ${dataDir}. End it, then run this again.`,
      { cause },
    );
  } finally {
    lock.close();
  }
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
    if (values.help) {
      console.log(USAGE);
    } else {
      const done = await reset({ dataDir: COURSE_SANDBOX.dataDir, progressFile: PROGRESS_FILE });
      console.log(done.length > 0 ? done.join("\n") : "There was nothing to remove.");
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
