/**
 * What the rows of the group `scale` have in common: clients, many calls at a time, and watching a
 * sandbox while it works.
 * @module
 */

import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { setTimeout as pause } from "node:timers/promises";
import type { Target } from "../pipeline.ts";

/** Clients of one sandbox; {@linkcode Symbol.dispose} closes their connections. */
export function clientsOf({ endpoint, credentials }: Target) {
  const options = { endpoint, credentials, region: "us-east-1" };
  const clients = {
    firehose: new FirehoseClient(options),
    logs: new CloudWatchLogsClient(options),
    metrics: new CloudWatchClient(options),
    s3: new S3Client(options),
    sts: new STSClient(options),
  };
  return {
    ...clients,
    [Symbol.dispose]: () => Object.values(clients).forEach((client) => client.destroy()),
  };
}

/** Makes `count` calls, `width` at a time. */
export async function inParallel(
  count: number,
  width: number,
  call: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    while (next < count) await call(next++);
  }));
}

/** Waits until `probe` is true. Throws an `Error` after `withinMs`. */
export async function untilTrue(
  what: string,
  probe: () => Promise<boolean>,
  withinMs = 120_000,
): Promise<void> {
  const endMs = Date.now() + withinMs;
  while (!await probe()) {
    if (Date.now() > endMs) throw new Error(`waited ${withinMs} ms for ${what}`);
    await pause(100);
  }
}

/** The waits of somebody else's small calls, in milliseconds, ascending, while `act` goes on. */
export async function waitsDuring(target: Target, act: () => Promise<unknown>): Promise<number[]> {
  using clients = clientsOf(target);
  const waits: number[] = [];
  let isActing = true;
  const acting = act().finally(() => {
    isActing = false;
  });
  do {
    const beganMs = performance.now();
    await clients.sts.send(new GetCallerIdentityCommand());
    waits.push(performance.now() - beganMs);
    await pause(2);
  } while (isActing);
  await acting;
  return waits.sort((a, b) => a - b);
}
