/**
 * The processors for what CloudWatch Logs sends, Decompression and CloudWatchLogProcessing: their
 * parameters, and which of them may stand together.
 * Follows https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs-decompression.html;
 * texts, defaults and spelling as a public capture of AWS (2026) reports them.
 * @module
 */

import type { ProcessingConfiguration, Processor } from "@aws-sdk/client-firehose";
import { invalidArgument } from "../errors.ts";
import { described, parametersOf } from "./processor_parameters.ts";

/**
 * The Decompression processor as DescribeDeliveryStream shows it: `GZIP` is the default. Here and
 * for CloudWatchLogProcessing, parameters of other processors are accepted and not shown.
 */
export function describeDecompression(processor: Processor): Processor {
  const { CompressionFormat = "GZIP" } = Object.fromEntries(
    parametersOf(processor),
  );
  if (CompressionFormat !== "GZIP") throw invalidArgument("CompressionFormat has to be GZIP");
  return described(
    processor,
    ["CompressionFormat"],
    new Map(Object.entries({ CompressionFormat })),
  );
}

/** The CloudWatchLogProcessing processor as DescribeDeliveryStream shows it: in lower case. */
export function describeLogProcessing(processor: Processor): Processor {
  const values = parametersOf(processor);
  const DataMessageExtraction = values.get("DataMessageExtraction")?.toLowerCase() ?? "";
  if (!["true", "false"].includes(DataMessageExtraction)) {
    throw invalidArgument(
      "Invalid parameter value for DataMessageExtraction. Allowed values are True and False.",
    );
  }
  return described(
    processor,
    ["DataMessageExtraction"],
    new Map(Object.entries({ DataMessageExtraction })),
  );
}

/** Throws InvalidArgumentException for CloudWatchLogProcessing without Decompression. */
export function checkLogProcessors(processors: readonly Processor[]): void {
  const has = (type: string) => processors.some(({ Type }) => Type === type);
  if (!has("CloudWatchLogProcessing") || has("Decompression")) return;
  throw invalidArgument(
    "CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor",
  );
}

/** What becomes of a record from CloudWatch Logs. */
export interface Decompression {
  /** Whether only the messages of its log events go on. */
  readonly extractsMessages: boolean;
}

/** What enabled processors do with records from CloudWatch Logs; undefined if they stay gzip. */
export function decompressionOf(
  configuration: ProcessingConfiguration | undefined,
): Decompression | undefined {
  const { Enabled = false, Processors = [] } = configuration ?? {};
  if (!Enabled || !Processors.some(({ Type }) => Type === "Decompression")) return undefined;
  const extraction = Processors.find(({ Type }) => Type === "CloudWatchLogProcessing");
  const extractsMessages = extraction !== undefined &&
    parametersOf(extraction).get("DataMessageExtraction") === "true";
  return { extractsMessages };
}
