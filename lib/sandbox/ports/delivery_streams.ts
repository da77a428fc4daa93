/**
 * How CloudWatch Logs puts records to delivery streams on behalf of a role.
 * @module
 */

import type { Caller } from "../access/caller.ts";

/** What became of a put. */
export type PutOutcome =
  /** The stream has the record on disk. */
  | { readonly kind: "accepted" }
  /** Not now: the same put may succeed later. */
  | { readonly kind: "throttled"; readonly reason: string }
  /** The stream does not exist or is not ACTIVE, or the role may not put to it. */
  | { readonly kind: "refused"; readonly reason: string };

/** The delivery streams of a region. Implemented by `services/firehose`. */
export interface DeliveryStreamPuts {
  /** Puts one record, with the permissions of `caller` and as CloudWatch Logs. */
  putFromLogs(request: {
    readonly caller: Caller;
    readonly streamName: string;
    readonly data: Uint8Array;
    /** Done in the commit that accepts the record: both are on disk, or neither. */
    readonly alongside?: () => void;
  }): Promise<PutOutcome>;
}
