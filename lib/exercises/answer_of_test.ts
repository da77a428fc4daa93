import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { ungzip } from "pako";
import { type AnswerOf, answerOf, answerOfCases, type GoodAnswer } from "./answer_of.ts";
import { fairTest } from "./testing.ts";

/** The right answer with members exchanged. */
const but = (change: (right: GoodAnswer) => Partial<GoodAnswer>): AnswerOf => (record) => {
  const right = answerOf(record);
  return { ...right, ...change(right) };
};
const keys = (change: (right: Readonly<Record<string, string>>) => Record<string, string>) =>
  but(({ metadata: { partitionKeys } }) => ({
    metadata: { partitionKeys: change(partitionKeys) },
  }));
const withData = (change: (text: string) => string) =>
  but(({ data }) => ({ data: change(Buffer.from(data, "base64").toString()) }));
const base64 = (text: string) => Buffer.from(text).toString("base64");

fairTest("3.1", {
  casesOf: answerOfCases,
  right: {
    "the published one": answerOf,
    "Buffer": ({ recordId, data }) => {
      const text = gunzipSync(Buffer.from(data, "base64")).toString();
      const event = JSON.parse(text);
      const time = new Date(event.time).toISOString();
      return {
        recordId,
        result: "Ok",
        data: base64(`${text}\n`),
        metadata: {
          partitionKeys: {
            database: event.database,
            table: event.table,
            year: time.slice(0, 4),
            month: time.slice(5, 7),
            day: time.slice(8, 10),
            hour: time.slice(11, 13),
          },
        },
      };
    },
    "pako, and keys in another order": ({ recordId, data }) => {
      const text = ungzip(Uint8Array.fromBase64(data), { toText: true });
      const { database, table, time } = JSON.parse(text);
      const [, year, month, day, hour] = /^(\d+)-(\d+)-(\d+)T(\d+)/.exec(time) ?? [];
      const partitionKeys = { hour, day, month, year, table, database };
      return { metadata: { partitionKeys }, data: base64(text + "\n"), result: "Ok", recordId };
    },
    "JSON written again": but(({ data }) => ({
      data: base64(`${JSON.stringify(JSON.parse(Buffer.from(data, "base64").toString()))}\n`),
    })),
  },
  wrong: {
    "the starter: the record as it came": ({ recordId, data }) => ({
      recordId,
      result: "Ok",
      data,
      metadata: { partitionKeys: {} },
    }),
    "no line feed": withData((text) => base64(text.trimEnd())),
    "two line feeds": withData((text) => base64(`${text}\n`)),
    "a carriage return": withData((text) => base64(`${text.trimEnd()}\r\n`)),
    "plain text, no base64": withData((text) => text),
    "base64 twice": but(({ data }) => ({ data: base64(data) })),
    "btoa, which loses letters": withData((text) => btoa(text.replace(/[^\p{ASCII}]/gu, "?"))),
    "laid out": withData((text) => base64(JSON.stringify(JSON.parse(text), null, 2) + "\n")),
    "another recordId": but(() => ({ recordId: "1" })),
    "ok in small letters": but(() => ({ result: "ok" })),
    "OK in large letters": but(() => ({ result: "OK" })),
    "Dropped": but(() => ({ result: "Dropped" })),
    "no keys": keys(() => ({})),
    "no hour": keys(({ hour: _, ...others }) => others),
    "the minute too": keys((right) => ({ ...right, minute: "00" })),
    "a constant table": keys((right) => ({ ...right, table: "orders" })),
    "month and day exchanged": keys((right) => ({ ...right, month: right.day, day: right.month })),
    "a month without its zero": keys((right) => ({ ...right, month: `${Number(right.month)}` })),
    "a number for the year": keys((right) =>
      JSON.parse(
        JSON.stringify({ ...right, year: Number(right.year) }),
      )
    ),
    "keys beside metadata": (record) => {
      const { metadata, ...others } = answerOf(record);
      return { ...others, metadata, ...metadata.partitionKeys };
    },
    "gzip again": (record) => ({ ...answerOf(record), data: record.data }),
  },
});

for (
  const [what, change, said] of [
    ["is still compressed", (data) => data, "bytes that begin with 1f 8b: still compressed"],
    ["is no base64", () => "{}", "not base64"],
    ["has bytes that are no text", () => "/w==", "bytes that are not UTF-8 text"],
    ["is bytes", (data) => gunzipSync(Buffer.from(data, "base64")), "bytes: base64 is missing"],
    ["is missing", () => undefined, "no text: undefined"],
  ] as const satisfies readonly (readonly [string, (data: string) => unknown, string])[]
) {
  Deno.test(`exercise 3.1 says so when the data ${what}`, () => {
    // A reader's cell is not type-checked: any value reaches the check.
    const answer: AnswerOf = (record) =>
      Object.assign(answerOf(record), { data: change(record.data) });
    const decoded = answerOfCases(answer).find(({ tried }) => tried.endsWith("data, decoded"));
    assertEquals(decoded?.gave(), said);
  });
}
