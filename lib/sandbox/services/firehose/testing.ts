/**
 * A Firehose on an in-memory database for tests of this folder: real IAM, real S3, a clock that
 * the test moves.
 * @module
 */

import type {
  CreateDeliveryStreamInput,
  DeliveryStreamDescription,
  ExtendedS3DestinationConfiguration,
  ExtendedS3DestinationUpdate,
  ProcessingConfiguration,
  Processor,
  ProcessorParameter,
  ProcessorParameterName,
  UpdateDestinationInput,
} from "@aws-sdk/client-firehose";
import { gunzipSync } from "node:zlib";
import { until } from "../../testing/until.ts";
import type { Caller } from "../../access/caller.ts";
import { ManualClock } from "../../clock.ts";
import type { RequestContext } from "../../operation.ts";
import { systemRandom } from "../../random.ts";
import { Database } from "../../store/database.ts";
import { memoryFiles, type ObjectFiles } from "../../store/object_files.ts";
import { memorySegments, type SegmentFiles } from "../../store/segment_files.ts";
import type { Role } from "../iam/entities.ts";
import { IamState } from "../iam/state.ts";
import type { FaultSource } from "../../ports/fault_source.ts";
import type { FunctionInvoker, InvokeOutcome } from "../../ports/function_invoker.ts";
import type { LogLine } from "../../ports/log_sink.ts";
import type { MetricSample } from "../../ports/metric_sink.ts";
import { S3State, type StoredObject } from "../s3/state.ts";
import { streamDescription } from "./operations/describe_delivery_stream.ts";
import { firehoseService } from "./service.ts";
import type { PutQuotas } from "./options.ts";
import { FirehoseState } from "./state.ts";
import type { FirehoseWatch } from "./watch.ts";

