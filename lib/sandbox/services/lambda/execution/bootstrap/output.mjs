/**
 * What a runtime writes: AWS's telemetry frames on standard output, `console` in Lambda's form, and
 * a mark at the end of each invocation.
 * @module
 */
import { Buffer } from "node:buffer";
import { writeSync } from "node:fs";
import process from "node:process";
import { format } from "node:util";

const LEVELS = { TRACE: 4, DEBUG: 8, INFO: 12, WARN: 16, ERROR: 20, FATAL: 24 };
const CONSOLE = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
  fatal: "FATAL",
};
/** AWS's frames for text; the sandbox adds one that marks the end of an invocation's output. */
const TEXT_FRAME = 0xa55a0003;
const END_FRAME = 0xa55a00ff;

/** The output of one runtime. */
export class Output {
  /** The invocation under way; undefined outside of one. */
  requestId;
  #isModern;
  #toSeen;

  /** `isModern` from nodejs24.x on; `toSeen` takes this machine's paths out of a text. */
  constructor({ isModern, toSeen }) {
    this.#isModern = isModern;
    this.#toSeen = toSeen;
  }

  /** Makes `console` write log lines of Lambda. */
  patchConsole() {
    for (const [method, level] of Object.entries(CONSOLE)) {
      console[method] = (...parts) => this.log(level, ...parts);
    }
  }

  /** Writes one log event, whatever lines it has. */
  log(level, ...parts) {
    const id = this.requestId ?? (this.#isModern ? "-" : "undefined");
    const message = this.#toSeen(format(...parts));
    const text = `${new Date().toISOString()}\t${id}\t${level}\t${message}`;
    writeFrame(1, TEXT_FRAME | LEVELS[level], text);
  }

  /** Writes a line as it is. */
  line(text) {
    writeAll(1, Buffer.from(`${text}\n`));
  }

  /** After this, all that the invocation, or the init phase, wrote has been written. */
  markEnd() {
    const rssBytes = process.memoryUsage().rss;
    const mark = JSON.stringify({ id: this.requestId ?? "init", rssBytes });
    writeFrame(1, END_FRAME, mark);
    writeFrame(2, END_FRAME, mark);
  }
}

function writeFrame(descriptor, type, text) {
  const message = Buffer.from(text);
  const head = Buffer.alloc(16);
  head.writeUInt32BE(type >>> 0, 0);
  head.writeUInt32BE(message.length, 4);
  head.writeBigUInt64BE(BigInt(Date.now()) * 1000n, 8);
  writeAll(descriptor, Buffer.concat([head, message]));
}

function writeAll(descriptor, bytes) {
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}
