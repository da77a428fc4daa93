/**
 * The command that starts a program with the rights of its plan.
 * @module
 */

import type { RuntimeCommand } from "../engine.ts";
import { sandboxProfile } from "./macos.ts";
import type { LaunchPlan } from "./plan.ts";
import { confinement, LAUNCHER_ARGUMENTS, SANDBOX_EXEC } from "./support.ts";

/** Parts of the system that every program needs; what is not there is left out. */
const SYSTEM = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib32",
  "/lib64",
  "/etc/ssl",
  "/etc/pki",
  "/etc/ca-certificates",
  "/etc/crypto-policies",
  "/etc/alternatives",
  "/etc/ld.so.cache",
  "/etc/localtime",
  "/etc/mime.types",
  "/nix/store",
];
const MACOS_SYSTEM = [
  "/System",
  "/Library/Frameworks",
  "/opt/homebrew",
  "/private/etc/ssl",
  "/dev",
];
const DEVICES = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/** Throws an `Error` that names what this machine lacks. */
export async function confinedCommand(plan: LaunchPlan): Promise<RuntimeCommand> {
  const means = await confinement();
  if (means.kind === "missing") throw new Error(cannotConfine(means.reason));
  if (means.kind === "sandbox-exec") return macosCommand(plan);
  const reads = [...SYSTEM, ...plan.reads];
  const writes = [...DEVICES, ...plan.writes];
  return {
    program: Deno.execPath(),
    args: [...LAUNCHER_ARGUMENTS, JSON.stringify({ ...plan, reads, writes })],
    // The launcher takes its own from here, and gives the program the plan's.
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", TMPDIR: plan.env.TMPDIR ?? "" },
    leadsGroup: true,
  };
}

/** What is said where a program cannot be confined. */
export const cannotConfine = (reason: string) =>
  `this machine cannot keep such a function from your files and the network: ${reason}. ` +
  "Start the sandbox with --lambda-runtime host to run it with your own rights";

function macosCommand(plan: LaunchPlan): RuntimeCommand {
  const reads = [...SYSTEM, ...MACOS_SYSTEM, ...plan.reads];
  const profile = sandboxProfile({ ...plan, reads, writes: [...DEVICES, ...plan.writes] });
  return {
    program: SANDBOX_EXEC,
    args: ["-p", profile, plan.program, ...plan.args],
    env: plan.env,
  };
}