export const ACCOUNT_ID = "123456789012";
export const BUCKET = "records";
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT_ID}:role/delivery`;

/** What a test may put in place of the usual parts. */
export interface WorldOptions {
  readonly database?: Database;
  readonly files?: ObjectFiles;
  readonly segments?: SegmentFiles;
  readonly clock?: ManualClock;
  readonly invoker?: FunctionInvoker;
  readonly quotas?: PutQuotas;
  readonly faults?: FaultSource;
  readonly watch?: FirehoseWatch;
}

/** Firehose, the services it needs, and ways to look at what it does. */
export class World implements AsyncDisposable {
  readonly clock: ManualClock;
  readonly database: Database;
  readonly files: ObjectFiles;
  readonly iam: IamState;
  readonly s3: S3State;
  readonly firehose: FirehoseState;
  readonly problems: string[] = [];
  readonly samples: MetricSample[] = [];
  readonly logLines: LogLine[] = [];
  readonly logStreams: string[] = [];

  constructor(options: WorldOptions = {}) {
    this.clock = options.clock ?? new ManualClock(Date.UTC(2026, 10, 24, 12, 30, 5));
    this.database = options.database ?? new Database(":memory:");
    this.files = options.files ?? memoryFiles();
    const common = {
      database: this.database,
      clock: this.clock,
      random: systemRandom,
      region: "us-east-1",
      accountId: ACCOUNT_ID,
    };
    this.iam = new IamState(common);
    this.s3 = new S3State({ ...common, files: this.files, access: this.iam });
    this.firehose = new FirehoseState({
      ...common,
      s3: this.s3,
      segments: options.segments ?? memorySegments(),
      access: this.iam,
      invoker: options.invoker,
      quotas: options.quotas,
      faults: options.faults,
      watch: options.watch,
      logs: {
        write: ({ lines, logStreamName }) => {
          this.logLines.push(...lines);
          this.logStreams.push(logStreamName);
          return Promise.resolve();
        },
      },
      metrics: { record: (samples) => void this.samples.push(...samples) },
      onDeliveryProblem: (line) => void this.problems.push(line),
    });
    this.firehose.start();
  }

  /** A world with a bucket, and a role that may write to it. */
  static async with(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    await world.database.commit(() =>
      world.s3.saveBucket({ name: BUCKET, createMs: world.clock.nowMs(), tags: {} })
    );
    await world.saveRole({});
    return world;
  }

  /** Makes the delivery role, or changes it: its trust policy and what it may do. */
  async saveRole(
    { trust = {}, actions = ["s3:PutObject", "lambda:InvokeFunction"], ...more }: {
      readonly trust?: Readonly<Record<string, unknown>>;
      readonly actions?: readonly string[];
      readonly resource?: string;
      readonly condition?: Readonly<Record<string, unknown>>;
    },
  ): Promise<void> {
    const Version = "2012-10-17";
    const allowed = {
      Effect: "Allow",
      Action: actions,
      Resource: more.resource ?? "*",
      Condition: more.condition,
    };
    const trustPolicy = {
      Effect: "Allow",
      Principal: { Service: "firehose.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "sts:ExternalId": ACCOUNT_ID } },
      ...trust,
    };
    const role: Role = {
      roleName: "delivery",
      path: "/",
      id: "AROATESTTESTTESTTESTT",
      arn: ROLE_ARN,
      createMs: this.clock.nowMs(),
      trustPolicy: JSON.stringify({ Version, Statement: trustPolicy }),
      trustedIds: {},
      maxSessionSeconds: 3600,
      inline: actions.length === 0
        ? {}
        : { write: JSON.stringify({ Version, Statement: allowed }) },
      attached: [],
      tags: {},
    };
    await this.iam.change(() => this.iam.save("role", "delivery", role));
  }

  /** Runs an operation without HTTP, as the root user unless said otherwise. */
  async call(
    name: string,
    input: Readonly<Record<string, unknown>>,
    caller: Caller = this.iam.rootCaller(),
  ): Promise<unknown> {
    const operation = firehoseService(this.firehose).operations.get(name);
    if (!operation) throw new Error(`no operation ${name}`);
    const request: RequestContext = {
      caller,
      region: "us-east-1",
      requestId: "test",
      nowMs: this.clock.nowMs(),
      headers: new Headers(),
      signature: { version: 4, place: "header", signedMs: this.clock.nowMs() },
    };
    return await operation.run(input, request);
  }

  /** What DescribeDeliveryStream shows of a stream. */
  describe(name = "stream"): DeliveryStreamDescription {
    const stream = this.firehose.stream(name);
    return streamDescription(stream);
  }

  /** Updates the destination of `stream`, from its present version unless `input` says otherwise. */
  async update(
    update: ExtendedS3DestinationUpdate,
    input: Partial<UpdateDestinationInput> = {},
  ): Promise<void> {
    const name = input.DeliveryStreamName ?? "stream";
    await this.call("UpdateDestination", {
      DeliveryStreamName: name,
      CurrentDeliveryStreamVersionId: String(this.firehose.find(name)?.version),
      DestinationId: "destinationId-000000000001",
      ExtendedS3DestinationUpdate: update,
      ...input,
    });
  }

  /** Creates a stream and waits until it is ACTIVE. */
  async createStream(
    destination: Partial<ExtendedS3DestinationConfiguration> = {},
    input: Partial<CreateDeliveryStreamInput> = {},
  ): Promise<void> {
    const name = input.DeliveryStreamName ?? "stream";
    await this.call("CreateDeliveryStream", {
      DeliveryStreamName: name,
      ExtendedS3DestinationConfiguration: {
        RoleARN: ROLE_ARN,
        BucketARN: `arn:aws:s3:::${BUCKET}`,
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
        ...destination,
      },
      ...input,
    });
    this.clock.advance(20_000);
    await until(
      "the stream to be ACTIVE",
      () => this.firehose.find(name)?.status === "ACTIVE" || undefined,
    );
  }

  /** Puts records in one batch. */
  async put(...records: (string | Uint8Array)[]): Promise<void> {
    const Records = records.map((record) => ({ Data: bytesOf(record) }));
    await this.call("PutRecordBatch", { DeliveryStreamName: "stream", Records });
  }

  /** Puts records in one batch, as somebody else than the root user. */
  async putAs(caller: Caller, ...records: Uint8Array[]): Promise<void> {
    const Records = records.map((Data) => ({ Data }));
    await this.call("PutRecordBatch", { DeliveryStreamName: "stream", Records }, caller);
  }

  objects(): StoredObject[] {
    return this.s3.objectsFrom(BUCKET, new Uint8Array(), 10_000);
  }

  /** Waits until there are `count` objects (more is an error), and gives them. */
  async objectsOnceThere(count: number): Promise<StoredObject[]> {
    const objects = await until(`${count} objects`, () => {
      const objects = this.objects();
      return objects.length >= count ? objects : undefined;
    });
    if (objects.length > count) throw new Error(`${objects.length} objects, not ${count}`);
    return objects;
  }

  /** The texts of the objects whose key begins with `prefix`, joined; objects in order of keys. */
  async textUnder(prefix: string): Promise<string> {
    const objects = this.objects().filter(({ key }) => key.startsWith(prefix));
    return (await Promise.all(objects.map((object) => this.text(object)))).join("");
  }

  /** An object's text, decompressed. */
  async text({ file, sizeBytes, contentEncoding }: StoredObject): Promise<string> {
    const body = await new Response(this.s3.bodies.stream(file, 0, sizeBytes)).bytes();
    return new TextDecoder().decode(contentEncoding === "gzip" ? gunzipSync(body) : body);
  }

  /** The values recorded for a metric. */
  metric(name: string): number[] {
    return this.samples.filter(({ metricName }) => metricName === name).map(({ value }) => value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.firehose.stop();
    this.database.close();
  }
}

/** The event as a function reads it. */
export interface LambdaEvent {
  readonly invocationId: string;
  readonly deliveryStreamArn: string;
  readonly region: string;
  readonly records: readonly {
    readonly recordId: string;
    readonly approximateArrivalTimestamp: number;
    readonly data: string;
  }[];
}

/** A function in place of Lambda: it keeps the events it gets, and answers as the test says. */
export class TestFunction implements FunctionInvoker {
  readonly events: LambdaEvent[] = [];
  readonly arns: string[] = [];

  constructor(
    readonly answer: (event: LambdaEvent) => InvokeOutcome | Promise<InvokeOutcome>,
  ) {}

  async invoke({ functionArn, payload }: Parameters<FunctionInvoker["invoke"]>[0]) {
    const event: LambdaEvent = JSON.parse(new TextDecoder().decode(payload));
    this.events.push(event);
    this.arns.push(functionArn);
    return await this.answer(event);
  }
}

/** What a function answers that returns `value`. */
export function returned(value: unknown): InvokeOutcome {
  return { kind: "succeeded", payload: new TextEncoder().encode(JSON.stringify(value)) };
}

/** A function that answers each record with what `answerOne` makes of its text. */
export function functionOf(answerOne: (text: string) => Record<string, unknown>): TestFunction {
  return new TestFunction(({ records }) =>
    returned({
      records: records.map(({ recordId, data }) => ({
        recordId,
        ...answerOne(new TextDecoder().decode(Uint8Array.fromBase64(data))),
      })),
    })
  );
}

/** Base64 of a text. */
export const base64 = (text: string): string => new TextEncoder().encode(text).toBase64();

export const FUNCTION_ARN = `arn:aws:lambda:us-east-1:${ACCOUNT_ID}:function:transform`;

/** A processing configuration with a Lambda processor. */
export function lambdaProcessing(values: ParameterValues = {}): ProcessingConfiguration {
  return {
    Enabled: true,
    Processors: [{
      Type: "Lambda",
      Parameters: parameters({ LambdaArn: FUNCTION_ARN, ...values }),
    }],
  };
}

/** A destination with dynamic partitioning by a jq query, and processors besides. */
export function jqDestination(
  MetadataExtractionQuery: string,
  Prefix: string,
  ...others: readonly Processor[]
) {
  return {
    Prefix,
    ErrorOutputPrefix: "errors/!{firehose:error-output-type}/",
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    DynamicPartitioningConfiguration: { Enabled: true },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{
        Type: "MetadataExtraction",
        Parameters: parameters({ MetadataExtractionQuery, JsonParsingEngine: "JQ-1.6" }),
      }, ...others],
    },
  } satisfies Partial<ExtendedS3DestinationConfiguration>;
}

/** Parameters of a processor by name. */
export type ParameterValues = Partial<Record<ProcessorParameterName, string>>;

/** Parameters as they are sent; in an order that is not that of DescribeDeliveryStream. */
export function parameters(values: ParameterValues): ProcessorParameter[] {
  return PARAMETER_NAMES.flatMap((ParameterName) => {
    const ParameterValue = values[ParameterName];
    return ParameterValue === undefined ? [] : [{ ParameterName, ParameterValue }];
  });
}

const PARAMETER_NAMES = [
  "LambdaArn",
  "NumberOfRetries",
  "RoleArn",
  "BufferSizeInMBs",
  "BufferIntervalInSeconds",
  "Delimiter",
  "SubRecordType",
  "JsonParsingEngine",
  "MetadataExtractionQuery",
  "CompressionFormat",
  "DataMessageExtraction",
] as const;

function bytesOf(record: string | Uint8Array): Uint8Array {
  return typeof record === "string" ? new TextEncoder().encode(record) : record;
}
