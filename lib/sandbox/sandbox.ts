/**
 * The sandbox: store, clock, services and server. `main.ts` and tests start it.
 * @module
 */

import { dirname, join, resolve } from "node:path";
import { Accounts } from "./accounts.ts";
import { allSteps, throwAfter } from "./all_steps.ts";
import { type SandboxProfile, writeSandboxProfile } from "./aws_files.ts";
import { type AdvancingClock, systemClock } from "./clock.ts";
import { Console } from "./console/console.ts";
import { Activity } from "./control/activity.ts";
import { Faults } from "./control/faults.ts";
import { checkAuthority } from "./control/authority.ts";
import { controlPages } from "./control/pages.ts";
import { claimDataDir, type DataDir } from "./data_dir.ts";
import { folderError } from "./folder_error.ts";
import type { Answered } from "./http/answered.ts";
import { type Gate, strictGate } from "./http/gate.ts";
import { type HttpServer, serve, type ServerOptions } from "./http/server.ts";
import { openGate } from "./http/open_gate.ts";
import type { Service } from "./operation.ts";
import type { FunctionInvoker } from "./ports/function_invoker.ts";
import { OwnFiles } from "./own_files.ts";
import { ownPages } from "./own_pages.ts";
import { RUNTIMES_DIR } from "./permissions.ts";
import { type Random, systemRandom } from "./random.ts";
import { proofOf, removeRunningFile, writeRunningFile } from "./running_file.ts";
import { problemsOnly, type SandboxLog } from "./log.ts";
import type { PutQuotas } from "./services/firehose/options.ts";
import { codePage } from "./services/lambda/code_links.ts";
import { type EnginesOptions, machineEngines } from "./services/lambda/execution/engines.ts";
import { nodeProgram } from "./services/lambda/execution/node_program.ts";
import type { Engines, FunctionEngine } from "./services/lambda/execution/engine.ts";
import { outsideView } from "./services/lambda/execution/outside_view.ts";
import type { ServerCertificate } from "./tls/tls_files.ts";
import type { SeedOptions } from "./seed/seed_file.ts";
import { BodyThread } from "./store/body_thread.ts";
import { claimTempDir, removeLeftTempDirs } from "./temp_data_dir.ts";

/** A sandbox's account, and its home region: the region of its own profile, IAM and STS. */
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
  /** How Lambda functions run; `deno` when absent. */
  readonly lambdaRuntime?: FunctionEngine;
  /** Whether no two functions run at the same time, as in a rehearsal; absent means that they may. */
  readonly runsOneFunction?: boolean;
  /** What runs Python functions: `nearest`, or a program; absent, only the runtime's own version. */
  readonly python?: string;
  /** Whether puts beyond a delivery stream's quotas are refused, as on AWS; absent means `off`. */
  readonly quotas?: PutQuotas;
  /** In place of the wall clock, for tests. */
  readonly clock?: AdvancingClock;
  readonly random?: Random;
  /** A further address to listen on, for containers; `0.0.0.0` is every one. */
  readonly listenOn?: string;
  /** Further names, in lower case, that clients may use in Host, at any port. */
  readonly allowedHosts?: readonly string[];
  /** Clients call by HTTPS, with a certificate of the sandbox's own authority. */
  readonly tls?: boolean;
  /** Any credentials are accepted, and everything is allowed. */
  readonly isOpen?: boolean;
  /** Receives requests and problems; absent means that problems go to standard error. */
  readonly log?: SandboxLog;
  /** The account's root key; absent means a random one, made at the first start. */
  readonly rootKey?: KeyPair;
  /** Files with what the account has from the start. */
  readonly seeds?: SeedOptions;
}

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:4566`; with TLS `https://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** With TLS, the file of the authority that clients must trust. */
  readonly authorityPath: string | undefined;
  readonly port: number;
  readonly region: string;
  readonly accountId: string;
  /** Folder with `config` and `credentials`. */
  readonly awsDir: string;
  readonly rootKey: KeyPair;
  /** The services of the home region, with their operations. */
  readonly services: readonly Service[];
  /** Invokes functions of the home region as Firehose does: within the process. */
  readonly functions: FunctionInvoker;
  /** Opens the control pages under `/_sandbox/`. */
  readonly token: string;
  /** The console's address with a one-time code, for places that are kept: logs, outputs. */
  newConsoleAddress(): string;
  /** Resolves when somebody asks the sandbox to end, by its stop page. */
  readonly stopAsked: Promise<void>;
  /** Ends everything that was started. What was acknowledged is there at the next start. */
  stop(): Promise<void>;
}

