/**
 * The world in which a tool executes a notebook: an empty sandbox, and an environment that leads only to it.
 * @module
 */

import { join } from "node:path";
import { ensureSandbox, stopSandbox } from "../aws/place/sandbox_process.ts";
import { PROGRESS_FILE_VARIABLE } from "../view/progress_file.ts";
import { jupyterEnvironment, sandboxEnvironment } from "./jupyter.ts";

/** Where a world's sandbox keeps its data, and the port of 127.0.0.1 on which it listens. */
interface WorldPlace {
  readonly folder: string;
  readonly port: number;
}

/** A port of 127.0.0.1 on which nothing listens. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A new sandbox. When disposed of, it is stopped and the folder is removed. */
export async function notebookWorld(place: WorldPlace) {
  const world = beginWorld(place);
  return { ...world, sandbox: await world.sandbox };
}

/** The same with a sandbox that is still starting: a runner and its kernel can start beside it. */
export function beginWorld({ folder, port }: WorldPlace) {
  const dataDir = join(folder, "data");
  const sandbox = ensureSandbox({ port, dataDir, speed: 60 });
  sandbox.catch(() => {}); // its users await it
  const environment = sandboxEnvironment(Deno.env.toObject(), join(dataDir, "aws"));
  return {
    sandbox,
    environment: {
      ...jupyterEnvironment(environment, folder),
      // The reader's own progress is not changed.
      [PROGRESS_FILE_VARIABLE]: join(folder, "progress.json"),
    },
    [Symbol.asyncDispose]: async () => {
      await stopSandbox(await sandbox);
      await Deno.remove(folder, { recursive: true });
    },
  };
}
