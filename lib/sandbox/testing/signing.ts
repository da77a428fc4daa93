/**
 * Requests signed by hand: with the SDK's own signer, but open to being changed before they are
 * sent, as no SDK client would.
 * @module
 */

import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac } from "node:crypto";

/** SHA-256 as the SDK's signer wants it: with a key, an HMAC. */
export class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = typeof secret === "string"
      ? secret
      : ArrayBuffer.isView(secret)
      ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
      : secret && new Uint8Array(secret);
    this.#hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }
  reset(): void {}
}

/** A request before it is signed. */
export interface Unsigned {
  /** As in the credential scope: `firehose`. */
  readonly service: string;
  readonly method: string;
  /** As it goes over the wire. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** As whom, when and where a request is signed. */
export interface Signer {
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly date?: Date;
  readonly region?: string;
  /** Names of headers that the signature is not to cover. */
  readonly unsigned?: readonly string[];
}

/** The headers of a request to `host` (`127.0.0.1:4566`), signed. */
export async function signedHeaders(
  host: string,
  { service, method, path, query = {}, headers = {}, body }: Unsigned,
  { credentials, date = new Date(), region = "us-east-1", unsigned = [] }: Signer,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service,
    region,
    credentials,
    sha256: Sha256,
    uriEscapePath: service !== "s3",
  });
  const request = {
    method,
    path,
    query: { ...query },
    body,
    protocol: "http:",
    hostname: host,
    headers: { host, ...headers },
  };
  const signed = await signer.sign(request, {
    signingDate: date,
    unsignableHeaders: new Set(unsigned),
  });
  return { ...signed.headers };
}
