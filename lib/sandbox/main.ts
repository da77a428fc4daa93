/**
 * The command line of the sandbox: `deno task sandbox [--port 4566] [--data DIR | --memory] [--speed 60]`.
 * Prints one line when it is ready, logs a line for each request to standard error, and runs until
 * SIGINT, SIGTERM, or a request to its stop page.
 * @module
 */

import { isIP } from "node:net";
import { isAbsolute } from "node:path";
import { parseArgs } from "node:util";
import { END_SIGNALS } from "./end_signals.ts";
import { collectWhenIdle } from "./idle_memory.ts";
import { hasPermissions, permissionFlags } from "./permissions.ts";
import { makeNewFilesPrivate } from "./private_files.ts";
import { type LogForm, problemsOnly, requestLog } from "./log.ts";
import { boundedLog, LOG_FILE_VARIABLE } from "./log_file.ts";
import type { FunctionEngine } from "./services/lambda/execution/engine.ts";
import { firstEnded } from "./parents.ts";
import { quotasOf, withQuotasValue } from "./quotas_option.ts";
import type { SeedOptions } from "./seed/seed_file.ts";
import { isRerun, rerun, starterEnded } from "./rerun.ts";
import { terminalText } from "./terminal_text.ts";
import type { SandboxOptions } from "./sandbox.ts";

const USAGE = `deno task sandbox [options]

  --port N             the port on 127.0.0.1 (4566; 0 means any free port)
  --data DIR           the folder for its data (.sandbox)
  --memory             keep no data on disk
  --speed N            make waits N times shorter (1)
  --lambda-runtime R   how Lambda functions run (deno). deno: nodejs functions run under Deno, and
                       those of python3.9 to python3.14, provided.al2 and provided.al2023 on this
                       machine's programs; none can reach your files or the network. node: nodejs
                       functions run on the Node of the PATH, with your rights. host: all
                       functions run with your rights
  --python P           nearest: run Python functions on another version if theirs is missing
                       here; or the path of a Python program that runs all of them
  --quotas [VALUES]    enforce AWS's quotas of a delivery stream: in us-east-1, at most 5 MiB,
                       2,000 requests and 500,000 records a second. Or other values:
                       --quotas bytes=64KiB,records=100,requests=10
  --listen ADDRESS     listen on this address too, for containers. 0.0.0.0 means all addresses of
                       this machine: then everyone with a key can do what the key allows
  --allow-host NAME    answer clients that call the sandbox by this host name; repeatable
  --tls                speak HTTPS, with its own certificate authority. The authority's file is
                       in the ready line, and is ca_bundle in the AWS files
  --open               accept any credentials and allow everything: no signatures, no IAM
  --parent PID         end when this process ends, for example a test run; repeatable
  --seed FILE          before the start, create what a JSON or YAML file lists: buckets, roles,
                       functions, streams, objects; or a template of CloudFormation, SAM or CDK;
                       repeatable
  --seed-parameter N=V set a parameter of the templates; repeatable
  --seed-skip NAME     leave out the templates' resources of this id or type, or a property, such as
                       AWS::S3::Bucket.LifecycleConfiguration; repeatable
  --json-log           log each request as a line of JSON
  --quiet              log only problems

The first start makes a random root key for the account, or takes the one in SANDBOX_ACCESS_KEY_ID and
SANDBOX_SECRET_ACCESS_KEY.`;

/** The options of the command line. */
export interface CommandOptions extends Omit<SandboxOptions, "log"> {
  readonly logForm: LogForm | "none";
  /** The sandbox ends when one of these processes does. */
  readonly parents: readonly number[];
}

