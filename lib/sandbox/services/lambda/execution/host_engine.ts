/**
 * Functions of other runtimes than nodejs, on programs of this machine: Python by AWS's own client,
 * and the `bootstrap` of a zip for the provided runtimes.
 * @module
 */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { confinedCommand } from "./confinement/command.ts";
import type { LaunchPlan } from "./confinement/plan.ts";
import {
  type Engine,
  functionVariables,
  InvalidEntrypoint,
  type RuntimeCommand,
  type RuntimeStart,
} from "./engine.ts";
import { TASK_ROOT } from "./node_bootstrap.ts";
import { ORPHAN_MARK, orphanMark } from "./orphans.ts";
import type { Python } from "./python/python.ts";
import { MIB } from "../../../values.ts";

const PYTHON_BOOTSTRAP = fileURLToPath(new URL("./python/bootstrap.py", import.meta.url));

/** Whether programs are confined, as {@linkcode FunctionEngine} says. */
export type Rights = "confined" | "own";

/** How programs run. */
export interface HostOptions {
  readonly rights: Rights;
  /**
   * Whether no two functions run at the same time. A confined one that has at most one processor on AWS
   * is then kept on one: moved between two, which the sandbox uses too, it took 6 to 8 % longer
   * (100 events of 1 MB in Python, Linux 6.18, 2026-12-01).
   */
  readonly isAlone: boolean;
}

/** The engine of the python runtimes. */
export function pythonEngine(python: Python, options: HostOptions): Engine {
  return {
    name: "python",
    sendsSecret: false,
    marksEnds: true,
    taskRoot: () => TASK_ROOT,
    makeReady: async (runtime) => void await python.environment(runtime),
    command: async (start) => {
      const { program, folders } = await python.environment(start.runtime);
      return await commandOf(options.rights, {
        ...planOf(start, options),
        program,
        args: [PYTHON_BOOTSTRAP, start.environment._HANDLER ?? ""],
        env: pythonVariables(start, start),
        mountedEnv: pythonVariables(start, { taskFolder: TASK_ROOT, tmpFolder: "/tmp" }),
        reads: [PYTHON_BOOTSTRAP, ...folders],
      });
    },
  };
}

/** The engine of provided.al2023 and provided.al2. */
export function providedEngine(options: HostOptions): Engine {
  return {
    name: "bootstrap",
    sendsSecret: false,
    marksEnds: false,
    // It is no program of ours that could make /var/task of it.
    taskRoot: (taskFolder) => taskFolder,
    command: async (start) => {
      const program = join(start.taskFolder, "bootstrap");
      await checkBootstrap(program);
      return await commandOf(options.rights, {
        ...planOf(start, options),
        program,
        args: [],
        env: { ...functionVariables(start), TMPDIR: start.tmpFolder },
        mountedEnv: mountedVariables(start),
        reads: [],
      });
    },
  };
}

/** Throws an {@linkcode InvalidEntrypoint} in the words of AWS's Runtime Interface Emulator. */
async function checkBootstrap(program: string): Promise<void> {
  const found = await Deno.stat(program).catch(() => undefined);
  if (!found?.isFile) {
    throw new InvalidEntrypoint(
      "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
    );
  }
  if (((found.mode ?? 0) & 0o111) === 0) {
    throw new InvalidEntrypoint("fork/exec /var/task/bootstrap: permission denied");
  }
}

/** Variables that name the task folder name /var/task, and /tmp needs no variable. */
function mountedVariables(start: RuntimeStart): Record<string, string> {
  const variables = { ...functionVariables(start), ...markOf(start) };
  return Object.fromEntries(
    Object.entries(variables).map((
      [name, value],
    ) => [name, value.replaceAll(start.taskFolder, TASK_ROOT)]),
  );
}

const markOf = ({ tmpFolder }: RuntimeStart) => ({
  [ORPHAN_MARK]: orphanMark(dirname(tmpFolder)),
});

/** Memory with which a function has one processor. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const ONE_PROCESSOR_MB = 1_769;

function planOf(start: RuntimeStart, { isAlone }: HostOptions) {
  const portOf = (address: string) => Number(address.slice(address.lastIndexOf(":") + 1));
  return {
    taskFolder: start.taskFolder,
    tmpFolder: start.tmpFolder,
    writes: [],
    ports: [portOf(start.apiAddress), portOf(start.sandboxEndpoint)],
    fileBytesMax: start.tmpBytesMax,
    isOnOneProcessor: isAlone && start.memorySizeMB <= ONE_PROCESSOR_MB,
  };
}

async function commandOf(rights: Rights, plan: LaunchPlan): Promise<RuntimeCommand> {
  if (rights === "confined") return await confinedCommand(plan);
  const { program, args, env } = plan;
  return { program, args, env };
}

/**
 * How much memory that was freed glibc keeps: a sixteenth of the function's. An event of 1 MB is
 * otherwise given back to the kernel and taken again in each invocation, a sixth of a quick one's time.
 */
function mallocVariables({ memorySizeMB }: RuntimeStart): Record<string, string> {
  const keptBytes = Math.floor(memorySizeMB * MIB / 16);
  return {
    MALLOC_TRIM_THRESHOLD_: `${keptBytes}`,
    // Half of the other, as glibc has it. Larger pieces are given back at once.
    MALLOC_MMAP_THRESHOLD_: `${Math.floor(keptBytes / 2)}`,
  };
}

/** The bootstrap takes what the sandbox adds away, and gives back the function's own. */
function pythonVariables(
  start: RuntimeStart,
  { taskFolder, tmpFolder }: Pick<LaunchPlan, "taskFolder" | "tmpFolder">,
): Record<string, string> {
  const given = functionVariables(start);
  const malloc = mallocVariables(start);
  const ofFunction = ["TMPDIR", "PYTHONPATH", ...Object.keys(malloc)].flatMap((name) =>
    given[name] === undefined ? [] : [[`${name}_OF_FUNCTION`, given[name]]]
  );
  const { PYTHONPATH: _path, ...rest } = given;
  return {
    ...malloc,
    ...rest,
    ...Object.fromEntries(ofFunction),
    TMPDIR: tmpFolder,
    ...markOf(start),
    PYTHONDONTWRITEBYTECODE: "1",
    _SANDBOX_TASK_FOLDER: taskFolder,
    _SANDBOX_TMP_FOLDER: tmpFolder,
    // Messages of several lines stay one log event, as on AWS.
    _LAMBDA_TELEMETRY_LOG_FD: "1",
  };
}
