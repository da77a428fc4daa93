/**
 * `node:child_process` where a function may start no program: every call fails as Node fails where
 * Linux refuses the program.
 * @module
 */
import childProcess from "node:child_process";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { refusedProgram } from "./refusals.mjs";

/** Changes `node:child_process` for this process. `onRefused` gets the program's name. */
export function refusePrograms(onRefused) {
  const refuse = (program) => {
    onRefused(program);
    return refusedProgram(program);
  };
  const start = (program, ...rest) => {
    const callback = rest.at(-1);
    return startedBadly(refuse(program), typeof callback === "function" ? callback : undefined);
  };
  const throwing = (program) => {
    throw refuse(program);
  };
  Object.assign(childProcess, {
    spawn: start,
    exec: (_command, ...rest) => start("/bin/sh", ...rest),
    execFile: start,
    fork: () => start("/var/lang/bin/node"),
    execSync: () => throwing("/bin/sh"),
    execFileSync: throwing,
    spawnSync: (program) => ({
      error: refuse(program),
      pid: 0,
      status: null,
      signal: null,
      output: null,
      stdout: null,
      stderr: null,
    }),
  });
}

function startedBadly(error, callback) {
  const child = Object.assign(new EventEmitter(), {
    pid: undefined,
    exitCode: null,
    signalCode: null,
    killed: false,
    stdin: new PassThrough(),
    stdout: new PassThrough().end(),
    stderr: new PassThrough().end(),
    kill: () => false,
    ref() {},
    unref() {},
  });
  queueMicrotask(() => callback ? callback(error, "", "") : child.emit("error", error));
  return child;
}
