/**
 * A rehearsal: records go through somebody's own function as Firehose would send them, with the
 * real Runtime API, the real limits, and the sandbox's judge of responses. Nothing leaves this
 * machine.
 * @module
 */

import { CloudWatchLogsClient, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
} from "@aws-sdk/client-firehose";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateFunctionCommand,
  type FunctionCode,
  LambdaClient,
  Runtime,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { Buffer } from "node:buffer";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type { Caller } from "../../sandbox/access/caller.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/sandbox.ts";
import type { InvokeOutcome } from "../../sandbox/ports/function_invoker.ts";
import { lambdaEvent } from "../../sandbox/services/firehose/processing/lambda_event.ts";
import {
  type Finding,
  judge,
  type Verdict,
} from "../../sandbox/services/firehose/processing/response_judge.ts";
import type { ProcessingError, SourceRecord } from "../../sandbox/services/firehose/record.ts";
import { type Answer, answersOf, type FateCounts, fateCounts } from "./answers.ts";
import { hasFailed, type LogFacts, logFacts } from "./attempts.ts";
import { failedAnswers } from "./failed_answers.ts";
import { logStart } from "./function_log_start.ts";
import type { OwnCode } from "./own_code.ts";
import { PutBackCount } from "./put_back_count.ts";
import { recordIdOf, withRecords } from "./record_ids.ts";
import type { Records } from "./record_spool.ts";

