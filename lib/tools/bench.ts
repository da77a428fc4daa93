/**
 * `deno task bench`: the sandbox measured against a bare HTTP server, in one run with one client.
 * Figures depend on the machine; ratios much less. `--only NAME` (again for more) runs some rows.
 * The sandbox runs as `deno task sandbox --quiet` does: on disk, and without a line for each request.
 * @module
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { atRest } from "./bench/at_rest.ts";
import { end, KEY, start } from "./bench/child.ts";
import { jqStage, partitioned } from "./bench/jq_partitioning.ts";
import { coldStart, throughFunction, transformRatio, warmInvoke } from "./bench/lambda_function.ts";
import { manyRecords } from "./bench/many_records.ts";
import { createBase, type Target } from "./bench/pipeline.ts";
import { putRecord, putRecordBatch } from "./bench/put_ratios.ts";
import { putWhileDelivering } from "./bench/put_while_delivering.ts";
import type { Row } from "./bench/row.ts";
import { s3Objects } from "./bench/s3_ratios.ts";
import { naiveRatio, redriveRate } from "./bench/size_limit.ts";
import { strategies } from "./bench/strategies.ts";

/** In the order they run. */
const ROWS: Readonly<Record<string, Row>> = {
  atRest,
  // In this process: before the sandbox has anything to deliver meanwhile.
  jqStage,
  putRecordBatch,
  putRecord,
  putWhileDelivering,
  partitioned,
  s3Objects,
  transformRatio,
  warmInvoke,
  coldStart,
  throughFunction,
  naiveRatio,
  strategies,
  redriveRate,
  manyRecords,
};

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    records: { type: "string", default: "1000000" },
    only: { type: "string", multiple: true, default: Object.keys(ROWS) },
  },
});
const unknown = values.only.filter((name) => !Object.hasOwn(ROWS, name));
if (unknown.length > 0) {
  console.error(`No row ${unknown.join(", ")}; there are ${Object.keys(ROWS).join(", ")}.`);
  Deno.exit(1);
}

const folder = await Deno.makeTempDir();
const data = join(folder, "data");
const sandbox = await start(
  new URL("../sandbox/main.ts", import.meta.url),
  ["--port", "0", "--data", data, "--speed", "60", "--quiet"],
);
const target: Target = {
  endpoint: /http:\S+\d/.exec(sandbox.firstLine)?.[0] ?? "",
  credentials: KEY,
};
const bench = {
  sandbox,
  target,
  folder,
  seconds: Number(values.seconds),
  manyRecords: Number(values.records),
};
try {
  await createBase(target);
  for (const [name, row] of Object.entries(ROWS)) {
    if (!values.only.includes(name)) continue;
    for (const { measured, figure, aim } of await row(bench)) {
      console.log(`${measured.padEnd(62)} ${figure.padEnd(44)} aim: ${aim}`);
    }
  }
} finally {
  await end(sandbox);
  await Deno.remove(folder, { recursive: true });
}
