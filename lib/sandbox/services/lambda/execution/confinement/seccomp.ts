/**
 * The filter of system calls of a confined program: what Landlock knows nothing of. A call is let
 * through, refused with an error, or answered 0 without effect where programs would fail for
 * nothing. Numbers are from Linux's tables for x86_64 and aarch64.
 * @module
 */

/** What the filter depends on. */
export interface FilterOptions {
  readonly arch: "x86_64" | "aarch64";
  /** The program's own process id. */
  readonly pid: number;
  /** Whether Landlock keeps signals within the program (ABI 6). */
  readonly hasSignalScope: boolean;
}

const [EPERM, EACCES, ENOSYS] = [1, 13, 38];
const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const refuse = (errno: number) => 0x00050000 | errno;

/** `AUDIT_ARCH_…`: calls in another form of the machine's language are no business of a function. */
const AUDIT_ARCH = { x86_64: 0xc000003e, aarch64: 0xc00000b7 } as const;
/** Calls of x86_64's ILP32 form begin here. */
const X32_CALLS = 0x40000000;

/** Numbers of a call: x86_64, aarch64; undefined where the machine has no such call. */
type Numbers = readonly [number | undefined, number | undefined];

/** Calls refused whatever their arguments. */
const REFUSED: Readonly<Record<number, readonly Numbers[]>> = {
  [EPERM]: [
    [101, 117], // ptrace
    [310, 270], // process_vm_readv
    [311, 271], // process_vm_writev
    [272, 97], // unshare
    [308, 268], // setns
    [321, 280], // bpf
    [298, 241], // perf_event_open
    [250, 219], // keyctl
    [248, 217], // add_key
    [249, 218], // request_key
    [304, 265], // open_by_handle_at
    [300, 262], // fanotify_init
    [254, 27], // inotify_add_watch: it reports which files are opened
    [103, 116], // syslog
  ],
  // Without a bind before it, it takes a free port of every address; Landlock sees binds only.
  [EACCES]: [[50, 201]], // listen
  // Memory and messages that are no file, and so count nowhere or outlive the program.
  [ENOSYS]: [
    [425, 425], // io_uring_setup: it makes calls past any filter
    [426, 426],
    [427, 427],
    [319, 279], // memfd_create
    [447, 447], // memfd_secret
    [29, 194], // shmget
    [68, 186], // msgget
    [64, 190], // semget
    [240, 180], // mq_open
    [323, 282], // userfaultfd
    [435, 435], // clone3: its flags cannot be seen; libc then uses clone
  ],
};

/**
 * Calls that are answered 0 and do nothing. Mode, owner, times and attributes of a path, and owner
 * and attributes of an open file: Landlock does not guard them, and a file that may be read, such as
 * one of the interpreter's, may be the user's. And leaving the group of processes in which
 * all of a function is ended.
 */
const WITHOUT_EFFECT: readonly Numbers[] = [
  [90, undefined], // chmod
  [268, 53], // fchmodat
  [452, 452], // fchmodat2
  [92, undefined], // chown
  [93, 55], // fchown
  [94, undefined], // lchown
  [260, 54], // fchownat
  [132, undefined], // utime
  [235, undefined], // utimes
  [261, undefined], // futimesat
  [188, 5], // setxattr
  [189, 6], // lsetxattr
  [190, 7], // fsetxattr
  [197, 14], // removexattr
  [198, 15], // lremovexattr
  [199, 16], // fremovexattr
  [463, 463], // setxattrat
  [466, 466], // removexattrat
  [469, 469], // file_setattr
  [112, 157], // setsid
  [109, 154], // setpgid
];

/** Signals to others, for kernels whose Landlock does not stop them. */
const SIGNALS: readonly Numbers[] = [
  [62, 129], // kill
  [200, 130], // tkill
  [129, 138], // rt_sigqueueinfo
];

/** New namespaces: CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID, NET. */
const NAMESPACES = 0x7e020000;
const MSG_FASTOPEN = 0x20000000;
const PR_SET_CHILD_SUBREAPER = 36;
const [AF_INET, AF_INET6, SOCK_STREAM, SOCK_DGRAM, SOCK_TYPE_MASK, TCP] = [2, 10, 1, 2, 0xf, 6];

/** One instruction of Berkeley's packet filter. */
interface Instruction {
  readonly code: number;
  readonly k: number;
  readonly jt?: number;
  readonly jf?: number;
}

