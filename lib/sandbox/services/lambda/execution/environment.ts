/**
 * An execution environment: one /tmp, one log stream, and a runtime that is started, kept warm and
 * started again after it ended. Runs one invocation at a time. Follows "Lambda execution environment
 * lifecycle" (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
 * @module
 */

import type { LogLine } from "../../../ports/log_sink.ts";
import { InvalidEntrypoint } from "./engine.ts";
import type { LogStreamWriter } from "./log_stream_writer.ts";
import { LogTail } from "./log_tail.ts";
import {
  endLine,
  type Exit,
  exitFailure,
  exitLine,
  failurePayload,
  initReportLine,
  initStartLine,
  type PlatformFailure,
  reportLine,
  startLine,
  timeoutFailure,
  timeoutLine,
  TOO_LARGE_PAYLOAD,
} from "./platform_log.ts";
import type { InitOutcome, Invocation, RuntimeAnswer } from "./runtime_api.ts";
import { RuntimeProcess, type RuntimeProcessOptions } from "./runtime_process.ts";
import { MIB } from "../../../values.ts";

/** What an environment runs, and where. */
export interface EnvironmentOptions {
  readonly process: Omit<RuntimeProcessOptions, "onLine" | "nowMs">;
  readonly region: string;
  /** `$LATEST` or a number. */
  readonly functionVersion: string;
  readonly timeoutSeconds: number;
  readonly log: LogStreamWriter;
  readonly nowMs: () => number;
}

/** A request to an environment: an invocation without a deadline, which the environment sets. */
export type EnvironmentRequest = Omit<Invocation, "deadlineMs">;

/** The outcome of an invocation. */
export interface InvocationResult {
  /** What the invoker gets, byte for byte. */
  readonly payload: Uint8Array;
  /** Absent if the function succeeded. */
  readonly errorType?: string;
  /** The log of this invocation, from START to REPORT; of a long one {@linkcode LogTail}'s end. */
  readonly log: string;
  /** Of all of the log. */
  readonly logBytes: number;
  readonly durationMs: number;
  /** Bytes of a response that was too large. */
  readonly responseBytes?: number;
}

/** The init phase's own limit; beyond it, init is run again within the invocation. [doc] */
const INIT_LIMIT_MS = 10_000;

type InitResult =
  | { readonly kind: "ready" }
  | (Extract<InitOutcome, { kind: "error" }> & { readonly exit?: Exit })
  | { readonly kind: "exit"; readonly exit: Exit }
  | { readonly kind: "timeout" };

/** The outcome of an invocation before it is reported. */
interface Outcome {
  readonly payload: string | Uint8Array;
  readonly errorType?: string;
  /** Where the platform ended it. */
  readonly failure?: PlatformFailure;
  /** Of a response that was too large. */
  readonly responseBytes?: number;
}

