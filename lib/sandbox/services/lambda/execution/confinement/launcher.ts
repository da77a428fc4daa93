/**
 * Gives up most rights, and becomes another program: `deno run --allow-ffi launcher.ts`, with a
 * {@linkcode LaunchPlan} as JSON in the variable {@linkcode PLAN_VARIABLE}. Linux only. It calls the
 * kernel through Deno's foreign functions, so it needs no compiler and no other program. Every
 * restriction holds for the program and all that it starts, until they end. Without a plan it prints
 * which version of Landlock this kernel has.
 * @module
 */

import { ABI_WITH_IOCTL, ABI_WITH_PORTS, ABI_WITH_SCOPES } from "./landlock_versions.ts";
import { type LaunchPlan, PLAN_VARIABLE } from "./plan.ts";
import { seccompFilter } from "./seccomp.ts";

/** Calls by number: the same on x86_64 and aarch64, but those by name. */
const [LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF] = [444, 445, 446];
const CALLS = {
  x86_64: {
    prctl: 157,
    capset: 126,
    setsid: 112,
    setrlimit: 160,
    close: 3,
    open: 257,
    mkdir: 258,
    mount: 165,
    chdir: 80,
    setAffinity: 203,
    getAffinity: 204,
  },
  aarch64: {
    prctl: 167,
    capset: 91,
    setsid: 157,
    setrlimit: 164,
    close: 57,
    open: 56,
    mkdir: 34,
    mount: 40,
    chdir: 49,
    setAffinity: 122,
    getAffinity: 123,
  },
} as const;

const [PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER] = [38, 22, 36];
const SECCOMP_MODE_FILTER = 2;
const [RLIMIT_FSIZE, RLIMIT_CORE, RLIMIT_NOFILE] = [1, 4, 7];
const [AT_FDCWD, O_PATH_CLOEXEC] = [-100, 0o12000000];
const [SIGXFSZ, SIG_IGN] = [25, 1n];

/** Open files of a function. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const OPEN_FILES_MAX = 1_024n;

/** Landlock's rights of files by name, as bits. */
const FS = {
  execute: 1n << 0n,
  writeFile: 1n << 1n,
  readFile: 1n << 2n,
  readDir: 1n << 3n,
  truncate: 1n << 14n,
  ioctl: 1n << 15n,
} as const;
const READ = FS.execute | FS.readFile | FS.readDir;
/** Rights that a file, unlike a folder, can have. */
const OF_FILES = FS.execute | FS.writeFile | FS.readFile | FS.truncate | FS.ioctl;
const CONNECT_TCP = 2n;
const ALL_TCP = 3n;
const [RULE_PATH, RULE_PORT] = [1, 2];

const libc = () =>
  Deno.dlopen("libc.so.6", {
    syscall: {
      parameters: ["i64", "i64", "buffer", "i64", "i64", "i64", "i64"],
      result: "i64",
    },
    numbers: {
      name: "syscall",
      parameters: ["i64", "i64", "i64", "i64", "i64", "i64", "i64"],
      result: "i64",
    },
    signal: { parameters: ["i32", "i64"], result: "i64" },
    execve: { parameters: ["buffer", "buffer", "buffer"], result: "i32" },
    perror: { parameters: ["buffer"], result: "void" },
  }).symbols;

/** The kernel, with every failure thrown. */
class Kernel {
  readonly #libc = libc();
  readonly #calls = CALLS[Deno.build.arch];

  /** The number of Landlock's version; 0 where there is none. */
  landlockAbi(): number {
    const version = this.#libc.numbers(BigInt(LANDLOCK_CREATE_RULESET), 0n, 0n, 1n, 0n, 0n, 0n);
    return Math.max(0, Number(version));
  }

  numbers(what: string, call: number, ...args: (number | bigint)[]): number {
    const given = args.map(BigInt);
    const [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n] = given;
    const result = this.#libc.numbers(BigInt(call), a, b, c, d, e, f);
    if (result < 0n) throw new Error(`${what} failed`);
    return Number(result);
  }

  /** A call whose second argument is memory. */
  memory(
    what: string,
    call: number,
    first: number,
    bytes: Uint8Array<ArrayBuffer>,
    ...rest: number[]
  ) {
    const [c = 0, d = 0, e = 0, f = 0] = rest;
    const tail = [c, d, e, f].map(BigInt) as [bigint, bigint, bigint, bigint];
    const result = this.#libc.syscall(BigInt(call), BigInt(first), bytes, ...tail);
    if (result < 0n) throw new Error(`${what} failed`);
    return Number(result);
  }

