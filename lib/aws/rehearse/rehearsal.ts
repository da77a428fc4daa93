/**
 * A rehearsal: records go through somebody's own function as Firehose would send them, with the
 * real Runtime API, the real limits, and the sandbox's judge of responses. Nothing leaves this
 * machine.
 * @module
 */

import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CreateDeliveryStreamCommand, FirehoseClient } from "@aws-sdk/client-firehose";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateFunctionCommand,
  type InvocationResponse,
  InvokeCommand,
  LambdaClient,
  Runtime,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { Buffer } from "node:buffer";
import { type SandboxOptions, startSandbox } from "../../sandbox/sandbox.ts";
import { isObject } from "../../sandbox/values.ts";
import type { InvokeOutcome } from "../../sandbox/ports/function_invoker.ts";
import { lambdaEvent } from "../../sandbox/services/firehose/processing/lambda_event.ts";
import {
  type Finding,
  judge,
  type Verdict,
} from "../../sandbox/services/firehose/processing/response_judge.ts";
import type { SourceRecord } from "../../sandbox/services/firehose/record.ts";
import { logStart } from "./function_log_start.ts";
import type { OwnCode } from "./own_code.ts";

/** How the function is started. */
export interface FunctionSettings {
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** One batch, sent once. */
export interface Attempt {
  readonly start: number;
  readonly end: number;
  /** When it was sent, in milliseconds since 1970. */
  readonly beganMs: number;
  readonly requestBytes: number;
  /** Of the response that Lambda passed on; undefined if the function failed. */
  readonly responseBytes: number | undefined;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** The last lines of the function's log, at most 4 KB. */
  readonly log: string;
  /** Bytes of each record's answer in the response, commas included; empty if the function failed. */
  readonly answerBytes: readonly number[];
}

/** A function that is ready to be invoked. */
export interface Rehearsal {
  /** Records that the function has put to a delivery stream so far, as one does that puts back. */
  readonly putBack: number;
  /** Sends the records from `start` up to `end` as one batch. */
  attempt(start: number, end: number): Promise<Attempt>;
  /**
   * The function's log of an attempt, from its first line; undefined if it can't be had whole. The
   * tail in {@linkcode Attempt} is too short for an error that comes before many other lines.
   */
  logOf(attempt: Attempt): Promise<string | undefined>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The function, its role, the stream and its bucket: they live in a sandbox of their own. */
const NAME = "rehearsal";
const ROLE_ARN = `arn:aws:iam::123456789012:role/${NAME}`;
const STREAM_ARN = `arn:aws:firehose:us-east-1:123456789012:deliverystream/${NAME}`;

/** Starts a sandbox for this rehearsal alone, and the function in it. */
export async function startRehearsal(
  code: OwnCode,
  records: readonly Uint8Array[],
  { settings, sandbox: options = {}, say = () => {} }: {
    readonly settings: FunctionSettings;
    readonly sandbox?: Partial<SandboxOptions>;
    /** Called with what the sandbox says, such as the progress of an installation. */
    readonly say?: (line: string) => void;
  },
): Promise<Rehearsal> {
  let putBack = 0;
  const sandbox = await startSandbox({
    port: 0,
    dataDir: undefined,
    speed: 60,
    isOpen: true, // the rehearsal is about responses, not about permissions
    log: {
      answered: ({ operation, input, status }) => {
        if (status === 200) putBack += recordsPut(operation, input);
      },
      problem: say,
      close: () => Promise.resolve(),
    },
    ...options,
  });
  const { endpoint, region, rootKey: credentials } = sandbox;
  const client = { endpoint, region, credentials };
  const lambda = new LambdaClient({ ...client, maxAttempts: 1 });
  const logs = new CloudWatchLogsClient(client);
  const stop = async () => {
    lambda.destroy();
    logs.destroy();
    await sandbox.stop();
  };
  try {
    await createSurroundings(client);
    await createFunction(lambda, code, settings);
  } catch (error) {
    await stop();
    throw error;
  }
  const sources = sourcesOf(records);
  return {
    get putBack() {
      return putBack;
    },
    attempt: (start, end) => attempt(lambda, sources, start, end),
    logOf: ({ beganMs }) => logStart(logs, `/aws/lambda/${NAME}`, beganMs),
    [Symbol.asyncDispose]: stop,
  };
}

/** Records that a call put to a stream: what a function sends that puts back what did not fit. */
function recordsPut(operation: string | undefined, input: unknown): number {
  if (operation === "PutRecord") return 1;
  if (operation !== "PutRecordBatch" || !isObject(input)) return 0;
  return Array.isArray(input.Records) ? input.Records.length : 0;
}

interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The role of the function, and the stream that its event names, for functions that put back. */
async function createSurroundings(settings: ClientSettings): Promise<void> {
  const [iam, s3, firehose] = [
    new IAMClient(settings),
    new S3Client({ ...settings, forcePathStyle: true }),
    new FirehoseClient(settings),
  ];
  const services = ["lambda.amazonaws.com", "firehose.amazonaws.com"];
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: services }, Action: "sts:AssumeRole" }],
  };
  await iam.send(
    new CreateRoleCommand({ RoleName: NAME, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  await s3.send(new CreateBucketCommand({ Bucket: NAME }));
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: NAME,
      ExtendedS3DestinationConfiguration: {
        RoleARN: ROLE_ARN,
        BucketARN: `arn:aws:s3:::${NAME}`,
      },
    }),
  );
  for (const client of [iam, s3, firehose]) client.destroy();
}

