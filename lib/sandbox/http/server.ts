/**
 * The front door: one listener on the loopback for every service. A request's way: Host check →
 * signature → operation → decode → constraints → permission → operation → encode.
 * @module
 */

import type { AccessControl, Caller, KeyRing, SigningKey } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import { violations } from "../constraints.ts";
import { AwsError } from "../errors.ts";
import type { BoundOperation, Protocol, RequestContext, Service } from "../operation.ts";
import type { Random } from "../random.ts";
import { readWhole, type VerifiedBody, verifiedBody } from "./body.ts";
import { type Codec, codecOf } from "./codec.ts";
import { accessDenied, doorError, errorResponse } from "./errors.ts";
import { restRouter, type Route } from "./routes.ts";
import {
  amzDateMs,
  checkSignature,
  ChunkSignatures,
  type ClaimFault,
  readClaim,
  sha256Hex,
  type SignatureClaim,
  type SignedParts,
} from "./signature.ts";

/** What the front door opens to. */
export interface ServerOptions {
  /** A port of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly services: readonly Service[];
  readonly access: AccessControl;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly random: Random;
  readonly region: string;
  /** What `GET /_sandbox/health` adds to `{"sandbox":"firehose-lab"}`, once all is ready. */
  readonly health: () => Promise<Readonly<Record<string, unknown>>>;
  /** Told of errors that are the sandbox's own, not the client's. */
  readonly onInternalError: (error: unknown, what: string) => void;
}

/** A listening server. */
export interface HttpServer {
  readonly port: number;
  /** Stops listening, and resolves when the requests under way are answered. */
  shutdown(): Promise<void>;
}

/** Starts listening on 127.0.0.1. Throws `Deno.errors.AddrInUse` where the port is taken. */
export function serve(options: ServerOptions): HttpServer {
  const door = new FrontDoor(options);
  const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve(
    { hostname: "127.0.0.1", port: options.port, onListen: () => {} },
    (request) => door.answer(request, server.addr.port),
  );
  return { port: server.addr.port, shutdown: () => server.shutdown() };
}

/** A service with its router and codecs, worked out once. */
interface Desk {
  readonly service: Service;
  readonly route: (request: IncomingRequest, body: Uint8Array) => Route | undefined;
  readonly codecs: ReadonlyMap<BoundOperation, Codec>;
}

interface IncomingRequest extends SignedParts {
  readonly request: Request;
  readonly query: URLSearchParams;
}

/** Bytes of a request that is read whole. 70,167,211 is Lambda's own limit; 6 MiB of it is for the rest. */
const BODY_BYTES_MAX: Readonly<Record<string, number>> = { lambda: 70_167_211 };
const BODY_BYTES_MAX_DEFAULT = 10 * 1024 * 1024;

const MINUTE_MS = 60_000;
/** How far a client's clock may be off. IAM, STS and S3 are patient. */
const SKEW_MINUTES: Readonly<Record<string, number>> = { s3: 15, iam: 15, sts: 15 };
const SKEW_MINUTES_DEFAULT = 5;

const S3_PROTOCOL: Protocol = {
  kind: "restXml",
  xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/",
};

