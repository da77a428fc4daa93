/**
 * Exercise 3.1: the answer to one record, at the heart of a transform.
 * @module
 */

import type { FirehoseTransformationEventRecord } from "../../lambda/event.ts";
import { type SampleEvent, sampleEvents } from "../data/events.ts";
import { gzipJson } from "../data/gzip.ts";
import { gunzipSync } from "node:zlib";
import type { ExerciseCase } from "../view/exercise.ts";
import { returned, unlikeText } from "./returned.ts";

/** What a function answers for one good record. */
export interface GoodAnswer {
  readonly recordId: string;
  readonly result: string;
  readonly data: string;
  readonly metadata: { readonly partitionKeys: Readonly<Record<string, string>> };
}

/**
 * Decompresses a record and answers `Ok` with its JSON as a line, and six partition keys: database,
 * table, year, month, day, hour. Throws on a bad record.
 */
export type AnswerOf = (record: FirehoseTransformationEventRecord) => GoodAnswer;

/** A solution. */
export const answerOf: AnswerOf = ({ recordId, data }) => {
  const document = gunzipSync(Uint8Array.fromBase64(data)).toString();
  const { database, table, time }: SampleEvent = JSON.parse(document);
  const [year, month, day, hour] = time.split(/[-T:]/);
  return {
    recordId,
    result: "Ok",
    data: new TextEncoder().encode(document + "\n").toBase64(),
    metadata: { partitionKeys: { database, table, year, month, day, hour } },
  };
};

const [first, second] = sampleEvents(2);
const EVENTS: readonly { readonly what: string; readonly event: SampleEvent }[] = [
  { what: "an event of the notebook", event: first },
  { what: "another one", event: { ...second, table: "refunds", time: "2025-12-31T23:59:58Z" } },
  { what: "letters outside ASCII (Zoë, 日本)", event: { ...first, database: "Zoë 日本" } },
];

/** What is tried on an answer, member by member. */
export function answerOfCases(answer: AnswerOf): ExerciseCase[] {
  return EVENTS.flatMap(({ what, event }, index) => {
    const record = {
      recordId: `4966${index}`,
      approximateArrivalTimestamp: 1_795_512_600_000 + index,
      data: gzipJson(event).toBase64(),
    };
    const wanted = answerOf(record);
    const member = (name: string, read: (answer: GoodAnswer) => unknown) => ({
      tried: `${what}: ${name}`,
      gave: () => read(returned(answer({ ...record }))),
      wanted: read(wanted),
    });
    return [
      member("recordId", ({ recordId }) => recordId),
      member("result", ({ result }) => result),
      member("data, decoded", ({ data }) => textOf(data)),
      // A reader's answer may lack metadata.
      member("metadata.partitionKeys", ({ metadata }) => ({ ...metadata?.partitionKeys })),
      member("names of its members", (given) => Object.keys(given).toSorted()),
    ];
  });
}

/** The first bytes of gzip. */
const isGzip = ([first, second]: Uint8Array) => first === 0x1f && second === 0x8b;

/** The text in base64, or what is wrong with it. */
function textOf(data: string): string {
  const unlike = unlikeText(data); // a kernel checks no types
  if (unlike !== undefined) return unlike;
  try {
    const bytes = Uint8Array.fromBase64(data);
    if (isGzip(bytes)) return "bytes that begin with 1f 8b: still compressed";
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    return error instanceof SyntaxError ? "not base64" : "bytes that are not UTF-8 text";
  }
}
