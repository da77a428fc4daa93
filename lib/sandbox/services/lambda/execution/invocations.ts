/**
 * Invocations: which function a call reaches, whether it may run now, and its outcome.
 * @module
 */

import { totalmem } from "node:os";
import { join } from "node:path";
import { allEnded } from "../../../all_steps.ts";
import { AwsError } from "../../../errors.ts";
import type { Random } from "../../../random.ts";
import { ConcurrencyLimit } from "./concurrency_limit.ts";
import {
  EnvironmentPool,
  type MadeEnvironment,
  PoolStopped,
  type Target,
} from "./environment_pool.ts";
import {
  functionNotFound,
  requestEntityTooLarge,
  resourceConflict,
  roleNotAssumable,
} from "../errors.ts";
import { checkJson } from "./event_json.ts";
import { type Attempt, EventQueue, type QueuedEvent } from "./event_queue.ts";
import type { Alias, FunctionCode, FunctionVersion, LambdaFunction } from "../function.ts";
import type { FunctionInvoker, InvokeOutcome } from "../../../ports/function_invoker.ts";
import { type LambdaMetrics, recordMetrics } from "../metrics.ts";
import type { FunctionReference } from "../names.ts";
import { ENVIRONMENTS, outsideView } from "./outside_view.ts";
import { checkMayInvoke, type InvokingCall } from "../resource_policy.ts";
import type { InvocationNote, LambdaOptions } from "../options.ts";
import type { Packages } from "../packages.ts";
import { MIB } from "../../../values.ts";

/** Bytes of an event: 6 MiB exactly, 100 fewer than of a response. */
export const REQUEST_BYTES_MAX = 6_291_456;
/** Bytes of an event that is queued: 1 MiB since 2025-10. */
const EVENT_BYTES_MAX = 1_048_576;

/**
 * Environments that run at the same time: each is a process of this machine. Invocations beyond them
 * wait for one that is free, where AWS would start more.
 */
const BUSY_MAX = 10;
/**
 * Idle environments hold at most this share of the machine's memory, and at most 2 GiB: about 25
 * environments of Node with 80 MiB.
 */
const IDLE_MEMORY_SHARE = 0.25;
const IDLE_BYTES_MAX = 2 * 1024 * MIB;

/** How long an environment's credentials are good for. */
const SESSION_SECONDS = 12 * 3_600;
/** The longest timeout: an environment takes no invocation that could outlive its credentials. */
const TIMEOUT_SECONDS_MAX = 900;

/** A call of a function. */
export interface InvokeRequest extends InvokingCall {
  readonly reference: FunctionReference;
  readonly payload: Uint8Array;
  readonly requestId: string;
  /** JSON text. */
  readonly clientContext?: string;
  /** A client's payload is checked to be JSON; a service of the sandbox has made it so. */
  readonly origin: "client" | "service";
}

/** What a call reaches. */
export interface Reached {
  readonly fn: LambdaFunction;
  readonly version: FunctionVersion;
}

/** What an invoker gets. */
export interface InvokeResult {
  readonly payload: Uint8Array;
  /** Absent if the function succeeded. */
  readonly errorType?: string;
  readonly log: string;
  /** Of all of the log, of which {@linkcode log} may be the end. */
  readonly logBytes: number;
  readonly executedVersion: string;
  /** Bytes of a response that was too large. */
  readonly responseBytes?: number;
}

/** What running functions needs of the account's functions. */
export interface Functions {
  readonly options: LambdaOptions;
  readonly packages: Pick<Packages, "taskFolder">;
  find(name: string): LambdaFunction | undefined;
  /** What a `FunctionName` means. */
  reference(functionName: string): FunctionReference;
  /** The ARN of what is meant, for permissions and error texts. */
  arn(reference: FunctionReference): string;
}

/** Runs functions. */
export class Invocations implements FunctionInvoker {
  readonly #functions: Functions;
  readonly #pool: EnvironmentPool;
  readonly #folder: string;
  readonly #limit = new ConcurrencyLimit();
  /** What environments run, or are being made of. */
  readonly #codeInUse = new Set<{ readonly code: FunctionCode }>();
  readonly #queue: EventQueue;

