/**
 * Makes the objects that readers are tried on: records go through a sandbox's delivery streams, one
 * for each way to write them.
 * @module
 */

import type {
  CompressionFormat,
  ExtendedS3DestinationConfiguration,
  Processor,
} from "@aws-sdk/client-firehose";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DOCUMENT } from "../../../lambda/sample_event.ts";
import type { Strategy } from "../../../lambda/transform_options.ts";
import { deployFunction } from "../../aws/deploy/functions.ts";
import { type Lab, labOf } from "../../aws/place/begin.ts";
import { clientsOf, closeClients } from "../../aws/place/clients.ts";
import { ensureDelivery } from "../../aws/deploy/delivery_role.ts";
import { objectsUnder, storedBytes } from "../../aws/streams/objects.ts";
import { putAll } from "../../aws/streams/put_all.ts";
import { ensureStream } from "../../aws/streams/streams.ts";
import { gzipJson } from "../../data/gzip.ts";
import { jsonBytes } from "../../data/json.ts";
import { fakePeople } from "../../data/people.ts";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { until } from "../../sandbox/testing/until.ts";

/** What one delivery stream writes. */
interface Way {
  readonly compression: CompressionFormat;
  readonly extension: string;
  /** Undefined for records that are put as plain JSON and pass no function. */
  readonly strategy: Strategy | undefined;
  readonly isDelimited: boolean;
}

const LINES: Way = {
  compression: "UNCOMPRESSED",
  extension: ".json",
  strategy: undefined,
  isDelimited: true,
};

/** The ways that records are written, by the name of the object. */
const WAYS: Readonly<Record<string, Way>> = {
  keptMembers: { ...LINES, strategy: "keep-compressed", extension: ".json.gz" },
  mergedMembers: { ...LINES, strategy: "merge-compressed", extension: ".json.gz" },
  functionLines: {
    ...LINES,
    strategy: "drop-and-reingest",
    compression: "GZIP",
    extension: ".json.gz",
  },
  oneMember: { ...LINES, compression: "GZIP", extension: ".json.gz" },
  lines: LINES,
  runTogether: { ...LINES, isDelimited: false },
  snappy: { ...LINES, compression: "Snappy", extension: ".json.snappy" },
  hadoopSnappy: { ...LINES, compression: "HADOOP_SNAPPY", extension: ".json.snappy" },
  zip: { ...LINES, compression: "ZIP", extension: ".json.zip" },
};

/** A stream's buffer of 900 seconds takes six. */
const SPEED = 150;

/** An object that was delivered. */
export interface Delivered {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** The objects, in the bucket of a sandbox that runs until it is stopped. */
export interface MadeObjects {
  readonly lab: Lab;
  readonly objects: ReadonlyMap<string, Delivered>;
  readonly stop: () => Promise<void>;
}

/** Delivers `recordCount` records in every way. */
export async function makeObjects(recordCount: number): Promise<MadeObjects> {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: SPEED });
  const lab = labOn(sandbox);
  await ensureDelivery(lab);
  const objects = new Map<string, Delivered>();
  for (const [name, way] of Object.entries(WAYS)) {
    objects.set(name, await deliver(lab, name, way, documents(recordCount)));
  }
  const stop = async () => {
    closeClients(lab);
    await sandbox.stop();
  };
  return { lab, objects, stop };
}

/** The documents that are sent; ids count from 0. */
export function documents(count: number) {
  return fakePeople(count).map((person, id) => ({ ...DOCUMENT, ...person, id }));
}

function labOn({ endpoint, rootKey, region, accountId, awsDir }: Sandbox): Lab {
  const where = {
    mode: "sandbox",
    profile: "sandbox",
    partition: "aws",
    arn: `arn:aws:iam::${accountId}:root`,
    speed: SPEED,
    accountId,
    region,
    endpoint,
  } as const;
  const clients = clientsOf({ endpoint, credentials: rootKey, region });
  const files = { config: join(awsDir, "config"), credentials: join(awsDir, "credentials") };
  return labOf({ notebook: 4, where, clients, files, ask: () => false });
}

/** Sends the documents through a new stream, and reads the one object that they become. */
async function deliver(
  lab: Lab,
  name: string,
  way: Way,
  sent: readonly object[],
): Promise<Delivered> {
  const { firehose, names, s3 } = lab;
  const prefix = `${name}/`;
  await ensureStream(lab, name, destinationOf(lab, prefix, way));
  if (way.strategy) await deploy(lab, name, way.strategy);
  await putAll(
    firehose,
    name,
    sent.map((document) => ({ Data: way.strategy ? gzipJson(document) : jsonBytes(document) })),
  );
  const key = await until(`the object of ${name}`, async () => {
    const [object] = await objectsUnder(s3, names.bucket, prefix);
    return object?.key;
  });
  const bytes = await storedBytes(s3, names.bucket, key);
  if (key.endsWith(".gz")) assertComplete(name, bytes, sent.length);
  return { key, bytes };
}

/** On a busy machine the function may take longer than the stream's buffer waits. */
function assertComplete(name: string, bytes: Uint8Array, wanted: number): void {
  const count = gunzipSync(bytes).toString().trimEnd().split("\n").length;
  if (count === wanted) return;
  throw new Error(`the object of ${name} has ${count} of ${wanted} records: run it again`);
}

async function deploy(lab: Lab, streamName: string, strategy: Strategy): Promise<void> {
  const functionName = lab.names.function;
  await deployFunction(lab, { functionName, streamName, settings: { strategy }, tags: {} });
}

function destinationOf(lab: Lab, prefix: string, way: Way): ExtendedS3DestinationConfiguration {
  const { names } = lab;
  const processors = processorsOf(lab, way);
  const partition = way.strategy ? "!{partitionKeyFromLambda:table}/" : "";
  return {
    BucketARN: names.bucketArn,
    RoleARN: names.deliveryRoleArn,
    Prefix: `${prefix}${partition}`,
    ErrorOutputPrefix: "errors/",
    // One object holds all: it waits until every batch has passed the function.
    BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 900 },
    CompressionFormat: way.compression,
    FileExtension: way.extension,
    DynamicPartitioningConfiguration: { Enabled: way.strategy !== undefined },
    ProcessingConfiguration: { Enabled: processors.length > 0, Processors: processors },
  };
}

function processorsOf({ names }: Lab, { strategy, isDelimited }: Way): Processor[] {
  if (strategy) {
    const Parameters = [
      { ParameterName: "LambdaArn" as const, ParameterValue: names.functionArn },
      // The smallest, so that an object is made of several batches.
      { ParameterName: "BufferSizeInMBs" as const, ParameterValue: "0.2" },
      { ParameterName: "BufferIntervalInSeconds" as const, ParameterValue: "60" },
    ];
    return [{ Type: "Lambda", Parameters }];
  }
  return isDelimited ? [{ Type: "AppendDelimiterToRecord" }] : [];
}
