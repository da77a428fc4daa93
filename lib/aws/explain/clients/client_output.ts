/**
 * What the runtime clients of AWS wrote and posted, run by `make.ts` in November 2026.
 * @module
 */

import made from "./client_output.json" with { type: "json" };

/** One run of one client in one case. */
export interface ClientOutput {
  readonly client: string;
  readonly version: string;
  readonly language: "node" | "python" | "java" | "go" | "rust";
  /** `throw`, `tooLarge`, `exit`, …; followed by ` json` where it logged in JSON. */
  readonly case: string;
  readonly stdout: string;
  readonly stderr: string;
  /** What the process did after its two invocations: its exit code, or `goes on`. */
  readonly end: number | "goes on";
  readonly posts: readonly {
    readonly to: string;
    readonly status: number;
    readonly bytes: number;
    /** The first 300 characters. */
    readonly body: string;
  }[];
}

/** All runs, in the order of the clients. */
export const CLIENT_OUTPUT: readonly ClientOutput[] = made as readonly ClientOutput[];
