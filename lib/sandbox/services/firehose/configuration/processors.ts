/**
 * Processors of a destination: what ProcessingConfiguration says, checked and read.
 * Follows https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html
 * @module
 */

import type {
  ExtendedS3DestinationDescription,
  ProcessingConfiguration,
  Processor,
} from "@aws-sdk/client-firehose";
import type { BufferingHints } from "../delivery_stream.ts";
import { invalidArgument, notSupported } from "../errors.ts";
import {
  checkLogProcessors,
  type Decompression,
  decompressionOf,
  describeDecompression,
  describeLogProcessing,
} from "./logs_processors.ts";
import {
  type DeAggregation,
  describeDeAggregation,
  describeMetadataExtraction,
  queryOf,
  readDeAggregation,
} from "./partitioning_processors.ts";
import { checkNoDuplicates, knownParameters, parametersOf } from "./processor_parameters.ts";
import { MIB } from "../../../values.ts";

/** A Lambda processor, read. */
export interface LambdaProcessor extends BufferingHints {
  readonly functionArn: string;
  readonly roleArn: string;
  /** Attempts are one more. */
  readonly retries: number;
}

/** Parameters of a Lambda processor in the order of DescribeDeliveryStream, with defaults. */
const LAMBDA_DEFAULTS = [
  ["LambdaArn", undefined],
  ["NumberOfRetries", "3"],
  ["RoleArn", undefined],
  ["BufferSizeInMBs", "1"],
  ["BufferIntervalInSeconds", "60"],
] as const;

const PROCESSORS_MAX = 5;

/** The configuration as DescribeDeliveryStream shows it. Throws InvalidArgumentException. */
export function processingDescription(
  { Enabled = false, Processors = [] }: ProcessingConfiguration,
  destinationRoleArn: string,
): ProcessingConfiguration {
  for (const processor of Processors) checkNoDuplicates(processor);
  if (Enabled && (Processors.length < 1 || Processors.length > PROCESSORS_MAX)) {
    throw invalidArgument(
      "A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.",
    );
  }
  // Captured for Lambda, assumed for the other two. Two of any other type act as one (captured).
  for (const type of ["Lambda", "MetadataExtraction", "RecordDeAggregation"]) {
    if (Processors.filter(({ Type }) => Type === type).length > 1) {
      throw invalidArgument(`Cannot have more than 1 ${type} processor.`);
    }
  }
  const described = Processors.map((processor) => describeProcessor(processor, destinationRoleArn));
  checkLogProcessors(described);
  return { Enabled, Processors: described };
}

function describeProcessor(processor: Processor, destinationRoleArn: string): Processor {
  switch (processor.Type) {
    case "Lambda":
      return describeLambda(processor, destinationRoleArn);
    case "MetadataExtraction":
      return describeMetadataExtraction(processor);
    case "RecordDeAggregation":
      return describeDeAggregation(processor);
    case "Decompression":
      return describeDecompression(processor);
    case "CloudWatchLogProcessing":
      return describeLogProcessing(processor);
    case "AppendDelimiterToRecord":
      // Parameters are accepted, have no effect and are not shown (captured).
      return { Type: processor.Type, Parameters: [] };
    default:
      throw notSupported(`the processor ${processor.Type}`);
  }
}

function describeLambda(processor: Processor, destinationRoleArn: string): Processor {
  const values = knownParameters(processor, LAMBDA_DEFAULTS.map(([name]) => name));
  if (!values.has("LambdaArn")) {
    throw invalidArgument("LambdaArn is required when Lambda processor is used.");
  }
  if (!FUNCTION_ARN.test(values.get("LambdaArn") ?? "")) {
    throw invalidArgument("Invalid lambda ARN.");
  }
  if (values.has("BufferSizeInMBs") !== values.has("BufferIntervalInSeconds")) {
    throw invalidArgument(
      "Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for " +
        "lambda processor.",
    );
  }
  const described = {
    Type: processor.Type,
    Parameters: LAMBDA_DEFAULTS.map(([ParameterName, initial]) => ({
      ParameterName,
      ParameterValue: values.get(ParameterName) ?? initial ?? destinationRoleArn,
    })),
  };
  checkLambda(parametersOf(described));
  return described;
}

