/**
 * Refusals of Deno, in the words that Node and Linux have for them.
 * @module
 */

/** Numbers and texts of Linux's errors. */
const ERRORS = {
  EPERM: [-1, "operation not permitted"],
  EBADF: [-9, "bad file descriptor"],
  EISDIR: [-21, "illegal operation on a directory"],
  EACCES: [-13, "permission denied"],
  ENOENT: [-2, "no such file or directory"],
  ENOTDIR: [-20, "not a directory"],
  ENOSPC: [-28, "no space left on device"],
  EROFS: [-30, "read-only file system"],
  ENOTFOUND: [-3008, ""],
  ECONNREFUSED: [-111, ""],
};

/** The system call that Node names for a function, where it is not the function's own name. */
const SYSCALLS = {
  appendFile: "open",
  copyFile: "copyfile",
  createReadStream: "open",
  createWriteStream: "open",
  readFile: "open",
  readdir: "scandir",
  realpath: "lstat",
  rm: "unlink",
  utimes: "utime",
  writeFile: "open",
};

/** Deno's own error where a permission is missing. */
export const isRefusal = (error) => error?.name === "NotCapable";

/** An error as Node makes it of a system call: `EACCES: permission denied, open '/etc/passwd'`. */
export function systemError(code, syscall, path, dest) {
  const [errno, words] = ERRORS[code];
  const where = path === undefined ? "" : ` '${path}'${dest === undefined ? "" : ` -> '${dest}'`}`;
  const error = new Error(`${code}: ${words}, ${syscall}${where}`);
  return Object.assign(error, {
    errno,
    code,
    syscall,
    ...(path === undefined ? {} : { path }),
    ...(dest === undefined ? {} : { dest }),
  });
}

/** An error of `node:fs` as Node would tell it; `args` are what the function gave. */
export function refusedFile(folders, name, error, args) {
  if (!(error instanceof Error)) return error;
  if (isRefusal(error)) {
    const syscall = SYSCALLS[name] ?? name;
    const [path, dest] = args.map((arg) => folders.toSeen(arg instanceof URL ? arg.pathname : arg));
    if (name === "symlink" || name === "link") return systemError("EPERM", syscall, path, dest);
    // On AWS everything but /tmp is mounted read-only.
    const code = /write access/.test(error.message) ? "EROFS" : "EACCES";
    return systemError(code, syscall, typeof path === "number" ? undefined : String(path));
  }
  const other = otherWords(folders, name, error);
  if (other) return other;
  for (const key of ["path", "dest"]) {
    if (typeof error[key] === "string") error[key] = folders.toSeen(error[key]);
  }
  const message = folders.toSeen(error.message);
  if (message !== error.message) {
    error.message = message;
    error.stack = folders.toSeen(error.stack ?? "");
  }
  return error;
}

/** Errors that Deno words in another way than Node. */
function otherWords(folders, name, error) {
  const { code, path } = error;
  if (code === "EBADF") return systemError(code, SYSCALLS[name] ?? name);
  if (name === "readFile" && code === "EISDIR") return systemError(code, "read");
  if (error.syscall !== "readdir" || !(code in ERRORS)) return undefined;
  return systemError(code, "scandir", folders.toSeen(path));
}

/** An error of a connection: `connect EACCES 192.0.2.1:443`. */
export function refusedConnection(error) {
  if (!isRefusal(error)) return error;
  const [, address = ""] = /(?:net|read|write) access to "([^"]*)"/.exec(error.message) ?? [];
  const refused = new Error(`connect EACCES ${address}`);
  return Object.assign(refused, { errno: ERRORS.EACCES[0], code: "EACCES", syscall: "connect" });
}

/** Any refusal that no function above has worded: in Node's words. */
export function toldAsNode(error) {
  if (!isRefusal(error)) return error;
  if (/net access/.test(error.message)) return refusedConnection(error);
  return Object.assign(new Error("EACCES: permission denied"), { errno: -13, code: "EACCES" });
}

/** What a function reads of a call that the sandbox refuses, and AWS would let through. */
export function refusedProgram(program) {
  const refused = new Error(`spawn ${program} EACCES`);
  return Object.assign(refused, {
    errno: ERRORS.EACCES[0],
    code: "EACCES",
    syscall: `spawn ${program}`,
    path: program,
    spawnargs: [],
  });
}