/** One execution environment. */
export class Environment {
  readonly #options: EnvironmentOptions;
  #process: RuntimeProcess | undefined;
  #isCold = true;
  #maxMemoryUsedMB = 0;
  /** Reads the memory of the invocation under way; undefined if it has to be read at its end. */
  #noting: Promise<void> | undefined;
  #invocationLog: LogTail | undefined;
  #running: Promise<unknown> | undefined;
  #isRetired = false;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
  }

  /**
   * Runs one invocation to its end. Throws only if the runtime's program cannot be started, or the
   * environment was retired.
   */
  invoke(request: EnvironmentRequest): Promise<InvocationResult> {
    const running = this.#invoke(request);
    this.#running = running.catch(() => {});
    return running;
  }

  async #invoke(request: EnvironmentRequest): Promise<InvocationResult> {
    const initDurationMs = this.#isCold ? await this.#initPhase() : undefined;
    this.#isCold = false;
    const startedMs = performance.now();
    using limit = new Limit(this.#options.timeoutSeconds * 1000);
    const outcome = await this.#invokePhase(request, limit);
    const durationMs = outcome.failure?.errorType === "Sandbox.Timedout"
      ? this.#options.timeoutSeconds * 1000
      : performance.now() - startedMs;
    return await this.#report(request.requestId, outcome, { durationMs, initDurationMs });
  }

  /** The most memory that its runtime was seen to hold; 0 before its first invocation. */
  get memoryBytes(): number {
    return this.#maxMemoryUsedMB * MIB;
  }

  /** Ends the runtime, also during an invocation. All that it wrote is then in the log. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.#end();
    await this.#running;
    await this.#options.log.flush();
  }

  // --- the phases -----------------------------------------------------------------------------

  /** The first start, under its own limit. Gives its duration if it succeeded. */
  async #initPhase(): Promise<number | undefined> {
    const startedMs = performance.now();
    using limit = new Limit(INIT_LIMIT_MS);
    const result = await this.#init(limit);
    const durationMs = performance.now() - startedMs;
    if (result.kind === "ready") return durationMs;
    this.#platformLine(initReportLine({ durationMs, phase: "init", failure: initFailure(result) }));
    return undefined;
  }

  async #invokePhase(request: EnvironmentRequest, limit: Limit): Promise<Outcome> {
    if (!this.#process) {
      const startedMs = performance.now();
      const result = await this.#init(limit);
      if (result.kind !== "ready") {
        const durationMs = performance.now() - startedMs;
        const failure = initFailure(result);
        this.#platformLine(initReportLine({ durationMs, phase: "invoke", failure }));
        return this.#failedInit(request.requestId, result);
      }
    }
    this.#start(request.requestId);
    return await this.#run(request, limit);
  }

  /** Starts a runtime and waits until it is ready; a runtime that is not is ended. */
  async #init(limit: Limit): Promise<InitResult> {
    const { region } = this.#options;
    const { runtime } = this.#options.process;
    if (this.#isRetired) throw new Error("the environment was retired");
    this.#platformLine(initStartLine(runtime, region));
    const process = await this.#startProcess();
    if ("kind" in process) return { kind: "exit", exit: process };
    this.#process = process;
    if (this.#isRetired) {
      await this.#end();
      throw new Error("the environment was retired");
    }
    const result = await Promise.race<InitResult>([
      process.api.initialized,
      process.exited.then((exit) => ({ kind: "exit", exit })),
      limit.over.then(() => ({ kind: "timeout" })),
    ]);
    if (result.kind === "ready") {
      await process.outputOf("init");
      return result;
    }
    // After an error it exits by itself. Until then its output belongs to the log.
    if (result.kind === "error") await Promise.race([process.exited, limit.over]);
    const exit = await this.#end();
    if (result.kind !== "error") return result;
    return { ...result, body: seenBytes(process, result.body), exit };
  }

  /** The started process, or the reason why the function brings none. */
  async #startProcess(): Promise<RuntimeProcess | Exit> {
    try {
      return await RuntimeProcess.start({
        ...this.#options.process,
        onLine: (line) => this.#line(line),
        nowMs: this.#options.nowMs,
      });
    } catch (error) {
      if (error instanceof InvalidEntrypoint) return { kind: "unstartable", reason: error.message };
      throw error;
    }
  }

  /** The invocation of a function whose runtime does not start. */
  #failedInit(requestId: string, result: Exclude<InitResult, { kind: "ready" }>): Outcome {
    this.#start(requestId);
    if (result.kind === "timeout") return this.#timedOut(requestId);
    if (result.kind === "exit") return this.#exited(requestId, result.exit);
    const { errorType, body: payload, exit } = result;
    if (exit) this.#platformLine(exitLine(requestId, exitFailure(exit)));
    return { payload, errorType, failure: { errorType, reason: "the init phase failed" } };
  }

  async #run(request: EnvironmentRequest, limit: Limit): Promise<Outcome> {
    const process = this.#process;
    if (!process) throw new Error("invariant broken: a ready environment has a runtime");
    const { requestId } = request;
    const deadlineMs = this.#options.nowMs() + limit.leftMs();
    let answer: RuntimeAnswer | undefined;
    const { answered, done } = process.api.run({ ...request, deadlineMs });
    const result = await process.exitedOr(Promise.race<"done" | "timeout">([
      answered.then((given) => {
        answer = given.kind === "error"
          ? { ...given, body: seenBytes(process, given.body) }
          : given;
        // Meanwhile the runtime frees the event and asks for the next one.
        this.#noting = this.#noteMemory(process);
        return done;
      }).then(() => "done"),
      limit.over.then(() => "timeout"),
    ]));
    if (result === "done") await process.outputOf(requestId);
    else await this.#end();
    // The posted answer counts, even if the runtime failed afterwards.
    if (result === "timeout") {
      const failed = this.#timedOut(requestId);
      return answer ? outcomeOf(answer) : failed;
    }
    if (result !== "done") {
      const failed = this.#exited(requestId, result);
      return answer ? { ...outcomeOf(answer), failure: failed.failure } : failed;
    }
    if (!answer) throw new Error("invariant broken: a runtime was done before it answered");
    return outcomeOf(answer);
  }

  async #end(): Promise<Exit | undefined> {
    const process = this.#process;
    this.#process = undefined;
    await this.#noteMemory(process);
    return await process?.end();
  }

  async #noteMemory(process: RuntimeProcess | undefined): Promise<void> {
    const usedMB = await process?.maxMemoryUsedMB() ?? 0;
    this.#maxMemoryUsedMB = Math.max(this.#maxMemoryUsedMB, usedMB);
  }

  // --- the log --------------------------------------------------------------------------------

  #line(line: LogLine): void {
    this.#invocationLog?.add(line.message);
    this.#options.log.add(line);
  }

  #platformLine(message: string): void {
    this.#line({ timestampMs: this.#options.nowMs(), message });
  }

  #start(requestId: string): void {
    this.#invocationLog = new LogTail();
    this.#platformLine(startLine(requestId, this.#options.functionVersion));
  }

  #timedOut(requestId: string): Outcome {
    const failure = timeoutFailure(this.#options.timeoutSeconds);
    this.#platformLine(timeoutLine(requestId, this.#options.nowMs(), failure));
    return platformOutcome(requestId, failure);
  }

  #exited(requestId: string, exit: Exit): Outcome {
    const failure = exitFailure(exit);
    this.#platformLine(exitLine(requestId, failure));
    return platformOutcome(requestId, failure);
  }

  async #report(
    requestId: string,
    { payload, errorType, failure, responseBytes }: Outcome,
    durations: { readonly durationMs: number; readonly initDurationMs?: number },
  ): Promise<InvocationResult> {
    const { memorySizeMB } = this.#options.process;
    await (this.#noting ?? this.#noteMemory(this.#process));
    this.#noting = undefined;
    const used = failure?.errorType === "Runtime.OutOfMemory"
      ? memorySizeMB
      : this.#maxMemoryUsedMB;
    const maxMemoryUsedMB = Math.min(used, memorySizeMB);
    this.#platformLine(endLine(requestId));
    this.#platformLine(
      reportLine(requestId, { ...durations, memorySizeMB, maxMemoryUsedMB, failure }),
    );
    const log = this.#invocationLog?.text() ?? "";
    const logBytes = this.#invocationLog?.bytes ?? 0;
    this.#invocationLog = undefined;
    this.#options.log.endInvocation();
    const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
    const { durationMs } = durations;
    return { payload: bytes, errorType, log, logBytes, durationMs, responseBytes };
  }
}