class FrontDoor {
  readonly #options: ServerOptions;
  readonly #desks: ReadonlyMap<string, Desk>;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#desks = new Map(
      options.services.map((service) => [service.signingName, deskOf(service)]),
    );
  }

  async answer(request: Request, port: number): Promise<Response> {
    const incoming = incomingOf(request);
    const stranger = refuseStranger(request.headers, port);
    if (stranger) return stranger;
    if (request.method === "GET" && incoming.rawPath === "/_sandbox/health") {
      return Response.json({ sandbox: "firehose-lab", ...await this.#options.health() });
    }
    const requestId = this.#options.random.uuid();
    const claim = readClaim(incoming);
    const desk = this.#deskFor(incoming, claim);
    const context = {
      signingName: desk?.service.signingName ?? "s3",
      protocol: desk?.service.protocol ?? S3_PROTOCOL,
      requestId,
      method: request.method,
    };
    try {
      if ("fault" in claim) throw claimError(context.protocol, claim, incoming.headers);
      if (!desk) throw unknownService(claim.scope.service, [...this.#desks.keys()]);
      return await this.#serve(desk, incoming, claim, requestId);
    } catch (error) {
      // Unread rest of the body: take it in, so that the client reads our answer.
      if (request.body && !request.bodyUsed) await request.body.cancel().catch(() => {});
      if (error instanceof AwsError) return errorResponse(error, context);
      this.#options.onInternalError(error, `${request.method} ${incoming.rawPath}`);
      return errorResponse(internalError(context.protocol), context);
    }
  }

  /** The service that was signed for; for unsigned requests, the one whose protocol it is. */
  #deskFor(incoming: IncomingRequest, claim: SignatureClaim | ClaimFault): Desk | undefined {
    if (!("fault" in claim)) return this.#desks.get(claim.scope.service);
    const target = incoming.headers.get("x-amz-target");
    const isForm = incoming.headers.get("content-type")?.startsWith(
      "application/x-www-form-urlencoded",
    );
    return [...this.#desks.values()].find(({ service: { protocol } }) =>
      target
        ? protocol.kind === "awsJson" && target.startsWith(`${protocol.targetPrefix}.`)
        : isForm
        ? protocol.kind === "query"
        : protocol.kind === "restXml"
    );
  }

  async #serve(
    desk: Desk,
    incoming: IncomingRequest,
    claim: SignatureClaim,
    requestId: string,
  ): Promise<Response> {
    const { protocol, signingName } = desk.service;
    const { clock, keys, region } = this.#options;
    checkTime(protocol, signingName, claim, clock.nowMs());
    const key = keyFor(protocol, keys, claim, clock.nowMs());
    if (protocol.kind === "restXml" && claim.scope.region !== region) {
      throw new AwsError(
        "AuthorizationHeaderMalformed",
        400,
        `The authorization header is malformed; the region '${claim.scope.region}' is wrong; ` +
          `expecting '${region}'`,
        { fields: { Region: region } },
      );
    }
    const { route, body } = await this.#open(desk, incoming, claim, key);
    const codec = desk.codecs.get(route.operation);
    if (!codec) throw new Error(`no codec for ${route.operation.schema[2]}`);
    const input = codec.decode(body, { ...incoming, labels: route.labels });
    const context = {
      caller: key.caller,
      region,
      requestId,
      nowMs: clock.nowMs(),
      headers: incoming.headers,
    };
    this.#admit(protocol, key.caller, route.operation, input, context);
    return codec.encode(await route.operation.run(input, context), requestId);
  }

  /** Checks the signature and finds the operation; the body is read, or wrapped where it streams. */
  async #open(desk: Desk, incoming: IncomingRequest, claim: SignatureClaim, key: SigningKey) {
    const { protocol, signingName } = desk.service;
    const { request, headers } = incoming;
    if (protocol.kind !== "restXml") {
      const bytesMax = BODY_BYTES_MAX[signingName] ?? BODY_BYTES_MAX_DEFAULT;
      const body = await readWhole(request.body, bytesMax, () => requestTooLarge(bytesMax));
      const hash = claim.expiresSeconds === undefined ? sha256Hex(body) : "UNSIGNED-PAYLOAD";
      verify(protocol, incoming, claim, key, hash);
      const route = desk.route(incoming, body);
      if (!route) throw unknownOperation(protocol, incoming, body);
      return { route, body };
    }
    const hash = s3PayloadHash(headers, claim);
    verify(protocol, incoming, claim, key, hash);
    refuseUnsigned(headers, claim);
    const route = desk.route(incoming, new Uint8Array());
    if (!route) throw unknownOperation(protocol, incoming, new Uint8Array());
    const verified: VerifiedBody = verifiedBody(request.body, {
      headers,
      chunkSignatures: hash.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
        ? new ChunkSignatures(claim, key.secretAccessKey)
        : undefined,
    });
    if (desk.codecs.get(route.operation)?.streamsInput) return { route, body: verified };
    const body = await readWhole(
      verified.stream,
      BODY_BYTES_MAX_DEFAULT,
      () => requestTooLarge(BODY_BYTES_MAX_DEFAULT),
    );
    return { route, body };
  }

  /** Constraints, then permission. Throws the protocol's error for the first that is not met. */
  #admit(
    protocol: Protocol,
    caller: Caller,
    operation: BoundOperation,
    input: Readonly<Record<string, unknown>>,
    context: RequestContext,
  ): void {
    const violated = violations(operation.constraints, input, {
      // Captured: IAM never shows the value, Firehose not that of a destination's member.
      showsValue: (path) =>
        protocol.kind !== "query" && !/DestinationConfiguration|DestinationUpdate/.test(path),
    });
    if (violated) throw doorError(protocol, "validation", violated);
    for (const request of operation.access(input, context)) {
      const decision = this.#options.access.decide(caller, request);
      if (!decision.allowed) throw accessDenied(protocol, caller, request, decision.reason);
    }
  }
}