/**
 * Starts a sandbox and resolves when it answers. Throws an `Error` that says what to do if the port
 * is taken, the data folder belongs to another sandbox, a seed is refused, or Node is asked for and
 * not there.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  if ((options.lambdaRuntime ?? "deno") !== "deno" && nodeProgram() === undefined) {
    throw new Error("There is no node on the PATH: install Node, or leave --lambda-runtime out.");
  }
  try {
    return await start(options);
  } catch (error) {
    throw folderError(error, options.dataDir);
  }
}

async function start(options: SandboxOptions): Promise<Sandbox> {
  const opened = openParts(options);
  if (!opened.isKept) {
    await removeLeftTempDirs(dirname(opened.folder.path), outsideView, Date.now());
  }
  let listening: HttpServer | undefined;
  try {
    const services = await openServices(opened);
    const functions = functionsOf(opened);
    const rootKey = await opened.accounts.home.iam.ensureRootKey(options.rootKey);
    await seed(opened);
    const certificate = options.tls ? await certificateOf(opened) : undefined;
    const server = listening = listen(opened, services, certificate);
    const authorityPath = certificate?.authorityPath;
    const endpoint = `http${certificate ? "s" : ""}://127.0.0.1:${server.port}`;
    await announce(opened, server, { ...rootKey, endpoint, authorityPath });
    return {
      ...{ endpoint, authorityPath },
      port: server.port,
      region: REGION,
      accountId: ACCOUNT_ID,
      awsDir: opened.awsDir,
      rootKey,
      services,
      functions,
      token: opened.token,
      newConsoleAddress: () => endpoint + opened.console.newPath(),
      stopAsked: opened.stopAsked.promise,
      stop: () => close(opened, server),
    };
  } catch (error) {
    opened.endpoint.reject(error);
    return await throwAfter(error, () => close(opened, listening));
  }
}

// --- open -----------------------------------------------------------------------------------

/** What a sandbox holds while it runs. {@linkcode close} gives it back. */
interface Opened {
  readonly options: SandboxOptions;
  readonly log: SandboxLog;
  readonly clock: AdvancingClock;
  readonly random: Random;
  /** The data folder; with the data in memory, a temporary one that tools find the sandbox by. */
  readonly folder: DataDir;
  /** Whether data are kept in the folder. */
  readonly isKept: boolean;
  readonly awsDir: string;
  readonly bodyThread: BodyThread;
  readonly accounts: Accounts;
  /** The address, once the sandbox listens. */
  readonly endpoint: PromiseWithResolvers<string>;
  /** Resolves when the files that clients read are written. */
  readonly announced: PromiseWithResolvers<void>;
  /** Proves to tools that this is the sandbox which wrote the running file. */
  readonly secret: string;
  readonly token: string;
  readonly stopAsked: PromiseWithResolvers<void>;
  /** Aborted when the sandbox begins to end. */
  readonly ending: AbortController;
  readonly activity: Activity;
  readonly faults: Faults;
  readonly console: Console;
  readonly ownFiles: OwnFiles;
}

function openParts(options: SandboxOptions): Opened {
  const { dataDir } = options;
  const plainLog = options.log ?? problemsOnly(console.error);
  const ownFiles = new OwnFiles({ say: plainLog.problem });
  const log = lookingAfterProblems(plainLog, ownFiles);
  const folder = dataDir === undefined
    ? claimTempDir(log.problem)
    : claimDataDir(resolve(dataDir), log.problem);
  try {
    return openIn(folder, options, { log, ownFiles });
  } catch (error) {
    folder.release();
    throw error;
  }
}

/** A problem may come from files that were changed while the sandbox runs. */
function lookingAfterProblems(log: SandboxLog, ownFiles: OwnFiles): SandboxLog {
  return {
    ...log,
    problem: (line, error) => {
      log.problem(line, error);
      ownFiles.look();
    },
  };
}

function openIn(
  folder: DataDir,
  options: SandboxOptions,
  { log, ownFiles }: Pick<Opened, "log" | "ownFiles">,
): Opened {
  const { random = systemRandom } = options;
  const clock = options.clock ?? systemClock(options.speed);
  const endpoint = Promise.withResolvers<string>();
  endpoint.promise.catch(() => {}); // a failed start rejects it, and nothing may wait for it
  const parts = {
    ...{ options, log, clock, random, folder, endpoint, ownFiles },
    isKept: options.dataDir !== undefined,
    bodyThread: new BodyThread(),
    activity: new Activity(),
    faults: new Faults({ clock, random }),
    console: new Console(random, () => performance.now()),
    awsDir: join(folder.path, "aws"),
    announced: Promise.withResolvers<void>(),
    secret: random.bytes(32).toHex(),
    token: random.bytes(32).toHex(),
    stopAsked: Promise.withResolvers<void>(),
    ending: new AbortController(),
  };
  return { ...parts, accounts: accountsOf(parts) };
}

