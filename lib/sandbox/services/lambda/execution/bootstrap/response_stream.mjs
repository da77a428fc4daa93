/**
 * `awslambda`, the global by which a handler streams its response.
 * @module
 */
import { Buffer } from "node:buffer";
import { Writable } from "node:stream";

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");

/** Collects what the handler writes: an Invoke gets the whole of it. */
export class ResponseStream extends Writable {
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

/** Whether a handler was wrapped in `awslambda.streamifyResponse`. */
export const isStreaming = (handler) => Boolean(handler[STREAMING]);

/** Defines the global, unless the function's variables say that there is none. */
export function installStreaming(variables) {
  const refused = variables.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA;
  if (refused === "1" || refused === "true") return;
  globalThis.awslambda = {
    streamifyResponse(handler) {
      handler[STREAMING] = "response";
      return handler;
    },
    HttpResponseStream: {
      from(stream, prelude) {
        stream.setContentType("application/vnd.awslambda.http-integration-response");
        stream.write(Buffer.concat([Buffer.from(JSON.stringify(prelude)), Buffer.alloc(8)]));
        return stream;
      },
    },
  };
}