/** Options from the command line and the environment. Throws a `TypeError` that says what is wrong. */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandOptions | "help" {
  const { values } = parseArgs({
    args: withQuotasValue(args),
    options: {
      port: { type: "string", default: "4566" },
      data: { type: "string" },
      memory: { type: "boolean", default: false },
      speed: { type: "string", default: "1" },
      "lambda-runtime": { type: "string", default: "deno" },
      python: { type: "string" },
      quotas: { type: "string" },
      open: { type: "boolean", default: false },
      tls: { type: "boolean", default: false },
      listen: { type: "string" },
      "allow-host": { type: "string", multiple: true, default: [] },
      parent: { type: "string", multiple: true, default: [] },
      seed: { type: "string", multiple: true, default: [] },
      "seed-parameter": { type: "string", multiple: true, default: [] },
      "seed-skip": { type: "string", multiple: true, default: [] },
      "json-log": { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  if (values.memory && values.data !== undefined) {
    throw new TypeError("--data and --memory exclude each other: choose one");
  }
  if (values["json-log"] && values.quiet) {
    throw new TypeError("--json-log and --quiet exclude each other: choose one");
  }
  return {
    isOpen: values.open,
    tls: values.tls,
    listenOn: addressOf(values.listen),
    allowedHosts: values["allow-host"].map(hostName),
    parents: values.parent.map(processId),
    quotas: quotasOf(values.quotas),
    logForm: values["json-log"] ? "json" : values.quiet ? "none" : "text",
    port: numberIn(values.port, "--port", 0, 65_535),
    dataDir: values.memory ? undefined : values.data ?? ".sandbox",
    speed: numberIn(values.speed, "--speed", 0.001, 1_000_000),
    lambdaRuntime: lambdaRuntimeOf(values["lambda-runtime"]),
    ...(values.python === undefined ? {} : { python: pythonOf(values.python) }),
    rootKey: rootKeyOf(environment),
    seeds: seedsOf({
      files: values.seed,
      parameters: values["seed-parameter"],
      skip: values["seed-skip"],
    }),
  };
}

function numberIn(text: string, flag: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= min && value <= max)) {
    throw new TypeError(`${flag} is "${text}"; it takes a number from ${min} to ${max}`);
  }
  return value;
}

function addressOf(text: string | undefined): string | undefined {
  if (text === undefined || isIP(text) !== 0) return text === "::" ? "0.0.0.0" : text;
  throw new TypeError(`--listen is "${text}"; it takes an IP address of this machine, or 0.0.0.0`);
}

/** A host's name, without wildcard, scheme and port. */
function hostName(text: string): string {
  const name = text.toLowerCase();
  if (/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/.test(name)) return name;
  throw new TypeError(`--allow-host is "${text}"; it takes one name, without port and wildcards`);
}

function processId(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new TypeError(`--parent is "${text}"; it takes the id of a process`);
}

function seedsOf(
  { files, parameters, skip }: {
    readonly files: readonly string[];
    readonly parameters: readonly string[];
    readonly skip: readonly string[];
  },
): SeedOptions {
  if (files.length === 0 && parameters.length > 0) {
    throw new TypeError("--seed-parameter needs a template: --seed FILE");
  }
  if (files.length === 0 && skip.length > 0) {
    throw new TypeError("--seed-skip needs a template: --seed FILE");
  }
  return { files, parameters: new Map(parameters.map(seedParameter)), skip: new Set(skip) };
}

function seedParameter(text: string): [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined) return [name, value];
  throw new TypeError(`--seed-parameter is "${text}"; it takes NAME=VALUE`);
}

function lambdaRuntimeOf(text: string): FunctionEngine {
  if (text === "deno" || text === "node" || text === "host") return text;
  throw new TypeError(`--lambda-runtime is "${text}"; it takes deno, node or host`);
}

function pythonOf(text: string): string {
  if (text === "nearest" || isAbsolute(text)) return text;
  throw new TypeError(`--python is "${text}"; it takes nearest, or the whole path of a program`);
}

function rootKeyOf(environment: Readonly<Record<string, string | undefined>>) {
  const accessKeyId = environment.SANDBOX_ACCESS_KEY_ID;
  const secretAccessKey = environment.SANDBOX_SECRET_ACCESS_KEY;
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId || !secretAccessKey) {
    throw new TypeError(
      "SANDBOX_ACCESS_KEY_ID and SANDBOX_SECRET_ACCESS_KEY go together: set both",
    );
  }
  return { accessKeyId, secretAccessKey };
}

const OPEN_WARNING = `
  ******************************************************************************
  *  --open: ANY CREDENTIALS ARE ACCEPTED AND EVERYTHING IS ALLOWED.           *
  *  No signature is checked, no policy is asked. What passes here may be      *
  *  refused by AWS. Without --open, signatures and IAM are as real as there.  *
  ******************************************************************************
`;

const NODE_WARNING = `
  ******************************************************************************
  *  --lambda-runtime node: FUNCTIONS RUN WITH YOUR RIGHTS.                    *
  *  They can read and write your files, reach any network, start programs     *
  *  and see this machine's processes. Only their memory, their time and       *
  *  what they keep in /tmp are limited. Run code that you trust.              *
  ******************************************************************************
`;