function accountsOf({ options, folder, isKept, ...parts }: Omit<Opened, "accounts">): Accounts {
  const { clock, random, bodyThread, activity, faults, endpoint, log, ownFiles } = parts;
  return new Accounts({
    homeId: ACCOUNT_ID,
    homeRegion: REGION,
    folder: isKept ? folder.path : undefined,
    tempFolder: folder.path,
    isOpen: options.isOpen ?? false,
    ...{ clock, random, bodyThread, faults },
    engines: lookingAtStarts(ownFiles, {
      choice: options.lambdaRuntime ?? "deno",
      isAlone: options.runsOneFunction ?? false,
      python: options.python,
      folder: RUNTIMES_DIR,
      onProgress: log.problem,
    }),
    quotas: options.quotas ?? "off",
    endpoint: endpoint.promise,
    watch: activity,
    recordWatch: (accountId, region) => parts.console.watch(accountId, region),
    onProblem: log.problem,
  });
}

/** The engines of this machine; a start of a function is a reason to look at the sandbox's files. */
function lookingAtStarts(ownFiles: OwnFiles, options: EnginesOptions): Engines {
  const { of, check } = machineEngines(options);
  return {
    of: (runtime) => {
      ownFiles.look();
      return of(runtime);
    },
    check,
  };
}

/** The services of the home region, after every region with data was opened. */
async function openServices({ accounts }: Opened): Promise<readonly Service[]> {
  const home = await accounts.home.servicesIn(REGION);
  if (!home) throw new Error(`${REGION} is no region`);
  await accounts.resume();
  return home;
}

function functionsOf({ accounts }: Opened): FunctionInvoker {
  const home = accounts.home.regions.opened(REGION);
  if (!home) throw new Error(`${REGION} is not open`);
  return home.lambda.invocations;
}

/** Makes what the seeds say, before anybody can call. */
async function seed({ options: { seeds }, accounts, clock, random, log }: Opened): Promise<void> {
  if (seeds === undefined || seeds.files.length === 0) return;
  // Most starts have no seed, and need not load what reads them.
  const { makeSeeds } = await import("./seed/seed_file.ts");
  await makeSeeds(seeds, {
    ...{ clock, random, region: REGION },
    root: accounts.home.iam.rootCaller(),
    servicesIn: (region) => accounts.home.servicesIn(region),
    onNote: log.problem,
  });
}

// --- listen ---------------------------------------------------------------------------------

/** Where functions and this project's tools call: they need not trust the authority. */
const plainEndpointOf = ({ plainPort }: HttpServer) => `http://127.0.0.1:${plainPort}`;

/** The certificate of this machine's names and of those that `--allow-host` and `--listen` add. */
async function certificateOf(
  { options: { allowedHosts = [], listenOn }, folder, clock, random }: Opened,
): Promise<ServerCertificate> {
  const addresses = listenOn === undefined || listenOn === "0.0.0.0" ? [] : [listenOn];
  // Most starts have no TLS, and need not load what makes certificates.
  const { ensureCertificate } = await import("./tls/tls_files.ts");
  const hosts = [...allowedHosts, ...addresses];
  return ensureCertificate({ folder: folder.path, hosts, nowMs: clock.nowMs(), random });
}

function listen(
  opened: Opened,
  services: readonly Service[],
  tls: ServerCertificate | undefined,
): HttpServer {
  const { options, accounts, clock, random, log, faults } = opened;
  const strict = strictGate(accounts.home.iam, clock);
  const parties = {
    keys: accounts,
    rootOf: (keyId: string) => accounts.rootOf(keyId),
    region: REGION,
  };
  return serveOn({
    port: options.port,
    listenOn: options.listenOn,
    allowedHosts: allowedHostsOf(options),
    tls,
    services,
    servicesIn: (accountId, region) => accounts.account(accountId).servicesIn(region),
    accountId: ACCOUNT_ID,
    gate: options.isOpen ? openGate(parties) : strict,
    strictGate: strict,
    access: accounts.home.access,
    clock,
    random,
    faults,
    region: REGION,
    ownPages: pagesOf(opened, services, strict),
    onAnswer: (answer) => noteAnswer(answer, opened),
    onProblem: log.problem,
    onInternalError: (error, what) => log.problem(`${what} failed:`, error),
  });
}

function noteAnswer(answer: Answered, { console, log }: Opened): void {
  console.answered(answer);
  log.answered?.(answer);
}

