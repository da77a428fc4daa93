/**
 * One runtime: a child process that runs a function's code, its Runtime API, what it writes and
 * how it ends. The engine decides which program it is and what it may do.
 * @module
 */

import { randomBytes } from "node:crypto";
import type { LogLine } from "../../../ports/log_sink.ts";
import {
  type Engine,
  InvalidEntrypoint,
  type RuntimeCommand,
  type RuntimeStart,
} from "./engine.ts";
import { type EndMark, readFrames } from "./log_frames.ts";
import { BOOTSTRAP_FOLDER, TASK_ROOT } from "./node_bootstrap.ts";
import type { Exit } from "./platform_log.ts";
import { outsideView } from "./outside_view.ts";
import type { MemoryUse, ReadMemory } from "./process_memory.ts";
import { RuntimeApi } from "./runtime_api.ts";
import { MIB } from "../../../values.ts";

/** How a runtime is started, and where its output goes. */
export interface RuntimeProcessOptions extends Omit<RuntimeStart, "apiAddress" | "secret"> {
  readonly engine: Engine;
  readonly onLine: (line: LogLine) => void;
  readonly nowMs: () => number;
  /** In place of what this machine has, for tests. */
  readonly readMemory?: ReadMemory;
}

/** How often a function's memory is looked at. Real time, as the function's own. */
const MEMORY_CHECK_MS = 50;
/** Between invocations once in so many times: there may be dozens of idle functions. */
const CHECKS_PER_IDLE_CHECK = 20;
/** Its /tmp is looked at once in so many times: that takes longer. */
const CHECKS_PER_TMP_CHECK = 5;
/** Processes and threads of an environment on AWS; here processes alone are counted. */
const PROCESSES_MAX = 1_024;
/** How long the end of an invocation waits for the mark after what it wrote. */
const OUTPUT_WAIT_MS = 500;
/** And where the engine marks no end: what it wrote is in the pipe already. */
const UNMARKED_OUTPUT_WAIT_MS = 5;

/** A started runtime. */
export class RuntimeProcess {
  readonly api: RuntimeApi;
  /** Resolves when the process is gone and all that it wrote was read. */
  readonly exited: Promise<Exit>;
  readonly #child: Deno.ChildProcess;
  readonly #leadsGroup: boolean;
  readonly #options: RuntimeProcessOptions;
  readonly #marks = { stdout: new Marks(), stderr: new Marks() };
  readonly #untilExit = new Set<(exit: Exit) => void>();
  #isOutOfMemory = false;
  #hasExited = false;
  #exit: Exit | undefined;
  #rssBytes = 0;

  private constructor(options: RuntimeProcessOptions, api: RuntimeApi, command: RuntimeCommand) {
    this.#options = options;
    this.api = api;
    this.#leadsGroup = command.leadsGroup ?? false;
    this.#child = spawn(command, options.taskFolder);
    const output = [
      this.#read(this.#child.stdout, this.#marks.stdout),
      this.#read(this.#child.stderr, this.#marks.stderr),
    ];
    this.exited = this.#watch(output);
    void this.#keepWithinLimits();
    // Until then the process may be the launcher that confines it, which needs more than many functions.
    void api.initialized.then(() => this.#rssBytes = 0);
  }

  /** Starts the process; it is ready when its `api` says so. Throws where it cannot be started. */
  static async start(options: RuntimeProcessOptions): Promise<RuntimeProcess> {
    const { engine } = options;
    const secret = engine.sendsSecret ? randomBytes(32).toString("hex") : undefined;
    // AWS's own clients send no secret. On Linux nobody else can guess the address.
    const host = engine.sendsSecret ? undefined : randomLoopback();
    const api = await RuntimeApi.listen({ secret, host });
    try {
      const command = await engine.command({ ...options, apiAddress: api.address, secret });
      return new RuntimeProcess(options, api, command);
    } catch (cause) {
      await api.close();
      if (cause instanceof InvalidEntrypoint) throw cause;
      throw new Error(`the Lambda runtime "${options.engine.name}" cannot be started`, { cause });
    }
  }

  /**
   * The first of the process's end and `brief`. A race with `exited` itself would add a reaction to
   * it for each invocation, and a warm runtime lives for hours.
   */
  async exitedOr<Brief>(brief: Promise<Brief>): Promise<Exit | Brief> {
    if (this.#exit) return this.#exit;
    const { promise, resolve, reject } = Promise.withResolvers<Exit | Brief>();
    brief.then(resolve, reject);
    this.#untilExit.add(resolve);
    try {
      return await promise;
    } finally {
      this.#untilExit.delete(resolve);
    }
  }

  /** The most resident memory that was seen, in whole MB. */
  async maxMemoryUsedMB(): Promise<number> {
    this.#note(await this.#readMemory());
    return Math.ceil(this.#rssBytes / MIB);
  }

  /** `text` with AWS's paths in place of this machine's. */
  seen(text: string): string {
    const { taskFolder, tmpFolder } = this.#options;
    return text.replaceAll(taskFolder, TASK_ROOT).replaceAll(tmpFolder, "/tmp")
      .replaceAll(BOOTSTRAP_FOLDER, "/var/runtime");
  }

  /** Resolves when what the runtime wrote up to the end of `id` has been read, or after a while. */
  async outputOf(id: string): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { marksEnds } = this.#options.engine;
    const waitMs = marksEnds ? OUTPUT_WAIT_MS : UNMARKED_OUTPUT_WAIT_MS;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, waitMs));
    const marked = Promise.all([this.#marks.stdout.reached(id), this.#marks.stderr.reached(id)]);
    await this.exitedOr(Promise.race([marked, late]));
    clearTimeout(timer);
  }

  /** Ends the process and its Runtime API; resolves when both are gone. */
  async end(): Promise<Exit> {
    this.#kill();
    const exit = await this.exited;
    await this.api.close();
    return exit;
  }

  /**
   * Ends the process when it has more memory than its limit, more processes than AWS allows, or
   * more in /tmp than that holds; also between invocations, since a timer may go on there.
   */
  async #keepWithinLimits(): Promise<void> {
    const { memorySizeMB, tmpFolder, tmpBytesMax } = this.#options;
    for (let check = 1, turn = 1; !this.#hasExited; turn++) {
      if (this.api.isWaiting && turn % CHECKS_PER_IDLE_CHECK !== 0) {
        await this.exitedOr(pause());
        continue;
      }
      const use = await this.#readMemory();
      this.#note(use);
      if (use && use.usedBytes > memorySizeMB * MIB) {
        this.#isOutOfMemory = true;
        return this.#kill();
      }
      if (use && use.pids.length > PROCESSES_MAX) return this.#kill();
      // Some engines answer ENOSPC. This is for all that they do not see.
      const isTmpDue = check++ % CHECKS_PER_TMP_CHECK === 0;
      if (isTmpDue && await outsideView.tmpBytes(tmpFolder, use?.pids ?? []) > tmpBytesMax) {
        this.#say(`/tmp holds ${tmpBytesMax / MIB} MB and the function wrote more: it was ended.`);
        return this.#kill();
      }
      await this.exitedOr(pause());
    }
  }

  #readMemory(): Promise<MemoryUse | undefined> {
    const read = this.#options.readMemory ?? ((pid: number) => outsideView.memory(pid));
    return read(this.#child.pid);
  }

  #note(use: MemoryUse | undefined): void {
    this.#rssBytes = Math.max(this.#rssBytes, use?.peakBytes ?? 0);
  }