/** How the function is started. */
export interface FunctionSettings {
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** One batch, sent once: what is kept of it, however many records it has. */
export interface Invocation extends LogFacts {
  readonly start: number;
  readonly end: number;
  /** When it was sent, in milliseconds since 1970. */
  readonly beganMs: number;
  readonly requestBytes: number;
  /** Of the response that Lambda passed on; undefined if the function failed. */
  readonly responseBytes: number | undefined;
  readonly counts: FateCounts;
  readonly findings: readonly Finding[];
}

/** An invocation with all that came of it. It holds the data of a whole batch, so it is let go soon. */
export interface Attempt {
  readonly invocation: Invocation;
  /** The error of all records; undefined if each has its own fate. */
  readonly error: ProcessingError | undefined;
  /** In the order of the records; empty if all failed together. */
  readonly answers: readonly Answer[];
  /** The last lines of the function's log, at most 4 KB. */
  readonly log: string;
  /** Answers of records that failed all the same, as JSON, by the record's index; if they are wanted. */
  readonly failedAnswers: ReadonlyMap<number, string>;
}

/** A function that is ready to be invoked. */
export interface Rehearsal {
  /** Records that the function has put to a delivery stream so far, as one does that puts back. */
  readonly putBack: number;
  /**
   * Sends the records from `start` up to `end` as one batch. Batches go one after the other, also if
   * the next one is asked for before the answer: it is prepared meanwhile.
   */
  attempt(start: number, end: number): Promise<Attempt>;
  /**
   * The function's log of an invocation, from its first line; undefined if it can't be had whole. The
   * tail in {@linkcode Attempt} is too short for an error that comes before many other lines.
   */
  logOf(invocation: Invocation): Promise<string | undefined>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The function, its role, the stream and its bucket: they live in a separate sandbox. */
const NAME = "rehearsal";
const LOG_GROUP = `/aws/lambda/${NAME}`;
const ROLE_ARN = `arn:aws:iam::123456789012:role/${NAME}`;
const STREAM_ARN = `arn:aws:firehose:us-east-1:123456789012:deliverystream/${NAME}`;

/** Starts a sandbox for this rehearsal alone, and the function in it. */
export async function startRehearsal(
  code: OwnCode,
  records: Records,
  {
    settings,
    sandbox: options = {},
    say = () => {},
    readsFailedAnswers = false,
    zipInRequestBytesMax = ZIP_IN_REQUEST_BYTES_MAX,
  }: {
    readonly settings: FunctionSettings;
    /** A larger zip comes from S3. */
    readonly zipInRequestBytesMax?: number;
    /** Whether attempts hold what was answered for failed records. */
    readonly readsFailedAnswers?: boolean;
    readonly sandbox?: Partial<SandboxOptions>;
    /** Called with what the sandbox says, such as the progress of an installation. */
    readonly say?: (line: string) => void;
  },
): Promise<Rehearsal> {
  const putBack = new PutBackCount();
  const sandbox = await startSandbox({
    port: 0,
    dataDir: undefined,
    speed: 60,
    runsOneFunction: true, // one batch after the other
    isOpen: true, // the rehearsal is about responses, not about permissions
    log: {
      answered: (answer) => putBack.note(answer),
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
    const source = await placeOf(client, code.zip, zipInRequestBytesMax);
    await Promise.all([createFunction(lambda, source, code, settings), streamIsActive(client)]);
  } catch (error) {
    await stop();
    throw error;
  }
  const sender = new Sender(sandbox, records, { runtime: code.runtime, readsFailedAnswers });
  const kept = new KeptLogs(logs);
  return {
    get putBack() {
      return putBack.records;
    },
    attempt: async (start, end) => {
      const { attempt, isLogLong } = await sender.attempt(start, end);
      await kept.note(attempt, isLogLong);
      return attempt;
    },
    logOf: (invocation) => kept.of(invocation),
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * The function's log, which is in memory as all of this sandbox. That of a function that writes much is
 * deleted after each attempt, but for the first one that failed.
 */
class KeptLogs {
  readonly #client: CloudWatchLogsClient;
  #failed: { readonly invocation: Invocation; readonly log: string | undefined } | undefined;

  constructor(client: CloudWatchLogsClient) {
    this.#client = client;
  }

  async note({ invocation }: Attempt, isLong: boolean): Promise<void> {
    if (!isLong) return;
    if (hasFailed(invocation)) {
      this.#failed ??= { invocation, log: await this.#read(invocation) };
    }
    const command = new DeleteLogGroupCommand({ logGroupName: LOG_GROUP });
    await this.#client.send(command).catch(() => {}); // nothing of it may have been written yet
  }

  async of(invocation: Invocation): Promise<string | undefined> {
    return this.#failed?.invocation === invocation
      ? this.#failed.log
      : await this.#read(invocation);
  }

  #read({ beganMs }: Invocation): Promise<string | undefined> {
    return logStart(this.#client, LOG_GROUP, beganMs);
  }
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

/**
 * Resolves once the stream takes records: a function may put back at its first invocation. Not by
 * `lib/aws/streams`, which brings the notebooks' views along: the packages have none.
 */
async function streamIsActive(settings: ClientSettings): Promise<void> {
  const firehose = new FirehoseClient(settings);
  const command = new DescribeDeliveryStreamCommand({ DeliveryStreamName: NAME });
  try {
    for (let look = 0; look < STREAM_LOOKS_MAX; look++) {
      const { DeliveryStreamDescription } = await firehose.send(command);
      if (DeliveryStreamDescription?.DeliveryStreamStatus === "ACTIVE") return;
      await pause(LOOK_SECONDS * 1_000);
    }
    throw new Error(`The sandbox's stream did not become active in ${STREAM_LOOKS_MAX} looks.`);
  } finally {
    firehose.destroy();
  }
}

/** How often to look whether function and stream are active: both take a fraction of a second. */
const LOOK_SECONDS = 0.02;
const STREAM_LOOKS_MAX = 1_500;

/**
 * The largest zip that a request for a function holds; a larger one comes from S3, as on AWS.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const ZIP_IN_REQUEST_BYTES_MAX = 50 * 1024 * 1024;

/** Where Lambda finds the function's zip. One of more than `bytesMax` is put into the surroundings' bucket. */
async function placeOf(
  settings: ClientSettings,
  zip: Uint8Array,
  bytesMax: number,
): Promise<FunctionCode> {
  if (zip.length <= bytesMax) return { ZipFile: zip };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const place = { Bucket: NAME, Key: "function.zip" };
  try {
    await s3.send(new PutObjectCommand({ ...place, Body: zip }));
  } finally {
    s3.destroy();
  }
  return { S3Bucket: place.Bucket, S3Key: place.Key };
}

async function createFunction(
  lambda: LambdaClient,
  code: FunctionCode,
  { handler, runtime }: OwnCode,
  { memoryMB, timeoutSeconds, variables }: FunctionSettings,
): Promise<void> {
  const Runtime = runtimeNamed(runtime);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: NAME,
      Role: ROLE_ARN,
      Code: code,
      Handler: handler,
      Runtime,
      MemorySize: memoryMB,
      Timeout: timeoutSeconds,
      Environment: { Variables: { ...variables } },
    }),
  );
  const wait = { client: lambda, maxWaitTime: 120, minDelay: LOOK_SECONDS, maxDelay: LOOK_SECONDS };
  await waitUntilFunctionActiveV2(wait, { FunctionName: NAME });
}

function runtimeNamed(name: string): Runtime {
  const found = Object.values(Runtime).find((runtime) => runtime === name);
  if (found) return found;
  throw new TypeError(
    `AWS has no runtime "${name}": try nodejs22.x, python3.12 or provided.al2023`,
  );
}

/** The record as Firehose has it. */
function sourceOf(data: Uint8Array, recordId: string, arrivalMs: number): SourceRecord {
  return {
    recordId,
    data,
    rawData: data,
    sourceBytes: data.length,
    arrivalMs,
  };
}

const NO_ANSWERS: Attempt["failedAnswers"] = new Map();

/** Sends batches to the function, and judges the answers. */
class Sender {
  readonly #records: Records;
  readonly #invoke: (payload: Uint8Array) => Promise<InvokeOutcome>;
  readonly #runtime: string;
  readonly #readsFailedAnswers: boolean;
  readonly #arrivalMs = Date.now();
  /** Events so far. */
  #events = 0;
  /** Ends when the function is free for the next batch. */
  #free: Promise<unknown> = Promise.resolve();

  constructor(
    sandbox: Sandbox,
    records: Records,
    { runtime, readsFailedAnswers }: {
      readonly runtime: string;
      readonly readsFailedAnswers: boolean;
    },
  ) {
    this.#records = records;
    this.#runtime = runtime;
    this.#readsFailedAnswers = readsFailedAnswers;
    this.#invoke = invokerIn(sandbox);
  }

  async attempt(start: number, end: number) {
    const event = ++this.#events;
    const records = this.#records.slice(start, end).map((data, index) =>
      sourceOf(data, recordIdOf(event, start + index), this.#arrivalMs)
    );
    const payload = lambdaEvent({
      invocationId: crypto.randomUUID(),
      deliveryStreamArn: STREAM_ARN,
      region: "us-east-1",
      records,
    });
    const invoked = this.#free.then(async () => {
      const beganMs = Date.now();
      return { beganMs, outcome: await this.#invoke(payload) };
    });
    this.#free = invoked.catch(() => {});
    const { beganMs, outcome } = await invoked;
    // The next batch, if it is ready, goes to the function before this one is judged.
    await nextTurn();
    const { verdict, findings } = judge(outcome, records.map(({ recordId }) => recordId));
    const posted = outcome.kind === "succeeded" ? outcome.payload : undefined;
    const log = logEnd(outcome);
    const isFailed = verdict.kind === "batchFailed";
    const invocation: Invocation = {
      start,
      end,
      beganMs,
      requestBytes: payload.length,
      responseBytes: posted?.length,
      counts: fateCounts(verdict, records.length),
      findings: withRecords(findings, { event, dataOf: (index) => records[index - start].data }),
      ...logFacts(log, { hasFailed: isFailed, logBytes: logBytesOf(outcome) }),
    };
    const responseBytes = posted?.length ?? 0;
    const attempt: Attempt = {
      invocation,
      error: isFailed ? verdict.error : undefined,
      answers: answersOf(verdict, { responseBytes, runtime: this.#runtime }),
      log,
      failedAnswers: this.#failedAnswers(posted, records, { start, verdict }),
    };
    return { attempt, isLogLong: logBytesOf(outcome) > LONG_LOG };
  }

  #failedAnswers(
    response: Uint8Array | undefined,
    records: readonly SourceRecord[],
    { start, verdict }: { readonly start: number; readonly verdict: Verdict },
  ): Attempt["failedAnswers"] {
    if (!response || !this.#readsFailedAnswers) return NO_ANSWERS;
    const failed = new Map(
      records.map(({ recordId }, index): [string, number] => [recordId, index])
        .filter(([, index]) =>
          verdict.kind === "batchFailed" || verdict.fates[index].result === "ProcessingFailed"
        ),
    );
    if (failed.size === 0) return NO_ANSWERS;
    const answers = failedAnswers(response, new Set(failed.keys()));
    return new Map([...answers].map(([id, text]) => [start + (failed.get(id) ?? 0), text]));
  }
}

/** The last bytes of a function's log that are kept of each attempt. */
const LOG_BYTES_MAX = 4_096;

/** The end of an invocation's log. A copy: a slice would keep all of the text in memory. */
function logEnd(outcome: InvokeOutcome): string {
  return Buffer.from(logOf(outcome)).subarray(-LOG_BYTES_MAX).toString();
}

const logBytesOf = (outcome: InvokeOutcome) =>
  outcome.kind === "refused" ? 0 : outcome.logBytes ?? 0;

const logOf = (outcome: InvokeOutcome) => outcome.kind === "refused" ? "" : outcome.log ?? "";

/** Of a log that is longer the sandbox gives no more than the end. */
const LONG_LOG = 60_000;

/**
 * Invokes the function as Firehose's processor does, within the process. Lambda's Invoke would read
 * the event once more to see whether it is JSON.
 */
function invokerIn({ functions, accountId, region }: Sandbox) {
  const caller: Caller = {
    kind: "root",
    accountId,
    arn: `arn:aws:iam::${accountId}:root`,
    userId: accountId,
  };
  const functionArn = `arn:aws:lambda:${region}:${accountId}:function:${NAME}`;
  return (payload: Uint8Array) => functions.invoke({ caller, functionArn, payload });
}