function deskOf(service: Service): Desk {
  const codecs = new Map(
    [...service.operations.values()].map((operation) =>
      [operation, codecOf(operation, service.protocol)] as const
    ),
  );
  return { service, codecs, route: routerOf(service) };
}

function routerOf(service: Service): Desk["route"] {
  const { protocol, operations } = service;
  const named = (name: string): Route | undefined => {
    const operation = operations.get(name);
    return operation && { operation, labels: new Map() };
  };
  switch (protocol.kind) {
    case "awsJson":
      return ({ headers }) => {
        const [prefix, name = ""] = (headers.get("x-amz-target") ?? "").split(".");
        return prefix === protocol.targetPrefix ? named(name) : undefined;
      };
    case "query":
      return (_, body) => named(formOf(body).get("Action") ?? "");
    default: {
      const route = restRouter(service);
      return ({ method, rawPath, query }) => route(method, rawPath, query);
    }
  }
}

const formOf = (body: Uint8Array) => new URLSearchParams(new TextDecoder().decode(body));

function incomingOf(request: Request): IncomingRequest {
  // Taken from the text, not from a URL object: that would resolve `..` and `//` in keys.
  const afterScheme = request.url.indexOf("//") + 2;
  const pathStart = request.url.indexOf("/", afterScheme);
  const target = pathStart < 0 ? "/" : request.url.slice(pathStart);
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? "" : target.slice(mark + 1);
  // A literal plus in a signed query is a plus: AWS decodes percent-encoding only.
  const query = new URLSearchParams(rawQuery.replaceAll("+", "%2B"));
  return { request, method: request.method, rawPath, rawQuery, query, headers: request.headers };
}

/** Only this machine's programs: no other Host (DNS rebinding) and no page of another origin. */
function refuseStranger(headers: Headers, port: number): Response | undefined {
  const host = headers.get("host") ?? "";
  const name = host.replace(/:\d+$/, "");
  const isOurs = ["127.0.0.1", "localhost", "[::1]"].includes(name) || name.endsWith(".localhost");
  if (!isOurs || (/:\d+$/.test(host) && !host.endsWith(`:${port}`))) {
    return new Response(
      `The sandbox answers to 127.0.0.1:${port} and localhost:${port} only, not to "${host}".\n`,
      { status: 403 },
    );
  }
  const origin = headers.get("origin");
  if (origin !== null && new Set([`http://${host}`]).has(origin) === false) {
    return new Response(`The sandbox does not answer pages of ${origin}.\n`, { status: 403 });
  }
  return undefined;
}

