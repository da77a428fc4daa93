/**
 * The sandbox: puts store, clock, services and server together. What `main.ts` and tests start.
 * @module
 */

import { join, resolve } from "node:path";
import { writeSandboxProfile } from "./aws_files.ts";
import { type Clock, systemClock } from "./clock.ts";
import { claimDataDir } from "./data_dir.ts";
import { type HttpServer, serve } from "./http/server.ts";
import { type Random, systemRandom } from "./random.ts";
import { firehoseService } from "./services/firehose/service.ts";
import { FirehoseState } from "./services/firehose/state.ts";
import { iamService } from "./services/iam/service.ts";
import { IamState } from "./services/iam/state.ts";
import { s3Service } from "./services/s3/service.ts";
import { S3State } from "./services/s3/state.ts";
import { stsService } from "./services/sts/service.ts";
import { Database } from "./store/database.ts";
import { diskFiles, memoryFiles } from "./store/object_files.ts";
import { diskSegments, memorySegments } from "./store/segment_files.ts";

/** The one account of a sandbox, and its one region. */
export const ACCOUNT_ID = "123456789012";
export const REGION = "us-east-1";

/** An access key. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How a sandbox is started. */
export interface SandboxOptions {
  /** A port of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Folder of all data; undefined keeps them in memory, and the AWS files in a temporary folder. */
  readonly dataDir: string | undefined;
  /** Waits run this many times faster. */
  readonly speed: number;
  /** In place of the wall clock, for tests. */
  readonly clock?: Clock;
  readonly random?: Random;
  /** The account's root key; made at random the first time when absent. */
  readonly rootKey?: KeyPair;
}

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly port: number;
  readonly region: string;
  readonly accountId: string;
  /** Folder with `config` and `credentials`. */
  readonly awsDir: string;
  readonly rootKey: KeyPair;
  /** Ends everything that was started; what was acknowledged is there at the next start. */
  stop(): Promise<void>;
}

/**
 * Starts a sandbox and resolves when it answers. Throws an `Error` that says what to do where the
 * port is taken or the data folder is another sandbox's.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, dataDir, rootKey: givenKey, random = systemRandom } = options;
  const clock = options.clock ?? systemClock(options.speed);
  const folder = dataDir === undefined ? undefined : claimDataDir(resolve(dataDir));
  const database = new Database(folder ? join(folder.path, "state.sqlite") : ":memory:");
  const common = { database, clock, random, region: REGION, accountId: ACCOUNT_ID };
  const segments = folder ? diskSegments(join(folder.path, "journal")) : memorySegments();
  const files = folder ? diskFiles(join(folder.path, "objects")) : memoryFiles();
  const iam = new IamState(common);
  const s3 = new S3State({ ...common, files, access: iam });
  const firehose = new FirehoseState({
    ...common,
    s3,
    files,
    segments,
    access: iam,
    // There are no log groups and no metrics yet, so nothing can be written to them.
    logs: { write: () => Promise.resolve() },
    metrics: { record: () => {} },
    onDeliveryProblem: (line) => console.error(`sandbox: ${line}`),
  });
  const awsDir = folder ? join(folder.path, "aws") : Deno.makeTempDirSync();

  const close = async (server?: HttpServer) => {
    await server?.shutdown();
    await firehose.stop();
    database.close();
    folder?.release();
    if (!folder) await Deno.remove(awsDir, { recursive: true });
  };
  const filesWritten = Promise.withResolvers<void>();
  try {
    await s3.sweep();
    firehose.start();
    const rootKey = await iam.ensureRootKey(givenKey);
    const server = listen({
      port,
      services: [iamService(iam), stsService(iam), s3Service(s3), firehoseService(firehose)],
      access: iam,
      keys: iam,
      clock,
      random,
      region: REGION,
      health: async () => {
        await filesWritten.promise; // whoever learns of awsDir will read them
        return { accountId: ACCOUNT_ID, region: REGION, awsDir, pid: Deno.pid };
      },
      onInternalError: (error, what) => console.error(`sandbox: ${what} failed:`, error),
    });
    const endpoint = `http://127.0.0.1:${server.port}`;
    await writeSandboxProfile(awsDir, { endpoint, region: REGION, ...rootKey });
    filesWritten.resolve();
    return {
      endpoint,
      port: server.port,
      region: REGION,
      accountId: ACCOUNT_ID,
      awsDir,
      rootKey,
      stop: () => close(server),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function listen(options: Parameters<typeof serve>[0]): HttpServer {
  try {
    return serve(options);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    throw new Error(
      `Port ${options.port} of 127.0.0.1 is taken. Stop what listens there, or choose another ` +
        "port with --port.",
      { cause },
    );
  }
}
