/**
 * Functions under Deno's Node compatibility: they may read their task folder and their /tmp, write
 * their /tmp, and call the sandbox.
 * @module
 */

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine, RuntimeStart } from "./engine.ts";
import {
  BOOTSTRAP,
  BOOTSTRAP_FOLDER,
  bootstrapVariables,
  bringsSdk,
  TASK_ROOT,
} from "./node_bootstrap.ts";
import type { NodeSdk } from "./node_sdk.ts";

/** Starts Deno with the permissions of one function. */
export function denoEngine(sdk: NodeSdk): Engine {
  return {
    name: "deno",
    sendsSecret: true,
    marksEnds: true,
    taskRoot: () => TASK_ROOT,
    makeReady: async () => void await sdk.folder(),
    command: async (start) => {
      closeStores(start.cacheFolder);
      const sdkFolder = bringsSdk(start.runtime) ? await sdk.folder() : undefined;
      return {
        program: Deno.execPath(),
        args: denoArguments(start, sdkFolder),
        env: { ...bootstrapVariables(start, sdkFolder), ...denoVariables(start) },
      };
    },
  };
}

/**
 * Deno keeps `localStorage` and `caches` in a folder that functions would share. Where it should be
 * is a file, so that neither can be opened. The bootstrap also takes their names away.
 */
function closeStores(cacheFolder: string): void {
  mkdirSync(cacheFolder, { recursive: true, mode: 0o700 });
  const place = join(cacheFolder, "location_data");
  if (!existsSync(place)) writeFileSync(place, "");
}

/**
 * What the process itself begins with. The function's own variables never become variables of the
 * process: by them the loader would take libraries from the zip (`LD_PRELOAD`, `LD_LIBRARY_PATH`),
 * and Deno its options and a proxy (`HTTP_PROXY`), past every permission.
 */
function denoVariables({ environment, cacheFolder }: RuntimeStart) {
  const { LANG, TZ } = environment;
  return {
    ...(LANG === undefined ? {} : { LANG }),
    ...(TZ === undefined ? {} : { TZ }),
    DENO_DIR: cacheFolder,
    DENO_NO_UPDATE_CHECK: "1",
    DENO_NO_PACKAGE_JSON: "1",
    DENO_TLS_CA_STORE: "mozilla",
  };
}

function denoArguments(start: RuntimeStart, sdkFolder: string | undefined): string[] {
  const { apiAddress, sandboxEndpoint, memorySizeMB } = start;
  const [taskFolder, tmpFolder] = [start.taskFolder, start.tmpFolder].map(listItem);
  const others = [BOOTSTRAP_FOLDER, ...(sdkFolder === undefined ? [] : [sdkFolder])].map(listItem);
  const sandbox = new URL(sandboxEndpoint).host;
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-remote",
    // A bare import is found in the zip's own node_modules, as under Node.
    "--node-modules-dir=manual",
    // A .js file that is imported may be CommonJS, as under Node.
    "--unstable-detect-cjs",
    "--cached-only",
    "--no-check",
    `--v8-flags=--max-old-space-size=${memorySizeMB}`,
    // The bootstrap reads it, and gives the function a separate environment.
    "--allow-env=_SANDBOX_WORLD",
    `--allow-read=${[taskFolder, tmpFolder, ...others].join(",")}`,
    `--allow-write=${tmpFolder}`,
    // By number: a name may lead to another address first, where a function could answer.
    `--allow-net=${apiAddress},${sandbox}`,
    BOOTSTRAP,
  ];
}

/** `path` as one of a list of Deno's, which knows no way to write a comma. */
function listItem(path: string): string {
  if (!path.includes(",")) return path;
  throw new RangeError(
    `"${path}" has a comma, and Deno would let functions read both sides of it: start the sandbox ` +
      "with its data in a folder without one",
  );
}
