/**
 * Exercise 3.1: one more partition key, from deep inside the document.
 * @module
 */

import type { JsonObject } from "../../lambda/document.ts";
import type { PartitionKeys } from "../../lambda/event.ts";
import type { Outcome } from "../../lambda/outcome.ts";
import { partitionKeysOf } from "../../lambda/partition_keys.ts";
import { transform } from "../../lambda/transform.ts";
import { gzipJson } from "../data/gzip.ts";
import { sampleEvents } from "../data/events.ts";
import type { ExerciseCase } from "../view/exercise.ts";

/** Reads the partition keys of a document; a reason where it has none. */
export type CountryKeys = (document: JsonObject) => Outcome<PartitionKeys>;

/** A solution: `country` is `row.address.countryCode` in lower case, or `unknown`. */
export const countryKeys: CountryKeys = (document) => {
  const keys = partitionKeysOf(document);
  if (keys.reason !== undefined) return keys;
  const code = memberOf(memberOf(memberOf(document, "row"), "address"), "countryCode");
  const country = typeof code === "string" && code !== "" ? code.toLowerCase() : "unknown";
  return { value: { ...keys.value, country } };
};

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return new Map(Object.entries(value)).get(name);
}

/** What is tried on an answer: each document through the whole transform. */
export function countryCases(answer: CountryKeys): ExerciseCase[] {
  const [event] = sampleEvents(1);
  const inOslo = { ...event, row: { ...event.row, address: { city: "Oslo", countryCode: "NO" } } };
  const { row: _, ...withoutRow } = event;
  const gave = (document: object) => () => countryOf(document, answer);
  return [
    { tried: "an event from Norway", gave: gave(inOslo), wanted: "no" },
    { tried: "an event without a row", gave: gave(withoutRow), wanted: "unknown" },
    {
      tried: "an event whose row has no address",
      gave: gave({ ...event, row: {} }),
      wanted: "unknown",
    },
    {
      tried: "an event without a table",
      gave: gave({ ...inOslo, table: undefined }),
      wanted: "ProcessingFailed",
    },
  ];
}

/** The key `country` that the transform answers, or the result where it is not Ok. */
function countryOf(document: object, answer: CountryKeys): string | undefined {
  const data = gzipJson(document).toBase64();
  const event = {
    invocationId: "a7234216-12b6-4bc0-96d7-82606c0e80cf",
    deliveryStreamArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/exercise",
    region: "us-east-1",
    records: [{ recordId: "1", approximateArrivalTimestamp: 1_795_512_600_000, data }],
  };
  const { response } = transform(event, { partitionKeysOf: answer });
  const [record] = response.records;
  return record.result === "Ok" ? record.metadata.partitionKeys.country : record.result;
}
