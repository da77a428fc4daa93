/**
 * Many functions, and many invocations of one.
 * @module
 */

import { IAMClient } from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { Buffer } from "node:buffer";
import { deployModule } from "../../../aws/deploy/functions.ts";
import { idleMiB } from "../child.ts";
import type { Bench, Row } from "../row.ts";
import { clientsOf, inParallel } from "./clients.ts";

const FEW = 10;
const MANY = 20;
/** Calls of each function that are timed. */
const ROUNDS = 10;
const SOME_INVOCATIONS = 300;
const INVOCATIONS = 3_000;

/** The time of a call while 20 functions are called in turn, to that while 10 are. */
export const roundRobin: Row = async ({ fresh }) => {
  const bench = await fresh();
  const names = Array.from({ length: MANY }, (_, n) => `bench-turn-${n}`);
  using functions = await functionsOf(bench, names);
  const callMs = async (count: number) => {
    const round = async () => {
      for (const name of names.slice(0, count)) await functions.invoke(name);
    };
    await round();
    const beganMs = performance.now();
    for (let n = 0; n < ROUNDS; n++) await round();
    return (performance.now() - beganMs) / ROUNDS / count;
  };
  const few = await callMs(FEW);
  const many = await callMs(MANY);
  return [{
    measured: `time of a call, ${MANY} functions in turn, to ${FEW} in turn`,
    figure: `${(many / few).toFixed(2)}  (${many.toFixed(1)} to ${few.toFixed(1)} ms)`,
    aim: "at most 2",
    cost: many / few,
    costMax: 2,
  }];
};

/** Memory after many invocations, to that after a tenth of them. */
export const invocations: Row = async ({ fresh }) => {
  const bench = await fresh();
  using functions = await functionsOf(bench, ["bench-many"]);
  await inParallel(SOME_INVOCATIONS, 4, () => functions.invoke("bench-many"));
  const before = await idleMiB(bench.sandbox);
  await inParallel(INVOCATIONS - SOME_INVOCATIONS, 4, () => functions.invoke("bench-many"));
  const after = await idleMiB(bench.sandbox);
  return [{
    measured: `memory after ${INVOCATIONS} invocations, to that after ${SOME_INVOCATIONS}`,
    figure: `${(after / before).toFixed(2)}  (${after.toFixed(0)} to ${before.toFixed(0)} MiB)`,
    aim: "at most 1.2",
    cost: after / before,
    costMax: 1.2,
  }];
};

/** Functions that do nothing, deployed. */
async function functionsOf({ target }: Bench, names: readonly string[]) {
  const options = { ...target, region: "us-east-1" };
  const shared = clientsOf(target);
  const clients = { ...shared, iam: new IAMClient(options), lambda: new LambdaClient(options) };
  for (const functionName of names) {
    await deployModule(clients, "export const handler = async () => null;", { functionName });
  }
  return {
    invoke: (FunctionName: string) =>
      clients.lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from("{}") })),
    [Symbol.dispose]: () => {
      shared[Symbol.dispose]();
      clients.iam.destroy();
      clients.lambda.destroy();
    },
  };
}
