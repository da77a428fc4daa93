/**
 * The transform's strategies: CPU time for each record, and what they write.
 * @module
 */

import process from "node:process";
import { eventOf } from "../../../lambda/sample_event.ts";
import type { TransformOptions } from "../../../lambda/transform.ts";
import { gzipJson } from "../../data/gzip.ts";
import { largeEvents } from "../../data/large_events.ts";
import { sampleEvents } from "../../data/events.ts";
import { fakePeople } from "../../data/people.ts";
import { strategySizes } from "../../readers/strategies.ts";
import type { Row } from "./row.ts";
import { transformOf } from "./build_modules.ts";

const TURNS = 10;

const SETS = [
  {
    name: "1,000 people",
    documents: fakePeople(1_000),
    options: { partitionKeysOf: () => ({ value: { table: "people" } }) },
  },
  { name: "500 events in 15 partitions", documents: sampleEvents(500), options: {} },
  { name: "8 events of 1 MB", documents: largeEvents(8, 1_000_000), options: {} },
] as const;

/** The least CPU time: other work of the machine can only add to it. */
function cpuMs(act: () => unknown): number {
  const times = Array.from({ length: TURNS }, () => {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}

export const strategies: Row = async ({ build }) => {
  const { transform } = await transformOf(build);
  return SETS.flatMap(({ name, documents, options }) => {
    const event = eventOf(documents.map((document) => gzipJson(document)));
    return strategySizes(documents, options).map(({ strategy, ...sizes }) => {
      const chosen: TransformOptions = { ...options, strategy };
      const ms = cpuMs(() => JSON.stringify(transform(event, chosen).response));
      const micros = ms * 1_000 / documents.length;
      return {
        measured: `${strategy}, ${name}`,
        figure: `${micros.toFixed(0)} µs a record, ` +
          `${sizes.storedBytes.toLocaleString("en")} bytes, ${sizes.members} members, ` +
          `response ${sizes.responseBytes.toLocaleString("en")}`,
        aim: strategy === "merge-compressed" ? "a third of keep-compressed's bytes" : "said",
        cost: micros,
      };
    });
  });
};