function checkTime(
  protocol: Protocol,
  signingName: string,
  claim: SignatureClaim,
  nowMs: number,
): void {
  const signedMs = amzDateMs(claim.amzDate);
  const minutes = SKEW_MINUTES[signingName] ?? SKEW_MINUTES_DEFAULT;
  const now = basic(nowMs);
  if (claim.expiresSeconds !== undefined) {
    const endMs = signedMs + claim.expiresSeconds * 1000;
    if (nowMs > endMs) {
      throw new AwsError("AccessDenied", 403, "Request has expired", {
        fields: {
          "X-Amz-Expires": String(claim.expiresSeconds),
          Expires: iso(endMs),
          ServerTime: iso(nowMs),
        },
      });
    }
    if (signedMs - nowMs > minutes * MINUTE_MS) {
      throw new AwsError("AccessDenied", 403, "Request is not valid yet");
    }
    return;
  }
  if (Math.abs(nowMs - signedMs) <= minutes * MINUTE_MS) return;
  if (protocol.kind === "restXml") {
    throw new AwsError(
      "RequestTimeTooSkewed",
      403,
      "The difference between the request time and the current time is too large.",
      {
        fields: {
          RequestTime: claim.amzDate,
          ServerTime: iso(nowMs),
          MaxAllowedSkewMilliseconds: String(minutes * MINUTE_MS),
        },
      },
    );
  }
  const message = signedMs < nowMs
    ? `Signature expired: ${claim.amzDate} is now earlier than ` +
      `${basic(nowMs - minutes * MINUTE_MS)} (${now} - ${minutes} min.)`
    : `Signature not yet current: ${claim.amzDate} is still later than ` +
      `${basic(nowMs + minutes * MINUTE_MS)} (${now} + ${minutes} min.)`;
  throw doorError(protocol, "wrongSignature", message);
}

const basic = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d{3}/, "");

function keyFor(
  protocol: Protocol,
  keys: KeyRing,
  claim: SignatureClaim,
  nowMs: number,
): SigningKey {
  const isS3 = protocol.kind === "restXml";
  const key = keys.find(claim.accessKeyId);
  if (!key) {
    throw doorError(
      protocol,
      "unknownKey",
      isS3
        ? "The AWS Access Key Id you provided does not exist in our records."
        : "The security token included in the request is invalid.",
      { AWSAccessKeyId: claim.accessKeyId },
    );
  }
  if (key.sessionToken !== claim.sessionToken) {
    throw doorError(
      protocol,
      "wrongToken",
      isS3
        ? "The provided token is malformed or otherwise invalid."
        : protocol.kind === "query"
        ? "The security token included in the request is invalid"
        : "The security token included in the request is invalid.",
      { "Token-0": claim.sessionToken ?? "" },
    );
  }
  if (key.expiresMs !== undefined && key.expiresMs <= nowMs) {
    throw doorError(
      protocol,
      "expiredToken",
      isS3
        ? "The provided token has expired."
        : "The security token included in the request is expired",
      { "Token-0": claim.sessionToken ?? "" },
    );
  }
  return key;
}

function verify(
  protocol: Protocol,
  incoming: IncomingRequest,
  claim: SignatureClaim,
  key: SigningKey,
  payloadHash: string,
): void {
  const check = checkSignature(incoming, claim, key.secretAccessKey, payloadHash);
  if (check.matches && claim.amzDate.startsWith(claim.scope.date)) return;
  const isS3 = protocol.kind === "restXml";
  throw doorError(
    protocol,
    "wrongSignature",
    "The request signature we calculated does not match the signature you provided. Check your " +
      (isS3
        ? "key and signing method."
        : "AWS Secret Access Key and signing method. Consult the service documentation for details."),
    {
      AWSAccessKeyId: claim.accessKeyId,
      StringToSign: check.stringToSign,
      SignatureProvided: claim.signature,
      StringToSignBytes: spacedHex(check.stringToSign),
      CanonicalRequest: check.canonicalRequest,
      CanonicalRequestBytes: spacedHex(check.canonicalRequest),
    },
  );
}

function spacedHex(text: string): string {
  return new TextEncoder().encode(text).toHex().replace(/..(?=.)/g, "$& ");
}

const STREAMING_FORMS = [
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
];

function s3PayloadHash(headers: Headers, claim: SignatureClaim): string {
  if (claim.expiresSeconds !== undefined) return "UNSIGNED-PAYLOAD";
  const hash = headers.get("x-amz-content-sha256");
  if (hash === null) {
    throw new AwsError(
      "InvalidRequest",
      400,
      "Missing required header for this request: x-amz-content-sha256",
    );
  }
  if (hash === "UNSIGNED-PAYLOAD" || STREAMING_FORMS.includes(hash)) return hash;
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new AwsError(
    "InvalidArgument",
    400,
    `x-amz-content-sha256 must be UNSIGNED-PAYLOAD, ${STREAMING_FORMS.join(", ")} or a valid ` +
      "sha256 value.",
    { fields: { ArgumentName: "x-amz-content-sha256", ArgumentValue: hash } },
  );
}

