/**
 * A sandbox that a test starts and stops.
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import process from "node:process";
import {
  askPage,
  type DeliveredObject,
  type Fault,
  type ListedFault,
  type SetFault,
} from "./control.ts";
import { readObjects, type StoredObject } from "./objects.ts";
import { denoCommand } from "./program.ts";

/** How a sandbox is started. */
export interface StartOptions {
  /** A port of 127.0.0.1; absent takes a free one. */
  readonly port?: number;
  /** Folder where data are kept; absent keeps nothing. */
  readonly dataDir?: string;
  /** Waits run this many times faster; absent means 60. */
  readonly speed?: number;
  /** Further options of `firehose-lab sandbox`: `["--quotas"]`. */
  readonly args?: readonly string[];
  /** Where its log goes: absent prints problems only, `requests` also a line for each request. */
  readonly log?: "problems" | "requests" | "nothing";
}

/** The root key of a sandbox's account. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A start takes less than a second; a slow machine's first one, a few. */
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
/** Characters of a failed start that are kept for its error. */
const SAID_MAX = 10_000;

/**
 * Starts a sandbox with its own account and resolves when it answers. It ends with this
 * process. Throws an `Error` with the sandbox's own words if it does not start, and a `TypeError` for an
 * option that does not exist.
 */
export async function startSandbox(options: StartOptions = {}): Promise<Sandbox> {
  checkNames(options);
  const { port = 0, dataDir, speed = 60, log = "problems", args = [] } = options;
  const command = denoCommand("sandbox", [
    ...["--port", `${port}`, "--speed", `${speed}`, ...starters()],
    ...(dataDir === undefined ? ["--memory"] : ["--data", dataDir]),
    ...(log === "requests" ? [] : ["--quiet"]),
    ...args,
  ]);
  const child = spawn(command.program, command.args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...command.env },
  });
  try {
    const ready = await readyLine(child, log);
    release(child);
    return new Sandbox(ready, () => end(child));
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

const OPTIONS = ["port", "dataDir", "speed", "args", "log"];
const LOGS = ["problems", "requests", "nothing"];

/** In JavaScript no types find a mistake. */
function checkNames(options: StartOptions): void {
  const wrong = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (wrong !== undefined) {
    throw new TypeError(`startSandbox has no option ${wrong}; it has ${OPTIONS.join(", ")}`);
  }
  const { log = "problems" } = options;
  if (!LOGS.includes(log)) throw new TypeError(`log is "${log}"; it takes ${LOGS.join(", ")}`);
}

/** The processes that a sandbox ends with: this one and, for a worker of a test runner, the runner. */
function starters(): string[] {
  const runner = process.connected ? ["--parent", `${process.ppid}`] : [];
  return ["--parent", `${process.pid}`, ...runner];
}

/** What a client of the AWS SDK is made with. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** Trusts a sandbox with `--tls`. */
  readonly requestHandler?: { readonly httpsAgent: { readonly ca: Uint8Array } };
}

/** A sandbox that answers. */
export class Sandbox {
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** Variables that lead an AWS SDK of another process here. */
  readonly env: Readonly<Record<string, string>>;
  /** The file of the authority to trust, with `--tls`. */
  readonly #authority: string | undefined;
  /** Where it speaks HTTP, with `--tls` too: the control pages need no authority. */
  readonly #plainEndpoint: string;
  readonly #token: string;
  readonly #end: () => Promise<void>;

  /** Made by {@linkcode startSandbox}. */
  constructor({ endpoint, awsDir }: ReadyLine, end: () => Promise<void>) {
    const [configFile, credentialsFile] = [join(awsDir, "config"), join(awsDir, "credentials")];
    const config = readFileSync(configFile, "utf8");
    const credentials = readFileSync(credentialsFile, "utf8");
    this.endpoint = endpoint;
    this.region = setting(config, "region");
    this.credentials = {
      accessKeyId: setting(credentials, "aws_access_key_id"),
      secretAccessKey: setting(credentials, "aws_secret_access_key"),
    };
    this.env = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: this.region,
      AWS_DEFAULT_REGION: this.region,
      AWS_ACCESS_KEY_ID: this.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.credentials.secretAccessKey,
      AWS_CONFIG_FILE: configFile,
      AWS_SHARED_CREDENTIALS_FILE: credentialsFile,
      AWS_EC2_METADATA_DISABLED: "true",
      ...askingNoProxy(process.env),
    };
    this.#authority = settingIfAny(config, "ca_bundle");
    if (this.#authority !== undefined) {
      const trust = { AWS_CA_BUNDLE: this.#authority, NODE_EXTRA_CA_CERTS: this.#authority };
      this.env = { ...this.env, ...trust };
    }
    const running = readFileSync(join(awsDir, "..", "sandbox.json"), "utf8");
    this.#plainEndpoint = String(JSON.parse(running).endpoint);
    this.#token = setting(config, "sandbox_token");
    this.#end = end;
  }

