/**
 * The sandbox: puts store, clock, services and server together. What `main.ts` and tests start.
 * @module
 */

import { join, resolve } from "node:path";
import { writeSandboxProfile } from "./aws_files.ts";
import { type Clock, systemClock } from "./clock.ts";
import { claimDataDir, regionFolder, regionFolders } from "./data_dir.ts";
import { strictGate } from "./http/gate.ts";
import { type HttpServer, serve } from "./http/server.ts";
import { openAccess, openGate } from "./http/open_gate.ts";
import type { Service } from "./operation.ts";
import { ownPages } from "./own_pages.ts";
import { type Random, systemRandom } from "./random.ts";
import { openRegion, regionDatabase, Regions } from "./region.ts";
import { proofOf, removeRunningFile, writeRunningFile } from "./running_file.ts";
import { problemsOnly, type SandboxLog } from "./log.ts";
import { iamService } from "./services/iam/service.ts";
import { IamState } from "./services/iam/state.ts";
import { codePage } from "./services/lambda/code_links.ts";
import { nodeProgram } from "./services/lambda/execution/node_program.ts";
import type { FunctionEngine } from "./services/lambda/execution/engine.ts";
import { stsService } from "./services/sts/service.ts";
import { BodyThread } from "./store/body_thread.ts";

/** The one account of a sandbox, and its home region: that of its own profile, and of IAM and STS. */
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
  /** What runs Lambda functions: Deno, restricted, unless said otherwise; or the Node on the PATH. */
  readonly lambdaRuntime?: FunctionEngine;
  /** Whether puts beyond a delivery stream's quotas are refused, as on AWS; not so when absent. */
  readonly quotas?: "enforced" | "off";
  /** In place of the wall clock, for tests. */
  readonly clock?: Clock;
  readonly random?: Random;
  /** An address besides 127.0.0.1 and ::1 to listen on, for containers; `0.0.0.0` is every one. */
  readonly listenOn?: string;
  /** Names, in lower case, that clients may call it by besides 127.0.0.1 and localhost. */
  readonly allowedHosts?: readonly string[];
  /** Any credentials are accepted, and everything is allowed. */
  readonly isOpen?: boolean;
  /** Told of requests and problems; without it, problems go to standard error. */
  readonly log?: SandboxLog;
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
  /** The services of the home region: whoever wants to know which operations there are. */
  readonly services: readonly Service[];
  /** Ends everything that was started; what was acknowledged is there at the next start. */
  stop(): Promise<void>;
}