function pagesOf(
  opened: Opened,
  services: readonly Service[],
  gate: Gate,
): ServerOptions["ownPages"] {
  const open = openPages(opened, services);
  const common = {
    ...opened,
    services,
    speed: opened.options.speed,
    ending: opened.ending.signal,
    onInternalError: (error: unknown, what: string) => opened.log.problem(`${what} failed:`, error),
  };
  const authority = {
    ...{ gate, accountId: ACCOUNT_ID, token: opened.token },
    isOpen: opened.options.isOpen ?? false,
  };
  const control = controlPages({
    ...common,
    ...authority,
    stop: opened.stopAsked.resolve,
    onAnswer: (answer) => noteAnswer(answer, opened),
  });
  const consolePages = opened.console.open({
    ...common,
    regions: () => regionsOf(opened.accounts),
    checkAuthority: (incoming, body) => checkAuthority(incoming, body, authority),
  });
  return (incoming, arrival) =>
    open(incoming) ?? consolePages(incoming, arrival) ?? control(incoming, arrival);
}

/** The open regions of all accounts, as the console sees them. */
function regionsOf(accounts: Accounts) {
  return accounts.all().flatMap(({ regions }) => regions.all())
    .map((region) => ({
      ...region,
      place: { accountId: region.accountId, region: region.name },
    }));
}

/** Pages for everybody on this machine. */
function openPages(
  { options: { speed }, awsDir, announced, secret, accounts }: Opened,
  services: readonly Service[],
) {
  return ownPages(
    services.map(({ signingName }) => signingName),
    async (query) => {
      await announced.promise; // a client that learns awsDir reads the files at once
      const proof = proofOf(secret, query.get("challenge"));
      return { accountId: ACCOUNT_ID, region: REGION, awsDir, speed, proof };
    },
    codePage((id, region) => accounts.opened(id)?.regions.opened(region)?.lambda.codeLinks),
  );
}

/** Clients of the further address name it in their Host. */
function allowedHostsOf({ allowedHosts = [], listenOn }: SandboxOptions): readonly string[] {
  if (listenOn === undefined || listenOn === "0.0.0.0") return allowedHosts;
  return [...allowedHosts, listenOn.includes(":") ? `[${listenOn}]` : listenOn];
}

function serveOn(options: ServerOptions): HttpServer {
  try {
    return serve(options);
  } catch (cause) {
    if (cause instanceof Deno.errors.AddrNotAvailable) {
      throw new Error(`This machine has no address ${options.listenOn} to listen on.`, { cause });
    }
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    const address = options.listenOn ?? "127.0.0.1";
    throw new Error(
      `Port ${options.port} of ${address} is taken. Stop what listens there, or choose another ` +
        "port with --port.",
      { cause },
    );
  }
}

/** Writes the files by which clients and tools find the sandbox. */
async function announce(
  { folder, awsDir, endpoint, announced, options, secret, token }: Opened,
  server: HttpServer,
  clients: Pick<SandboxProfile, "endpoint" | "authorityPath"> & KeyPair,
): Promise<void> {
  endpoint.resolve(plainEndpointOf(server));
  await writeSandboxProfile(awsDir, { region: REGION, token, ...clients });
  writeRunningFile(folder.path, {
    endpoint: plainEndpointOf(server),
    accountId: ACCOUNT_ID,
    region: REGION,
    speed: options.speed,
    pid: Deno.pid,
    startedMs: Math.round(performance.timeOrigin),
    ...{ secret, token },
  });
  announced.resolve();
}

// --- close ----------------------------------------------------------------------------------

/**
 * How long the end waits for clients. One that neither sends the rest of its request nor reads its
 * answer would hold it up without end: Deno (2.9.6) can't cut connections once `shutdown` was called.
 */
const CLIENTS_MS_MAX = 3_000;

/** Ends all work and gives everything back; `server` is absent if the start failed before it. */
async function close(opened: Opened, server?: HttpServer): Promise<void> {
  const { accounts, bodyThread, log, folder } = opened;
  opened.faults.clear(); // a request that a fault delays would hold up the end
  // A page of the console reads for as long as it is open, and a flush waits for functions.
  opened.ending.abort(new Error("the sandbox is ending"));
  const closed = server?.shutdown() ?? Promise.resolve();
  closed.catch(() => {}); // thrown by its own step
  await allSteps(
    // Functions end first: a request that waits for one would hold up the end.
    () => accounts.endFunctions(),
    () => untilClosed(closed, log),
    () => accounts.stop(),
    () => bodyThread.stop(),
    () => opened.ownFiles.stop(),
    () => log.close(),
    () => removeRunningFile(folder.path),
    () => folder.release(),
  );
}

async function untilClosed(closed: Promise<void>, log: SandboxLog): Promise<void> {
  if (await endsWithin(CLIENTS_MS_MAX, closed)) return;
  log.problem("The sandbox ended before a client had sent all of its request or read its answer.");
}

async function endsWithin(durationMs: number, work: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), durationMs);
  return await Promise.race([work.then(() => true), late.promise]).finally(() =>
    clearTimeout(timer)
  );
}
