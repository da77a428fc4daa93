/**
 * S3 puts and gets, each load measured beside the same load on a bare server.
 * @module
 */

import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { join } from "node:path";
import { end, start } from "./child.ts";
import { BENCH_BUCKET, type Target } from "./pipeline.ts";
import { type Bench, costOfRatio, type Measured, type Row } from "./row.ts";

const CONNECTIONS = 4;
/** Turns of each load on each server; the best counts, as what disturbs only slows. */
const TURNS = 2;

interface Call {
  readonly verb: "put" | "get";
  readonly bytes: number;
  readonly size: string;
  /** The least ratio to a bare server. */
  readonly aim: number;
}

/** Puts and gets of objects of 1 KB and of 1 MB. */
export const s3Objects: Row = async (bench) => {
  const rows: Measured[] = [];
  for (
    const call of [
      { verb: "put", bytes: 1_000, size: "1 KB", aim: 0.85 },
      { verb: "get", bytes: 1_000, size: "1 KB", aim: 0.95 },
      // Ours is synced; the bare server keeps nothing.
      { verb: "put", bytes: 1_000_000, size: "1 MB", aim: 0.45 },
      { verb: "get", bytes: 1_000_000, size: "1 MB", aim: 0.95 },
    ] as const
  ) rows.push(await compared(bench, call));
  return rows;
};

async function compared({ target, folder, seconds }: Bench, call: Call): Promise<Measured> {
  const answer = join(folder, "body");
  await Deno.writeFile(answer, new Uint8Array(call.verb === "get" ? call.bytes : 0).fill(0x61));
  const server = await start(new URL("./bare_server.ts", import.meta.url), ["--answer", answer]);
  const bareTarget = { ...target, endpoint: `http://127.0.0.1:${server.firstLine}` };
  const [ours, bare]: number[][] = [[], []];
  for (let turn = 0; turn < TURNS; turn++) {
    bare.push(await callsPerSecond(bareTarget, call, seconds));
    ours.push(await callsPerSecond(target, call, seconds));
  }
  await end(server);
  const [best, bestBare] = [Math.max(...ours), Math.max(...bare)];
  return {
    measured: `S3 ${call.verb} of ${call.size}, ${CONNECTIONS} connections, to a bare server`,
    figure: `${(best / bestBare).toFixed(2)}  (${best.toFixed(0)} to ${
      bestBare.toFixed(0)
    } calls/s)`,
    ...costOfRatio(best / bestBare, call.aim),
  };
}

async function callsPerSecond(
  { endpoint, credentials }: Target,
  { verb, bytes }: Call,
  seconds: number,
): Promise<number> {
  const s3 = new S3Client({ endpoint, credentials, region: "us-east-1", maxAttempts: 1 });
  const Body = new Uint8Array(bytes).fill(0x61);
  const at = { Bucket: BENCH_BUCKET, Key: `bench-${bytes}` };
  const put = () => s3.send(new PutObjectCommand({ ...at, Body }));
  const get = async () => {
    const { Body } = await s3.send(new GetObjectCommand(at));
    await Body?.transformToByteArray();
  };
  await put();
  const act = verb === "put" ? put : get;
  for (let warmUp = 0; warmUp < 10; warmUp++) await act();
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  let calls = 0;
  await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    while (performance.now() < endMs) {
      await act();
      calls++;
    }
  }));
  s3.destroy();
  return calls / ((performance.now() - startMs) / 1000);
}
