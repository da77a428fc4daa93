/**
 * The seam between what starts a runtime and the rest. An engine says with which command a
 * function's runtime is started. The rest of this folder knows only that the process asks its
 * Runtime API for invocations, writes lines, and ends.
 * @module
 */

/**
 * How functions run, as chosen when the sandbox was started. `deno`: those of the nodejs runtimes
 * under Deno, the others on this machine's programs, all confined. `node`: those of the nodejs
 * runtimes on the Node of the PATH, not confined. `host`: all on this machine's programs, none
 * confined.
 */
export type FunctionEngine = "deno" | "node" | "host";

/** What a runtime is started with. */
export interface RuntimeStart {
  /** `host:port` of the Runtime API, for `AWS_LAMBDA_RUNTIME_API`. */
  readonly apiAddress: string;
  /** What the Runtime API asks for, if the engine's client can send it. */
  readonly secret: string | undefined;
  /** `nodejs22.x`. */
  readonly runtime: string;
  /** The unpacked zip. */
  readonly taskFolder: string;
  /** The function's /tmp. */
  readonly tmpFolder: string;
  /** Where an engine keeps compiled code; shared by all functions, out of their reach. */
  readonly cacheFolder: string;
  /** `http://127.0.0.1:4566`: the one thing on the network it may call besides its Runtime API. */
  readonly sandboxEndpoint: string;
  readonly memorySizeMB: number;
  /** How much /tmp holds: the function's EphemeralStorage. */
  readonly tmpBytesMax: number;
  /** The function's variables, without the address of the Runtime API. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A child process to be started in the task folder. */
export interface RuntimeCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** All variables of the process: it inherits none. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it begins a group of processes, which ends as a whole. */
  readonly leadsGroup?: boolean;
}

/** The function brings no program that can be started: its own fault, reported as AWS does. */
export class InvalidEntrypoint extends Error {}

/** Starts the runtimes of one kind. */
export interface Engine {
  /** For messages: `deno`. */
  readonly name: string;
  /** Whether its client sends the secret of the Runtime API. */
  readonly sendsSecret: boolean;
  /** Where the code seems to be to the function, for `LAMBDA_TASK_ROOT`. */
  taskRoot(taskFolder: string): string;
  /** Whether it marks the end of what each invocation writes. */
  readonly marksEnds: boolean;
  /** Makes what the first function of a runtime needs; it takes time, and is no part of init. */
  makeReady?(runtime: string): Promise<void>;
  /**
   * The command of a runtime's process. Throws a `RangeError` if the engine cannot keep a function
   * within its folders, an {@linkcode InvalidEntrypoint}, and an `Error` if something is missing on this machine.
   */
  command(start: RuntimeStart): RuntimeCommand | Promise<RuntimeCommand>;
}

/** The engines of all runtimes. */
export interface Engines {
  /** The engine of `nodejs22.x`, `python3.13`, `provided.al2023`. */
  of(runtime: string): Engine;
  /** Throws an `Error` that says what a runtime lacks on this machine. */
  check(runtime: string, architecture: string): Promise<void>;
}

/** The function's whole environment. */
export function functionVariables(
  { environment, apiAddress }: RuntimeStart,
): Record<string, string> {
  return { ...environment, AWS_LAMBDA_RUNTIME_API: apiAddress };
}
