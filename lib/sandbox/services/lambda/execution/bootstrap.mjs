/**
 * The runtime interface client of the sandbox: what runs a Node function in its own process and
 * speaks to it through the Lambda Runtime API. Plain JavaScript without dependencies, because it
 * runs under Deno and under Node. Behaves as AWS's clients do: aws-lambda-ric 3 for nodejs22.x and
 * older, aws-lambda-ric 4 for nodejs24.x (their sources read at 3.3.0 and 4.0.2).
 * @module
 */
import { existsSync, readFileSync, writeSync } from "node:fs";
import { Agent, request } from "node:http";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import { Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { format } from "node:util";

const env = process.env;
// The environment is the function's and nothing else's: all of it comes in one variable.
const variables = JSON.parse(env._FUNCTION_VARIABLES);
for (const name of Object.keys(env)) delete env[name];
Object.assign(env, variables);

const [apiHost, apiPort] = env.AWS_LAMBDA_RUNTIME_API.split(":");
/** From nodejs24.x on: no callbacks, every module by import(), no handlers of last resort. */
const IS_MODERN = Number(/nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV ?? "")?.[1] ?? 22) >= 24;

/** The invocation under way; undefined outside of one. */
let currentId;

// --- output ---------------------------------------------------------------------------------------

const LEVELS = { TRACE: 4, DEBUG: 8, INFO: 12, WARN: 16, ERROR: 20, FATAL: 24 };
/** AWS's frames for text; the sandbox adds one that marks the end of an invocation's output. */
const TEXT_FRAME = 0xa55a0003;
const END_FRAME = 0xa55a00ff;

