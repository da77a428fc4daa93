/**
 * A sandbox with a fixed clock, for requests that tests sign by hand.
 * @module
 */

import { signedHeaders, type Signer, type Unsigned } from "../testing/signing.ts";
import { ManualClock } from "../clock.ts";
import { type Sandbox, startSandbox } from "../sandbox.ts";
import { sha256Hex } from "./signature.ts";

/** The time of signing. */
export const NOW = new Date(Date.UTC(2026, 1, 21, 0, 15));
export const MINUTE_MS = 60_000;
/** The root key. */
export const KEY = {
  accessKeyId: "AKIAGATEGATEGATEGATE",
  secretAccessKey: "the-secret-of-the-gate",
};

/** One call for each protocol. */
export const CALLS: Readonly<Record<"json" | "query" | "restJson" | "s3", Unsigned>> = {
  json: {
    service: "firehose",
    method: "POST",
    path: "/",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "Firehose_20150804.ListDeliveryStreams",
    },
    body: "{}",
  },
  query: {
    service: "iam",
    method: "POST",
    path: "/",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "Action=ListUsers&Version=2010-05-08",
  },
  restJson: { service: "lambda", method: "GET", path: "/2015-03-31/functions" },
  s3: {
    service: "s3",
    method: "GET",
    path: "/",
    headers: { "x-amz-content-sha256": sha256Hex("") },
  },
};

export type Kind = keyof typeof CALLS;
export const KINDS: readonly Kind[] = ["json", "query", "restJson", "s3"];

/** The parts of a request that may be changed after it was signed. */
export interface Sent {
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: BodyInit | undefined;
}

/** The fault of a request: in its signing, or in a change afterwards. */
export interface SentFault {
  readonly signer?: Partial<Signer>;
  readonly change?: (sent: Sent) => Sent;
}

/** Status, error code and message. */
export type Answer = readonly [status: number, code: string, message: string];

/** The beginning of the text for a wrong signature. */
export const MISMATCH =
  "The request signature we calculated does not match the signature you provided. " +
  "Check your ";
/** Sends `call`, signed and then changed, and returns status, code and message. */
export async function answerTo(
  { endpoint }: Sandbox,
  call: Unsigned,
  fault: SentFault = {},
) {
  const headers = await signedHeaders(new URL(endpoint).host, call, {
    credentials: KEY,
    date: NOW,
    ...fault.signer,
  });
  const sent: Sent = {
    path: call.path,
    method: call.method,
    headers: new Headers(
      Object.entries(headers).map(([name, text]): [string, string] => [name, asBytes(text)]),
    ),
    body: call.body,
  };
  const { path, ...request } = fault.change?.(sent) ?? sent;
  const response = await fetch(endpoint + path, request);
  const bytes = await response.bytes();
  return { response, bytes, text: new TextDecoder().decode(bytes) };
}

/** A text's UTF-8 with one character for each byte: `fetch` takes header values in this form. */
const asBytes = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));

export function answerOf(response: Response, text: string): Answer {
  if (response.ok) return [response.status, "", ""];
  if (text.startsWith("<")) {
    const element = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
    return [response.status, element("Code") ?? "", unescaped(element("Message") ?? "")];
  }
  const { __type, message, Message } = JSON.parse(text);
  const code = response.headers.get("x-amzn-errortype") ?? __type;
  return [response.status, code, message ?? Message];
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&quot;": '"',
  "&apos;": "'",
  "&lt;": "<",
  "&gt;": ">",
};

const unescaped = (text: string) => text.replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity);

/** Runs with a sandbox whose clock is `laterMs` after the time of signing. */
export async function atTheGate(
  run: (sandbox: Sandbox, clock: ManualClock) => Promise<void>,
  laterMs = 0,
): Promise<void> {
  const clock = new ManualClock(NOW.getTime() + laterMs);
  const sandbox = await startSandbox({
    port: 0,
    dataDir: undefined,
    speed: 1,
    clock,
    rootKey: KEY,
  });
  await run(sandbox, clock).finally(() => sandbox.stop());
}

/** Whether this machine has IPv6's loopback. */
export function hasIPv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}
