/**
 * The Lambda Runtime API of one execution environment: the HTTP server at `AWS_LAMBDA_RUNTIME_API`
 * from which a runtime takes invocations and to which it posts their outcomes
 * (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). Headers, states and error
 * bodies follow AWS's Runtime Interface Emulator (read 2026-01).
 * @module
 */

import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { InvalidStateTransition, RuntimeStates } from "./runtime_states.ts";

/** The most bytes of a response: 6 MiB and 100. Measured on what is posted. */
export const RESPONSE_BYTES_MAX = 6 * 1024 * 1024 + 100;

/** The most bytes of an error that are kept; AWS names no limit, but memory has one. */
const ERROR_BYTES_MAX = RESPONSE_BYTES_MAX;

/**
 * The most bytes of a request's headers. Python's runtime sends the frames of an error for X-Ray in
 * one, up to 1 MiB (awslambdaric 4.2.2): those of an endless recursion take 60 KB.
 */
const HEADERS_BYTES_MAX = 1024 * 1024 + 64 * 1024;

/** An invocation for a runtime. */
export interface Invocation {
  readonly requestId: string;
  /** When the function's time is over, in milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** The ARN as invoked, with the qualifier only if one was given. */
  readonly functionArn: string;
  readonly traceId?: string;
  /** The invoker's client context, decoded: JSON text. */
  readonly clientContext?: string;
  /** The event: handed to the runtime byte for byte. */
  readonly payload: Uint8Array;
}

/** What a runtime posted for an invocation. */
export type RuntimeAnswer =
  | { readonly kind: "response"; readonly body: Uint8Array }
  /** An error of the function, or one that the Runtime API itself reports in its place. */
  | { readonly kind: "error"; readonly errorType: string; readonly body: Uint8Array }
  /** A response of so many bytes. */
  | { readonly kind: "tooLarge"; readonly responseBytes: number };

/** How the runtime's start ended, if it did not just exit. */
export type InitOutcome =
  | { readonly kind: "ready" }
  | { readonly kind: "error"; readonly errorType: string; readonly body: Uint8Array };

interface Task {
  readonly invocation: Invocation;
  readonly answered: PromiseWithResolvers<RuntimeAnswer>;
  readonly done: PromiseWithResolvers<void>;
}

/** A listening Runtime API. One runtime uses it, from its start to its end. */
export class RuntimeApi {
  readonly #server: Server;
  readonly #states = new RuntimeStates();
  readonly #initialized = Promise.withResolvers<InitOutcome>();
  readonly #secret: string | undefined;
  #pollers: ServerResponse[] = [];
  #task: Task | undefined;

