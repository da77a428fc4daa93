/**
 * The C program jq 1.6, compiled to WebAssembly (npm jq-web 0.5.1: its sources are those of the
 * release), and the few things that it asks of an operating system. It gets no files, no
 * environment and no clock; its dates are glibc's, as on AWS, and not those of its own build.
 * One instance is one process: what it took is free when it ends.
 * @module
 */

import { jqModule } from "./module.js";
import type { Tm } from "./glibc/calendar.ts";
import { daysOf, tmOfDays } from "./glibc/calendar.ts";
import { strftime } from "./glibc/strftime.ts";
import { strptime } from "./glibc/strptime.ts";
import { MKTIME_BIAS_DAYS } from "./program.ts";

/** What a run printed; `broken` when jq ended itself, without memory or at an assertion. */
export interface CoreRun {
  readonly kind: "ended" | "broken";
  /** jq's exit status: 0, or 2 to 5. */
  readonly status: number;
  readonly stdout: string;
  /** Its first 64 KiB. */
  readonly stderr: string;
}

/** What to run. */
export interface CoreCall {
  readonly args: readonly string[];
  /** Standard input: UTF-8. */
  readonly input: Uint8Array;
}

/** How large jq may grow. A batch takes some 20 MiB. */
const MEMORY_BYTES_MAX = 256 * 1024 * 1024;
const STDERR_BYTES_MAX = 64 * 1024;

const PAGE_BYTES = 64 * 1024;
/** What the module was linked for: its first memory, its table, and where its heap begins. */
const MEMORY_BYTES_MIN = 16 * 1024 * 1024;
const TABLE_ELEMENTS = 177;
const HEAP_TOP_ADDRESS = 332_416;
const HEAP_START = 5_575_456;

/** Errors of the C library, as this build numbers them. */
const ENOENT = 44;
const ENOTTY = 59;
const ESPIPE = 70;

/** The program's own end. */
class Exit extends Error {
  constructor(readonly status: number) {
    super();
  }
}

/** Runs jq to its end. It computes without a pause: only for a thread that may be stopped. */
export function runCore(call: CoreCall): CoreRun {
  return new Process(call.input).run(["jq", ...call.args]);
}

