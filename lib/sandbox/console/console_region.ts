/**
 * What the console sees of one region: its services, and what was watched of its streams.
 * @module
 */

import type { FirehoseState } from "../services/firehose/state.ts";
import type { LogsState } from "../services/logs/state.ts";
import type { S3State } from "../services/s3/state.ts";
import type { StreamWatch } from "./stream_watch.ts";
import type { Place } from "./shapes.ts";

/** A region that is open. */
export interface ConsoleRegion {
  readonly place: Place;
  readonly s3: S3State;
  readonly logs: LogsState;
  readonly firehose: FirehoseState;
  readonly watch: StreamWatch;
}
