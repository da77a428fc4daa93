/**
 * The settings of the transform of `lambda/`, as environment variables of its function.
 * @module
 */

import {
  type LargeRecordPlace,
  readOptions,
  type TransformSettings,
  VARIABLES,
} from "../../../lambda/environment.ts";
import type { StreamDestination } from "../streams/stream_destination.ts";

export type { TransformSettings } from "../../../lambda/environment.ts";

/**
 * The variables for these settings. Throws a `TypeError` if records are to be written to S3 and there
 * is no stream that says where, or its Prefix has an expression that only Firehose can evaluate.
 */
export function variablesOf(
  settings: TransformSettings,
  destination: StreamDestination | undefined,
): Record<string, string> {
  const values = {
    strategy: settings.strategy,
    responseBytesMax: settings.responseBytesMax,
    roundsMax: settings.roundsMax,
    tooLarge: settings.tooLarge,
    ...largeRecordPlace(settings, destination),
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const names = new Map<string, string>(Object.entries(VARIABLES));
  const variables = Object.fromEntries(
    given.map(([option, value]) => [names.get(option) ?? option, `${value}`]),
  );
  readOptions(variables); // as the function will
  return variables;
}

/** Where records go that are too large for any response; undefined if the settings write none. */
export function largeRecordPlace(
  { tooLarge }: TransformSettings,
  destination: StreamDestination | undefined,
): LargeRecordPlace | undefined {
  if (tooLarge !== "write-to-s3") return undefined;
  if (!destination) {
    throw new TypeError(
      "write-to-s3 needs a delivery stream, which says where in S3 its records are: name it with --stream",
    );
  }
  return { bucket: destination.bucket, prefix: destination.prefix };
}