/** An error's text, in which a runtime names its files. */
function seenBytes(process: RuntimeProcess, bytes: Uint8Array): Uint8Array {
  return new TextEncoder().encode(process.seen(new TextDecoder().decode(bytes)));
}

function outcomeOf(answer: RuntimeAnswer): Outcome {
  switch (answer.kind) {
    case "response":
      return { payload: answer.body };
    case "error":
      return { payload: answer.body, errorType: answer.errorType };
    case "tooLarge":
      return {
        payload: TOO_LARGE_PAYLOAD,
        errorType: "Function.ResponseSizeTooLarge",
        responseBytes: answer.responseBytes,
      };
  }
}

function platformOutcome(requestId: string, failure: PlatformFailure): Outcome {
  return {
    payload: failurePayload(requestId, failure),
    errorType: failure.errorType,
    failure,
  };
}

function initFailure(result: Exclude<InitResult, { kind: "ready" }>) {
  if (result.kind === "timeout") return "timeout";
  return result.kind === "error" ? result : exitFailure(result.exit);
}

/** A limit in real time: a function's code runs at no other speed. */
class Limit implements Disposable {
  readonly over: Promise<void>;
  readonly #endMs: number;
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor(durationMs: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    this.#endMs = performance.now() + durationMs;
    this.#timer = setTimeout(resolve, durationMs);
  }

  leftMs(): number {
    return Math.max(0, this.#endMs - performance.now());
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
