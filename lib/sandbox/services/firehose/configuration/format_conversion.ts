/**
 * Conversion of records to Parquet or ORC: AWS's rules for its configuration. The sandbox converts
 * nothing: it keeps a configuration that is off, and refuses a good one that is on.
 * Follows https://docs.aws.amazon.com/firehose/latest/dev/enable-record-format-conversion.html;
 * texts and their order as a public project probed them on AWS (2026-09-07, us-west-2).
 * @module
 */

import type {
  DataFormatConversionConfiguration,
  ExtendedS3DestinationDescription,
} from "@aws-sdk/client-firehose";
import { invalidArgument } from "../errors.ts";
import { checkPattern } from "../naming/timestamps.ts";

const SIZE_IN_MBS_MIN = 64;
/** The format of a time as milliseconds, beside patterns. */
const MILLIS = "millis";

/** A destination, as far as conversion is concerned. */
type Converted = Pick<ExtendedS3DestinationDescription, "DataFormatConversionConfiguration">;

/** Whether records are to be converted: also if `Enabled` is not given. */
export const convertsFormat = ({ DataFormatConversionConfiguration }: Converted): boolean =>
  DataFormatConversionConfiguration !== undefined &&
  DataFormatConversionConfiguration.Enabled !== false;

/** `current` with the members of `update`; those of SchemaConfiguration are kept one by one too. */
export function mergedConversion(
  current: DataFormatConversionConfiguration | undefined,
  update: DataFormatConversionConfiguration | undefined,
): DataFormatConversionConfiguration | undefined {
  if (!current || !update) return update ?? current;
  const merged = { ...current, ...update };
  if (!current.SchemaConfiguration || !update.SchemaConfiguration) return merged;
  return {
    ...merged,
    SchemaConfiguration: { ...current.SchemaConfiguration, ...update.SchemaConfiguration },
  };
}

/** Throws InvalidArgumentException for the first rule that an enabled conversion breaks. */
export async function checkFormatConversion(
  destination: ExtendedS3DestinationDescription,
): Promise<void> {
  if (!convertsFormat(destination)) return;
  const { BufferingHints, CompressionFormat } = destination;
  if (CompressionFormat !== "UNCOMPRESSED") {
    throw invalidArgument(
      "The S3 destination's compression format must be set to UNCOMPRESSED when data format " +
        "conversion is enabled. To enable compression within the converted output format, set " +
        "the appropriate serialization option in the output format configuration.",
    );
  }
  if ((BufferingHints?.SizeInMBs ?? SIZE_IN_MBS_MIN) < SIZE_IN_MBS_MIN) {
    throw invalidArgument(
      "BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.",
    );
  }
  await checkConversion(destination.DataFormatConversionConfiguration ?? {});
}

async function checkConversion(conversion: DataFormatConversionConfiguration): Promise<void> {
  const { InputFormatConfiguration, OutputFormatConfiguration, SchemaConfiguration } = conversion;
  for (
    const [name, value] of Object.entries({
      InputFormatConfiguration,
      OutputFormatConfiguration,
      SchemaConfiguration,
    })
  ) if (!value) throw invalidArgument(`${name} must not be null`);
  const { Deserializer = {} } = InputFormatConfiguration ?? {};
  checkOne("Deserializer", Deserializer);
  checkOne("Serializer", OutputFormatConfiguration?.Serializer ?? {});
  const { RoleARN, DatabaseName, TableName } = SchemaConfiguration ?? {};
  for (const [name, value] of Object.entries({ RoleARN, DatabaseName, TableName })) {
    if (value) continue;
    const shown = name === "RoleARN" ? "RoleArn" : name;
    throw invalidArgument(`SchemaConfiguration.${shown} must not be null or empty`);
  }
  await checkTimestampFormats(Deserializer.HiveJsonSerDe?.TimestampFormats ?? []);
}

/** Throws unless exactly one member of `choice` is given. */
function checkOne(name: "Deserializer" | "Serializer", choice: object): void {
  const count = Object.values(choice).filter((value) => value !== undefined).length;
  if (count === 0) throw invalidArgument(`${name} must not be null`);
  if (count === 1) return;
  throw invalidArgument(
    `More than one ${name.toLowerCase()} specified. Only one may be chosen.`,
  );
}

/** The formats share one option, in which commas part them (assumed for several). */
async function checkTimestampFormats(formats: readonly string[]): Promise<void> {
  for (const format of formats) {
    if (format === MILLIS || await checkPattern(format) === "valid") continue;
    throw invalidArgument(
      "Invalid deserializer option(s): One or more SerDe options are invalid for " +
        `org.apache.hcatalog.data.JsonSerDe: [Key: timestamp.formats Value: ${formats.join(",")}]`,
    );
  }
}
