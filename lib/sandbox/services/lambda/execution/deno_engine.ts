/**
 * Functions under Deno's Node compatibility: they may read their task folder and their /tmp, write
 * their /tmp, and call the sandbox.
 * @module
 */

import type { Engine, RuntimeStart } from "./engine.ts";
import { BOOTSTRAP, bootstrapVariables } from "./node_bootstrap.ts";

/** Starts Deno with the permissions of one function. */
export const denoEngine: Engine = {
  name: "deno",
  command: (start) => ({
    program: Deno.execPath(),
    args: denoArguments(start),
    env: { ...bootstrapVariables(start), ...denoVariables(start) },
  }),
};

/**
 * What the process itself begins with. The function's own variables are set by the bootstrap: the
 * loader would take libraries from the zip by them (`LD_PRELOAD`, `LD_LIBRARY_PATH`), and Deno
 * options, past every permission.
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

function denoArguments(start: RuntimeStart): string[] {
  const { apiAddress, sandboxEndpoint, memorySizeMB } = start;
  const [taskFolder, tmpFolder, bootstrap] = [start.taskFolder, start.tmpFolder, BOOTSTRAP]
    .map(listItem);
  const sandbox = new URL(sandboxEndpoint).host;
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-remote",
    // A bare import is found in the zip's own node_modules, as under Node.
    "--node-modules-dir=manual",
    "--cached-only",
    "--no-check",
    `--v8-flags=--max-old-space-size=${memorySizeMB}`,
    "--allow-env",
    "--allow-sys",
    `--allow-read=${taskFolder},${tmpFolder},${bootstrap}`,
    `--allow-write=${tmpFolder}`,
    `--allow-net=${apiAddress},${sandbox},${sandbox.replace("127.0.0.1", "localhost")}`,
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
