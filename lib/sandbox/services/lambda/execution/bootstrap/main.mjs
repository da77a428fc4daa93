/**
 * The runtime interface client of the sandbox: runs a Node function in its own process and
 * speaks to it through the Lambda Runtime API. Plain JavaScript without dependencies, because it
 * runs under Deno and under Node. Behaves as AWS's clients do: aws-lambda-ric 3 for nodejs22.x and
 * older, aws-lambda-ric 4 for nodejs24.x (their sources read at 3.3.0 and 4.0.2).
 * @module
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import { callClassic, callModern, callStreaming, textOf } from "./calls.mjs";
import { contextOf } from "./context.mjs";
import { loggedError, RuntimeFault } from "./faults.mjs";
import { installGuest } from "./guest/install.mjs";
import { toldAsNode } from "./guest/refusals.mjs";
import { unwrapped } from "./guest/resolution.mjs";
import { loadHandler } from "./handler.mjs";
import { Output } from "./output.mjs";
import { installStreaming, isStreaming } from "./response_stream.mjs";
import { RuntimeClient } from "./runtime_client.mjs";

/** From this on: no callbacks, every module by import(), no handlers of last resort. */
const MODERN_MAJOR = 24;

// All that the sandbox gives comes in one variable; nothing else of the environment is left.
const world = JSON.parse(process.env._SANDBOX_WORLD);
const { variables, runtime } = world;
const major = Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? 22);
const isModern = major >= MODERN_MAJOR;

const { folders, realVersion } = await installGuest(world, {
  onRefusedProgram: (program) =>
    output.line(
      `[sandbox] ${program} was not started: functions under --lambda-runtime deno start no ` +
        "programs. On AWS they may.",
    ),
  onMissingSdk: (name, clients) =>
    output.line(
      `[sandbox] ${name} is not here. On AWS the whole SDK is; the sandbox has ` +
        `${clients.join(", ")}. Others must be in the zip.`,
    ),
});
const toSeen = (text) => folders.toSeen(text);
const output = new Output({ isModern, toSeen });
const client = new RuntimeClient({
  address: variables.AWS_LAMBDA_RUNTIME_API,
  secret: world.secret,
  output,
  toSeen,
});
// `exit` as it is now: a function may replace it.
const exit = process.exit.bind(process);

function logError(what, error) {
  output.log("ERROR", what, `\t${loggedError(error)}`);
}

/** Writes once, at init, that a handler with a callback has no future. ric's repository, 2025-08. */
function warnOfCallback(handler) {
  const isWanted = major === 22 &&
    process.env.AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING === undefined;
  if (!isWanted || handler.length !== 3 || isStreaming(handler)) return;
  if (handler.constructor.name === "AsyncFunction") return;
  console.warn(
    "AWS Lambda plans to remove support for callback-based function handlers starting with " +
      "Node.js 24. You will need to update this function to use an async handler to use Node.js " +
      "24 or later. For more information and to provide feedback on this change, see " +
      "https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/137. To disable " +
      "this warning, set the AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING environment variable.",
  );
}

function refuseCallback(handler) {
  if (!isModern || isStreaming(handler) || handler.length < 3) return;
  throw new RuntimeFault(
    "Runtime.CallbackHandlerDeprecated",
    "ERROR: AWS Lambda has removed support for callback-based function handlers starting with " +
      "Node.js 24. You need to modify this function to use a supported handler signature to use " +
      "Node.js 24 or later. For more information see " +
      "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
  );
}

function noteVersion() {
  if (realVersion === undefined || realVersion.startsWith(`${major}.`)) return;
  output.line(`[sandbox] ${runtime} runs on this machine's Node ${realVersion}.`);
}

async function runInvocation({ headers, body }, handler) {
  const id = headers["lambda-runtime-aws-request-id"];
  output.requestId = id;
  const traceId = headers["lambda-runtime-trace-id"];
  if (traceId === undefined) delete process.env._X_AMZN_TRACE_ID;
  else process.env._X_AMZN_TRACE_ID = traceId;
  try {
    const event = JSON.parse(body);
    const context = contextOf(headers, { variables, isModern });
    if (isStreaming(handler)) {
      const { body, error } = await callStreaming(handler, event, context);
      if (error !== undefined) logError("Invoke Error", error);
      await client.postStream(id, body, error);
    } else {
      const call = isModern ? callModern : callClassic;
      const text = textOf(await call(handler, event, context), isModern);
      await client.postResponse(id, Buffer.from(toSeen(text)));
    }
  } catch (wrapped) {
    const error = toldAsNode(unwrapped(wrapped));
    logError("Invoke Error", error);
    await client.postError(id, error);
  }
  output.markEnd();
  output.requestId = undefined;
}

async function start() {
  let handler;
  try {
    noteVersion();
    installStreaming(variables);
    handler = await loadHandler({
      root: folders.taskFolder,
      name: variables._HANDLER ?? "",
      isModern,
    });
    refuseCallback(handler);
    warnOfCallback(handler);
  } catch (error) {
    logError(isModern ? "Init Error" : "Uncaught Exception", error);
    await client.postError(undefined, error);
    exit(isModern ? 1 : 129);
  }
  // A rejection of loading that nobody handles ends the runtime before its first invocation.
  await new Promise((resolve) => setImmediate(resolve));
  await ending;
  output.markEnd();
  while (true) await runInvocation(await client.next(), handler);
}

/** Never resolves once the runtime is about to end. */
let ending;

output.patchConsole();
if (!isModern) {
  const last = async (what, error, code) => {
    ending = new Promise(() => {});
    logError(what, error);
    await client.postError(output.requestId, error).catch(() => {});
    exit(code);
  };
  process.on(
    "uncaughtException",
    (error) => last("Uncaught Exception", toldAsNode(error), 129),
  );
  process.on("unhandledRejection", (given, promise) => {
    const reason = toldAsNode(given);
    const error = new RuntimeFault("Runtime.UnhandledPromiseRejection", String(reason));
    error.reason = reason;
    error.promise = promise;
    return last("Unhandled Promise Rejection", error, 128);
  });
}

// The sandbox is gone, and nobody waits for an answer.
start().catch(() => exit(1));