  private constructor(secret: string | undefined) {
    this.#secret = secret;
    this.#server = createServer({ maxHeaderSize: HEADERS_BYTES_MAX }, (request, response) => {
      this.#route(request, response).catch((error) => this.#fail(response, error));
    });
    // A runtime waits for its next invocation as long as there is none.
    this.#server.requestTimeout = 0;
    this.#server.headersTimeout = 0;
    this.#server.keepAliveTimeout = 0;
    this.#server.timeout = 0;
  }

  /**
   * Starts listening on a free port of `host`. With a `secret`, only requests that carry it in the
   * header `X-Sandbox-Secret` are answered: AWS's own clients cannot send one.
   */
  static async listen(
    { secret, host = "127.0.0.1" }: { readonly secret?: string; readonly host?: string } = {},
  ): Promise<RuntimeApi> {
    const api = new RuntimeApi(secret);
    await new Promise<void>((resolve, reject) => {
      api.#server.once("error", reject);
      api.#server.listen(0, host, resolve);
    });
    return api;
  }

  /** `host:port`, as `AWS_LAMBDA_RUNTIME_API` has it. */
  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("not listening");
    return `${address.address}:${address.port}`;
  }

  /** Resolves when the runtime asks for its first invocation, or reports that it cannot start. */
  get initialized(): Promise<InitOutcome> {
    return this.#initialized.promise;
  }

  /** Whether the runtime has asked for an invocation and waits for it. */
  get isWaiting(): boolean {
    return this.#pollers.length > 0;
  }

  /**
   * Hands `invocation` to the runtime. `answered` resolves with what it posts, `done` when it asks
   * for the next one. Neither rejects; neither resolves if the runtime ends before.
   */
  run(invocation: Invocation): { answered: Promise<RuntimeAnswer>; done: Promise<void> } {
    this.#states.enter("Running");
    const task: Task = {
      invocation,
      answered: Promise.withResolvers(),
      done: Promise.withResolvers(),
    };
    this.#task = task;
    for (const poller of this.#pollers.splice(0)) sendInvocation(poller, invocation);
    return { answered: task.answered.promise, done: task.done.promise };
  }

  /** Stops listening and ends all connections. */
  async close(): Promise<void> {
    for (const poller of this.#pollers.splice(0)) poller.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  // --- routes ---------------------------------------------------------------------------------

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isOwnRuntime(request)) {
      const text = "This Runtime API belongs to one execution environment of the sandbox";
      return refuse(response, 403, { type: "Forbidden", text });
    }
    const path = (request.url ?? "").split("?")[0];
    const route = ROUTES.find(({ pattern }) => pattern.test(path));
    if (!route) return send(response, 404, "404 page not found\n", "text/plain; charset=utf-8");
    if (request.method !== route.method) return send(response, 405, "");
    const id = decodeURIComponent(route.pattern.exec(path)?.[1] ?? "");
    switch (route.name) {
      case "ping":
        return send(response, 200, "pong", "text/plain; charset=utf-8");
      case "next":
        return this.#next(response);
      case "response":
        return await this.#response(id, request, response);
      case "error":
        return await this.#error(id, request, response);
      case "initError":
        return await this.#initError(request, response);
    }
  }

  /**
   * Whether the environment's own runtime asks. A page of a browser sends an Origin, or the Host of
   * a name that leads here; a neighbour does not know the secret.
   */
  #isOwnRuntime(request: IncomingMessage): boolean {
    const { host, origin } = request.headers;
    if (host !== this.address || origin !== undefined) return false;
    return this.#secret === undefined || header(request, SECRET_HEADER) === this.#secret;
  }

  #next(response: ServerResponse): void {
    if (this.#states.current === "Running" && this.#task) {
      return sendInvocation(response, this.#task.invocation);
    }
    this.#states.enter("Ready");
    this.#pollers.push(response);
    response.once("close", () => {
      this.#pollers = this.#pollers.filter((other) => other !== response);
    });
    this.#initialized.resolve({ kind: "ready" });
    this.#task?.done.resolve();
    this.#task = undefined;
  }

  async #response(
    id: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const task = this.#current(id);
    this.#states.enter("InvocationResponse");
    const settle = (answer: RuntimeAnswer) => {
      this.#states.enter("RuntimeResponseSentState");
      task.answered.resolve(answer);
    };
    const mode = header(request, "lambda-runtime-function-response-mode");
    if (mode !== undefined && mode !== "streaming") {
      settle(platformError("Runtime.InvalidResponseModeHeader", "Invalid function response mode"));
      const refusal = {
        type: "InvalidFunctionResponseMode",
        text: "Invalid function response mode",
      };
      return refuse(response, 400, refusal);
    }
    const body = await readBody(request, RESPONSE_BYTES_MAX);
    if (body === "truncated") {
      settle(platformError("Runtime.TruncatedResponse", "HTTP request detected as truncated"));
      const refusal = { type: "TruncatedHTTPRequest", text: "HTTP request detected as truncated" };
      return refuse(response, 400, refusal);
    }
    if (typeof body === "number") {
      settle({ kind: "tooLarge", responseBytes: body });
      return refuse(response, 413, {
        type: "RequestEntityTooLarge",
        text: `Exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`,
      });
    }
    settle(errorInTrailers(request) ?? { kind: "response", body });
    accept(response);
  }

  async #error(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const task = this.#current(id);
    this.#states.enter("InvocationErrorResponse");
    const body = await readBody(request, ERROR_BYTES_MAX);
    this.#states.enter("RuntimeResponseSentState");
    if (!(body instanceof Uint8Array)) {
      task.answered.resolve(platformError("Runtime.Unknown", `the error was ${faultOf(body)}`));
      return refuse(response, 400, {
        type: "TruncatedHTTPRequest",
        text: "HTTP request detected as truncated",
      });
    }
    task.answered.resolve({ kind: "error", errorType: errorTypeOf(request, body), body });
    accept(response);
  }

  async #initError(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#states.enter("InitError");
    const body = await readBody(request, ERROR_BYTES_MAX);
    if (!(body instanceof Uint8Array)) {
      this.#initialized.resolve(platformError("Runtime.Unknown", `the error was ${faultOf(body)}`));
      return refuse(response, 400, {
        type: "TruncatedHTTPRequest",
        text: "HTTP request detected as truncated",
      });
    }
    this.#initialized.resolve({ kind: "error", errorType: errorTypeOf(request, body), body });
    accept(response);
  }

  /** The invocation under way, if `id` is its id: checked before the state is. */
  #current(id: string): Task {
    if (this.#task?.invocation.requestId === id) return this.#task;
    throw new InvalidRequestId();
  }

  #fail(response: ServerResponse, error: unknown): void {
    if (error instanceof InvalidRequestId) {
      return refuse(response, 400, { type: "InvalidRequestID", text: "Invalid request ID" });
    }
    if (error instanceof InvalidStateTransition) {
      return refuse(response, 403, { type: "InvalidStateTransition", text: error.message });
    }
    refuse(response, 500, { type: "InternalServerError", text: "Internal Server Error" });
  }
}