function refuseUnsigned(headers: Headers, claim: SignatureClaim): void {
  const unsigned = [...headers.keys()].filter((name) =>
    name.startsWith("x-amz-") && !claim.signedHeaders.includes(name)
  );
  // Presigned: headers that a browser adds cannot be known beforehand, all but x-amz ones.
  const refused = unsigned.filter((name) => name !== "x-amz-content-sha256");
  if (refused.length === 0) return;
  throw new AwsError(
    "AccessDenied",
    403,
    "There were headers present in the request which were not signed",
    { fields: { HeadersNotSigned: refused.join(", ") } },
  );
}

function claimError(protocol: Protocol, claim: ClaimFault, headers: Headers): AwsError {
  const isS3 = protocol.kind === "restXml";
  switch (claim.fault) {
    case "missing":
      return doorError(
        protocol,
        "missingAuthentication",
        isS3
          ? "Access Denied"
          : protocol.kind === "query"
          ? "Request is missing Authentication Token"
          : "Missing Authentication Token",
      );
    case "incomplete": {
      const sentences = claim.missing.map((name) =>
        `Authorization header requires '${name}' parameter. `
      );
      const date = headers.has("x-amz-date") || headers.has("date")
        ? ""
        : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
      return doorError(
        protocol,
        "incompleteSignature",
        `${sentences.join("")}${date}Authorization=${claim.header.split(" ")[0]}`,
      );
    }
    case "badCredential":
      return doorError(
        protocol,
        "incompleteSignature",
        isS3
          ? `The authorization header is malformed; the authorization component "Credential=` +
            `${claim.credential}" is malformed.`
          : "Credential must have exactly 5 slash-delimited elements, e.g. " +
            "keyid/date/region/service/term",
      );
    case "noDate":
      return isS3
        ? new AwsError(
          "AccessDenied",
          403,
          "AWS authentication requires a valid Date or x-amz-date header",
        )
        : doorError(
          protocol,
          "incompleteSignature",
          "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
        );
    case "incompleteQuery":
      return new AwsError(
        "AuthorizationQueryParametersError",
        400,
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, " +
          "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
      );
    case "badExpires":
      return new AwsError(
        "AuthorizationQueryParametersError",
        400,
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires " +
          "must be less than 604800 seconds",
      );
  }
}

function unknownService(name: string, known: readonly string[]): AwsError {
  return new AwsError(
    "NotImplemented",
    501,
    `The sandbox does not have the service "${name}"; it has ${known.join(", ")}.`,
  );
}

function unknownOperation(
  protocol: Protocol,
  { method, rawPath, headers }: IncomingRequest,
  body: Uint8Array,
): AwsError {
  switch (protocol.kind) {
    case "awsJson": {
      const target = headers.get("x-amz-target") ?? "";
      return doorError(protocol, "unknownOperation", `The sandbox does not have ${target}`);
    }
    case "query": {
      const form = formOf(body);
      return doorError(
        protocol,
        "unknownOperation",
        `Could not find operation ${form.get("Action")} for version ${form.get("Version")}`,
      );
    }
    case "restJson":
      return new AwsError(
        "UnknownOperationException",
        404,
        `The sandbox has no operation at ${method} ${rawPath}`,
      );
    case "restXml":
      return doorError(
        protocol,
        "unknownOperation",
        "A header or query you provided implies functionality that is not implemented",
        { Header: `${method} ${rawPath}` },
      );
  }
}

const requestTooLarge = (bytesMax: number) =>
  new AwsError(
    "RequestEntityTooLargeException",
    413,
    `Request must be smaller than ${bytesMax} bytes`,
  );

function internalError(protocol: Protocol): AwsError {
  return protocol.kind === "restXml"
    ? new AwsError("InternalError", 500, "We encountered an internal error. Please try again.")
    : new AwsError("InternalFailure", 500, "The sandbox failed; its own log says why.");
}
