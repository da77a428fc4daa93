/**
 * The redrive of a notebook's failed records, with its progress beside them.
 * @module
 */

import type { Lab } from "../place/begin.ts";
import { s3Progress } from "./progress_stores.ts";
import type { Redrive } from "./redrive.ts";

/** Sends everything under `prefix` to the notebook's stream. */
export function redriveOf({ s3, names }: Lab, prefix: string): Redrive {
  const place = { bucket: names.bucket, prefix, streamName: names.stream };
  const run = `${new Date().toISOString()}-${crypto.randomUUID().slice(0, 8)}`;
  return {
    s3,
    ...place,
    run,
    store: s3Progress(s3, { ...place, run }),
    selection: { errorCodes: [] },
  };
}