const load = (offset: number): Instruction => ({ code: 0x20, k: offset });
const mask = (k: number): Instruction => ({ code: 0x54, k });
const give = (k: number): Instruction => ({ code: 0x06, k });
/** Goes on with the next instruction if equal, else skips `jf`. */
const unlessEqual = (k: number, jf: number): Instruction => ({ code: 0x15, k, jt: 0, jf });
/** Skips `jt` if equal. */
const ifEqual = (k: number, jt: number): Instruction => ({ code: 0x15, k, jt, jf: 0 });
const unlessAtLeast = (k: number, jf: number): Instruction => ({ code: 0x35, k, jt: 0, jf });
const unlessAnyBit = (k: number, jf: number): Instruction => ({ code: 0x45, k, jt: 0, jf });
/** The lower half of an argument. */
const argument = (index: number) => load(16 + index * 8);
const upperHalf = (index: number) => load(20 + index * 8);

/** TCP only: UDP and the rest know no ports of Landlock's, and its own sockets no paths. */
const SOCKET = [
  argument(0),
  ifEqual(AF_INET, 2),
  ifEqual(AF_INET6, 1),
  give(refuse(EACCES)),
  argument(1),
  mask(SOCK_TYPE_MASK),
  ifEqual(SOCK_STREAM, 1),
  give(refuse(EACCES)),
  argument(2),
  ifEqual(0, 2),
  ifEqual(TCP, 1),
  give(refuse(EACCES)),
  give(ALLOW),
];
/** A pair of datagram sockets could be connected to a path. */
const SOCKETPAIR = [
  argument(1),
  mask(SOCK_TYPE_MASK),
  ifEqual(SOCK_DGRAM, 1),
  give(ALLOW),
  give(refuse(EACCES)),
];
const without = (index: number, bits: number) => [
  argument(index),
  unlessAnyBit(bits, 1),
  give(refuse(EPERM)),
  give(ALLOW),
];
const onlyFor = (...pids: number[]) => [
  argument(0),
  ...pids.map((pid, index) => ifEqual(pid, pids.length - index)),
  give(refuse(EPERM)),
  give(ALLOW),
];
/** Times of an open file are its own affair; of a path they have no effect. */
const UTIMENSAT = [
  argument(1),
  unlessEqual(0, 3),
  upperHalf(1),
  unlessEqual(0, 1),
  give(ALLOW),
  give(refuse(0)),
];
const PRCTL = [
  argument(0),
  unlessEqual(PR_SET_CHILD_SUBREAPER, 1),
  give(refuse(EPERM)),
  give(ALLOW),
];

/** The filter as the kernel takes it: `struct sock_filter[]`, little-endian. */
export function seccompFilter(options: FilterOptions): Uint8Array<ArrayBuffer> {
  const program: Instruction[] = [
    load(4),
    ifEqual(AUDIT_ARCH[options.arch], 1),
    give(KILL),
    load(0),
  ];
  if (options.arch === "x86_64") {
    program.push(unlessAtLeast(X32_CALLS, 1), give(refuse(ENOSYS)));
  }
  for (const [numbers, block] of blocks(options)) {
    const number = numbers[options.arch === "x86_64" ? 0 : 1];
    if (number !== undefined) program.push(unlessEqual(number, block.length), ...block);
  }
  program.push(give(ALLOW));
  return bytesOf(program);
}

function* blocks(options: FilterOptions): Generator<readonly [Numbers, readonly Instruction[]]> {
  for (const [errno, calls] of Object.entries(REFUSED)) {
    for (const numbers of calls) yield [numbers, [give(refuse(Number(errno)))]];
  }
  for (const numbers of WITHOUT_EFFECT) yield [numbers, [give(refuse(0))]];
  yield [[41, 198], SOCKET];
  yield [[53, 199], SOCKETPAIR];
  yield [[44, 206], without(3, MSG_FASTOPEN)]; // sendto
  yield [[46, 211], without(2, MSG_FASTOPEN)]; // sendmsg
  yield [[307, 269], without(3, MSG_FASTOPEN)]; // sendmmsg
  yield [[56, 220], without(0, NAMESPACES)]; // clone
  yield [[280, 88], UTIMENSAT];
  yield [[157, 167], PRCTL];
  yield [[302, 261], onlyFor(0, options.pid)]; // prlimit64
  if (options.hasSignalScope) return;
  for (const numbers of SIGNALS) yield [numbers, onlyFor(options.pid)];
}

function bytesOf(program: readonly Instruction[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, { code, jt = 0, jf = 0, k }] of program.entries()) {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, jt);
    view.setUint8(index * 8 + 3, jf);
    view.setUint32(index * 8 + 4, k >>> 0, true);
  }
  return bytes;
}
