/**
 * Lists of many things.
 * @module
 */

import { DeleteObjectsCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreatePolicyCommand, IAMClient, ListPoliciesCommand } from "@aws-sdk/client-iam";
import { setTimeout as pause } from "node:timers/promises";
import { processorMs } from "../child.ts";
import { BENCH_BUCKET } from "../pipeline.ts";
import type { Measured, Row } from "../row.ts";
import { clientsOf, inParallel } from "./clients.ts";
import { databaseMiB, SETTLE_MS } from "./database.ts";

const KEYS = 1_000;
/** Calls of one list that are measured together: processor time is counted in steps of 10 ms. */
const CALLS = 20;

/** A page of common prefixes beside one of keys, and what objects leave behind that are deleted. */
export const prefixes: Row = async ({ fresh }) => {
  const { sandbox, target, folder } = await fresh();
  const empty = await databaseMiB(folder);
  using clients = clientsOf(target);
  const keyOf = (n: number) => n < KEYS ? `folders/${n}/object` : `keys/${n}`;
  await inParallel(
    2 * KEYS,
    16,
    (n) =>
      clients.s3.send(
        new PutObjectCommand({ Bucket: BENCH_BUCKET, Key: keyOf(n), Body: new Uint8Array(100) }),
      ),
  );
  const pageMs = async (Prefix: string) => {
    const list = new ListObjectsV2Command({ Bucket: BENCH_BUCKET, Prefix, Delimiter: "/" });
    await clients.s3.send(list);
    const beganMs = await processorMs(sandbox);
    for (let call = 0; call < CALLS; call++) await clients.s3.send(list);
    return (await processorMs(sandbox) - beganMs) / CALLS;
  };
  const folders = await pageMs("folders/");
  const keys = await pageMs("keys/");
  for (const first of [0, KEYS]) {
    const Objects = Array.from({ length: KEYS }, (_, n) => ({ Key: keyOf(first + n) }));
    await clients.s3.send(new DeleteObjectsCommand({ Bucket: BENCH_BUCKET, Delete: { Objects } }));
  }
  await pause(SETTLE_MS);
  const left = await databaseMiB(folder);
  return [
    ratioOf(`processor time of a page of ${KEYS} common prefixes, to one of keys`, {
      ...{ cost: folders, to: keys, unit: "ms", max: 3 },
    }),
    ratioOf(`database and log after ${2 * KEYS} objects are deleted, to fresh ones`, {
      ...{ cost: left, to: empty, unit: "MiB", max: 5 },
    }),
  ];
};

const FEW_POLICIES = 100;
const POLICIES = 1_500;

/** Listing policies among many, to listing them among few. */
export const policies: Row = async ({ fresh }) => {
  const { sandbox, target } = await fresh();
  const iam = new IAMClient({ ...target, region: "us-east-1" });
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
  });
  const create = (n: number) =>
    iam.send(new CreatePolicyCommand({ PolicyName: `bench-${n}`, PolicyDocument }));
  const listMs = async () => {
    const list = new ListPoliciesCommand({ Scope: "Local", MaxItems: FEW_POLICIES });
    await iam.send(list);
    const beganMs = await processorMs(sandbox);
    for (let call = 0; call < 5 * CALLS; call++) await iam.send(list);
    return (await processorMs(sandbox) - beganMs) / 5 / CALLS;
  };
  await inParallel(FEW_POLICIES, 8, create);
  await listMs(); // until the code is compiled
  const few = await listMs();
  await inParallel(POLICIES - FEW_POLICIES, 8, (n) => create(FEW_POLICIES + n));
  const many = await listMs();
  iam.destroy();
  return [
    ratioOf(`processor time of ListPolicies with ${POLICIES} policies, to ${FEW_POLICIES}`, {
      ...{ cost: many, to: few, unit: "ms", max: 1.5 },
    }),
  ];
};

function ratioOf(
  measured: string,
  { cost, to, unit, max }: {
    readonly cost: number;
    readonly to: number;
    readonly unit: string;
    readonly max: number;
  },
): Measured {
  return {
    measured,
    figure: `${(cost / to).toFixed(2)}  (${cost.toFixed(2)} to ${to.toFixed(2)} ${unit})`,
    aim: `at most ${max}`,
    cost: cost / to,
    costMax: max,
  };
}
