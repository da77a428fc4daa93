/**
 * One runtime: a child process that runs a function's code, its Runtime API, what it writes and
 * how it ends. Which program it is, and what it may do, is the engine's business.
 * @module
 */

import { readFileSync } from "node:fs";
import type { LogLine } from "../../../ports/log_sink.ts";
import type { Engine, RuntimeStart } from "./engine.ts";
import { type EndMark, readFrames } from "./log_frames.ts";
import type { Exit } from "./platform_log.ts";
import { RuntimeApi } from "./runtime_api.ts";

/** How a runtime is started, and what is told of it. */
export interface RuntimeProcessOptions extends Omit<RuntimeStart, "apiAddress"> {
  readonly engine: Engine;
  readonly onLine: (line: LogLine) => void;
  readonly nowMs: () => number;
}

const MIB = 1024 * 1024;
/** How often a running function's memory is looked at. Real time, as the function's own. */
const MEMORY_CHECK_MS = 50;
/** How long the end of an invocation waits for what it wrote, where the runtime marks no end. */
const OUTPUT_WAIT_MS = 500;

/** A started runtime. */
export class RuntimeProcess {
  readonly api: RuntimeApi;
  /** Resolves when the process is gone and all that it wrote was read. */
  readonly exited: Promise<Exit>;
  readonly #child: Deno.ChildProcess;
  readonly #options: RuntimeProcessOptions;
  readonly #marks = { stdout: new Marks(), stderr: new Marks() };
  readonly #untilExit = new Set<(exit: Exit) => void>();
  #isOutOfMemory = false;
  #hasExited = false;
  #exit: Exit | undefined;
  #rssBytes = 0;

  private constructor(options: RuntimeProcessOptions, api: RuntimeApi) {
    this.#options = options;
    this.api = api;
    this.#child = spawn(options, api.address);
    const output = [
      this.#read(this.#child.stdout, this.#marks.stdout),
      this.#read(this.#child.stderr, this.#marks.stderr),
    ];
    this.exited = this.#watch(output);
  }

  /** Starts the process; it is ready when its `api` says so. Throws where it cannot be started. */
  static async start(options: RuntimeProcessOptions): Promise<RuntimeProcess> {
    const api = await RuntimeApi.listen();
    try {
      return new RuntimeProcess(options, api);
    } catch (cause) {
      await api.close();
      throw new Error(`the Lambda runtime "${options.engine.name}" cannot be started`, { cause });
    }
  }

  /**
   * What comes first: the process's end, or `brief`. A race with `exited` itself would leave a
   * trace of each invocation in it, and a warm runtime lives for hours.
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
  get maxMemoryUsedMB(): number {
    const peak = statusBytes(this.#child.pid, "VmHWM") ?? 0;
    this.#rssBytes = Math.max(this.#rssBytes, peak);
    return Math.ceil(this.#rssBytes / MIB);
  }

  /** Resolves when what the runtime wrote up to the end of `id` has been read, or after a while. */
  async outputOf(id: string): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, OUTPUT_WAIT_MS));
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

  /** While it holds, memory beyond the limit ends the process. */
  watchMemory(): Disposable {
    const check = () => {
      const bytes = statusBytes(this.#child.pid, "RssAnon") ?? 0;
      if (bytes <= this.#options.memorySizeMB * MIB) return;
      this.#isOutOfMemory = true;
      this.#kill();
    };
    const timer = setInterval(check, MEMORY_CHECK_MS);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }

  #kill(): void {
    if (this.#hasExited) return;
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It ended in this moment.
    }
  }

  async #read(stream: ReadableStream<Uint8Array>, marks: Marks): Promise<void> {
    const reader = {
      line: (line: LogLine) => {
        if (V8_OUT_OF_MEMORY.test(line.message)) this.#isOutOfMemory = true;
        this.#options.onLine(line);
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

/** What V8 says before it gives up: the limit where there is no /proc to look at. */
const V8_OUT_OF_MEMORY = /Fatal (JavaScript )?(process )?out of memory|heap out of memory/i;

/** The ends that were reached, and who waits for one. */
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

function spawn(options: RuntimeProcessOptions, apiAddress: string): Deno.ChildProcess {
  const { program, args, env } = options.engine.command({ ...options, apiAddress });
  return new Deno.Command(program, {
    args: [...args],
    cwd: options.taskFolder,
    clearEnv: true,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** A figure of Linux's /proc/<pid>/status, in bytes; undefined elsewhere and after the end. */
function statusBytes(pid: number, name: "VmHWM" | "RssAnon"): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const found = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status);
    return found ? Number(found[1]) * 1024 : undefined;
  } catch {
    return undefined;
  }
}
