/**
 * The command that starts a program with the rights of its plan.
 * @module
 */

import type { RuntimeCommand } from "../engine.ts";
import { sandboxProfile } from "./macos.ts";
import { type LaunchPlan, PLAN_VARIABLE } from "./plan.ts";
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
/** Where `unshare` is. */
const PROGRAMS = "/usr/bin:/bin:/usr/sbin:/sbin";
const DEVICES = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/** Throws an `Error` that names what this machine lacks. */
export async function confinedCommand(plan: LaunchPlan): Promise<RuntimeCommand> {
  const means = await confinement();
  if (means.kind === "missing") throw new Error(cannotConfine(means.reason));
  if (means.kind === "sandbox-exec") return macosCommand(plan);
  const areAsOnAws = means.namespace !== undefined && canMoveFolders(plan);
  const own = areAsOnAws
    ? { reads: ["/var/task"], writes: ["/tmp"] }
    : { reads: [plan.taskFolder], writes: [plan.tmpFolder] };
  const whole: LaunchPlan = {
    ...plan,
    mounts: means.namespace && { areAsOnAws },
    program: areAsOnAws ? plan.program.replace(plan.taskFolder, "/var/task") : plan.program,
    env: areAsOnAws ? plan.mountedEnv : plan.env,
    reads: [...SYSTEM, ...own.reads, ...plan.reads],
    writes: [...DEVICES, ...own.writes],
  };
  const launcher = [Deno.execPath(), ...LAUNCHER_ARGUMENTS];
  const [program, ...args] = [...means.namespace ?? [], ...launcher];
  return {
    program,
    args,
    // The launcher takes its own from here, and gives the program the plan's. TMPDIR is the mark by
    // which a later sandbox finds what this one left.
    env: {
      ...{ NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", PATH: PROGRAMS, TMPDIR: plan.tmpFolder },
      [PLAN_VARIABLE]: JSON.stringify(whole),
    },
    leadsGroup: true,
  };
}

/** Whether nothing that the program needs is hidden by a mount at /var or /tmp. */
function canMoveFolders({ program, taskFolder, reads }: LaunchPlan): boolean {
  return [program, ...reads].every((path) =>
    path.startsWith(`${taskFolder}/`) || !/^\/(tmp|var)(\/|$)/.test(path)
  );
}

/** What is said where a program cannot be confined. */
export const cannotConfine = (reason: string) =>
  `this machine cannot keep such a function from your files and the network: ${reason}. ` +
  "Start the sandbox with --lambda-runtime host to run it with your own rights";

function macosCommand(plan: LaunchPlan): RuntimeCommand {
  const reads = [...SYSTEM, ...MACOS_SYSTEM, plan.taskFolder, ...plan.reads];
  const profile = sandboxProfile({ ...plan, reads, writes: [...DEVICES, plan.tmpFolder] });
  return {
    program: SANDBOX_EXEC,
    args: ["-p", profile, plan.program, ...plan.args],
    env: plan.env,
  };
}
