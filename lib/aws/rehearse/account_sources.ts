/**
 * What a rehearsal can take from an account, by reading alone: a function, a stream's settings, and
 * records out of objects. Nothing is changed there.
 * @module
 */

import { DescribeDeliveryStreamCommand, type FirehoseClient } from "@aws-sdk/client-firehose";
import { GetFunctionCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { Architecture } from "./architecture.ts";
import { explained } from "../errors/explained_error.ts";

/** A function as GetFunction gives it. The variables may hold secrets: they are never printed. */
export interface FunctionFound {
  readonly zip: Uint8Array;
  readonly handler: string | undefined;
  readonly runtime: string | undefined;
  readonly memoryMB: number | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly architecture: Architecture | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** What is not the same here, in words; empty if nothing. */
  readonly notes: readonly string[];
}

/** The settings of a stream that decide about a rehearsal; undefined if AWS's default holds. */
export interface StreamFound {
  readonly functionArn: string | undefined;
  readonly bufferMB: number | undefined;
  readonly bufferSeconds: number | undefined;
  /** Before S3. */
  readonly s3BufferMB: number | undefined;
  readonly s3BufferSeconds: number | undefined;
  readonly retries: number | undefined;
  /** Undefined without dynamic partitioning. */
  readonly prefix: string | undefined;
  /** Whether it writes a delimiter between records, or reads them itself to convert them. */
  readonly separatesRecords: boolean;
}

/**
 * Reads a function's code and configuration. Throws a `TypeError` for a container image, and AWS's
 * error with advice.
 */
export async function functionIn(
  lambda: LambdaClient,
  name: string,
  download: (url: string) => Promise<Uint8Array>,
): Promise<FunctionFound> {
  const command = new GetFunctionCommand({ FunctionName: name });
  const { Code, Configuration } = await explained(`read ${name}`, () => lambda.send(command));
  if (Configuration?.PackageType === "Image" || Code?.Location === undefined) {
    throw new TypeError(`${name} is a container image: only functions from zips can be rehearsed`);
  }
  const layers = Configuration?.Layers ?? [];
  return {
    zip: await download(Code.Location),
    handler: Configuration?.Handler,
    runtime: Configuration?.Runtime,
    memoryMB: Configuration?.MemorySize,
    timeoutSeconds: Configuration?.Timeout,
    architecture: Configuration?.Architectures?.[0],
    variables: Configuration?.Environment?.Variables ?? {},
    notes: [
      ...layers.length > 0
        ? [
          `its ${layers.length} layers are missing here: the package must have all that the function needs`,
        ]
        : [],
      ...Configuration?.Environment?.Error
        ? [`its variables can't be read (${Configuration.Environment.Error.ErrorCode})`]
        : [],
    ],
  };
}

/** Reads a stream's settings. Throws a `TypeError` if it does not deliver to S3. */
export async function streamIn(firehose: FirehoseClient, name: string): Promise<StreamFound> {
  const command = new DescribeDeliveryStreamCommand({ DeliveryStreamName: name });
  const { DeliveryStreamDescription } = await explained(
    `read ${name}`,
    () => firehose.send(command),
  );
  const destination = DeliveryStreamDescription?.Destinations?.[0]
    ?.ExtendedS3DestinationDescription;
  if (!destination) {
    throw new TypeError(`${name} does not deliver to S3: only streams to S3 can be rehearsed`);
  }
  const {
    ProcessingConfiguration,
    DynamicPartitioningConfiguration,
    DataFormatConversionConfiguration,
    BufferingHints,
    Prefix,
  } = destination;
  const processors = ProcessingConfiguration?.Enabled
    ? ProcessingConfiguration.Processors ?? []
    : [];
  const lambda = processors.find(({ Type }) => Type === "Lambda")?.Parameters ?? [];
  const parameter = (wanted: string) =>
    lambda.find(({ ParameterName }) => ParameterName === wanted)?.ParameterValue;
  return {
    functionArn: parameter("LambdaArn"),
    bufferMB: numberOf(parameter("BufferSizeInMBs")),
    bufferSeconds: numberOf(parameter("BufferIntervalInSeconds")),
    s3BufferMB: BufferingHints?.SizeInMBs,
    s3BufferSeconds: BufferingHints?.IntervalInSeconds,
    retries: numberOf(parameter("NumberOfRetries")),
    prefix: DynamicPartitioningConfiguration?.Enabled ? Prefix : undefined,
    separatesRecords: processors.some(({ Type }) => Type === "AppendDelimiterToRecord") ||
      // Absent inside of the configuration means enabled.
      (DataFormatConversionConfiguration !== undefined &&
        DataFormatConversionConfiguration.Enabled !== false),
  };
}

const numberOf = (text: string | undefined) => text === undefined ? undefined : Number(text);

/** An object of S3 with its bytes. */
export interface ObjectFound {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bytes of objects that are read: a rehearsal needs a sample, not a day of data. */
const SAMPLE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * The objects of `s3://BUCKET/PREFIX`, in the order of their keys, until 64 MiB are read; says so if
 * there are more. Throws a `TypeError` if there is none, or another form is given.
 */
export async function objectsIn(
  s3: S3Client,
  url: string,
  say: (line: string) => void,
): Promise<ObjectFound[]> {
  const [, Bucket, Prefix] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(url) ?? [];
  if (!Bucket) throw new TypeError(`"${url}" is not a place in S3: write s3://BUCKET/PREFIX`);
  const found = await explained(`read ${url}`, async () => {
    const found: ObjectFound[] = [];
    let total = 0;
    for await (
      const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })
    ) {
      for (const { Key, Size = 0 } of Contents) {
        if (Key === undefined || Size === 0) continue;
        if (found.length > 0 && total + Size > SAMPLE_BYTES_MAX) {
          say(
            `${url}: only the first ${found.length} objects are used, ${total} bytes; there are more`,
          );
          return found;
        }
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const bytes = await Body?.transformToByteArray() ?? new Uint8Array();
        total += bytes.length;
        found.push({ name: `s3://${Bucket}/${Key}`, bytes });
      }
    }
    return found;
  });
  if (found.length === 0) throw new TypeError(`There is no object under ${url}.`);
  return found;
}