function writeAll(descriptor, bytes) {
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
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

function log(level, ...parts) {
  const id = currentId ?? (IS_MODERN ? "-" : "undefined");
  const text = `${new Date().toISOString()}\t${id}\t${level}\t${format(...parts)}`;
  writeFrame(1, TEXT_FRAME | LEVELS[level], text);
}

for (
  const [method, level] of [
    ["trace", "TRACE"],
    ["debug", "DEBUG"],
    ["log", "INFO"],
    ["info", "INFO"],
    ["warn", "WARN"],
    ["error", "ERROR"],
    ["fatal", "FATAL"],
  ]
) {
  console[method] = (...parts) => log(level, ...parts);
}

/** After this, all that the invocation wrote has been written. */
function markEnd() {
  const mark = JSON.stringify({ id: currentId ?? "init", rssBytes: process.memoryUsage().rss });
  writeFrame(1, END_FRAME, mark);
  writeFrame(2, END_FRAME, mark);
}

// --- errors ---------------------------------------------------------------------------------------

class RuntimeFault extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

const isError = (value) =>
  value !== null && typeof value === "object" && typeof value.name === "string" &&
  typeof value.message === "string" && typeof value.stack === "string";

/** The error as the invoker gets it. */
function payloadOf(error) {
  if (!isError(error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  const clean = (text) => text.replaceAll("\x7f", "%7F");
  return {
    errorType: clean(error.name),
    errorMessage: clean(error.message),
    trace: clean(error.stack).split("\n"),
  };
}

/** Logs the error: other keys than the payload has, `stack` among them. */
function logError(what, error) {
  const fields = isError(error)
    ? {
      errorType: error.name,
      errorMessage: error.message,
      code: error.code,
      ...error,
      stack: error.stack.split("\n"),
    }
    : payloadOf(error);
  let text;
  try {
    text = JSON.stringify(fields);
  } catch {
    text = JSON.stringify(payloadOf(error));
  }
  log("ERROR", what, `\t${text}`);
}

// --- the Runtime API --------------------------------------------------------------------------------

const agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true });

function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const sent = request({
      agent,
      host: apiHost,
      port: apiPort,
      method,
      path: `/2018-06-01/runtime/${path}`,
      headers: body === undefined ? headers : {
        "Content-Type": "application/json",
        "Content-Length": body.length,
        ...headers,
      },
    }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function post(path, text, headers) {
  const { status, body } = await call("POST", path, Buffer.from(text), headers);
  if (status === 202) return;
  // The same words whether a response or an error was posted, as AWS's client has it.
  const line = `[ERROR] [${Date.now()}] LAMBDA_RUNTIME Failed to post handler success response. ` +
    `Http response code: ${status}. ${body}\n`;
  writeAll(1, Buffer.from(line));
}

async function postError(id, error) {
  const payload = payloadOf(error);
  const path = id === undefined ? "init/error" : `invocation/${id}/error`;
  const headers = id === undefined
    ? { "Lambda-Runtime-Function-Error-Type": payload.errorType }
    : {};
  await post(path, JSON.stringify(payload), headers);
}

// --- loading the handler ------------------------------------------------------------------------

async function loadHandler() {
  const name = env._HANDLER ?? "";
  if (name.includes("..")) {
    throw new RuntimeFault(
      "Runtime.MalformedHandlerName",
      `'${name}' is not a valid handler name. ` +
        "Use absolute paths when specifying root directories in handler names.",
    );
  }
  const file = basename(name);
  const folder = name.slice(0, name.length - file.length);
  const [, moduleName, exportPath] = /^([^.]*)\.(.*)$/.exec(file) ?? [];
  if (!moduleName || !exportPath) {
    throw new RuntimeFault("Runtime.MalformedHandlerName", "Bad handler");
  }
  const module = await loadModule(env.LAMBDA_TASK_ROOT, folder, moduleName);
  const handler = findExport(module, exportPath) ?? findExport(module?.default, exportPath);
  if (handler === undefined || handler === null) {
    throw new RuntimeFault("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  }
  if (typeof handler !== "function") {
    throw new RuntimeFault("Runtime.HandlerNotFound", `${name} is not a function`);
  }
  return handler;
}

const findExport = (module, path) =>
  path.split(".").reduce((value, key) => value?.[key], module ?? undefined);

async function loadModule(root, folder, moduleName) {
  try {
    return await findModule(resolve(root, folder, moduleName), root, join(folder, moduleName));
  } catch (error) {
    if (error instanceof SyntaxError || /could not be parsed/.test(error?.message ?? "")) {
      throw new RuntimeFault("Runtime.UserCodeSyntaxError", `SyntaxError: ${error.message}`);
    }
    if (error?.code === "MODULE_NOT_FOUND") {
      throw new RuntimeFault("Runtime.ImportModuleError", `Error: ${error.message}`);
    }
    throw error;
  }
}

async function findModule(path, root, name) {
  const require = createRequire(join(root, "index.js"));
  const load = {
    import: (file) => import(pathToFileURL(file).href),
    require: (file) => require(file),
  };
  if (existsSync(`${path}.js`)) {
    return await load[isModule(path) ? "import" : "require"](`${path}.js`);
  }
  if (existsSync(`${path}.mjs`)) return await load.import(`${path}.mjs`);
  if (existsSync(`${path}.cjs`)) return load.require(`${path}.cjs`);
  try {
    return load.require(require.resolve(name, { paths: [root, dirname(path)] }));
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    error.message = `Cannot find module '${basename(path)}'\nRequire stack:\n- ${root}/index.js`;
    throw error;
  }
}

/** Whether the nearest package.json above says that .js is ESM. */
function isModule(path) {
  for (let folder = dirname(path); folder.startsWith(env.LAMBDA_TASK_ROOT);) {
    if (folder.endsWith("/node_modules")) return false;
    const file = join(folder, "package.json");
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")).type === "module";
    folder = dirname(folder);
  }
  return false;
}

// --- streamed responses -------------------------------------------------------------------------

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");

/** Collects what the handler writes: an Invoke gets the whole of it. */
class ResponseStream extends Writable {
  #chunks = [];

  constructor() {
    super({ decodeStrings: true });
  }

  _write(chunk, _encoding, done) {
    this.#chunks.push(chunk);
    done();
  }

  setContentType() {}

  collected() {
    return Buffer.concat(this.#chunks);
  }
}

globalThis.awslambda = {
  streamifyResponse(handler) {
    handler[STREAMING] = "response";
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.write(Buffer.concat([Buffer.from(JSON.stringify(prelude)), Buffer.alloc(8)]));
      return stream;
    },
  },
};

// --- invocations ----------------------------------------------------------------------------------

function contextOf(headers) {
  const parsed = (name) => headers[name] === undefined ? undefined : JSON.parse(headers[name]);
  const deadlineMs = Number(headers["lambda-runtime-deadline-ms"]);
  const identity = {
    clientContext: parsed("lambda-runtime-client-context"),
    identity: parsed("lambda-runtime-cognito-identity"),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    tenantId: headers["lambda-runtime-aws-tenant-id"],
  };
  const names = {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
  };
  const getRemainingTimeInMillis = () => deadlineMs - Date.now();
  if (!IS_MODERN) return { ...names, ...identity, getRemainingTimeInMillis };
  const xRayTraceId = headers["lambda-runtime-trace-id"];
  return { ...identity, xRayTraceId, getRemainingTimeInMillis, ...names };
}

/** Calls a handler as nodejs24.x does; resolves with its result. */
async function callModern(handler, event, context) {
  const result = await handler(event, context);
  await new Promise((resolve) => setImmediate(resolve));
  return result;
}

/** Calls a handler as nodejs22.x and older do: by promise, callback or an empty event loop. */
function callClassic(handler, event, context) {
  return new Promise((resolve, reject) => {
    let waits = true;
    let outcome;
    const settle = () => {
      process.removeListener("beforeExit", settle);
      if (outcome && "error" in outcome) reject(outcome.error);
      else resolve(outcome?.value);
    };
    const callback = (error, value) => {
      if (outcome) return;
      outcome = error === undefined || error === null ? { value } : { error };
      if (!waits) setImmediate(settle);
    };
    process.on("beforeExit", settle);
    Object.defineProperty(context, "callbackWaitsForEmptyEventLoop", {
      enumerable: true,
      get: () => waits,
      set: (value) => waits = Boolean(value),
    });
    const done = (error, value) => {
      waits = false;
      callback(error, value);
    };
    Object.assign(context, {
      done,
      succeed: (value) => done(null, value),
      fail: (error) => done(error ?? "handled"),
    });
    const returned = handler(event, context, callback);
    if (typeof returned?.then !== "function") return;
    returned.then(
      (value) => {
        outcome ??= { value };
        settle();
      },
      (error) => {
        outcome ??= { error };
        settle();
      },
    );
  });
}

async function callStreaming(handler, event, context) {
  const stream = new ResponseStream();
  const finished = new Promise((resolve, reject) => {
    stream.on("finish", resolve);
    stream.on("error", reject);
  });
  await handler(event, stream, context);
  if (!stream.writableEnded) stream.end();
  await finished;
  return stream.collected();
}

function textOf(value) {
  let text;
  try {
    text = JSON.stringify(value === undefined ? null : value);
  } catch {
    throw new RuntimeFault(
      IS_MODERN ? "Runtime.JSONStringifyError" : "Error",
      "Unable to stringify response body",
    );
  }
  // A function or a symbol has no JSON: nothing is posted, as AWS's clients do.
  return text ?? "";
}

async function handle({ headers, body }, handler) {
  const id = headers["lambda-runtime-aws-request-id"];
  currentId = id;
  const traceId = headers["lambda-runtime-trace-id"];
  if (traceId === undefined) delete env._X_AMZN_TRACE_ID;
  else env._X_AMZN_TRACE_ID = traceId;
  try {
    const event = JSON.parse(body);
    const context = contextOf(headers);
    const answer = handler[STREAMING]
      ? await callStreaming(handler, event, context)
      : textOf(await (IS_MODERN ? callModern : callClassic)(handler, event, context));
    await post(`invocation/${id}/response`, answer);
  } catch (error) {
    logError("Invoke Error", error);
    await postError(id, error);
  }
  markEnd();
  currentId = undefined;
}

async function start() {
  let handler;
  try {
    handler = await loadHandler();
    if (IS_MODERN && !handler[STREAMING] && handler.length >= 3) {
      throw new RuntimeFault(
        "Runtime.CallbackHandlerDeprecated",
        "ERROR: AWS Lambda has removed support for callback-based function handlers starting " +
          "with Node.js 24. You need to modify this function to use a supported handler signature " +
          "to use Node.js 24 or later. For more information see " +
          "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
      );
    }
  } catch (error) {
    logError(IS_MODERN ? "Init Error" : "Uncaught Exception", error);
    await postError(undefined, error);
    process.exit(IS_MODERN ? 1 : 129);
  }
  markEnd();
  while (true) await handle(await call("GET", "invocation/next"), handler);
}

if (!IS_MODERN) {
  const last = async (what, error, code) => {
    logError(what, error);
    await postError(currentId, error).catch(() => {});
    process.exit(code);
  };
  process.on("uncaughtException", (error) => last("Uncaught Exception", error, 129));
  process.on("unhandledRejection", (reason, promise) => {
    const error = new RuntimeFault("Runtime.UnhandledPromiseRejection", String(reason));
    error.reason = reason;
    error.promise = promise;
    return last("Unhandled Promise Rejection", error, 128);
  });
}

// The sandbox is gone, and with it whoever could want an answer.
start().catch(() => process.exit(1));
