/**
 * A hundred functions, each wrong in a different way: engines are compared by them.
 * @module
 */

/** A function that fails, or nearly does. */
export interface BrokenFunction {
  /** What is wrong with it. */
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly handler?: string;
  /** `nodejs20.x` unless it says otherwise. */
  readonly runtime?: string;
}

const cjs = (body: string) => ({ "index.js": `exports.handler = ${body};` });
const mjs = (body: string) => ({ "index.mjs": `export const handler = ${body};` });
const pkg = (name: string, fields: object, files: Readonly<Record<string, string>>) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", ...fields }),
  ...Object.fromEntries(
    Object.entries(files).map(([file, text]) => [`node_modules/${name}/${file}`, text]),
  ),
});

/** Bodies of handlers that throw, answer what cannot be answered, or end. */
const BODIES: Readonly<Record<string, string>> = {
  "throws an Error": `async () => { throw new Error("no") }`,
  "throws a TypeError": `async () => null.x`,
  "throws a ReferenceError": `async () => absent`,
  "throws a RangeError": `async () => new Array(-1)`,
  "throws a SyntaxError": `async () => JSON.parse("{")`,
  "parses no text at all": `async () => JSON.parse("")`,
  "parses undefined": `async () => JSON.parse(undefined)`,
  "throws a text": `async () => { throw "text" }`,
  "throws a number": `async () => { throw 42 }`,
  "throws null": `async () => { throw null }`,
  "throws undefined": `async () => { throw undefined }`,
  "throws an object": `async () => { throw { code: 1 } }`,
  "throws a class of its own":
    `async () => { class Mine extends Error { name = "Mine" } throw new Mine("m") }`,
  "throws an error with members":
    `async () => { throw Object.assign(new Error("m"), { code: "E", n: 1 }) }`,
  "throws an error with a cause": `async () => { throw new Error("m", { cause: new Error("c") }) }`,
  "throws an AggregateError": `async () => { await Promise.any([Promise.reject(new Error("a"))]) }`,
  "throws an error without a message": `async () => { throw new Error() }`,
  "throws an error with DEL in it": `async () => { throw new Error("a\\x7fb") }`,
  "throws lines": `async () => { throw new Error("one\\ntwo") }`,
  "calls what is no function": `async () => ({}).f()`,
  "reads of undefined": `async (event) => event.a.b`,
  "writes a constant": `async () => { const a = 1; a = 2 }`,
  "recurses without an end": `async () => { const f = () => f(); f() }`,
  "answers a BigInt": `async () => 1n`,
  "answers a circle": `async () => { const a = {}; a.a = a; return a }`,
  "answers a function": `async () => () => 1`,
  "answers a symbol": `async () => Symbol("s")`,
  "answers undefined": `async () => undefined`,
  "answers NaN": `async () => NaN`,
  "answers toJSON that throws": `async () => ({ toJSON() { throw new Error("t") } })`,
  "answers too much": `async () => "x".repeat(6291555)`,
  "exits with 0": `async () => process.exit(0)`,
  "exits with 7": `async () => process.exit(7)`,
  "aborts by a signal to itself":
    `async () => { process.kill(process.pid, "SIGKILL"); await new Promise(() => {}) }`,
  "throws later":
    `async () => { setTimeout(() => { throw new Error("later") }, 1); await new Promise((r) => setTimeout(r, 500)) }`,
  "rejects later":
    `async () => { setTimeout(() => Promise.reject(new Error("later")), 1); await new Promise((r) => setTimeout(r, 500)) }`,
  "rejects with a text":
    `async () => { Promise.reject("text"); await new Promise((r) => setTimeout(r, 500)) }`,
  "never settles": `() => new Promise(() => {})`,
  "returns without a promise": `() => 1`,
  "throws without a promise": `() => { throw new Error("sync") }`,
  "calls back with an error": `(e, c, callback) => callback(new Error("cb"))`,
  "calls back with a text": `(e, c, callback) => callback("cb")`,
  "calls back twice": `(e, c, callback) => { callback(null, 1); callback(null, 2) }`,
  "fails by context": `(e, context) => context.fail(new Error("f"))`,
  "fails by context without a reason": `(e, context) => context.fail()`,
  "is done with an error": `(e, context) => context.done(new Error("d"))`,
  "answers by context": `(e, context) => context.succeed({ a: 1 })`,
  "throws after the callback": `(e, c, callback) => { callback(null, 1); throw new Error("late") }`,
  "emits an error nobody listens to":
    `async () => { new (require("node:events"))().emit("error", new Error("e")) }`,
  "reads a file that is not there":
    `async () => require("node:fs").readFileSync("/var/task/absent")`,
  "reads a file by promise": `async () => require("node:fs/promises").readFile("/tmp/absent")`,
  "reads a folder": `async () => require("node:fs").readFileSync("/var/task")`,
  "opens a folder of a file": `async () => require("node:fs").readdirSync("/var/task/index.js")`,
  "makes a folder twice":
    `async () => { const fs = require("node:fs"); fs.mkdirSync("/tmp/a"); fs.mkdirSync("/tmp/a") }`,
  "removes what is not there": `async () => require("node:fs").unlinkSync("/tmp/absent")`,
  "removes a full folder":
    `async () => { const fs = require("node:fs"); fs.mkdirSync("/tmp/b/c", { recursive: true }); fs.rmdirSync("/tmp/b") }`,
  "renames what is not there": `async () => require("node:fs").renameSync("/tmp/x", "/tmp/y")`,
  "gives a path of a wrong type": `async () => require("node:fs").readFileSync({})`,
  "gives a wrong encoding":
    `async () => require("node:fs").readFileSync("/var/task/index.js", "nope")`,
  "closes a descriptor that is not open": `async () => require("node:fs").closeSync(999)`,
  "makes a Buffer of nothing": `async () => Buffer.from(undefined)`,
  "makes a Buffer too large": `async () => Buffer.alloc(-1)`,
  "inflates what is no gzip": `async () => require("node:zlib").gunzipSync(Buffer.from("no gzip"))`,
  "inflates half of a gzip":
    `async () => { const z = require("node:zlib"); return z.gunzipSync(z.gzipSync("text").subarray(0, 15)) }`,
  "hashes with an unknown algorithm": `async () => require("node:crypto").createHash("nope")`,
  "parses a wrong address": `async () => new URL("nope")`,
  "fetches a wrong address": `async () => fetch("nope")`,
  "connects where nobody listens":
    `() => new Promise((_, reject) => require("node:net").connect(49, "127.0.0.1").on("error", reject))`,
  "fetches where nobody listens": `async () => fetch("http://127.0.0.1:49/")`,
  "decodes wrong UTF-8":
    `async () => new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([255]))`,
  "decodes a wrong component": `async () => decodeURIComponent("%")`,
  "compiles a wrong expression": `async () => new RegExp("(")`,
  "evaluates what does not parse": `async () => eval("{")`,
  "makes a function that does not parse": `async () => new Function("return }")`,
  "requires a package that is not there": `async () => require("absent")`,
  "requires a file that is not there": `async () => require("./absent")`,
  "requires a built-in that is not there": `async () => require("node:absent")`,
  "imports a package that is not there": `async () => import("absent")`,
  "imports a file that is not there": `async () => import("./absent.mjs")`,
  "clones a function": `async () => structuredClone(() => 1)`,
  "aborts": `async () => { const c = new AbortController(); c.abort(); c.signal.throwIfAborted() }`,
  "times out by a signal":
    `async () => { const s = AbortSignal.timeout(1); await new Promise((r) => setTimeout(r, 50)); s.throwIfAborted() }`,
  "asserts": `async () => require("node:assert").equal(1, 2)`,
  "converts a symbol": `async () => "" + Symbol("s")`,
  "prints an error": `async () => { console.error(new Error("printed").message); return 1 }`,
  "prints to both outputs":
    `async () => { process.stdout.write("out\\n"); process.stderr.write("err\\n"); return 1 }`,
  "prints an object":
    `async () => { console.log({ a: [1, { b: 2 }], c: "d", e: null, f: undefined, g: new Map([[1, 2]]) }); return 1 }`,
  "prints with placeholders":
    `async () => { console.log("%s %d %j %o", "a", 1, { b: 2 }, [3]); return 1 }`,
};

