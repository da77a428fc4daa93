/**
 * `node:fs` as a function sees it: `/tmp` and `/var/task` lead to its own folders, `/tmp` holds as
 * much as its EphemeralStorage says, and refusals are in Node's words.
 * @module
 */
import fs from "node:fs";
import { isRefusal, refusedFile } from "./refusals.mjs";
import { TmpSpace } from "./tmp_space.mjs";

const statReal = fs.lstatSync;

/** How many paths come first, by function; the same for its `Sync` and its promise form. */
const PATHS = {
  access: 1,
  appendFile: 1,
  chmod: 1,
  chown: 1,
  copyFile: 2,
  cp: 2,
  createReadStream: 1,
  createWriteStream: 1,
  exists: 1,
  lchmod: 1,
  lchown: 1,
  link: 2,
  lstat: 1,
  lutimes: 1,
  mkdir: 1,
  mkdtemp: 1,
  mkdtempDisposable: 1,
  open: 1,
  openAsBlob: 1,
  opendir: 1,
  readFile: 1,
  readdir: 1,
  readlink: 1,
  realpath: 1,
  rename: 2,
  rm: 1,
  rmdir: 1,
  stat: 1,
  statfs: 1,
  symlink: 2,
  truncate: 1,
  unlink: 1,
  unwatchFile: 1,
  utimes: 1,
  watch: 1,
  watchFile: 1,
  writeFile: 1,
};
/** Functions that write, with where their data stand among the arguments. */
const DATA = { appendFile: 1, write: 1, writeFile: 1, writev: 1 };
/** Answers that are paths. */
const GIVES_PATHS = new Set(["mkdtemp", "mkdir", "realpath", "readlink"]);
/** Standard output and the like: no files of /tmp. */
const STANDARD_DESCRIPTOR_MAX = 2;

/** Changes `node:fs` for this process. */
export function installFiles(folders, tmpBytesMax) {
  const space = new TmpSpace(folders.tmpFolder, tmpBytesMax);
  const guard = new FileGuard(folders, space);
  const { promises } = fs;
  for (const [name, original] of Object.entries(fs)) {
    if (typeof original === "function" && /^[a-z]/.test(name)) {
      const plain = name.replace(/Sync$/, "");
      fs[name] = keepProperties(guard.wrap(plain, original), original, guard);
    }
  }
  for (const name of ["ReadStream", "WriteStream"]) fs[name] = guard.wrapStream(fs[name]);
  for (const name of ["createReadStream", "createWriteStream"]) {
    const Stream = fs[name === "createReadStream" ? "ReadStream" : "WriteStream"];
    fs[name] = (path, options) => new Stream(path, options);
  }
  const open = promises.open;
  for (const [name, original] of Object.entries(promises)) {
    if (typeof original === "function") promises[name] = guard.wrap(name, original);
  }
  promises.open = async (...args) => {
    const handle = await guard.wrap("open", open)(...args);
    guard.wrapHandles(Object.getPrototypeOf(handle));
    return handle;
  };
}

/** `realpath.native`, and the forms that `util.promisify` looks for. */
function keepProperties(wrapped, original, guard) {
  for (const key of Reflect.ownKeys(original)) {
    if (["length", "name", "prototype"].includes(key)) continue;
    const value = original[key];
    const isPathTaker = typeof value === "function";
    wrapped[key] = isPathTaker ? guard.wrap(original.name.replace(/Sync$/, ""), value) : value;
  }
  return wrapped;
}

class FileGuard {
  #folders;
  #space;
  #hasWrappedHandles = false;

  constructor(folders, space) {
    this.#folders = folders;
    this.#space = space;
  }

  /** `original` with translated paths, counted bytes and Node's errors. */
  wrap(name, original) {
    const call = (self, given) => this.#call(self, { name, original, given });
    return function (...given) {
      return call(this, given);
    };
  }

