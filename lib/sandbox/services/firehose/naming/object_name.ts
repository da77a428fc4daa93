/**
 * Names of objects: `<evaluated prefix><stream>-<version>-<yyyy>-<MM>-…-<uuid><extension>`.
 * After `compress`, before S3. Follows "Amazon S3 object name format"
 * (https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html).
 * @module
 */

import { Buffer } from "node:buffer";
import type { Random } from "../../../random.ts";
import { type CompressionFormat, compressionFormatOf, FORMATS } from "../compression_format.ts";
import type { DeliveryStream } from "../delivery_stream.ts";
import { expressionOf, type Partitioning, type PartitionKeys } from "./partition.ts";
import { hasExpression, parsePrefix, type PrefixPart, RANDOM_CHARACTERS } from "./prefix.ts";
import { formatTimestamp } from "./timestamps.ts";

/** What an object's name is made of. */
export interface ObjectName {
  readonly streamName: string;
  readonly version: number;
  /** As configured: expressions are evaluated here. Absent or empty: the date path. */
  readonly prefix: string | undefined;
  /** When the oldest record of the object was put. All timestamps of a name are this moment. */
  readonly arrivalMs: number;
  readonly timeZone: string;
  /** Values of partition keys, by their expressions. */
  readonly partitionKeys: PartitionKeys;
  /** Value of `!{firehose:error-output-type}`; undefined outside the error output prefix. */
  readonly errorOutputType: string | undefined;
  readonly extension: string;
}

const DATE_PATH = "yyyy/MM/dd/HH/";
const SUFFIX_TIME = "yyyy-MM-dd-HH-mm-ss";

/** The key of a new object. */
export async function objectKey(name: ObjectName, random: Random): Promise<string> {
  const { streamName, version, arrivalMs, timeZone, extension } = name;
  const time = await formatTimestamp(SUFFIX_TIME, arrivalMs, timeZone);
  return await evaluatedPrefix(name, random) +
    `${streamName}-${version}-${time}-${random.uuid()}${extension}`;
}

/**
 * The prefix of a new object. The date path is joined on, without a slash, to a prefix that has no
 * expression (captured) and does not come from ErrorOutputPrefix.
 */
export async function evaluatedPrefix(
  name: Omit<ObjectName, "streamName" | "version" | "extension">,
  random: Random,
): Promise<string> {
  const { prefix = "", arrivalMs, timeZone, errorOutputType } = name;
  const parts = parsePrefix(prefix, "Prefix");
  const texts = await Promise.all(parts.map((part) => evaluate(part)));
  const isDated = !hasExpression(parts) && errorOutputType === undefined;
  return texts.join("") + (isDated ? await formatTimestamp(DATE_PATH, arrivalMs, timeZone) : "");

  function evaluate(part: PrefixPart): string | Promise<string> {
    switch (part.kind) {
      case "literal":
        return part.text;
      case "timestamp":
        return formatTimestamp(part.pattern, arrivalMs, timeZone);
      case "randomString":
        return random.uuid().slice(0, RANDOM_CHARACTERS);
      case "errorOutputType":
        return errorOutputType ?? "";
      case "partitionKeyFromLambda":
      case "partitionKeyFromQuery":
        return name.partitionKeys.get(expressionOf(part)) ?? "";
    }
  }
}

/**
 * The length of a stream's object keys without their partition keys, at the moment `nowMs`. Leaves
 * a few bytes for a longer month name or a longer version.
 */
export async function fixedLengthOf(
  { name, version, destination }: DeliveryStream,
  nowMs: number,
  random: Random,
): Promise<Partitioning["fixed"]> {
  const { Prefix: prefix, CustomTimeZone, CompressionFormat, FileExtension } = destination;
  const parts = {
    streamName: name,
    version,
    prefix,
    arrivalMs: nowMs,
    timeZone: CustomTimeZone || "UTC",
    partitionKeys: new Map<string, string>(),
    errorOutputType: undefined,
    extension: extensionOf(compressionFormatOf(CompressionFormat), FileExtension),
  };
  return {
    prefixCharacters: (await evaluatedPrefix(parts, random)).length,
    keyBytes: Buffer.byteLength(await objectKey(parts, random)) + SPARE_BYTES,
  };
}

const SPARE_BYTES = 16;

/** The end of a key: `fileExtension` if given, which replaces the ending of the compression. */
export function extensionOf(format: CompressionFormat, fileExtension = ""): string {
  if (fileExtension !== "") return fileExtension;
  return FORMATS[format].extension;
}
