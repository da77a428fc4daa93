/**
 * What this machine has to confine a program with.
 * @module
 */

import { fileURLToPath } from "node:url";
import { withoutLoaderVariables } from "../../../../child_environment.ts";
import { ABI_WITH_PORTS } from "./landlock_versions.ts";
import { PLAN_VARIABLE } from "./plan.ts";

/** How programs are confined here, or the reason why they cannot be. */
export type Confinement =
  /** `namespace` is a command that gives a program separate mounts, if the system allows it. */
  | { readonly kind: "landlock"; readonly namespace?: readonly string[] }
  | { readonly kind: "sandbox-exec" }
  | { readonly kind: "missing"; readonly reason: string };

/** The program that confines itself and becomes another. */
const LAUNCHER = fileURLToPath(new URL("./launcher.ts", import.meta.url));
/** Deno's arguments to run the launcher. */
export const LAUNCHER_ARGUMENTS = [
  "run",
  "--quiet",
  "--no-config",
  "--no-prompt",
  "--no-remote",
  "--no-check",
  "--allow-ffi",
  `--allow-env=${PLAN_VARIABLE}`,
  LAUNCHER,
];
/** Apple's program for the same purpose; on every macOS, though Apple calls it deprecated. */
export const SANDBOX_EXEC = "/usr/bin/sandbox-exec";

let asked: Promise<Confinement> | undefined;

/** What this machine has: found out once. */
export function confinement(): Promise<Confinement> {
  return asked ??= Deno.build.os === "linux" ? askLinux() : Promise.resolve(otherSystem());
}

async function askLinux(): Promise<Confinement> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: LAUNCHER_ARGUMENTS,
    env: { ...withoutLoaderVariables(), NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (!success) return missing(`the launcher does not run: ${decoder.decode(stderr).trim()}`);
  const judged = judgeLandlock(Number(JSON.parse(decoder.decode(stdout)).landlockAbi));
  return judged.kind === "landlock" ? { ...judged, namespace: await findNamespace() } : judged;
}

/**
 * util-linux's unshare, if it may mount here: as root, or in a namespace of users. Many systems allow
 * neither to programs in containers, and Ubuntu 24.04 to none.
 */
async function findNamespace(): Promise<readonly string[] | undefined> {
  const isRoot = Deno.uid() === 0;
  const command = ["unshare", "--mount", ...(isRoot ? [] : ["--user", "--map-root-user"]), "--"];
  const [program, ...args] = command;
  try {
    const { success } = await new Deno.Command(program, {
      args: [...args, "mount", "-t", "tmpfs", "tmpfs", "/var"],
      env: withoutLoaderVariables(),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success ? command : undefined;
  } catch {
    return undefined; // no unshare
  }
}

/** What a kernel with this version of Landlock is good for; 0 is a kernel without it. */
export function judgeLandlock(abi: number): Confinement {
  if (abi >= ABI_WITH_PORTS) return { kind: "landlock" };
  return missing(
    abi === 0
      ? "this kernel has no Landlock; Linux 6.7 or newer has, if it is switched on"
      : `this kernel's Landlock is version ${abi}, which cannot limit the network; version ` +
        `${ABI_WITH_PORTS} is needed, which Linux 6.7 has`,
  );
}

function otherSystem(): Confinement {
  if (Deno.build.os !== "darwin") return missing(`${Deno.build.os} has nothing for it`);
  try {
    Deno.statSync(SANDBOX_EXEC);
    return { kind: "sandbox-exec" };
  } catch {
    return missing(`${SANDBOX_EXEC} is not there`);
  }
}

const missing = (reason: string): Confinement => ({ kind: "missing", reason });