  /** A descriptor that only names the path, until the program starts. */
  openPath(path: string): number {
    return this.memory(`open of ${path}`, this.#calls.open, AT_FDCWD, textOf(path), O_PATH_CLOEXEC);
  }

  mount(source: string, target: string, type: string, flags: number): void {
    const texts = [source, target, type].map(textOf);
    const [from, to, kind] = texts.map((text) =>
      Deno.UnsafePointer.value(Deno.UnsafePointer.of(text))
    );
    this.numbers(`mount of ${target}`, this.#calls.mount, from, to, kind, flags, 0);
  }

  get calls() {
    return this.#calls;
  }

  ignoreSignal(signal: number): void {
    this.#libc.signal(signal, SIG_IGN);
  }

  /** Becomes the program. Comes back only if that failed. */
  become({ program, args, env }: LaunchPlan): void {
    const environment = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const [argv, envp] = [textsOf([program, ...args]), textsOf(environment)];
    this.#libc.execve(textOf(program), argv.pointers, envp.pointers);
    this.#libc.perror(textOf(program));
  }
}

const textOf = (text: string) => new TextEncoder().encode(`${text}\0`);

/** C's array of texts, which ends in a null pointer. The texts must live as long as it does. */
function textsOf(texts: readonly string[]) {
  const held = texts.map(textOf);
  const addresses = held.map((bytes) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
  return { held, pointers: new BigUint64Array([...addresses, 0n]) };
}

const [MS_BIND, MS_REC] = [4096, 16384];
/** The same number on both machines. */
const MOUNT_SETATTR = 442;
const [AT_RECURSIVE, MOUNT_ATTR_RDONLY] = [0x8000, 1n];

function mountFolders(kernel: Kernel, plan: LaunchPlan): void {
  if (plan.mounts?.areAsOnAws) moveFolders(kernel, plan);
  for (const path of plan.reads) makeReadOnly(kernel, path);
  // The way to a file by the old working folder would not lead through the new mounts.
  const task = textOf(plan.mounts?.areAsOnAws ? "/var/task" : plan.taskFolder);
  const address = Deno.UnsafePointer.value(Deno.UnsafePointer.of(task));
  kernel.numbers("chdir", kernel.calls.chdir, address);
}

/**
 * Puts the function's folders where they are on AWS. /var is an empty one in this namespace: nobody
 * may make a folder in the machine's. Both are opened first: they may lie below the machine's /var
 * or /tmp, which are hidden then.
 */
function moveFolders(kernel: Kernel, { taskFolder, tmpFolder }: LaunchPlan): void {
  const { calls } = kernel;
  const [task, tmp] = [taskFolder, tmpFolder].map((path) =>
    `/proc/self/fd/${kernel.openPath(path)}`
  );
  kernel.mount("tmpfs", "/var", "tmpfs", 0);
  kernel.memory("mkdir", calls.mkdir, AT_FDCWD, textOf("/var/task"), 0o755);
  kernel.mount(task, "/var/task", "", MS_BIND);
  kernel.mount(tmp, "/tmp", "", MS_BIND);
}

/** Landlock does not guard the mode and the times of a file that may be read: its mount does. */
function makeReadOnly(kernel: Kernel, path: string): void {
  try {
    kernel.mount(path, path, "", MS_BIND | MS_REC);
  } catch {
    return; // not on this machine
  }
  // `struct mount_attr`: what is set, what is cleared, and two that stay.
  const attributes = new Uint8Array(new BigUint64Array([MOUNT_ATTR_RDONLY, 0n, 0n, 0n]).buffer);
  const [target, address] = [textOf(path), attributes].map((bytes) =>
    Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes))
  );
  const size = attributes.length;
  const what = `making ${path} read-only`;
  kernel.numbers(what, MOUNT_SETATTR, AT_FDCWD, target, AT_RECURSIVE, address, size);
}

/** Confines this process as `plan` says. */
function confine(kernel: Kernel, plan: LaunchPlan): void {
  const abi = kernel.landlockAbi();
  if (abi < ABI_WITH_PORTS) throw new Error(`Landlock is at ${abi}; ${ABI_WITH_PORTS} is needed`);
  const { calls } = kernel;
  if (plan.mounts) mountFolders(kernel, plan);
  kernel.numbers("setsid", calls.setsid);
  kernel.numbers("subreaper", calls.prctl, PR_SET_CHILD_SUBREAPER, 1);
  kernel.numbers("no_new_privs", calls.prctl, PR_SET_NO_NEW_PRIVS, 1);
  kernel.ignoreSignal(SIGXFSZ); // a file that is too large is an error, not the end
  setLimit(kernel, RLIMIT_CORE, 0n);
  setLimit(kernel, RLIMIT_NOFILE, OPEN_FILES_MAX);
  setLimit(kernel, RLIMIT_FSIZE, BigInt(plan.fileBytesMax));
  if (plan.isOnOneProcessor) keepOnOneProcessor(kernel);
  dropCapabilities(kernel);
  restrictFiles(kernel, abi, plan);
  const arch = Deno.build.arch;
  const hasSignalScope = abi >= ABI_WITH_SCOPES;
  setFilter(kernel, seccompFilter({ arch, pid: Deno.pid, hasSignalScope }));
}

function setLimit(kernel: Kernel, resource: number, value: bigint): void {
  const limit = new Uint8Array(new BigUint64Array([value, value]).buffer);
  kernel.memory("setrlimit", kernel.calls.setrlimit, resource, limit);
}

/** Bits of processors, as many as Linux has at most (`CONFIG_NR_CPUS`). */
const PROCESSOR_BYTES = 1_024;

/** Keeps this process on the last of the processors that it may use. */
function keepOnOneProcessor(kernel: Kernel): void {
  const allowed = new Uint8Array(PROCESSOR_BYTES);
  const address = Deno.UnsafePointer.value(Deno.UnsafePointer.of(allowed));
  const { getAffinity, setAffinity } = kernel.calls;
  kernel.numbers("sched_getaffinity", getAffinity, 0, PROCESSOR_BYTES, address);
  const last = allowed.findLastIndex((bits) => bits > 0);
  allowed[last] = 1 << (31 - Math.clz32(allowed[last]));
  allowed.fill(0, 0, last);
  kernel.numbers("sched_setaffinity", setAffinity, 0, PROCESSOR_BYTES, address);
}

/** Version 3 of the header, for this process; no capability in any set. */
function dropCapabilities(kernel: Kernel): void {
  const header = new Uint32Array([0x20080522, 0]);
  const data = new Uint8Array(24);
  const address = Deno.UnsafePointer.value(Deno.UnsafePointer.of(header));
  kernel.memory("capset", kernel.calls.capset, Number(address), data);
}

function restrictFiles(kernel: Kernel, abi: number, plan: LaunchPlan): void {
  const all = allFileRights(abi);
  const scoped = abi >= ABI_WITH_SCOPES ? 3n : 0n;
  const attributes = new BigUint64Array([all, ALL_TCP, ...(scoped ? [scoped] : [])]);
  const bytes = new Uint8Array(attributes.buffer);
  const address = Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes));
  const ruleset = kernel.numbers(
    "landlock_create_ruleset",
    LANDLOCK_CREATE_RULESET,
    address,
    bytes.length,
    0,
  );
  for (const path of plan.reads) allowPath(kernel, ruleset, path, READ & all);
  for (const path of plan.writes) allowPath(kernel, ruleset, path, all);
  for (const port of plan.ports) {
    addRule(
      kernel,
      ruleset,
      RULE_PORT,
      new Uint8Array(new BigUint64Array([CONNECT_TCP, BigInt(port)]).buffer),
    );
  }
  kernel.numbers("landlock_restrict_self", LANDLOCK_RESTRICT_SELF, ruleset, 0);
}

