/**
 * The account and one region in which operations are probed, in memory, with a clock that stands still.
 * What probes need is created by calls, as a client would do it.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";
import type { Caller } from "../access/caller.ts";
import { ManualClock } from "../clock.ts";
import type { BoundOperation, RequestContext, Service } from "../operation.ts";
import { systemRandom } from "../random.ts";
import { openRegion, type Region, regionDatabase } from "../region.ts";
import { iamService } from "../services/iam/service.ts";
import { IamState } from "../services/iam/state.ts";
import { stsService } from "../services/sts/service.ts";
import { BodyThread } from "../store/body_thread.ts";
import { RUNTIMES_DIR } from "../permissions.ts";
import type { Engines } from "../services/lambda/execution/engine.ts";
import { machineEngines } from "../services/lambda/execution/engines.ts";

export const ACCOUNT_ID = "123456789012";
export const REGION = "us-east-1";
export const BUCKET = "probed";
export const BUCKET_ARN = `arn:aws:s3:::${BUCKET}`;
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT_ID}:role/probed`;

/** The context of a request. */
export interface RequestOptions {
  readonly caller?: "root" | "user";
  readonly headers?: Readonly<Record<string, string>>;
}

/** The services to probe, and what their probes need. */
export class Scene implements AsyncDisposable {
  readonly clock: ManualClock;
  readonly services: readonly Service[];
  readonly #iam: IamState;
  readonly #region: Region;
  readonly #workFolder: string;
  #user: Caller;
  #made = 0;

  private constructor(iam: IamState, region: Region, clock: ManualClock, workFolder: string) {
    this.clock = clock;
    this.#iam = iam;
    this.#region = region;
    this.#workFolder = workFolder;
    this.#user = iam.rootCaller();
    this.services = [...region.services, iamService(iam), stsService(iam)];
  }

  /** A scene with a bucket, and a role that Firehose, Lambda and Logs may assume. */
  static async open(): Promise<Scene> {
    const clock = new ManualClock();
    const database = regionDatabase(undefined);
    const iam = new IamState({ database, clock, random: systemRandom, accountId: ACCOUNT_ID });
    const opened: Region[] = [];
    const workFolder = await Deno.makeTempDir();
    const region = await openRegion({
      name: REGION,
      accountId: ACCOUNT_ID,
      folder: undefined,
      workFolder,
      database,
      access: iam,
      resourceTags: iam.resourceTags,
      clock,
      random: systemRandom,
      s3Regions: {
        s3States: () => opened.map(({ s3 }) => s3),
        s3In: () => Promise.resolve(opened[0]?.s3),
      },
      bodyThread: new BodyThread(),
      engines: sceneEngines(),
      quotas: "off",
      endpoint: Promise.resolve("http://127.0.0.1:4566"),
      onProblem: () => {},
    });
    opened.push(region);
    const scene = new Scene(iam, region, clock, workFolder);
    await scene.call("s3", "CreateBucket", { Bucket: BUCKET });
    await scene.call("iam", "CreateRole", {
      RoleName: "probed",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: {
            Service: ["firehose", "lambda", "logs"].map((name) => `${name}.amazonaws.com`),
            AWS: "*",
          },
          Action: "sts:AssumeRole",
        },
      }),
    });
    await scene.call("iam", "AttachRolePolicy", {
      RoleName: "probed",
      PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    });
    await scene.#createUser();
    return scene;
  }

  async #createUser(): Promise<void> {
    const UserName = "probed";
    const { User } = await this.call("iam", "CreateUser", { UserName });
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    await this.call("iam", "AttachUserPolicy", { UserName, PolicyArn });
    const { Arn, UserId } = Object(User);
    const identity = { accountId: ACCOUNT_ID, arn: String(Arn), userId: String(UserId) };
    this.#user = { ...identity, kind: "user", userName: UserName };
  }

  /** A name that no other probe has. */
  unique(prefix = "probe"): string {
    return `${prefix}-${++this.#made}`;
  }

  /** The name of a new delivery stream that is ACTIVE. */
  async activeStream(input: Readonly<Record<string, unknown>>): Promise<string> {
    const DeliveryStreamName = this.unique("stream");
    await this.call("firehose", "CreateDeliveryStream", { DeliveryStreamName, ...input });
    const status = async () => {
      const { DeliveryStreamDescription: stream } = await this.call(
        "firehose",
        "DescribeDeliveryStream",
        { DeliveryStreamName },
      );
      return Object(stream).DeliveryStreamStatus;
    };
    this.clock.advance(20_000);
    while (await status() !== "ACTIVE") await pause(1);
    return DeliveryStreamName;
  }

  operation(service: string, name: string): BoundOperation {
    const operation = this.services.find(({ signingName }) => signingName === service)
      ?.operations.get(name);
    if (!operation) throw new Error(`${service} has no ${name}`);
    return operation;
  }

  /** Calls an operation as the root user. */
  async call(
    service: string,
    name: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Record<string, unknown>> {
    const output = await this.operation(service, name).run(input, this.request());
    return { ...Object(output) };
  }

  request({ caller = "root", headers = {} }: RequestOptions = {}): RequestContext {
    return {
      caller: caller === "root" ? this.#iam.rootCaller() : this.#user,
      region: REGION,
      requestId: "probe",
      nowMs: this.clock.nowMs(),
      headers: new Headers(headers),
      signature: { version: 4, place: "header", signedMs: this.clock.nowMs() },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#region.stop();
    await Deno.remove(this.#workFolder, { recursive: true });
  }
}

/** Deno, and a check that passes: what this machine lacks must not change the page. */
function sceneEngines(): Engines {
  const engines = machineEngines({
    choice: "deno",
    python: undefined,
    folder: RUNTIMES_DIR,
    onProgress: () => {},
  });
  return { ...engines, check: () => Promise.resolve() };
}