const HOST_WARNING = NODE_WARNING.replace("node: FUNCTIONS", "host: FUNCTIONS");

/** The warnings of a sandbox with these options before it starts. */
export function startWarnings(options: Pick<CommandOptions, "isOpen" | "lambdaRuntime">): string[] {
  return [
    ...(options.isOpen ? [OPEN_WARNING] : []),
    ...(options.lambdaRuntime === "node" ? [NODE_WARNING] : []),
    ...(options.lambdaRuntime === "host" ? [HOST_WARNING] : []),
  ];
}

/** The warning of a sandbox that other machines can reach. */
function reachWarning({ listenOn, isOpen }: CommandOptions): string | undefined {
  if (listenOn === undefined) return undefined;
  const reach = listenOn === "0.0.0.0" ? "every address of this machine" : listenOn;
  const risk = isOpen
    ? "ANYBODY WHO REACHES IT MAY DO EVERYTHING HERE, AND RUN PROGRAMS AS FUNCTIONS."
    : "Everybody who can reach it can try keys; traffic is not encrypted.";
  return `--listen: THE SANDBOX ANSWERS ON ${reach.toUpperCase()}, NOT ON THIS MACHINE ALONE. ${risk}`;
}

function logWriter(): (bytes: Uint8Array) => Promise<void> {
  const path = Deno.env.get(LOG_FILE_VARIABLE);
  return path === undefined ? writeAll : boundedLog(writeAll, path);
}

async function writeAll(bytes: Uint8Array): Promise<void> {
  for (let left = bytes; left.length > 0;) left = left.subarray(await Deno.stderr.write(left));
}

async function main(options: CommandOptions): Promise<void> {
  // A rerun ends with the process that started it, which watches the parents.
  const parentEnded = firstEnded(isRerun() ? [] : options.parents);
  if (!hasPermissions(options) && !isRerun()) {
    return await rerun(import.meta.url, permissionFlags(options), Deno.args, parentEnded);
  }
  makeNewFilesPrivate();
  const { logForm } = options;
  const log = logForm === "none" ? problemsOnly(console.error) : requestLog(logForm, logWriter());
  for (const warning of startWarnings(options)) {
    if (logForm === "json") log.problem(warning.replace(/[\s*]+/g, " ").trim());
    else console.error(warning);
  }
  const warning = reachWarning(options);
  if (warning !== undefined) log.problem(warning);
  // Loaded only now, by an address that Deno does not read beforehand: the process that only starts
  // this one again would hold 4 MiB of its modules.
  const address = new URL("./sandbox.ts", import.meta.url).href;
  const { startSandbox }: typeof import("./sandbox.ts") = await import(address);
  const sandbox = await startSandbox({ ...options, log });
  collectWhenIdle();
  // Before it says that it is ready: from then on somebody may end it.
  const stopped = Promise.withResolvers<void>();
  for (const signal of END_SIGNALS) Deno.addSignalListener(signal, () => stopped.resolve());
  const { endpoint, awsDir, authorityPath } = sandbox;
  const authority = authorityPath === undefined ? "" : `, certificate authority ${authorityPath}`;
  console.log(`Firehose Lab sandbox ready: ${endpoint}, AWS files in ${awsDir}${authority}`);
  console.log(
    `Its console, which shows where every record is: ${sandbox.newConsoleAddress()} (opens once, ` +
      'within 10 minutes; "deno task console" prints another)',
  );
  await Promise.race([stopped.promise, starterEnded(), parentEnded, sandbox.stopAsked]);
  await sandbox.stop();
  Deno.exit(0);
}

/** Prints an error's message, which may hold names out of a template, and ends the process. */
function endWith(code: number, error: unknown): never {
  console.error(terminalText(error instanceof Error ? error.message : String(error)));
  Deno.exit(code);
}

/** Exit code for a command line that is not understood. */
const WRONG_USAGE = 2;

function optionsOrEnd(): CommandOptions | "help" {
  try {
    return readOptions(Deno.args, Deno.env.toObject());
  } catch (error) {
    endWith(WRONG_USAGE, error);
  }
}

if (import.meta.main) {
  const options = optionsOrEnd();
  if (options === "help") console.log(USAGE);
  else await main(options).catch((error) => endWith(1, error));
}