  /** A line of the sandbox in the function's log. */
  #say(message: string): void {
    const { onLine, nowMs } = this.#options;
    onLine({ timestampMs: nowMs(), message: `[sandbox] ${message}\n` });
  }

  #kill(): void {
    if (this.#hasExited) return;
    void this.#killGroup();
    killQuietly(this.#child);
  }

  /** Ends what the process started and left in its group. */
  async #killGroup(): Promise<void> {
    if (this.#leadsGroup) await outsideView.endGroup(this.#child.pid);
  }

  async #read(stream: ReadableStream<Uint8Array>, marks: Marks): Promise<void> {
    const reader = {
      line: (line: LogLine) => {
        if (V8_OUT_OF_MEMORY.test(line.message)) this.#isOutOfMemory = true;
        this.#options.onLine({ ...line, message: this.seen(line.message) });
      },
      end: ({ id, rssBytes }: EndMark) => {
        this.#rssBytes = Math.max(this.#rssBytes, rssBytes);
        marks.reach(id);
      },
    };
    try {
      await readFrames(stream, reader, this.#options.nowMs);
    } catch {
      // The function wrote what only a runtime may write, and wrote it wrong.
      this.#kill();
    }
  }

  async #watch(output: readonly Promise<void>[]): Promise<Exit> {
    const { code, signal } = await this.#child.status;
    // What it started ends with it, and lets go of its output.
    await this.#killGroup();
    this.#hasExited = true;
    await Promise.all(output);
    const exit = this.#exitOf(code, signal);
    this.#exit = exit;
    for (const resolve of this.#untilExit) resolve(exit);
    return exit;
  }

  #exitOf(code: number, signal: Deno.Signal | null): Exit {
    if (this.#isOutOfMemory && (signal !== null || code !== 0)) return { kind: "outOfMemory" };
    return signal === null ? { kind: "exited", code } : { kind: "signalled", signal };
  }
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, MEMORY_CHECK_MS));

/** What V8 says before it gives up: the limit where there is no /proc to look at. */
const V8_OUT_OF_MEMORY = /Fatal (JavaScript )?(process )?out of memory|heap out of memory/i;

/** The end marks that were read, and the callers that wait for one. */
class Marks {
  readonly #waiting = new Map<string, () => void>();
  #last: string | undefined;

  reach(id: string): void {
    this.#last = id;
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }

  reached(id: string): Promise<void> {
    if (this.#last === id) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }
}

/** A random loopback address, which nobody can guess. Only Linux has more than one. */
function randomLoopback(): string | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const [a, b, c] = randomBytes(3);
  // Not 127.0.0.0, and not a broadcast address.
  return `127.${a}.${b}.${1 + c % 254}`;
}

function killQuietly(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It ended in this moment.
  }
}

function spawn({ program, args, env }: RuntimeCommand, cwd: string): Deno.ChildProcess {
  return new Deno.Command(program, {
    args: [...args],
    cwd,
    clearEnv: true,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
