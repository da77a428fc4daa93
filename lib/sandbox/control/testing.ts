/**
 * A sandbox with its control pages, for tests.
 * @module
 */

import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  PutRecordCommand,
} from "@aws-sdk/client-firehose";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { CreateFunctionCommand, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { handlerZip } from "../services/lambda/testing.ts";
import { ACCOUNT_ID, type Sandbox, type SandboxOptions, startSandbox } from "../sandbox.ts";
import type { ListedFault } from "./faults.ts";
import type { FlushedObject, Undelivered } from "./flush.ts";
import type { SandboxState } from "./state.ts";
import { clientsFor } from "../testing/clients.ts";
import { until } from "../testing/until.ts";

/** What pages answer: each some of these members. */
export interface PageBody extends SandboxState {
  readonly error: string;
  readonly objects: readonly FlushedObject[];
  readonly undelivered: readonly Undelivered[];
  readonly id: string;
  readonly faults: readonly ListedFault[];
}

/** A page's answer. */
export interface PageAnswer {
  readonly status: number;
  readonly body: PageBody;
}

/** A destination that partitions JSON records by their `id`. */
export const PARTITIONED: Partial<ExtendedS3DestinationConfiguration> = {
  Prefix: "!{partitionKeyFromQuery:id}/",
  ErrorOutputPrefix: "errors/!{firehose:error-output-type}/",
  DynamicPartitioningConfiguration: { Enabled: true },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [{
      Type: "MetadataExtraction",
      Parameters: [
        { ParameterName: "MetadataExtractionQuery", ParameterValue: "{id: .id}" },
        { ParameterName: "JsonParsingEngine", ParameterValue: "JQ-1.6" },
      ],
    }],
  },
};

/** A sandbox, in this process or in another. */
type TestedSandbox =
  & Pick<Sandbox, "endpoint" | "port" | "token" | "rootKey">
  & Partial<Pick<Sandbox, "stop" | "stopAsked" | "newConsoleAddress">>;

/** A sandbox in memory and clients of its root user. */
export class ControlWorld implements AsyncDisposable {
  readonly clients: ReturnType<typeof clientsFor>;

  constructor(readonly sandbox: TestedSandbox) {
    const { endpoint, rootKey: credentials } = sandbox;
    this.clients = clientsFor({ endpoint, credentials });
  }

  static async start(options: Partial<SandboxOptions> = {}): Promise<ControlWorld> {
    const log = { problem: () => {}, close: () => Promise.resolve() };
    return new ControlWorld(
      await startSandbox({ port: 0, dataDir: undefined, speed: 1, log, ...options }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.clients[Symbol.dispose]();
    await this.sandbox.stop?.();
  }

  /** Asks a page with the sandbox's token. */
  async page(method: string, path: string, body?: unknown): Promise<PageAnswer> {
    return await this.ask(method, path, body, { authorization: `Bearer ${this.sandbox.token}` });
  }

  /** Does `work` while a minute passes every now and then: what is being created is soon there. */
  async whileTimePasses(work: () => Promise<void>): Promise<void> {
    const passing = setInterval(() => {
      this.page("POST", "/_sandbox/clock", { advanceSeconds: 60 }).catch(() => {});
    }, 50);
    await work().finally(() => clearInterval(passing));
  }

  /** Asks a page with these headers. */
  async ask(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<PageAnswer> {
    const response = await fetch(this.sandbox.endpoint + path, {
      method,
      headers,
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: JSON.parse(text) };
  }

  /** Makes a role, a bucket and a stream that holds records for 15 minutes, all named `name`. */
  async createStream(
    name: string,
    destination: Partial<ExtendedS3DestinationConfiguration> = {},
  ): Promise<void> {
    const { iam, s3, firehose } = this.clients;
    const policy = (statement: object) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", ...statement }],
      });
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: policy({
          Action: "sts:AssumeRole",
          Principal: { Service: ["firehose.amazonaws.com", "lambda.amazonaws.com"] },
        }),
      }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: name,
        PolicyName: "deliver",
        PolicyDocument: policy({ Action: ["s3:*", "lambda:*", "logs:*"], Resource: "*" }),
      }),
    );
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    await firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: name,
        ExtendedS3DestinationConfiguration: {
          RoleARN: Role?.Arn,
          BucketARN: `arn:aws:s3:::${name}`,
          BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 900 },
          ...destination,
        },
      }),
    );
    await until(`${name} to be ACTIVE`, async () => {
      const { DeliveryStreamDescription } = await firehose.send(
        new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
      );
      return DeliveryStreamDescription?.DeliveryStreamStatus === "ACTIVE" || undefined;
    }, 30_000);
  }

  /** Makes a function that runs `handler`, an expression, as the role of stream `role`. */
  async createFunction(name: string, handler: string, role = "one"): Promise<void> {
    const { lambda } = this.clients;
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Role: `arn:aws:iam::${ACCOUNT_ID}:role/${role}`,
        Timeout: 60,
        Code: { ZipFile: handlerZip(handler) },
      }),
    );
    await until(`${name} to be Active`, async () => {
      const { State } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: name }),
      );
      return State === "Active" || undefined;
    });
  }

  /** Puts a record. */
  async put(stream: string, text: string): Promise<void> {
    const Record = { Data: new TextEncoder().encode(text) };
    await this.clients.firehose.send(
      new PutRecordCommand({ DeliveryStreamName: stream, Record }),
    );
  }

  /** The texts of all objects of a bucket, by key. */
  async objectTexts(bucket: string): Promise<string[]> {
    const { Contents = [] } = await this.clients.s3.send(
      new ListObjectsV2Command({ Bucket: bucket }),
    );
    return await Promise.all(Contents.map(({ Key = "" }) => this.textOf({ bucket, key: Key })));
  }

  /** GetObject of what a page named. */
  object({ bucket, key }: FlushedObject) {
    return this.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  }

  /** The text of an object. */
  async textOf(object: FlushedObject): Promise<string> {
    const { Body } = await this.object(object);
    return await Body?.transformToString() ?? "";
  }
}
