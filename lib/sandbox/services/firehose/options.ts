/**
 * What Firehose is made of. A separate file, because deep modules and the starting code both use it.
 * @module
 */

import type { AccessControl } from "../../access/caller.ts";
import type { Clock } from "../../clock.ts";
import type { FaultSource } from "../../ports/fault_source.ts";
import type { FunctionInvoker } from "../../ports/function_invoker.ts";
import type { LogSink } from "../../ports/log_sink.ts";
import type { MetricSink } from "../../ports/metric_sink.ts";
import type { ObjectWriter } from "../../ports/object_store.ts";
import type { Random } from "../../random.ts";
import type { Database } from "../../store/database.ts";
import type { SegmentFiles } from "../../store/segment_files.ts";
import type { DirectPutQuota } from "./intake/direct_put_quota.ts";
import type { BufferKind } from "./journal/journal.ts";
import type { FirehoseWatch } from "./watch.ts";

/**
 * Whether puts beyond a stream's quotas are refused: AWS's, or other values for a second; AWS's apply
 * to what these leave out.
 */
export type PutQuotas = "enforced" | "off" | Partial<DirectPutQuota>;

/** What Firehose is made of. */
export interface FirehoseOptions {
  readonly database: Database;
  readonly s3: ObjectWriter;
  /** For the journal, which closes them. */
  readonly segments: SegmentFiles;
  readonly access: AccessControl;
  /** Without it, streams with a Lambda processor are refused. */
  readonly invoker?: FunctionInvoker;
  readonly logs: LogSink;
  readonly metrics: MetricSink;
  readonly clock: Clock;
  readonly random: Random;
  readonly region: string;
  readonly accountId: string;
  /** Absent means `off`. */
  readonly quotas?: PutQuotas;
  /** Faults on demand; absent means that there are none. */
  readonly faults?: FaultSource;
  /** Called with a readable line when a delivery is refused; AWS shows that in logs only. */
  readonly onDeliveryProblem?: (line: string) => void;
  /** Called with every attempt at a delivery, once it has an outcome. */
  readonly onDelivery?: (attempt: DeliveryAttempt) => void;
  readonly watch?: FirehoseWatch;
}

/** An attempt to deliver records of a buffer, or to process them. */
export interface DeliveryAttempt {
  readonly streamName: string;
  readonly streamArn: string;
  /** `source`: as they were put; `primary`: of a partition; `error`: lines for the error output. */
  readonly buffer: BufferKind;
  /** When it had its outcome, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly outcome: DeliveryOutcome;
}

/** What came of an attempt. */
export type DeliveryOutcome =
  | {
    readonly kind: "delivered";
    readonly bucket: string;
    readonly key: string;
    readonly sizeBytes: number;
    readonly records: number;
    /** Bytes of the records in the buffer. */
    readonly bytes: number;
  }
  | { readonly kind: "refused"; readonly errorCode: string; readonly message: string };