  #call(self, { name, original, given }) {
    const args = [...given];
    let isTranslated = false;
    for (let place = 0; place < (PATHS[name] ?? 0); place++) {
      args[place] = this.#folders.toReal(given[place]);
      isTranslated ||= args[place] !== given[place];
    }
    const answer = (value) => isTranslated ? this.#seen(name, value) : value;
    const failed = (error) => this.failure(name, error, given);
    // What may not be looked at is not there.
    if (name === "exists" && !this.#mayExist(args[0])) {
      const callback = given.at(-1);
      return typeof callback === "function" ? queueMicrotask(() => callback(false)) : false;
    }
    const callback = args.at(-1);
    try {
      this.#reserve(name, args);
      if (typeof callback === "function" && name !== "watchFile" && name !== "unwatchFile") {
        args[args.length - 1] = (first, ...rest) =>
          first instanceof Error ? callback(failed(first)) : callback(first, ...rest.map(answer));
      }
      const result = Reflect.apply(original, self, args);
      return typeof result?.then === "function"
        ? result.then(answer, (error) => Promise.reject(failed(error)))
        : answer(result);
    } catch (error) {
      const told = failed(error);
      // Wrong arguments are thrown, whatever form the function has.
      const isTold = isRefusal(error) || told.code === "ENOSPC";
      if (typeof callback !== "function" || !isTold) throw told;
      queueMicrotask(() => callback(told));
    }
  }

  /** A stream class whose instances use the guarded functions. */
  wrapStream(Stream) {
    return new Proxy(Stream, {
      construct: (target, [path, options, ...rest], newTarget) => {
        const given = typeof options === "string" ? { encoding: options } : options;
        const parts = { fs: guardedParts(), ...given };
        const stream = Reflect.construct(
          target,
          [this.#folders.toReal(path), parts, ...rest],
          newTarget,
        );
        return stream;
      },
      apply: (target, _this, args) => this.wrapStream(target).construct(...args),
    });
  }

  /** Counts what file handles write; all share one prototype. */
  wrapHandles(prototype) {
    if (this.#hasWrappedHandles) return;
    this.#hasWrappedHandles = true;
    for (const name of ["write", "writev", "writeFile", "appendFile"]) {
      const original = prototype[name];
      const reserve = (data) => this.#space.reserve(sizeOf(data), "write");
      prototype[name] = async function (data, ...rest) {
        reserve(data);
        return await original.call(this, data, ...rest);
      };
    }
  }

  failure(name, error, args) {
    return refusedFile(this.#folders, name, error, args);
  }

  #mayExist(path) {
    try {
      statReal(path);
      return true;
    } catch (error) {
      return !isRefusal(error);
    }
  }

  #reserve(name, args) {
    const place = DATA[name];
    if (place === undefined) {
      if (name === "copyFile") this.#space.reserve(sizeOfFile(args[0]), "copyfile");
      return;
    }
    if (typeof args[0] === "number" && args[0] <= STANDARD_DESCRIPTOR_MAX) return;
    const data = args[place];
    const isPart = name === "write" && typeof data !== "string" && typeof args[3] === "number";
    this.#space.reserve(isPart ? args[3] : sizeOf(data), "write");
  }

  #seen(name, value) {
    if (name === "readdir" || name === "opendir") return this.#seenEntries(value);
    return GIVES_PATHS.has(name) && typeof value === "string" ? this.#folders.toSeen(value) : value;
  }

  #seenEntries(value) {
    if (!Array.isArray(value)) return value;
    for (const entry of value) {
      for (const key of ["parentPath", "path"]) {
        if (typeof entry?.[key] === "string") entry[key] = this.#folders.toSeen(entry[key]);
      }
    }
    return value;
  }
}

/** What a stream calls: the functions as they are by now. */
const guardedParts = () => ({
  open: fs.open,
  read: fs.read,
  write: fs.write,
  writev: fs.writev,
  close: fs.close,
});

function sizeOf(data) {
  if (typeof data === "string") return Buffer.byteLength(data);
  if (Array.isArray(data)) return data.reduce((sum, part) => sum + sizeOf(part), 0);
  return data?.byteLength ?? 0;
}

function sizeOfFile(path) {
  try {
    return fs.statSync(path).size;
  } catch {
    return 0; // the copy itself will say what is wrong
  }
}
