/**
 * `process` as a function sees it: its own variables, AWS's paths, and the version of Node that its
 * runtime is named after.
 * @module
 */
import os from "node:os";
import process from "node:process";
import { hostFunctions, userFunctions } from "./host.mjs";
import { isRefusal, systemError } from "./refusals.mjs";
import { ownEnvironment } from "./variables.mjs";

/** The version that AWS's image of each runtime has (public.ecr.aws/lambda/nodejs, 2026-11). */
const NODE_VERSIONS = {
  16: "16.20.2",
  18: "18.20.8",
  20: "20.20.2",
  22: "22.22.0",
  24: "24.14.0",
};

/** The version that a function of `runtime` finds: `22.22.0` for `nodejs22.x`. */
export function nodeVersionOf(runtime) {
  const [, major] = /^nodejs(\d+)/.exec(runtime) ?? [];
  return NODE_VERSIONS[major] ?? process.versions.node;
}

/** Gives `process` the function's variables and nothing else: first of all that is installed. */
export function installVariables(variables) {
  replace(process, "env", ownEnvironment(variables));
}

/** Changes `process` and `node:os` for this process. */
export function installProcess({ folders, memorySizeMB, nodeVersion, hasRealNode }) {
  Object.assign(os, hostFunctions(memorySizeMB));
  Object.assign(process, userFunctions(memorySizeMB));
  const { cwd, chdir } = process;
  process.cwd = () => folders.toSeen(cwd());
  process.chdir = (folder) => {
    try {
      chdir(folders.toReal(folder));
    } catch (error) {
      throw isRefusal(error) ? systemError("EACCES", "chdir", folder) : error;
    }
  };
  const { kill } = process;
  process.kill = (pid, ...rest) => {
    try {
      return kill(pid, ...rest);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw Object.assign(new Error("kill EPERM"), { errno: -1, code: "EPERM", syscall: "kill" });
    }
  };
  for (const name of ["execPath", "argv0", "title"]) replace(process, name, "/var/lang/bin/node");
  replace(process, "argv", ["/var/lang/bin/node", "/var/runtime/index.mjs"]);
  replace(process, "execArgv", []);
  if (process.report) process.report.getReport = () => ({});
  if (hasRealNode) return;
  replace(process, "version", `v${nodeVersion}`);
  const { deno: _deno, typescript: _typescript, ...versions } = process.versions;
  replace(process, "versions", { ...versions, node: nodeVersion });
}

/** By definition; else by assignment, which a property may refuse. */
function replace(object, name, value) {
  const { configurable = true } = Object.getOwnPropertyDescriptor(object, name) ?? {};
  const property = { value, configurable: true, enumerable: true, writable: true };
  if (configurable) Object.defineProperty(object, name, property);
  else Reflect.set(object, name, value);
}