async function createFunction(
  lambda: LambdaClient,
  { zip, handler, runtime }: OwnCode,
  { memoryMB, timeoutSeconds, variables }: FunctionSettings,
): Promise<void> {
  const Runtime = runtimeNamed(runtime);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: NAME,
      Role: ROLE_ARN,
      Code: { ZipFile: zip },
      Handler: handler,
      Runtime,
      MemorySize: memoryMB,
      Timeout: timeoutSeconds,
      Environment: { Variables: { ...variables } },
    }),
  );
  const wait = { client: lambda, maxWaitTime: 120, minDelay: 1, maxDelay: 1 };
  await waitUntilFunctionActiveV2(wait, { FunctionName: NAME });
}

function runtimeNamed(name: string): Runtime {
  const found = Object.values(Runtime).find((runtime) => runtime === name);
  if (found) return found;
  throw new TypeError(
    `AWS has no runtime "${name}": try nodejs22.x, python3.12 or provided.al2023`,
  );
}

/** The records with ids as Firehose gives them. */
function sourcesOf(records: readonly Uint8Array[]): SourceRecord[] {
  const arrivalMs = Date.now();
  return records.map((data, index) => ({
    recordId: `${"4".repeat(44)}${String(index).padStart(12, "0")}000000`,
    data,
    rawData: data,
    sourceBytes: data.length,
    arrivalMs,
  }));
}

async function attempt(
  lambda: LambdaClient,
  sources: readonly SourceRecord[],
  start: number,
  end: number,
): Promise<Attempt> {
  const records = sources.slice(start, end);
  const payload = lambdaEvent({
    invocationId: crypto.randomUUID(),
    deliveryStreamArn: STREAM_ARN,
    region: "us-east-1",
    records,
  });
  const beganMs = Date.now();
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: NAME, Payload: payload, LogType: "Tail" }),
  ).then(
    (response): Answer => ({ outcome: outcomeOf(response), log: tailOf(response) }),
    refusedOf,
  );
  const { outcome, log } = answer;
  const ids = records.map(({ recordId }) => recordId);
  const posted = outcome.kind === "succeeded" ? outcome.payload : undefined;
  return {
    start,
    end,
    beganMs,
    requestBytes: payload.length,
    responseBytes: posted?.length,
    ...judge(outcome, ids),
    log,
    answerBytes: posted ? answerSizes(posted, ids) : [],
  };
}

interface Answer {
  readonly outcome: InvokeOutcome;
  readonly log: string;
}

function outcomeOf(
  { FunctionError, Payload = new Uint8Array() }: InvocationResponse,
): InvokeOutcome {
  if (FunctionError === undefined) return { kind: "succeeded", payload: Payload };
  const error: unknown = JSON.parse(new TextDecoder().decode(Payload));
  const errorType = isObject(error) ? `${error.errorType ?? FunctionError}` : FunctionError;
  return { kind: "functionError", errorType, payload: Payload };
}

/** What Lambda itself refused, for example an event that is too large. */
function refusedOf(error: unknown): Answer {
  if (!(error instanceof Error)) throw error;
  return { outcome: { kind: "refused", code: error.name, message: error.message }, log: "" };
}

const tailOf = ({ LogResult = "" }: InvocationResponse) =>
  Buffer.from(LogResult, "base64").toString();

/**
 * Bytes of each record's answer. They share what the response has beyond them (a comma, and in some
 * languages a blank), so that their sum and the envelope are the whole response.
 */
function answerSizes(response: Uint8Array, ids: readonly string[]): number[] {
  const value = parsed(new TextDecoder().decode(response));
  const items = isObject(value) && Array.isArray(value.records) ? value.records : [];
  const sizes = new Map<string, number>();
  for (const item of items) {
    if (!isObject(item) || typeof item.recordId !== "string") continue;
    const size = Buffer.byteLength(JSON.stringify(item));
    sizes.set(item.recordId, (sizes.get(item.recordId) ?? 0) + size);
  }
  const counted = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const each = items.length === 0 ? 0 : (response.length - counted) / items.length;
  return ids.map((id) => Math.ceil((sizes.get(id) ?? 0) + each));
}

/** Undefined for what is not JSON, such as Python's NaN: the judge of responses says so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
