/**
 * Puts a function's world in place of the machine's, before any of its code runs.
 * @module
 */
import process from "node:process";
import { hookBuiltins, isDeno, syncBuiltins } from "./builtins.mjs";
import { installDatabases } from "./databases.mjs";
import { installFiles } from "./files.mjs";
import { Folders } from "./folders.mjs";
import { removeForeignGlobals, wordGlobals } from "./globals.mjs";
import { moduleRulesOf } from "./module_kinds.mjs";
import { installModules } from "./modules.mjs";
import { installNetwork } from "./network.mjs";
import { installProcess, installVariables, nodeVersionOf } from "./process.mjs";
import { refusePrograms } from "./programs.mjs";
import { installSdk } from "./sdk.mjs";
import { installThreads } from "./threads.mjs";

/**
 * Installs everything. `world` is what the sandbox gives the runtime's process; `onRefusedProgram`
 * gets the name of a program that the function may not start, `onMissingSdk` that of a client that
 * is not here, and those that are. Gives back the function's folders, and the version of Node that
 * really runs it.
 */
export async function installGuest(world, { onRefusedProgram, onMissingSdk }) {
  const { variables, runtime, memorySizeMB, tmpBytesMax } = world;
  const folders = new Folders(world);
  const hasRealNode = !isDeno;
  const realVersion = process.versions.node;
  const nodeVersion = nodeVersionOf(runtime);
  const rules = moduleRulesOf(runtime, variables.NODE_OPTIONS);
  installVariables(variables);
  installFiles(folders, tmpBytesMax);
  installProcess({ folders, memorySizeMB, nodeVersion, hasRealNode });
  installThreads(world);
  if (!hasRealNode) installDatabases(folders);
  if (!hasRealNode) installModules(folders, rules);
  if (world.sdkFolder) installSdk(world.sdkFolder, onMissingSdk);
  if (hasRealNode) {
    syncBuiltins();
  } else {
    installNetwork();
    refusePrograms(onRefusedProgram);
    await hookBuiltins(folders, rules);
    removeForeignGlobals(nodeVersion);
    wordGlobals();
  }
  return { folders, realVersion: hasRealNode ? realVersion : undefined };
}