  constructor(functions: Functions) {
    this.#functions = functions;
    const { database, clock, onInternalError } = functions.options;
    this.#queue = new EventQueue({
      database,
      clock,
      attempt: (event, payload) => this.#attempt(event, payload),
      onDropped: ({ functionName }) => {
        const fn = functions.find(functionName);
        if (fn) this.#record(fn, { AsyncEventsDropped: 1 });
      },
      onInternalError: (error) => onInternalError(error, "the queue of Lambda events"),
    });
    this.#folder = join(functions.options.workFolder, ENVIRONMENTS);
    this.#pool = new EnvironmentPool({
      clock: functions.options.clock,
      busyMax: BUSY_MAX,
      idleBytesMax: Math.min(totalmem() * IDLE_MEMORY_SHARE, IDLE_BYTES_MAX),
      make: (target) => this.#make(target),
    });
  }

  /** Ends and removes what an earlier sandbox has left, and takes up its queue. */
  async start(): Promise<void> {
    await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const left = await Array.fromAsync(Deno.readDir(this.#folder));
    if (left.length > 0) await outsideView.endOrphans(this.#folder);
    for (const { name } of left) await Deno.remove(join(this.#folder, name), { recursive: true });
    this.#queue.start();
  }

  /** Ends every environment; an invocation under way throws {@linkcode PoolStopped}. */
  async stop(): Promise<void> {
    await allEnded([this.#queue.stop(), this.#pool.stop()]);
  }

  /** Drops the events that wait; only inside a commit. */
  clearQueue(): void {
    this.#queue.clear();
  }

  /** Ends every environment; an invocation under way finds no function. */
  endAll(): Promise<void> {
    return this.#pool.clear((functionName) =>
      functionNotFound(this.#functions.arn({ name: functionName }))
    );
  }

  /** No environment of these builds is used again. Resolves when they are gone. */
  outdate(buildIds: readonly string[]): Promise<void> {
    return this.#pool.outdate(buildIds);
  }

  /** The packages that environments still need. */
  codeInUse(): FunctionCode[] {
    return [...this.#codeInUse].map(({ code }) => code);
  }

  /** Invokes a function for another service of the sandbox. Rejects only when `signal` aborts. */
  async invoke(
    { caller, functionArn, payload, signal }: Parameters<FunctionInvoker["invoke"]>[0],
  ): Promise<InvokeOutcome> {
    const requestId = this.#functions.options.random.uuid();
    try {
      const reference = this.#functions.reference(functionArn);
      const request = { caller, reference, payload, requestId, origin: "service" } as const;
      const { payload: answer, errorType, responseBytes, log, logBytes } = await orAborted(
        this.run(request),
        signal,
      );
      return errorType === undefined
        ? { kind: "succeeded", payload: answer, log, logBytes }
        : { kind: "functionError", errorType, payload: answer, responseBytes, log, logBytes };
    } catch (error) {
      if (error instanceof AwsError) {
        return { kind: "refused", code: error.code, message: error.message };
      }
      // The sandbox is ending, and the caller is about to hear of it.
      if (error instanceof PoolStopped && signal) return await orAborted(FOREVER, signal);
      throw error;
    }
  }

  /** Invokes a function and waits for its answer. Throws the error where Lambda refuses the call. */
  async run(request: InvokeRequest): Promise<InvokeResult> {
    const { fn, version } = this.admit(request, REQUEST_BYTES_MAX);
    return await this.#run(fn, version, request);
  }

  /** Takes an invocation into the queue, and resolves once it is on disk. */
  async enqueue(request: InvokeRequest): Promise<void> {
    const { fn } = this.admit(request, EVENT_BYTES_MAX);
    const { reference, payload, requestId, clientContext } = request;
    this.#record(fn, { AsyncEventsReceived: 1 });
    await this.#queue.add({
      functionId: fn.id,
      functionName: fn.name,
      qualifier: reference.qualifier,
      requestId,
      clientContext,
      receivedMs: this.#functions.options.clock.nowMs(),
    }, payload);
  }

  /** Whom a call reaches, if it may. Throws in the order in which AWS checks. */
  admit(request: InvokeRequest, bytesMax: number): Reached {
    const { reference, payload, origin } = request;
    if (payload.length > bytesMax) {
      throw requestEntityTooLarge(
        `Request must be smaller than ${bytesMax} bytes for the InvokeFunction operation`,
      );
    }
    const { access } = this.#functions.options;
    const found = this.#functions.find(reference.name);
    checkMayInvoke(request, this.#functions.arn(reference), found, reference, access);
    const reached = this.#reached(reference);
    if (origin === "client") checkJson(payload);
    if (reached.fn.status === "Pending") {
      throw resourceConflict(
        "The operation cannot be performed at this time. The function is currently in the " +
          "following state: Pending",
      );
    }
    return reached;
  }

  #reached({ name, qualifier }: FunctionReference): Reached {
    const fn = this.#functions.find(name);
    const version = fn && invokedVersion(fn, qualifier, this.#functions.options.random);
    if (version) return { fn, version };
    throw functionNotFound(this.#functions.arn({ name, qualifier: qualifier ?? "$LATEST" }));
  }

  /** One attempt at an event of the queue, which was admitted when it came. */
  async #attempt(event: QueuedEvent, payload: Uint8Array): Promise<Attempt> {
    const { functionId, functionName, qualifier, requestId, clientContext } = event;
    const fn = this.#functions.find(functionName);
    if (fn?.id !== functionId) return "done"; // deleted, and its events with it
    if (fn.reservedConcurrency === 0) {
      this.#record(fn, { AsyncEventsDropped: 1 });
      return "done";
    }
    const reference = { name: functionName, qualifier };
    try {
      const { version } = this.#reached(reference);
      const request = { reference, payload, requestId, clientContext };
      const { errorType } = await this.#run(fn, version, request);
      return errorType === undefined ? "done" : "failed";
    } catch (error) {
      if (error instanceof AwsError) return "refused";
      throw error;
    }
  }

  async #run(
    fn: LambdaFunction,
    version: FunctionVersion,
    { reference, payload, requestId, clientContext }: Omit<InvokeRequest, "caller" | "origin">,
  ): Promise<InvokeResult> {
    const { random, clock } = this.#functions.options;
    using _ = this.#place(fn, payload.length);
    const ConcurrentExecutions = this.#limit.of(fn);
    const functionArn = this.#functions.arn(reference);
    const begun = this.#begun({ requestId, functionArn, functionName: fn.name }, payload.length);
    const running = this.#pool.run({ functionName: fn.name, version }, {
      ...{ requestId, functionArn, clientContext, payload },
      traceId: traceId(random, clock.nowMs()),
    });
    const result = await running.catch((error) => {
      begun({ errorType: error instanceof Error ? error.name : "Error" });
      throw error;
    });
    begun({ errorType: result.errorType, answerBytes: result.payload.length });
    this.#record(fn, {
      Invocations: 1,
      Errors: result.errorType === undefined ? 0 : 1,
      Duration: result.durationMs,
      ConcurrentExecutions,
    });
    const { payload: answer, errorType, log, logBytes, responseBytes } = result;
    const executedVersion = version.version;
    return { payload: answer, errorType, log, logBytes, responseBytes, executedVersion };
  }

  /** Notes an invocation that begins. The returned function notes its end. */
  #begun(
    call: Pick<InvocationNote, "requestId" | "functionArn" | "functionName">,
    eventBytes: number,
  ): (outcome: Pick<InvocationNote, "errorType" | "answerBytes">) => void {
    const { clock, onInvocation = () => {} } = this.#functions.options;
    const note = { ...call, eventBytes, startedMs: clock.nowMs() };
    const beganMs = performance.now();
    onInvocation(note);
    return (outcome) =>
      onInvocation({ ...note, ...outcome, durationMs: performance.now() - beganMs });
  }

  #place(fn: LambdaFunction, eventBytes: number): Disposable {
    try {
      return this.#limit.take(fn, eventBytes);
    } catch (error) {
      this.#record(fn, { Throttles: 1 });
      throw error;
    }
  }

  #record({ name }: LambdaFunction, values: LambdaMetrics): void {
    const { metrics, clock } = this.#functions.options;
    recordMetrics(metrics, name, clock.nowMs(), values);
  }

  // --- environments ---------------------------------------------------------------------------

  async #make(target: Target): Promise<MadeEnvironment> {
    const { access, engines, workFolder } = this.#functions.options;
    const { functionName, version } = target;
    const session = access.assumeRoleForService({
      roleArn: version.roleArn,
      service: "lambda.amazonaws.com",
      sessionName: functionName,
      conditions: { "aws:SourceArn": this.#functions.arn({ name: functionName }) },
    });
    if (!session) throw roleNotAssumable();
    const use = { code: version.code };
    // From now on the package stays, whatever becomes of its function.
    this.#codeInUse.add(use);
    const tmpFolder = await Deno.makeTempDir({ dir: this.#folder });
    const dispose = async () => {
      this.#codeInUse.delete(use);
      await Deno.remove(tmpFolder, { recursive: true });
    };
    try {
      const keys = access.issueKeys(session, SESSION_SECONDS);
      await engines.of(version.runtime).makeReady?.(version.runtime);
      const taskFolder = await this.#functions.packages.taskFolder(version.code);
      const endpoint = await this.#functions.options.endpoint;
      const cacheFolder = join(workFolder, "compiled");
      const place = { taskFolder, tmpFolder, cacheFolder, endpoint };
      // A sandbox without functions does without what runs them, and Node's HTTP server.
      const { newEnvironment } = await import("./new_environment.ts");
      return {
        environment: newEnvironment(target, { session, keys, ...place }, this.#functions.options),
        usableUntilMs: keys.expiresMs - TIMEOUT_SECONDS_MAX * 1000,
        dispose,
      };
    } catch (error) {
      await dispose();
      throw error;
    }
  }
}

const FOREVER = new Promise<never>(() => {});

async function orAborted<Value>(value: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  if (!signal) return await value;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([value, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** The version that a qualifier leads to, by chance where an alias has weights. */
function invokedVersion(
  { latest, running, versions, aliases }: LambdaFunction,
  qualifier: string | undefined,
  random: Random,
): FunctionVersion | undefined {
  const alias = aliases.find(({ name }) => name === qualifier);
  const wanted = alias ? weightedVersion(alias, random) : qualifier;
  if (wanted === undefined || wanted === "$LATEST") return running ?? latest;
  return versions.find(({ version }) => version === wanted);
}

function weightedVersion({ functionVersion, weights = {} }: Alias, random: Random): string {
  let left = random.fraction();
  for (const [version, weight] of Object.entries(weights)) {
    left -= weight;
    if (left < 0) return version;
  }
  return functionVersion;
}

/** X-Ray's header for an invocation that is not traced. */
function traceId(random: Random, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000).toString(16);
  return `Root=1-${seconds}-${random.bytes(12).toHex()};Parent=${
    random.bytes(8).toHex()
  };Sampled=0`;
}
