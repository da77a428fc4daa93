/**
 * The processors of dynamic partitioning, MetadataExtraction and RecordDeAggregation: their
 * parameters, checked and read.
 * Follows https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html
 * @module
 */

import type { Processor } from "@aws-sdk/client-firehose";
import { Buffer } from "node:buffer";
import { invalidArgument, notSupported } from "../errors.ts";
import { described, knownParameters, parametersOf } from "./processor_parameters.ts";

const METADATA_EXTRACTION = ["MetadataExtractionQuery", "JsonParsingEngine"] as const;
const DE_AGGREGATION = ["SubRecordType", "Delimiter"] as const;

/** As DescribeDeliveryStream shows it. Throws InvalidArgumentException. */
export function describeMetadataExtraction(processor: Processor): Processor {
  const values = knownParameters(processor, METADATA_EXTRACTION);
  if (values.get("JsonParsingEngine") !== "JQ-1.6") {
    throw invalidArgument("MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6");
  }
  if (!values.has("MetadataExtractionQuery")) {
    // The text is ours.
    throw invalidArgument(
      "MetadataExtractionQuery is required when MetadataExtraction processor is used.",
    );
  }
  return described(processor, METADATA_EXTRACTION, values);
}

/** As DescribeDeliveryStream shows it. Throws InvalidArgumentException. */
export function describeDeAggregation(processor: Processor): Processor {
  const values = knownParameters(processor, DE_AGGREGATION);
  const type = values.get("SubRecordType");
  if (type !== "JSON" && type !== "DELIMITED") {
    throw invalidArgument("SubRecordType has to be one of JSON, DELIMITED");
  }
  const delimiter = values.get("Delimiter");
  if (type === "JSON" && delimiter !== undefined) {
    throw notSupported("the parameter Delimiter with SubRecordType JSON");
  }
  if (type === "DELIMITED" && delimiter === undefined) {
    throw invalidArgument("Delimiter should be present for DELIMITED");
  }
  if (delimiter !== undefined && !isBase64(delimiter)) {
    // The guide has the rule; the text is ours.
    throw invalidArgument(`Delimiter must be base64: ${delimiter}`);
  }
  return described(processor, DE_AGGREGATION, values);
}

/** The jq query of a MetadataExtraction processor. */
export const queryOf = (processor: Processor): string =>
  parametersOf(processor).get("MetadataExtractionQuery") ?? "";

/** How a record is divided into sub-records. */
export type DeAggregation =
  /** JSON objects one after the other, with white space between them or nothing. */
  | { readonly subRecordType: "JSON" }
  | { readonly subRecordType: "DELIMITED"; readonly delimiter: Uint8Array };

/** How a RecordDeAggregation processor divides records. */
export function readDeAggregation(processor: Processor): DeAggregation {
  const values = parametersOf(processor);
  if (values.get("SubRecordType") === "JSON") return { subRecordType: "JSON" };
  const delimiter = Buffer.from(values.get("Delimiter") ?? "", "base64");
  return { subRecordType: "DELIMITED", delimiter };
}

/** Whether a text is base64 of at least one byte. */
const isBase64 = (text: string): boolean =>
  text !== "" && Buffer.from(text, "base64").toString("base64") === text;
