/**
 * Exercise 3.2: one more partition key, from deep inside the document.
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
import { returned } from "./returned.ts";
import { inspected } from "../view/value_text.ts";

/** Reads the partition keys of a document, or gives the reason why it has none. */
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
  const located = (address: unknown) => ({ ...event, row: { ...event.row, address } });
  const from = (countryCode: unknown) => located({ city: "Oslo", countryCode });
  const { row: _, ...withoutRow } = event;
  /** The keys without the exercise's, then `country`: all of them must be there. */
  const withCountry = (document: JsonObject, country: string) => {
    const keys = partitionKeysOf(document);
    return { ...keys.value, country };
  };
  const wantedKeys = (tried: string, document: JsonObject, country: string) => ({
    tried,
    gave: () => keysOf(document, answer),
    wanted: withCountry(document, country),
  });
  return [
    wantedKeys("an event from Norway (NO)", from("NO"), "no"),
    wantedKeys("an event from Germany (DE)", from("DE"), "de"),
    wantedKeys("a country code in lower case (fr)", from("fr"), "fr"),
    wantedKeys("an event of another table", { ...from("NO"), table: "payments" }, "no"),
    wantedKeys("an event without a row", withoutRow, "unknown"),
    wantedKeys("an event whose row is null", { ...event, row: null }, "unknown"),
    wantedKeys("an event whose row has no address", { ...event, row: {} }, "unknown"),
    wantedKeys("an address that is text", located("Main street 1"), "unknown"),
    wantedKeys("an address that is null", located(null), "unknown"),
    wantedKeys("an address without a country code", located({ city: "Oslo" }), "unknown"),
    wantedKeys("a country code that is empty", from(""), "unknown"),
    wantedKeys("a country code that is a number", from(47), "unknown"),
    wantedKeys("a country code that is null", from(null), "unknown"),
    {
      tried: "an event without a table",
      gave: () => keysOf({ ...from("NO"), table: undefined }, answer),
      wanted: "ProcessingFailed",
    },
  ];
}

/** The partition keys that the transform answers, or the result if it is not Ok. */
function keysOf(document: object, answer: CountryKeys): PartitionKeys | string {
  const data = gzipJson(document).toBase64();
  const event = {
    invocationId: "a7234216-12b6-4bc0-96d7-82606c0e80cf",
    deliveryStreamArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/exercise",
    region: "us-east-1",
    records: [{ recordId: "1", approximateArrivalTimestamp: 1_795_512_600_000, data }],
  };
  const given: Outcome<PartitionKeys>[] = [];
  const partitionKeysOf: CountryKeys = (read) => {
    const outcome = returned(answer(read));
    given.push(outcome);
    return outcome;
  };
  const { response } = transform(event, { partitionKeysOf });
  const other = given.find((outcome) => !hasForm(outcome));
  if (other !== undefined) return `neither { value } nor { reason }: ${inspected(other)}`;
  const [record] = response.records;
  return record.result === "Ok" ? record.metadata.partitionKeys : record.result;
}

/** Whether a reader's function gave back nothing but a value or a reason. */
function hasForm(outcome: unknown): boolean {
  if (typeof outcome !== "object" || outcome === null) return false;
  const names = Object.keys(outcome);
  return names.length > 0 && names.every((name) => name === "value" || name === "reason");
}
