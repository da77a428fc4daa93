/**
 * Faults on demand, as the front door and services see them: they ask before each call that a fault
 * may strike. Implemented by `control/`.
 * @module
 */

import type { AccessRequest, Caller } from "../access/caller.ts";
import type { AwsError } from "../errors.ts";

/** A call that a fault may strike: a client's, or one that a delivery makes. */
export interface FaultedCall {
  /** The signing name: `firehose`. */
  readonly service: string;
  /** `PutRecordBatch`. */
  readonly operation: string;
  readonly caller: Pick<Caller, "arn">;
  /** The delivery stream that is called, or whose delivery calls. */
  readonly stream?: string;
  readonly bucket?: string;
  /** A function's name or ARN. */
  readonly function?: string;
  /** The first permission that the call needs, for texts. */
  readonly access?: Pick<AccessRequest, "action" | "resource" | "shownAs">;
}

/** What a fault does to a call, besides a delay. */
export type FaultEffect =
  /** The call is refused; nothing is done. */
  | { readonly kind: "error"; readonly error: AwsError }
  /** Records of a batch are refused, by their place from 0 on; the others are taken. */
  | { readonly kind: "failRecords"; readonly records: readonly number[] }
  /** The call is done, and its answer is lost: all of it, or what is beyond so many bytes. */
  | { readonly kind: "lost"; readonly afterBytes: number | undefined };

/** Decides which calls are struck. */
export interface FaultSource {
  /**
   * Waits as the faults for this call say, and resolves with what else they do; undefined means that
   * the call goes on. Throws the signal's reason when aborted.
   */
  strike(call: FaultedCall, signal?: AbortSignal): Promise<FaultEffect | undefined>;
  /** Whether there are faults at all: without them a call need not wait for an answer. */
  readonly isQuiet: boolean;
}

/** No faults. */
export const NO_FAULTS: FaultSource = {
  strike: () => Promise.resolve(undefined),
  isQuiet: true,
};
