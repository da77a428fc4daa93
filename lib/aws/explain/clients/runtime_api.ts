/**
 * A Runtime API for one process of a runtime client: hands out invocations and answers posts as
 * AWS's Runtime Interface Emulator does (v0.0.0-20261030222936).
 * @module
 */

const RESPONSE_BYTES_MAX = 6_291_556;
/** Of a posted body, so much is kept. */
const BODY_KEPT = 2_000;

/** What a client posted, and the status that it got. */
export interface Post {
  /** `response`, `error` or `init/error`. */
  readonly to: string;
  readonly status: number;
  readonly bytes: number;
  readonly body: string;
}

/** Listens for one client. `requestIds` are the invocations it gets, one after the other. */
export class FakeRuntimeApi implements AsyncDisposable {
  readonly posts: Post[] = [];
  /** Resolves when the client asks for one invocation more than there are. */
  readonly idle: Promise<void>;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #stop = new AbortController();
  readonly #isIdle = Promise.withResolvers<void>();
  readonly #waiting: string[];
  #answered: string | undefined;

  constructor(requestIds: readonly string[]) {
    this.idle = this.#isIdle.promise;
    this.#waiting = [...requestIds];
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: this.#stop.signal },
      (request) => this.#answer(request),
    );
  }

  get address(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  async #answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname.replace("/2018-06-01/runtime/", "");
    if (path === "invocation/next") return this.#next();
    const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const to = kind ?? path;
    const body = await readBody(request);
    const { status, answer } = this.#judge(requestId, to, body.bytes);
    this.posts.push({ to, status, ...body });
    return Response.json(answer, { status });
  }

  #judge(requestId: string | undefined, to: string, bytes: number) {
    if (requestId !== undefined && this.#answered === requestId) {
      const states = `RuntimeResponseSentState to Invocation${
        to === "error" ? "Error" : ""
      }Response`;
      const errorMessage =
        `State transition from ${states} failed for runtime. Error: State transition is not allowed`;
      return { status: 403, answer: { errorMessage, errorType: "InvalidStateTransition" } };
    }
    this.#answered = requestId;
    if (to === "response" && bytes > RESPONSE_BYTES_MAX) {
      const errorMessage = `Exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`;
      return { status: 413, answer: { errorMessage, errorType: "RequestEntityTooLarge" } };
    }
    return { status: 202, answer: { status: "OK" } };
  }

  #next(): Response | Promise<Response> {
    const requestId = this.#waiting.shift();
    if (requestId === undefined) {
      this.#isIdle.resolve();
      return new Promise(() => {});
    }
    const headers = {
      "Lambda-Runtime-Aws-Request-Id": requestId,
      "Lambda-Runtime-Deadline-Ms": `${Date.now() + 60_000}`,
      "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:f",
      "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
      "Content-Type": "application/json",
    };
    return new Response('{"records":[]}', { headers });
  }

  /** A client may still be waiting for its next invocation: it has been killed by now. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#server.finished;
  }
}

async function readBody(request: Request): Promise<{ bytes: number; body: string }> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  return { bytes: bytes.length, body: new TextDecoder().decode(bytes.subarray(0, BODY_KEPT)) };
}
