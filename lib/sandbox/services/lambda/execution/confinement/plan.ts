/**
 * What a confined program may do: the launcher's input.
 * @module
 */

/**
 * The variable in which the launcher gets its plan, as JSON. Every user of the machine may read a
 * process's arguments, and the plan has the function's keys and variables.
 */
export const PLAN_VARIABLE = "_SANDBOX_LAUNCH_PLAN";

/** What the launcher mounts. What the program may read is mounted read-only in both cases. */
export interface Mounts {
  /** Whether the task folder is at /var/task, and the function's /tmp at /tmp. */
  readonly areAsOnAws: boolean;
}

/**
 * A program and its rights. It may read its task folder, and do everything in its /tmp. All paths are
 * absolute.
 */
export interface LaunchPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The variables to use in place of `env` where its folders are mounted as on AWS. */
  readonly mountedEnv: Readonly<Record<string, string>>;
  /** Files and folders that it may read and run; what is not there is left out. */
  readonly reads: readonly string[];
  /** Folders in which it may do everything, and devices that it may write, besides its /tmp. */
  readonly writes: readonly string[];
  /** TCP ports that it may connect to. */
  readonly ports: readonly number[];
  /** The function's code and its /tmp. */
  readonly taskFolder: string;
  readonly tmpFolder: string;
  /** Absent where this system allows no mounts. Else the launcher runs in a separate mount namespace. */
  readonly mounts?: Mounts;
  /** The largest file that it may write, in bytes. */
  readonly fileBytesMax: number;
  /** Whether it is kept on one of the processors that it may use. */
  readonly isOnOneProcessor?: boolean;
}
