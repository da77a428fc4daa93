/**
 * Puts to the sandbox, each load measured beside the same load on a bare server.
 * @module
 */

import { join } from "node:path";
import { end, start } from "./child.ts";
import { type LoadResult, putFor } from "./load.ts";
import { createStream } from "./pipeline.ts";
import { type Bench, costOfRatio, type Measured, type Row } from "./row.ts";

/**
 * Turns of each load, on one server right after the other. The turn whose ratio is the median
 * counts: a machine that is slow for a while is so for both.
 */
const TURNS = 3;

/**
 * PutRecordBatch, beside a server that reads the same body and answers a constant. The sandbox
 * delivers meanwhile as much as is put.
 */
export const putRecordBatch: Row = async (bench) => {
  const load = { connections: 4, recordsPerCall: 500, recordBytes: 1_000 };
  const measured = "PutRecordBatch, 500 × 1 KB, 4 connections, to a bare server";
  return [rowOf(measured, await compare(bench, load), 0.85)];
};

/** PutRecord, beside the same server with one synced write a request. */
export const putRecord: Row = async (bench) => {
  const load = { recordsPerCall: 1, recordBytes: 1_000, synced: true };
  return [
    rowOf(
      "PutRecord, 1 KB, 4 connections, to one synced write a request",
      await compare(bench, { ...load, connections: 4 }),
      1.3,
    ),
    rowOf(
      "PutRecord, 1 KB, 64 connections, to one synced write a request",
      await compare(bench, { ...load, connections: 64 }),
      2.5,
    ),
  ];
};

interface ComparedLoad {
  readonly connections: number;
  readonly recordsPerCall: number;
  readonly recordBytes: number;
  /** Whether the bare server syncs a write for each request. */
  readonly synced?: boolean;
}

interface Compared {
  readonly ours: LoadResult;
  readonly bare: LoadResult;
}

/** The same load on the sandbox and on a bare server, in turn. */
async function compare(
  { target, folder, seconds }: Bench,
  { synced, ...load }: ComparedLoad,
): Promise<Compared> {
  const answer = join(folder, "answer.json");
  await Deno.writeTextFile(answer, JSON.stringify(answerOf(load.recordsPerCall)));
  const args = ["--answer", answer, ...(synced ? ["--synced", join(folder, "synced")] : [])];
  const server = await start(new URL("./bare_server.ts", import.meta.url), args);
  const bareEndpoint = `http://127.0.0.1:${server.firstLine}`;
  const runs: Compared[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    // A new stream for each turn: the buffer of the last turn is delivered later.
    const streamName = `bench-${load.connections}-${load.recordsPerCall}-${turn}`;
    await createStream(target, streamName, 128);
    const shared = { ...load, streamName, credentials: target.credentials, seconds };
    runs.push({
      bare: await putFor({ ...shared, endpoint: bareEndpoint }),
      ours: await putFor({ ...shared, endpoint: target.endpoint }),
    });
  }
  await end(server);
  return runs.sort((a, b) => ratioOf(a) - ratioOf(b))[Math.floor(TURNS / 2)];
}

const ratioOf = ({ ours, bare }: Compared) => ours.callsPerSecond / bare.callsPerSecond;

/** What Firehose answers, so that the bare server sends as many bytes as the sandbox. */
function answerOf(records: number): unknown {
  const RecordId = "A".repeat(224);
  return records === 1 ? { RecordId, Encrypted: false } : {
    FailedPutCount: 0,
    Encrypted: false,
    RequestResponses: Array.from({ length: records }, () => ({ RecordId })),
  };
}

function rowOf(measured: string, compared: Compared, aim: number): Measured {
  const { ours, bare } = compared;
  const ratio = ratioOf(compared);
  const figure = `${ratio.toFixed(2)}  ` +
    `(${ours.callsPerSecond.toFixed(0)} to ${bare.callsPerSecond.toFixed(0)} calls/s)`;
  return { measured, figure, ...costOfRatio(ratio, aim) };
}
