/**
 * The seam between what starts a runtime and the rest. An engine says with which command a
 * function's runtime is started. The rest of this folder knows only that the process asks its
 * Runtime API for invocations, writes lines, and ends.
 * @module
 */

/** What runs functions of the nodejs runtimes: Deno, restricted; or the Node on the PATH. */
export type FunctionEngine = "deno" | "node";

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
}

/** Starts the runtimes of one kind. */
export interface Engine {
  /** For messages: `deno`. */
  readonly name: string;
  /** Whether its client sends the secret of the Runtime API. */
  readonly sendsSecret: boolean;
  /** Where the code seems to be to the function, for `LAMBDA_TASK_ROOT`. */
  taskRoot(taskFolder: string): string;
  /** Throws a `RangeError` if the engine cannot keep a function within its folders. */
  command(start: RuntimeStart): RuntimeCommand;
}

/** The function's whole environment. */
export function functionVariables(
  { environment, apiAddress }: RuntimeStart,
): Record<string, string> {
  return { ...environment, AWS_LAMBDA_RUNTIME_API: apiAddress };
}
