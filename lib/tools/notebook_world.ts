/**
 * The world in which a tool executes a notebook: an empty sandbox, and an environment that leads only to it.
 * @module
 */

import { join } from "node:path";
import { ensureSandbox, stopSandbox } from "../aws/place/sandbox_process.ts";
import { PROGRESS_FILE_VARIABLE } from "../view/progress_file.ts";
import { jupyterEnvironment, sandboxEnvironment } from "./jupyter.ts";

/**
 * A new sandbox that keeps its data in `folder` and listens on `port` of 127.0.0.1. When disposed of,
 * it is stopped and the folder is removed.
 */
export async function notebookWorld({ folder, port }: { folder: string; port: number }) {
  const sandbox = await ensureSandbox({ port, dataDir: join(folder, "data"), speed: 60 });
  const environment = sandboxEnvironment(Deno.env.toObject(), sandbox.awsDir);
  return {
    sandbox,
    environment: {
      ...jupyterEnvironment(environment, folder),
      // The reader's own progress is not changed.
      [PROGRESS_FILE_VARIABLE]: join(folder, "progress.json"),
    },
    [Symbol.asyncDispose]: async () => {
      await stopSandbox(sandbox);
      await Deno.remove(folder, { recursive: true });
    },
  };
}
