/**
 * How one service of the sandbox invokes a function: what Firehose's Lambda processor sees.
 * @module
 */

import type { Caller } from "../access/caller.ts";

/** What came of an invocation, before anyone judges the payload. */
export type InvokeOutcome =
  /** The function answered; `payload` is what the runtime posted, byte for byte. */
  | {
    readonly kind: "succeeded";
    readonly payload: Uint8Array;
    /** The log from START to REPORT, or its last 64 KB; undefined where the invoker gets none. */
    readonly log?: string;
    /** Of all of the log; undefined as above. */
    readonly logBytes?: number;
  }
  /** The function ran and failed (HTTP 200 with `X-Amz-Function-Error`). */
  | {
    readonly kind: "functionError";
    /** `Sandbox.Timedout`, `Function.ResponseSizeTooLarge`, `Runtime.ExitError`, the thrown error's name… */
    readonly errorType: string;
    readonly payload: Uint8Array;
    /** Bytes of a response that was too large; undefined for every other failure. */
    readonly responseBytes?: number;
    /** As above. */
    readonly log?: string;
    readonly logBytes?: number;
  }
  /** Lambda itself refused: `code` as in its API (`AccessDeniedException`, `ResourceNotFoundException`,
   * `TooManyRequestsException`, `ResourceConflictException`, `RequestEntityTooLargeException`). */
  | {
    readonly kind: "refused";
    readonly code: string;
    readonly message: string;
  };

/** Invokes functions by ARN, with the caller's permissions enforced. */
export interface FunctionInvoker {
  invoke(request: {
    readonly caller: Caller;
    /** A full ARN; with `:$LATEST`, a version or an alias where the caller gave one. */
    readonly functionArn: string;
    /** The event, as JSON text in UTF-8. */
    readonly payload: Uint8Array;
    readonly signal?: AbortSignal;
  }): Promise<InvokeOutcome>;
}