class InvalidRequestId extends Error {}

const SECRET_HEADER = "x-sandbox-secret";

const INVOCATION = String.raw`^/2018-06-01/runtime/invocation`;

const ROUTES = [
  { name: "ping", method: "GET", pattern: new RegExp("^(?:/2018-06-01)?/ping$") },
  { name: "next", method: "GET", pattern: new RegExp(`${INVOCATION}/next$`) },
  { name: "response", method: "POST", pattern: new RegExp(`${INVOCATION}/([^/]+)/response$`) },
  { name: "error", method: "POST", pattern: new RegExp(`${INVOCATION}/([^/]+)/error$`) },
  { name: "initError", method: "POST", pattern: new RegExp("^/2018-06-01/runtime/init/error$") },
] as const;

// --- requests -------------------------------------------------------------------------------------

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * The body, if it is whole and not too long; else how long it was. A body too long is read to its end
 * all the same.
 */
async function readBody(
  request: IncomingMessage,
  bytesMax: number,
): Promise<Uint8Array | number | "truncated"> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  // Iterating over the request takes a millisecond more for 1.5 MB (Deno 2.9.6).
  request.on("data", (chunk: Uint8Array) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= bytesMax) chunks.push(chunk);
    else chunks.length = 0;
  });
  await new Promise<void>((resolve) => {
    for (const event of ["end", "error", "close"]) request.once(event, () => resolve());
  });
  if (!request.complete) return "truncated";
  return sizeBytes > bytesMax ? sizeBytes : Buffer.concat(chunks);
}

const faultOf = (body: number | "truncated") => typeof body === "number" ? "tooLarge" : body;

/** A streamed response that failed on the way says so in its trailers. */
function errorInTrailers(request: IncomingMessage): RuntimeAnswer | undefined {
  const errorType = request.trailers["lambda-runtime-function-error-type"];
  if (!errorType) return undefined;
  const encoded = request.trailers["lambda-runtime-function-error-body"] ?? "";
  return {
    kind: "error",
    errorType: platformErrorType(errorType),
    body: Buffer.from(encoded, "base64"),
  };
}

function errorTypeOf(request: IncomingMessage, body: Uint8Array): string {
  const given = header(request, "lambda-runtime-function-error-type");
  return given ? platformErrorType(given) : errorTypeIn(body) ?? "Runtime.Unknown";
}

/** The `errorType` of a posted error, if it is JSON that has one. */
function errorTypeIn(body: Uint8Array): string | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof parsed !== "object" || parsed === null || !("errorType" in parsed)) return undefined;
    return typeof parsed.errorType === "string" ? parsed.errorType : undefined;
  } catch {
    return undefined;
  }
}

/** The header's error type as the platform takes it: its own classes, or unknown. */
function platformErrorType(given: string): string {
  if (/(Runtime|Function)\.[A-Z][a-zA-Z]+/.test(given)) return given;
  return given.startsWith("Function.") ? "Function.Unknown" : "Runtime.Unknown";
}

function platformError(errorType: string, errorMessage: string) {
  const body = Buffer.from(JSON.stringify({ errorMessage, errorType }));
  return { kind: "error", errorType, body } as const;
}

// --- responses ------------------------------------------------------------------------------------

function sendInvocation(response: ServerResponse, invocation: Invocation): void {
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    "Content-Length": String(invocation.payload.length),
    "Lambda-Runtime-Aws-Request-Id": invocation.requestId,
    "Lambda-Runtime-Deadline-Ms": String(Math.round(invocation.deadlineMs)),
    "Lambda-Runtime-Invoked-Function-Arn": invocation.functionArn,
  };
  if (invocation.traceId) headers["Lambda-Runtime-Trace-Id"] = invocation.traceId;
  if (invocation.clientContext) {
    headers["Lambda-Runtime-Client-Context"] = invocation.clientContext;
  }
  response.writeHead(200, headers);
  response.end(invocation.payload);
}

const accept = (response: ServerResponse) =>
  send(response, 202, goJson({ status: "OK" }), "application/json");

function refuse(
  response: ServerResponse,
  status: number,
  { type, text }: { readonly type: string; readonly text: string },
): void {
  send(response, status, goJson({ errorMessage: text, errorType: type }), "application/json");
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = "application/json",
): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    "Content-Type": contentType,
    "Content-Length": String(Buffer.byteLength(body)),
  });
  response.end(body);
}

/** JSON as Go's encoder writes it: escaped for HTML, and a newline after it. */
function goJson(value: Readonly<Record<string, string>>): string {
  const escaped = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${escaped}\n`;
}