class Process {
  readonly #memory = new WebAssembly.Memory({
    initial: MEMORY_BYTES_MIN / PAGE_BYTES,
    maximum: MEMORY_BYTES_MAX / PAGE_BYTES,
  });
  #bytes = new Uint8Array(this.#memory.buffer);
  #view = new DataView(this.#memory.buffer);
  #read = 0;
  readonly #stdout: Uint8Array[] = [];
  readonly #stderr: Uint8Array[] = [];
  #stderrBytes = 0;

  constructor(readonly input: Uint8Array) {}

  run(args: readonly string[]): CoreRun {
    this.#view.setInt32(HEAP_TOP_ADDRESS, HEAP_START, true);
    const { E: start, F: main, H: malloc } = this.#instantiate();
    start();
    const pointers = args.map((arg) => this.#store(malloc, new TextEncoder().encode(`${arg}\0`)));
    const argv = this.#store(malloc, new Uint8Array(Int32Array.of(...pointers, 0).buffer));
    return this.#endOf(() => main(args.length, argv));
  }

  #endOf(main: () => number): CoreRun {
    let [kind, status]: [CoreRun["kind"], number] = ["broken", -1];
    try {
      [kind, status] = ["ended", main()];
    } catch (error) {
      // All else is jq's abort, or the end of the stack: no state is left that could be wrong.
      if (error instanceof Exit) [kind, status] = ["ended", error.status];
    }
    return { kind, status, stdout: textOf(this.#stdout), stderr: textOf(this.#stderr) };
  }

  #instantiate(): Record<"E" | "F" | "H", (...args: number[]) => number> {
    const { exports } = new WebAssembly.Instance(jqModule, {
      env: { ...this.#system(), ...this.#library() },
      wasi_unstable: this.#streams(),
    });
    const named = (name: string) => {
      const exported = exports[name];
      if (typeof exported !== "function") throw new Error(`jq's module has no function ${name}`);
      return (...args: number[]): number => exported(...args);
    };
    return { E: named("E"), F: named("F"), H: named("H") };
  }

  /** Memory, files, locks. The names are those that the module was linked with. */
  #system() {
    const refused = (error: number) => () => -error;
    return {
      memory: this.#memory,
      table: new WebAssembly.Table({
        initial: TABLE_ELEMENTS,
        maximum: TABLE_ELEMENTS,
        element: "anyfunc",
      }),
      a: () => this.#abort("assert"),
      b: (status: number) => {
        throw new Exit(status);
      },
      d: () => {}, // unlock
      e: refused(ENOENT), // open
      h: () => 0, // fcntl
      i: refused(ENOENT), // stat
      j: () => this.#abort("abort"),
      q: (to: number, from: number, length: number) => {
        this.#bytes.copyWithin(to, from, from + length);
        return to;
      },
      r: (bytes: number) => this.#grow(bytes),
      u: () => 0, // getuid
      v: refused(ENOENT), // readlink
      y: () => {}, // lock
      A: refused(ENOTTY), // ioctl
      B: refused(ENOENT), // fstat
      C: () => -1, // pathconf
      D: () => 0, // getpwuid
    };
  }

  /** Functions of the C library that the module leaves to its host. */
  #library() {
    return {
      f: (to: number, size: number, format: number, tm: number) => {
        const text = strftime(this.#string(format), this.#tm(tm));
        if (text.length >= size) return 0;
        this.#putString(to, text);
        return text.length;
      },
      k: () => 0, // time: the prelude knows it
      l: (days: number, tm: number) => this.#putDays(days, tm),
      m: (days: number, tm: number) => this.#putDays(days, tm),
      n: (tm: number) => daysOf(this.#tm(tm)) - MKTIME_BIAS_DAYS,
      p: (text: number, format: number, at: number) => {
        const tm = this.#tm(at);
        const end = strptime(this.#string(text), this.#string(format), tm);
        if (end === undefined) return 0;
        this.#putTm(at, tm);
        return text + end;
      },
      x: round,
    };
  }

  #streams() {
    return {
      c: () => 0, // close
      g: () => 0, // fdstat
      o: () => ESPIPE, // seek
      s: () => 0, // the environment: none
      t: (count: number, bytes: number) => {
        this.#view.setInt32(count, 0, true);
        this.#view.setInt32(bytes, 0, true);
        return 0;
      },
      w: (_stream: number, vectors: number, count: number, total: number) =>
        this.#transfer(vectors, count, total, (to) => {
          const part = this.input.subarray(this.#read, this.#read + to.length);
          to.set(part);
          this.#read += part.length;
          return part.length;
        }),
      z: (stream: number, vectors: number, count: number, total: number) =>
        this.#transfer(vectors, count, total, (from) => {
          if (stream === 1) this.#stdout.push(from.slice());
          else if (this.#stderrBytes < STDERR_BYTES_MAX) {
            this.#stderr.push(from.slice());
            this.#stderrBytes += from.length;
          }
          return from.length;
        }),
    };
  }

  #transfer(
    vectors: number,
    count: number,
    total: number,
    move: (part: Uint8Array) => number,
  ): number {
    let moved = 0;
    for (let at = vectors; at < vectors + 8 * count; at += 8) {
      const start = this.#view.getUint32(at, true);
      moved += move(this.#bytes.subarray(start, start + this.#view.getUint32(at + 4, true)));
    }
    this.#view.setInt32(total, moved, true);
    return 0;
  }

  #abort(why: string): never {
    throw new Error(`jq ended itself: ${why}`);
  }

  /** Room for `bytes` in all; 0 if that is too much. */
  #grow(bytes: number): number {
    const wanted = Math.ceil(bytes / PAGE_BYTES);
    const has = this.#memory.buffer.byteLength / PAGE_BYTES;
    const most = MEMORY_BYTES_MAX / PAGE_BYTES;
    if (wanted > most) return 0;
    this.#memory.grow(Math.min(Math.max(wanted, has * 2), most) - has);
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
    return 1;
  }

  #store(malloc: (bytes: number) => number, bytes: Uint8Array): number {
    const at = malloc(bytes.length);
    this.#bytes.set(bytes, at);
    return at;
  }

  /** A C string, a character for each byte. */
  #string(at: number): string {
    let text = "";
    for (let index = at; this.#bytes[index] !== 0; index++) {
      text += String.fromCharCode(this.#bytes[index]);
    }
    return text;
  }

  #putString(at: number, text: string): void {
    for (let index = 0; index < text.length; index++) {
      this.#bytes[at + index] = text.charCodeAt(index);
    }
    this.#bytes[at + text.length] = 0;
  }

  #putDays(days: number, tm: number): number {
    this.#putTm(tm, tmOfDays(this.#view.getInt32(days, true)));
    return tm;
  }

  #tm(at: number): Tm {
    const field = (index: number) => this.#view.getInt32(at + 4 * index, true);
    return {
      sec: field(0),
      min: field(1),
      hour: field(2),
      mday: field(3),
      mon: field(4),
      year: field(5),
      wday: field(6),
      yday: field(7),
    };
  }

  #putTm(at: number, tm: Tm): void {
    TM_FIELDS.forEach((field, index) => this.#view.setInt32(at + 4 * index, tm[field], true));
  }
}

/** In the order in which C's `struct tm` has them. */
const TM_FIELDS = ["sec", "min", "hour", "mday", "mon", "year", "wday", "yday"] as const;

/** C's `round`: halves go away from zero, and the sign of a zero stays. */
function round(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

function textOf(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
}
