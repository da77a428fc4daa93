/**
 * The client of the Runtime API: takes invocations and posts what came of them.
 * @module
 */
import { Buffer } from "node:buffer";
import { Agent, request } from "node:http";
import { payloadOf } from "./faults.mjs";

/** Keeps a byte order mark, which is no JSON. Six times as fast as a Buffer's `toString` (Deno 2.9.6). */
const UTF_8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Calls the Runtime API at `address` (`host:port`). */
export class RuntimeClient {
  #agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
  #host;
  #port;
  #secret;
  #output;
  #toSeen;

  /** `secret` is this environment's own: the API lets no other process in. */
  constructor({ address, secret, output, toSeen }) {
    [this.#host, this.#port] = address.split(":");
    this.#secret = secret;
    this.#output = output;
    this.#toSeen = toSeen;
  }

  /** Waits for the next invocation. */
  next() {
    return this.#call("GET", "invocation/next");
  }

  /** Posts a response. Where it is too large AWS's client logs that, and goes on. */
  async postResponse(id, body) {
    const { status, body: refusal } = await this.#call("POST", `invocation/${id}/response`, body);
    if (status !== 202) this.#logFailure(status, refusal);
  }

  /** Posts a streamed response: AWS's client says nothing where it is refused. */
  async postStream(id, body, error) {
    const trailers = error && {
      "Lambda-Runtime-Function-Error-Type": payloadOf(error).errorType,
      "Lambda-Runtime-Function-Error-Body": Buffer.from(this.#errorText(error)).toString("base64"),
    };
    const headers = { "Lambda-Runtime-Function-Response-Mode": "streaming" };
    await this.#call("POST", `invocation/${id}/response`, body, { headers, trailers });
  }

  /** Posts an error of an invocation, or of the init phase where `id` is undefined. */
  async postError(id, error) {
    const path = id === undefined ? "init/error" : `invocation/${id}/error`;
    const headers = id === undefined
      ? { "Lambda-Runtime-Function-Error-Type": payloadOf(error).errorType }
      : {};
    const body = Buffer.from(this.#errorText(error));
    const { status, body: refusal } = await this.#call("POST", path, body, { headers });
    if (status !== 202) this.#logFailure(status, refusal);
  }

  #errorText(error) {
    return this.#toSeen(JSON.stringify(payloadOf(error)));
  }

  /** The same words whether a response or an error was posted, as AWS's client has it. */
  #logFailure(status, refusal) {
    this.#output.line(
      `[ERROR] [${Date.now()}] LAMBDA_RUNTIME Failed to post handler success response. ` +
        `Http response code: ${status}. ${refusal}`,
    );
  }

  #call(method, path, body, { headers = {}, trailers } = {}) {
    return new Promise((resolve, reject) => {
      const sent = request({
        agent: this.#agent,
        host: this.#host,
        port: this.#port,
        method,
        path: `/2018-06-01/runtime/${path}`,
        headers: {
          "X-Sandbox-Secret": this.#secret,
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...(body === undefined || trailers ? {} : { "Content-Length": body.length }),
          ...(trailers ? { Trailer: Object.keys(trailers).join(", ") } : {}),
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
            body: UTF_8.decode(Buffer.concat(chunks)),
          }));
      });
      sent.on("error", reject);
      if (trailers) {
        sent.write(body);
        sent.addTrailers(trailers);
        sent.end();
      } else sent.end(body);
    });
  }
}
