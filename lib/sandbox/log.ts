/**
 * The sandbox's log: a line for each request, and problems. Lines are gathered and written
 * together, so a request never waits for the log's reader.
 * @module
 */

import { inspect } from "node:util";
import { setTimeout as pause } from "node:timers/promises";
import type { Answered } from "./http/answered.ts";
import { jsonLine, textLine } from "./log_line.ts";
import { RepeatedLines } from "./repeated_lines.ts";
import { terminalText } from "./terminal_text.ts";

/** Where the sandbox reports what happens. */
export interface SandboxLog {
  /** Receives every request; absent means that requests are not logged. */
  readonly answered?: (answer: Answered) => void;
  /** Reports a fault of the sandbox, or a problem that AWS would show only in its logs. */
  problem(line: string, error?: unknown): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** A log of problems without requests. */
export function problemsOnly(write: (line: string) => void): SandboxLog {
  const repeated = new RepeatedLines();
  return {
    problem: (line, error) => {
      const text = repeated.shown(withError(line, error));
      if (text !== undefined) write(`sandbox: ${text}`);
    },
    close: () => Promise.resolve(),
  };
}

/** The form of a log's lines. */
export type LogForm = "text" | "json";

/** A log of requests and problems, one line each. */
export function requestLog(
  form: LogForm,
  write: (bytes: Uint8Array) => Promise<unknown>,
): SandboxLog {
  const lines = new LineWriter(write);
  const repeated = new RepeatedLines();
  return {
    // Escapes are JSON's too: a line means the same with them.
    answered: (answer) =>
      lines.add(form === "json" ? terminalText(jsonLine(answer)) : textLine(answer)),
    problem(line, error) {
      const text = repeated.shown(withError(line, error));
      if (text === undefined) return;
      lines.add(form === "json" ? JSON.stringify({ problem: text }) : `sandbox: ${text}`);
    },
    close: () => lines.written(),
  };
}

const withError = (line: string, error: unknown) =>
  terminalText(error === undefined ? line : `${line} ${inspect(error)}`);

/** How long lines are gathered: to a person they still appear at once. */
const GATHER_MS = 40;
/** Characters kept for a slow reader; further lines are dropped and counted. */
const WAITING_CHARACTERS_MAX = 4 * 1024 * 1024;

class LineWriter {
  readonly #write: (bytes: Uint8Array) => Promise<unknown>;
  #waiting: string[] = [];
  #characters = 0;
  #dropped = 0;
  #writing: Promise<void> | undefined;

  constructor(write: (bytes: Uint8Array) => Promise<unknown>) {
    this.#write = write;
  }

  add(line: string): void {
    if (this.#characters + line.length > WAITING_CHARACTERS_MAX) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(line);
    this.#characters += line.length;
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when nothing waits. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      await pause(GATHER_MS);
      const dropped = this.#dropped === 0 ? [] : [`(${this.#dropped} lines left out)`];
      const text = [...this.#waiting, ...dropped, ""].join("\n");
      this.#waiting = [];
      this.#characters = 0;
      this.#dropped = 0;
      // The reader has gone: requests are still answered.
      await this.#write(new TextEncoder().encode(text)).catch(() => {});
    }
    this.#writing = undefined;
  }
}
