/**
 * What a confined program may do, as its launcher is told.
 * @module
 */

/** A program and its rights. All paths are absolute. */
export interface LaunchPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files and folders that it may read and run; what is not there is left out. */
  readonly reads: readonly string[];
  /** Folders in which it may do everything, and devices that it may write. */
  readonly writes: readonly string[];
  /** TCP ports that it may connect to. */
  readonly ports: readonly number[];
  /** The largest file that it may write, in bytes. */
  readonly fileBytesMax: number;
}
