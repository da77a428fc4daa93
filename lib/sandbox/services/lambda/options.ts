/**
 * What Lambda is made of. In a separate file, because both its innermost parts and its starter import it.
 * @module
 */

import type { AccessControl } from "../../access/caller.ts";
import type { Clock } from "../../clock.ts";
import type { LogSink } from "../../ports/log_sink.ts";
import type { MetricSink } from "../../ports/metric_sink.ts";
import type { ObjectReader } from "../../ports/object_store.ts";
import type { Random } from "../../random.ts";
import type { Database } from "../../store/database.ts";
import type { ObjectFiles } from "../../store/object_files.ts";
import type { Engines } from "./execution/engine.ts";

/** What Lambda is made of. */
export interface LambdaOptions {
  readonly database: Database;
  readonly access: AccessControl;
  readonly logs: LogSink;
  readonly metrics: MetricSink;
  readonly clock: Clock;
  readonly random: Random;
  readonly region: string;
  readonly accountId: string;
  /** For code that lies in a bucket. */
  readonly s3: ObjectReader;
  /** Where zips are kept; Lambda's alone. */
  readonly zips: ObjectFiles;
  /** A folder for unpacked packages, /tmp folders and compiled code. */
  readonly workFolder: string;
  /** What runs functions. */
  readonly engines: Engines;
  /** `http://127.0.0.1:4566`, once it is known. */
  readonly endpoint: Promise<string>;
  /** Called with the sandbox's own failures. */
  readonly onInternalError: (error: unknown, what: string) => void;
  /** Called when an invocation begins, and again when it has ended. */
  readonly onInvocation?: (invocation: InvocationNote) => void;
}

/** An invocation that a function was given. */
export interface InvocationNote {
  readonly requestId: string;
  readonly functionArn: string;
  readonly functionName: string;
  /** When it began, in milliseconds since the epoch. */
  readonly startedMs: number;
  /** Bytes of the event. */
  readonly eventBytes: number;
  /** How long it took, in true time; absent while it runs. */
  readonly durationMs?: number;
  /** Bytes of the function's answer, once there is one. */
  readonly answerBytes?: number;
  /** `Sandbox.Timedout` and the like; absent if it succeeded or still runs. */
  readonly errorType?: string;
}
