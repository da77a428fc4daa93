/**
 * What the SDK says of the one delivery stream of a sandbox, number by number, as the console's page
 * should show it.
 * @module
 */

import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeLogGroupsCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationDescription,
  ListDeliveryStreamsCommand,
  type ProcessorParameterName,
} from "@aws-sdk/client-firehose";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { clientsFor } from "../../sandbox/testing/clients.ts";

/** A number of the page, and the call that says it. */
export interface Wanted {
  readonly what: string;
  /** Undefined if the page should not show it, because there is nothing to count. */
  readonly value: string | number | undefined;
  readonly source: string;
}

/** Of the batches that the page lists. */
export const ALL_BATCHES = "milliseconds of all batches";

type SdkClients = ReturnType<typeof clientsFor>;

/** The stream, as the SDK describes it. */
export interface DescribedStream {
  readonly name: string;
  readonly bucket: string;
  readonly functionName: string;
  readonly destination: ExtendedS3DestinationDescription;
}

/** The only stream. Throws an `Error` if there is another number of them, or one without a function. */
export async function describeStream({ firehose }: SdkClients): Promise<DescribedStream> {
  const { DeliveryStreamNames = [] } = await firehose.send(new ListDeliveryStreamsCommand());
  const [name, ...others] = DeliveryStreamNames;
  if (name === undefined || others.length > 0) throw new Error(`streams: ${DeliveryStreamNames}`);
  const { DeliveryStreamDescription } = await firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
  );
  const destination = DeliveryStreamDescription?.Destinations?.[0]
    ?.ExtendedS3DestinationDescription;
  if (!destination) throw new Error(`${name} does not deliver to S3`);
  const functionName = lambdaParameter(destination, "LambdaArn")?.split(":")[6];
  if (functionName === undefined) throw new Error(`${name} has no function`);
  const bucket = destination.BucketARN?.split(":::")[1] ?? "";
  return { name, bucket, functionName, destination };
}

function lambdaParameter(
  { ProcessingConfiguration }: ExtendedS3DestinationDescription,
  name: ProcessorParameterName,
): string | undefined {
  const lambda = ProcessingConfiguration?.Processors?.find(({ Type }) => Type === "Lambda");
  return lambda?.Parameters?.find(({ ParameterName }) => ParameterName === name)?.ParameterValue;
}

interface Stored {
  readonly key: string;
  readonly bytes: number;
  readonly lines: readonly string[];
}

async function objectsUnder(
  { s3 }: SdkClients,
  Bucket: string,
  Prefix: string,
): Promise<Stored[]> {
  const { Contents = [], IsTruncated } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix }),
  );
  if (IsTruncated) throw new Error(`more than 1,000 objects are under ${Prefix}`);
  return await Promise.all(Contents.map(async ({ Key = "", Size = 0 }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const text = await Body?.transformToString() ?? "";
    return { key: Key, bytes: Size, lines: text.split("\n").filter((line) => line !== "") };
  }));
}

/** Sum and number of the samples of a metric in the last hour. */
async function metric(
  { metrics }: SdkClients,
  MetricName: string,
  { name }: DescribedStream,
): Promise<{ readonly sum: number; readonly samples: number }> {
  const { Datapoints = [] } = await metrics.send(
    new GetMetricStatisticsCommand({
      ...{ Namespace: "AWS/Firehose", MetricName },
      Dimensions: [{ Name: "DeliveryStreamName", Value: name }],
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 60,
      Statistics: ["Sum", "SampleCount"],
    }),
  );
  const total = (of: "Sum" | "SampleCount") =>
    Datapoints.reduce((sum, point) => sum + (point[of] ?? 0), 0);
  return { sum: total("Sum"), samples: total("SampleCount") };
}

/** The part of a prefix before its first expression. */
const fixedPart = (prefix = "") => prefix.split("!{")[0];

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** A count that the page leaves out while it is 0. */
const ifAny = (value: number) => value === 0 ? undefined : value;