/** 13 rights at first; then REFER, TRUNCATE, and IOCTL_DEV from ABI 5 on. */
const allFileRights = (abi: number) => (1n << (abi >= ABI_WITH_IOCTL ? 16n : 15n)) - 1n;

function allowPath(kernel: Kernel, ruleset: number, path: string, rights: bigint): void {
  let descriptor;
  try {
    descriptor = kernel.openPath(path);
  } catch {
    return; // not on this machine
  }
  const rule = new Uint8Array(12);
  const view = new DataView(rule.buffer);
  view.setInt32(8, descriptor, true);
  try {
    view.setBigUint64(0, rights, true);
    addRule(kernel, ruleset, RULE_PATH, rule);
  } catch {
    view.setBigUint64(0, rights & OF_FILES, true);
    addRule(kernel, ruleset, RULE_PATH, rule);
  }
  kernel.numbers("close", kernel.calls.close, descriptor);
}

function addRule(
  kernel: Kernel,
  ruleset: number,
  type: number,
  rule: Uint8Array<ArrayBuffer>,
): void {
  const address = Deno.UnsafePointer.value(Deno.UnsafePointer.of(rule));
  kernel.numbers("landlock_add_rule", LANDLOCK_ADD_RULE, ruleset, type, address, 0);
}

/** `struct sock_fprog`: how many instructions, and where they are. */
function setFilter(kernel: Kernel, filter: Uint8Array<ArrayBuffer>): void {
  const program = new Uint8Array(16);
  const view = new DataView(program.buffer);
  view.setUint16(0, filter.length / 8, true);
  view.setBigUint64(8, Deno.UnsafePointer.value(Deno.UnsafePointer.of(filter)), true);
  const address = Deno.UnsafePointer.value(Deno.UnsafePointer.of(program));
  kernel.numbers("seccomp", kernel.calls.prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, address);
}

if (import.meta.main) {
  const kernel = new Kernel();
  const text = Deno.env.get(PLAN_VARIABLE);
  if (text === undefined) console.log(JSON.stringify({ landlockAbi: kernel.landlockAbi() }));
  else {
    try {
      const plan: LaunchPlan = JSON.parse(text);
      confine(kernel, plan);
      kernel.become(plan);
    } catch (error) {
      console.error(`[sandbox] the program could not be confined: ${error}`);
    }
    Deno.exit(126);
  }
}