  /** For the constructor of any client of the AWS SDK. */
  get clientConfig(): ClientConfig {
    const { endpoint, region, credentials } = this;
    const config = { endpoint, region, credentials: { ...credentials } };
    if (this.#authority === undefined) return config;
    // Node reads NODE_EXTRA_CA_CERTS when it starts, which this process did before the sandbox.
    return { ...config, requestHandler: { httpsAgent: { ca: readFileSync(this.#authority) } } };
  }

  /**
   * Leads every AWS SDK of this process here that is made from now on, by variables of the
   * environment; none of the machine's own settings are left. Gives a function that undoes it.
   */
  useEnv(): () => void {
    const isSet = (name: string) => name.startsWith("AWS_") || Object.hasOwn(this.env, name);
    const before = Object.entries(process.env).filter(([name]) => isSet(name));
    const leave = () => {
      for (const name of Object.keys(process.env)) {
        if (isSet(name)) delete process.env[name];
      }
    };
    leave();
    Object.assign(process.env, this.env);
    return () => {
      leave();
      Object.assign(process.env, Object.fromEntries(before));
    };
  }

  /**
   * Delivers what waits in one delivery stream, or in all, through functions and partitions too.
   * Resolves with the objects once they are in S3. Throws a `ControlError` if something can't be
   * delivered; it stays in its buffer.
   */
  async flush(stream?: string): Promise<DeliveredObject[]> {
    const { objects } = await this.#ask<{ objects: DeliveredObject[] }>("POST", "flush", {
      stream,
    });
    return objects;
  }

  /** Empties the sandbox, or one service or region of it. */
  async reset(only: { readonly service?: string; readonly region?: string } = {}): Promise<void> {
    await this.#ask("POST", "reset", only);
  }

  /** Makes requests fail, until the fault is removed or the sandbox is reset. */
  async fault(fault: Fault): Promise<SetFault> {
    const { id } = await this.#ask<{ id: string }>("POST", "faults", fault);
    const remove = async () => {
      await this.#ask("DELETE", `faults/${encodeURIComponent(id)}`);
    };
    return { id, remove };
  }

  /** The faults that are set, with how often each has struck. */
  async faults(): Promise<ListedFault[]> {
    return (await this.#ask<{ faults: ListedFault[] }>("GET", "faults")).faults;
  }

  /** Removes all faults. */
  async removeFaults(): Promise<void> {
    await this.#ask("DELETE", "faults");
  }

  /** Lets so many seconds pass at once for everything that waits. */
  async clock(time: { readonly advanceSeconds: number }): Promise<{ nowMs: number }> {
    return await this.#ask("POST", "clock", time);
  }

  /** Streams with their buffers, deliveries and invocations. */
  async state(): Promise<Record<string, unknown>> {
    return await this.#ask("GET", "state");
  }

  /** An address that opens the console, which shows where each record is: once, within 10 minutes. */
  async consoleAddress(): Promise<string> {
    const { path } = await this.#ask<{ path: string }>("POST", "console/codes");
    return this.#plainEndpoint + path;
  }

  /** The objects of a bucket whose keys begin with `prefix`, in the order of their keys. */
  async objects(bucket: string, prefix = ""): Promise<StoredObject[]> {
    const { region, credentials } = this;
    return await readObjects(
      { endpoint: this.#plainEndpoint, region, credentials },
      bucket,
      prefix,
    );
  }

  /** Ends the sandbox, and resolves when its process has ended. */
  async stop(): Promise<void> {
    await this.#end();
  }

  async #ask<Answer>(
    method: "GET" | "POST" | "DELETE",
    page: string,
    body?: unknown,
  ): Promise<Answer> {
    return await askPage({ endpoint: this.#plainEndpoint, token: this.#token }, method, page, body);
  }
}

// --- the process ------------------------------------------------------------------------------

/** What the sandbox says when it is ready. */
interface ReadyLine {
  readonly endpoint: string;
  readonly awsDir: string;
}

const READY_LINE = /ready: (\S+), AWS files in (.*?)(?:, certificate authority .*)?\n/;

/** Resolves with the ready line; what the sandbox says later goes where `log` wants it. */
async function readyLine(child: ChildProcess, log: StartOptions["log"]): Promise<ReadyLine> {
  let [said, output] = ["", ""];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ready = new Promise<ReadyLine>((resolve, reject) => {
    const fail = (what: string) => reject(new Error(`The sandbox ${what}. ${said.trim()}`));
    timer = setTimeout(fail, READY_WITHIN_MS, "is not ready in time");
    child.on("error", reject);
    // Not before its last words are here.
    child.on("close", () => fail("did not start"));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      if (said.length < SAID_MAX) said += text;
      if (log !== "nothing") process.stderr.write(text);
    });
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      if (output.length < SAID_MAX) output += text;
      const [, endpoint, awsDir] = READY_LINE.exec(output) ?? [];
      if (endpoint !== undefined) resolve({ endpoint, awsDir });
    });
  });
  try {
    return await ready;
  } finally {
    clearTimeout(timer);
  }
}

/** A test that forgets `stop` can end: the sandbox ends with it. */
function release(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream instanceof Socket) stream.unref();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

/** A line of an AWS file. */
function setting(text: string, name: string): string {
  const value = settingIfAny(text, name);
  if (value === undefined) throw new Error(`The sandbox's AWS files have no ${name}.`);
  return value;
}

const settingIfAny = (text: string, name: string): string | undefined =>
  new RegExp(`^${name} = (.*)$`, "m").exec(text)?.[1];

/**
 * Variables that keep requests to this machine from a proxy; what they name already stays. The AWS CLI
 * and boto3 ask HTTP_PROXY for 127.0.0.1 too (botocore 1.43). Both spellings, since either may win.
 */
function askingNoProxy({ NO_PROXY, no_proxy }: NodeJS.ProcessEnv): Record<string, string> {
  const named = [NO_PROXY, no_proxy].filter((list) => list);
  const direct = [...new Set([...named, "127.0.0.1,localhost,::1"])].join(",");
  return { NO_PROXY: direct, no_proxy: direct };
}