/** Every number of the stream's card. */
export async function cardNumbers(clients: SdkClients, stream: DescribedStream): Promise<Wanted[]> {
  const { bucket, destination } = stream;
  const of = (name: string) => metric(clients, name, stream);
  const [records, puts, bytes, run, ran, s3Deliveries, s3Records] = await Promise.all([
    ...["IncomingRecords", "IncomingPutRequests", "IncomingBytes"].map(of),
    ...["ExecuteProcessing.Success", "ExecuteProcessing.Duration"].map(of),
    ...["DeliveryToS3.Success", "DeliveryToS3.Records"].map(of),
  ]);
  const data = await objectsUnder(clients, bucket, fixedPart(destination.Prefix));
  const errors = await objectsUnder(clients, bucket, fixedPart(destination.ErrorOutputPrefix));
  const delivered = sum(data.map(({ lines }) => lines.length));
  const codes = Map.groupBy(
    errors.flatMap(({ lines }) => lines),
    (line) => `${JSON.parse(line).errorCode}`,
  );
  const failed = sum(errors.map(({ lines }) => lines.length));
  const dropped = await droppedByObserver(clients, stream);
  const hints = (name: ProcessorParameterName) => Number(lambdaParameter(destination, name));
  return [
    { what: "records", value: records.sum, source: "IncomingRecords" },
    { what: "puts", value: puts.sum, source: "IncomingPutRequests" },
    { what: "bytes", value: bytes.sum, source: "IncomingBytes" },
    {
      what: "buffered",
      value: records.sum - delivered - failed - dropped,
      source: "IncomingRecords, less what is in S3 and what was dropped",
    },
    {
      what: "Buffer by size, of",
      value: Math.floor(hints("BufferSizeInMBs") * 1024 * 1024),
      source: "DescribeDeliveryStream: BufferSizeInMBs",
    },
    { what: "batches", value: run.samples, source: "samples of ExecuteProcessing.Success" },
    {
      what: "failedBatches",
      value: ifAny(run.samples - run.sum),
      source: "ExecuteProcessing.Success that are 0",
    },
    {
      what: "retriedBatches",
      value: ifAny(run.samples - run.sum),
      source: "ExecuteProcessing.Success that are 0: each is followed by an attempt",
    },
    { what: ALL_BATCHES, value: ran.sum, source: "ExecuteProcessing.Duration" },
    { what: "partitions", value: 0, source: "nothing waits: see buffered" },
    { what: "objects", value: data.length, source: "ListObjectsV2" },
    { what: "delivered", value: delivered, source: "lines, by GetObject" },
    { what: "deliveredBytes", value: sum(data.map(({ bytes }) => bytes)), source: "ListObjectsV2" },
    {
      what: "delivered and failed",
      value: s3Records.sum,
      source: "DeliveryToS3.Records",
    },
    {
      what: "refused",
      value: ifAny(s3Deliveries.samples - s3Deliveries.sum),
      source: "DeliveryToS3.Success that are 0",
    },
    { what: "dropped", value: ifAny(dropped), source: "FilterLogEvents: events of the observer" },
    { what: "errorObjects", value: errors.length, source: "ListObjectsV2" },
    ...[...codes].map(([code, lines]) => ({
      what: `error ${code}`,
      value: lines.length,
      source: "errorCode of each line, by GetObject",
    })),
    ...await objectRows([...data, ...errors]),
  ];
}

/** The page lists the newest objects: each of them must be one of these. */
const objectRows = (objects: readonly Stored[]): Wanted[] =>
  objects.map(({ key, bytes, lines }) => ({
    what: `object ${key}`,
    value: `${lines.length} ${lines.length === 1 ? "record" : "records"}, ${bytes}`,
    source: "ListObjectsV2, GetObject",
  }));

/** Notebook 3 first deploys a function that logs its event and drops every record. */
async function droppedByObserver(clients: SdkClients, stream: DescribedStream): Promise<number> {
  return sum(
    (await observedEvents(clients, stream)).map((text) => JSON.parse(text).records.length),
  );
}

/** The events of that function, as it logged them. */
export async function observedEvents(
  clients: SdkClients,
  { functionName }: DescribedStream,
): Promise<string[]> {
  const messages = await logMessages(clients, `/aws/lambda/${functionName}`);
  return messages.flatMap((message) => {
    const [event] = /\{"invocationId".*\}/.exec(message) ?? [];
    return event === undefined ? [] : [event];
  });
}

/** All messages of a log group. */
export async function logMessages({ logs }: SdkClients, logGroupName: string): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
    found.push(...(page.events ?? []).map(({ message = "" }) => message));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

/** Names of the log groups. */
export async function logGroups({ logs }: SdkClients): Promise<string[]> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand());
  return logGroups.map(({ logGroupName = "" }) => logGroupName);
}