/** Name up to 64 characters, version or alias up to 128: `bad name` and `a/b` are refused (probed). */
const FUNCTION_ARN =
  /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:(\$LATEST|[\w-]{1,128}))?$/;

const WHOLE_NUMBER = /^-?\d+$/;
const DECIMAL_NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * Texts probed on AWS, 2026-09-10 (ARN) and 2026-09-13 (bounds). Text that is no decimal number, such
 * as `0x10` or `1e2`, is out of bounds (assumed).
 */
function checkLambda(values: ReadonlyMap<string, string>): void {
  const isWithin = (name: string, form: RegExp, min: number, max: number) => {
    const text = values.get(name) ?? "";
    return form.test(text) && Number(text) >= min && Number(text) <= max;
  };
  if (!isWithin("NumberOfRetries", WHOLE_NUMBER, 0, 300)) {
    throw invalidArgument("Number of retries for lambda must be between 0 and 300.");
  }
  if (!isWithin("BufferSizeInMBs", DECIMAL_NUMBER, 0.2, 3)) {
    throw invalidArgument("BufferSizeInMBs for lambda processor must be between 0.2 and 3.");
  }
  if (!isWithin("BufferIntervalInSeconds", WHOLE_NUMBER, 0, 900)) {
    throw invalidArgument(
      "BufferIntervalInSeconds for lambda processor must be between 0 and 900.",
    );
  }
}

/** The Lambda processor of a destination, if processing is enabled and there is one. */
export function lambdaProcessor(
  destination: ExtendedS3DestinationDescription,
): LambdaProcessor | undefined {
  const processor = activeProcessor(destination, "Lambda");
  return processor && readLambda(processor);
}

/** What becomes of records from CloudWatch Logs; undefined if they stay gzip. */
export const decompression = (
  { ProcessingConfiguration }: ExtendedS3DestinationDescription,
): Decompression | undefined => decompressionOf(ProcessingConfiguration);
/** Without a function to wait for, records are partitioned as they come; this much at once. */
export const PARTITION_AT_ONCE: BufferingHints = { sizeBytes: 4 * 1024 * 1024, intervalMs: 0 };

/** When records are processed; undefined if they go to S3 as they were put. */
export function processingHints(
  destination: ExtendedS3DestinationDescription,
): BufferingHints | undefined {
  const isPartitioned = destination.DynamicPartitioningConfiguration?.Enabled === true;
  const isDivided = isPartitioned || decompression(destination) !== undefined;
  return lambdaProcessor(destination) ?? (isDivided ? PARTITION_AT_ONCE : undefined);
}

/** How records are divided, if processing is enabled and a processor divides them. */
export function deAggregation(
  destination: ExtendedS3DestinationDescription,
): DeAggregation | undefined {
  const processor = activeProcessor(destination, "RecordDeAggregation");
  return processor && readDeAggregation(processor);
}

/** The jq query for partition keys, if processing is enabled and there is one. */
export function metadataExtractionQuery(
  destination: ExtendedS3DestinationDescription,
): string | undefined {
  const processor = activeProcessor(destination, "MetadataExtraction");
  return processor && queryOf(processor);
}

/** Whether a line feed goes between the records of an object. */
export const appendsDelimiter = (destination: ExtendedS3DestinationDescription): boolean =>
  activeProcessor(destination, "AppendDelimiterToRecord") !== undefined;

/** The order in which processors are listed has no effect (captured). */
function activeProcessor(
  { ProcessingConfiguration }: ExtendedS3DestinationDescription,
  type: string,
): Processor | undefined {
  if (!ProcessingConfiguration?.Enabled) return undefined;
  return ProcessingConfiguration.Processors?.find(({ Type }) => Type === type);
}

function readLambda(processor: Processor): LambdaProcessor {
  const values = parametersOf(processor);
  return {
    functionArn: values.get("LambdaArn") ?? "",
    roleArn: values.get("RoleArn") ?? "",
    retries: Number(values.get("NumberOfRetries")),
    sizeBytes: Number(values.get("BufferSizeInMBs")) * MIB,
    intervalMs: Number(values.get("BufferIntervalInSeconds")) * 1000,
  };
}
