/**
 * What the console sees of one region: its services, and what was watched of its streams.
 * @module
 */

import type { FirehoseState } from "../services/firehose/state.ts";
import type { LogsState } from "../services/logs/state.ts";
import type { S3State } from "../services/s3/state.ts";
import type { Activity } from "./activity.ts";
import type { Place } from "./shapes.ts";

/** A region that is open. */
export interface ConsoleRegion {
  readonly place: Place;
  readonly s3: S3State;
  readonly logs: LogsState;
  readonly firehose: FirehoseState;
  readonly activity: Activity;
}
