/**
 * Functions' processes seen from outside: their memory, what they keep in /tmp, and those that
 * outlived their sandbox. Deno lets no program read Linux's /proc or signal a process it did not start
 * unless that program has every permission, and the sandbox has few: then a helper process does it.
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { withoutLoaderVariables } from "../../../child_environment.ts";
import { endOrphans } from "./orphans.ts";
import { type MemoryUse, readMemory } from "./process_memory.ts";
import { tmpBytes } from "./tmp_usage.ts";

/** What can be asked about processes. */
export interface OutsideView {
  /** The memory of a process and its descendants; undefined once it is gone. */
  memory(pid: number): Promise<MemoryUse | undefined>;
  /** Bytes on disk below `folder`, and of deleted files that one of `pids` holds open. */
  tmpBytes(folder: string, pids: readonly number[]): Promise<number>;
  /** Ends the processes of the group that `leader` leads or led. */
  endGroup(leader: number): Promise<void>;
  /** Ends the processes whose /tmp is below `folder`; how many there were. */
  endOrphans(folder: string): Promise<number>;
  /**
   * Names a temporary folder that the helper removes if this process is killed, after it has ended the
   * functions in it. Without a helper, nothing does.
   */
  guard(guarded: Guarded): void;
}

/** The folder in a region's work folder with the /tmp of each function. */
export const ENVIRONMENTS = "environments";

/** A temporary folder, which no next sandbox cleans up. */
export interface Guarded {
  readonly folder: string;
  readonly environments?: string;
}

/** Looks itself. */
export const directView: OutsideView = {
  guard: () => {},
  memory: readMemory,
  tmpBytes: (folder, pids) => Promise.resolve(tmpBytes(folder, pids)),
  endGroup: (leader) => Promise.resolve(endGroup(leader)),
  endOrphans,
};

function endGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // It has no process any more.
  }
}

/** A question to the helper, one JSON line each. */
export type Question =
  | { readonly ask: "memory"; readonly pid: number }
  | { readonly ask: "tmpBytes"; readonly folder: string; readonly pids: readonly number[] }
  | { readonly ask: "endGroup"; readonly leader: number }
  | { readonly ask: "endOrphans"; readonly folder: string }
  | { readonly ask: "guard"; readonly guarded: Guarded };

/** The helper's answer, one JSON line each, in the order of the questions. */
export interface HelperAnswer {
  readonly memory?: MemoryUse;
  readonly count?: number;
}

/** Asks a helper process, which is started with the first question and ends with this one. */
export class HelperView implements OutsideView {
  #helper: Helper | undefined;
  readonly #guarded: Guarded[] = [];

  /** Each helper is told when it starts: no function runs before the first question. */
  guard(guarded: Guarded): void {
    this.#guarded.push(guarded);
    void this.#helper?.ask({ ask: "guard", guarded }).catch(() => {});
  }

  async memory(pid: number): Promise<MemoryUse | undefined> {
    return (await this.#ask({ ask: "memory", pid })).memory;
  }

  async tmpBytes(folder: string, pids: readonly number[]): Promise<number> {
    return (await this.#ask({ ask: "tmpBytes", folder, pids })).count ?? 0;
  }

  async endGroup(leader: number): Promise<void> {
    await this.#ask({ ask: "endGroup", leader });
  }

  async endOrphans(folder: string): Promise<number> {
    return (await this.#ask({ ask: "endOrphans", folder })).count ?? 0;
  }

  /** Without a helper there is no answer this time; the next question starts another. */
  async #ask(question: Question): Promise<HelperAnswer> {
    try {
      this.#helper ??= this.#newHelper();
      return await this.#helper.ask(question);
    } catch {
      return {};
    }
  }

  #newHelper(): Helper {
    const helper = new Helper(() => this.#helper = undefined);
    for (const guarded of this.#guarded) {
      void helper.ask({ ask: "guard", guarded }).catch(() => {});
    }
    return helper;
  }
}

class Helper {
  readonly #child: Deno.ChildProcess;
  readonly #questions: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting: PromiseWithResolvers<HelperAnswer>[] = [];

  constructor(onEnd: () => void) {
    const program = new URL("./outside_helper.ts", import.meta.url).href;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "--no-config", "--quiet", program],
      env: withoutLoaderVariables(),
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#child.unref();
    this.#questions = this.#child.stdin.getWriter();
    this.#readAnswers().catch(() => {}).finally(() => {
      onEnd();
      const ended = new Error("the process that watches functions has ended");
      for (const { reject } of this.#waiting) reject(ended);
    });
  }

  async ask(question: Question): Promise<HelperAnswer> {
    const answer = Promise.withResolvers<HelperAnswer>();
    this.#waiting.push(answer);
    const line = new TextEncoder().encode(`${JSON.stringify(question)}\n`);
    this.#questions.write(line).catch((error) => answer.reject(error));
    return await answer.promise;
  }

  async #readAnswers(): Promise<void> {
    let text = "";
    for await (const part of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (text + part).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) this.#waiting.shift()?.resolve(JSON.parse(line));
    }
  }
}

/** The view for this process, by what it may read. */
export const outsideView: OutsideView = mayReadProc() ? directView : new HelperView();

function mayReadProc(): boolean {
  if (Deno.build.os !== "linux") return true; // there is no /proc: `ps` is asked
  try {
    readFileSync("/proc/self/status");
    return true;
  } catch {
    return false;
  }
}