/** Functions that are wrong before their handler is called. */
const MODULES: readonly BrokenFunction[] = [
  { name: "has no file", files: { "other.js": "" } },
  { name: "has no export", files: { "index.js": "exports.other = 1" } },
  { name: "exports a number", files: { "index.js": "exports.handler = 1" } },
  { name: "has a handler without a dot", handler: "index", files: cjs("async () => 1") },
  { name: "has a handler that leaves", handler: "../index.handler", files: cjs("async () => 1") },
  { name: "ends too early", files: { "index.js": "exports.handler = async () => {" } },
  {
    name: "ends too early as a module",
    files: { "index.mjs": "export const handler = async () => {" },
  },
  {
    name: "has a wrong token as a module",
    files: { "index.mjs": "export const handler = async () => 1 +;" },
  },
  {
    name: "declares twice as a module",
    files: { "index.mjs": "let a; let a; export const handler = async () => 1;" },
  },
  {
    name: "has a bare word as a module",
    files: { "index.mjs": "export const handler = async () => 1; hello world" },
  },
  {
    name: "imports an absent package",
    files: { "index.mjs": 'import "absent"; export const handler = async () => 1;' },
  },
  {
    name: "imports an absent file",
    files: { "index.mjs": 'import "./absent.mjs"; export const handler = async () => 1;' },
  },
  {
    name: "imports an absent built-in",
    files: { "index.mjs": 'import "node:absent"; export const handler = async () => 1;' },
  },
  {
    name: "imports an absent name",
    files: {
      "index.mjs": 'import { absent } from "./a.mjs"; export const handler = async () => absent;',
      "a.mjs": "export const a = 1;",
    },
  },
  {
    name: "imports what does not parse",
    files: {
      "index.mjs": 'import "./a.mjs"; export const handler = async () => 1;',
      "a.mjs": "export const a = ;",
    },
  },
  {
    name: "imports what a package does not export",
    files: {
      "index.mjs": 'import "p/inner"; export const handler = async () => 1;',
      ...pkg("p", { exports: "./i.js" }, { "i.js": "", "inner.js": "" }),
    },
  },
  {
    name: "requires what does not parse",
    files: { "index.js": 'require("./a"); exports.handler = async () => 1;', "a.js": "let a = ;" },
  },
  {
    name: "requires an absent package",
    files: { "index.js": 'require("absent"); exports.handler = async () => 1;' },
  },
  {
    name: "requires wrong JSON",
    files: { "index.js": 'require("./a.json"); exports.handler = async () => 1;', "a.json": "{" },
  },
  { name: "throws when it is loaded", files: { "index.js": 'throw new Error("loading");' } },
  {
    name: "throws when it is loaded as a module",
    files: { "index.mjs": 'throw new TypeError("loading");' },
  },
  { name: "exits when it is loaded", files: { "index.js": "process.exit(3);" } },
  {
    name: "rejects when it is loaded",
    files: { "index.js": 'Promise.reject(new Error("early")); exports.handler = async () => 1;' },
  },
  {
    name: "is an ES module named js",
    files: { "index.js": "export const handler = async () => 1;" },
  },
  {
    name: "imports an ES module named js",
    files: {
      "index.mjs": 'import one from "./a.js"; export const handler = async () => one;',
      "a.js": "export default 1;",
    },
  },
  {
    name: "requires an ES module",
    files: {
      "index.js": 'const { one } = require("e"); exports.handler = async () => one;',
      ...pkg("e", { type: "module", exports: "./i.js" }, { "i.js": "export const one = 1;" }),
    },
  },
  {
    name: "uses require in an ES module",
    files: { "index.mjs": 'require("node:fs"); export const handler = async () => 1;' },
  },
  {
    name: "has a callback on nodejs24.x",
    runtime: "nodejs24.x",
    files: cjs("(e, c, callback) => callback()"),
  },
  {
    name: "streams without a promise",
    files: cjs("awslambda.streamifyResponse((e, s) => { s.end(); })"),
  },
  {
    name: "streams, then throws",
    files: cjs(
      'awslambda.streamifyResponse(async (e, s) => { s.write("a"); throw new Error("mid") })',
    ),
  },
  { name: "throws in an ES module", files: mjs(`async () => { throw new Error("esm") }`) },
];

/** All of them. */
export const BROKEN_FUNCTIONS: readonly BrokenFunction[] = [
  ...Object.entries(BODIES).map(([name, body]) => ({ name, files: cjs(body) })),
  ...MODULES,
];