/**
 * Starts a sandbox and resolves when it answers. Throws an `Error` that says what to do where the
 * port is taken, the data folder is another sandbox's, or Node is asked for and not there.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  if (options.lambdaRuntime === "node" && nodeProgram() === undefined) {
    throw new Error("There is no node on the PATH: install Node, or leave --lambda-runtime out.");
  }
  const { dataDir, rootKey: givenKey, random = systemRandom } = options;
  const log = options.log ?? problemsOnly(console.error);
  const clock = options.clock ?? systemClock(options.speed);
  // With its data in memory, a temporary folder holds what tools find it by.
  const home = claimDataDir(
    dataDir === undefined ? Deno.makeTempDirSync({ prefix: "firehose-lab-" }) : resolve(dataDir),
    log.problem,
  );
  const folder = dataDir === undefined ? undefined : home;
  const database = regionDatabase(folder?.path);
  const iam = new IamState({ database, clock, random, accountId: ACCOUNT_ID });
  const access = options.isOpen ? openAccess(iam, ACCOUNT_ID) : iam;
  const bodyThread = new BodyThread();
  const listening = Promise.withResolvers<string>();
  listening.promise.catch(() => {});
  const regions: Regions = new Regions((name) => {
    const path = folder && (name === REGION ? folder.path : regionFolder(folder.path, name));
    return openRegion({
      name,
      accountId: ACCOUNT_ID,
      folder: path,
      database: name === REGION ? database : regionDatabase(path),
      bodyThread,
      access,
      resourceTags: iam.resourceTags,
      clock,
      random,
      s3Regions: regions,
      lambdaRuntime: options.lambdaRuntime ?? "deno",
      quotas: options.quotas ?? "off",
      endpoint: listening.promise,
      onProblem: log.problem,
    });
  });
  const awsDir = join(home.path, "aws");
  const secret = random.bytes(32).toHex();

  const close = async (server?: HttpServer) => {
    // Functions end first: a request that waits for one would hold up the end.
    const closed = server?.shutdown();
    await regions.endFunctions();
    await closed;
    await regions.stop();
    bodyThread.stop();
    database.close();
    await log.close();
    removeRunningFile(home.path);
    home.release();
    if (!folder) await Deno.remove(home.path, { recursive: true });
  };
  const filesWritten = Promise.withResolvers<void>();
  try {
    const homeRegion = await regions.find(REGION);
    if (!homeRegion) throw new Error(`${REGION} is no region`);
    for (const name of folder ? regionFolders(folder.path) : []) await regions.find(name);
    const rootKey = await iam.ensureRootKey(givenKey);
    const strict = strictGate(iam, clock);
    const parties = { keys: iam, root: iam.rootCaller(), region: REGION };
    const services = [iamService(iam), stsService(iam)];
    const server = listen({
      port: options.port,
      listenOn: options.listenOn,
      allowedHosts: allowedHostsOf(options),
      services: [...services, ...homeRegion.services],
      servicesIn: async (name) => {
        const region = await regions.find(name);
        return region && [...services, ...region.services];
      },
      gate: options.isOpen ? openGate(parties) : strict,
      strictGate: strict,
      access,
      clock,
      random,
      region: REGION,
      ownPages: ownPages(
        [...services, ...homeRegion.services].map(({ signingName }) => signingName),
        async (query) => {
          await filesWritten.promise; // a client that learns awsDir reads the files at once
          const { speed } = options;
          const proof = proofOf(secret, query.get("challenge"));
          return { accountId: ACCOUNT_ID, region: REGION, awsDir, speed, proof };
        },
        codePage((name) => regions.opened(name)?.lambda.codeLinks),
      ),
      onAnswer: log.answered,
      onInternalError: (error, what) => log.problem(`${what} failed:`, error),
    });
    const endpoint = `http://127.0.0.1:${server.port}`;
    listening.resolve(endpoint);
    await writeSandboxProfile(awsDir, { endpoint, region: REGION, ...rootKey });
    writeRunningFile(home.path, {
      endpoint,
      accountId: ACCOUNT_ID,
      region: REGION,
      speed: options.speed,
      pid: Deno.pid,
      startedMs: Math.round(performance.timeOrigin),
      secret,
    });
    filesWritten.resolve();
    return {
      endpoint,
      port: server.port,
      region: REGION,
      accountId: ACCOUNT_ID,
      awsDir,
      rootKey,
      services: [...services, ...homeRegion.services],
      stop: () => close(server),
    };
  } catch (error) {
    listening.reject(error);
    await close();
    throw error;
  }
}

/** A client that calls the address it listens on names that as its Host. */
function allowedHostsOf({ allowedHosts = [], listenOn }: SandboxOptions): readonly string[] {
  const isOne = listenOn !== undefined && listenOn !== "0.0.0.0";
  return isOne
    ? [...allowedHosts, listenOn.includes(":") ? `[${listenOn}]` : listenOn]
    : allowedHosts;
}

function listen(options: Parameters<typeof serve>[0]): HttpServer {
  try {
    return serve(options);
  } catch (cause) {
    if (cause instanceof Deno.errors.AddrNotAvailable) {
      throw new Error(`This machine has no address ${options.listenOn} to listen on.`, { cause });
    }
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    throw new Error(
      `Port ${options.port} of ${
        options.listenOn ?? "127.0.0.1"
      } is taken. Stop what listens there, or choose another ` +
        "port with --port.",
      { cause },
    );
  }
}
