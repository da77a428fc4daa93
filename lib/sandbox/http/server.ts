/**
 * The front door of all services. The steps for each request: Host check → signature → operation →
 * decode → constraints → permission → operation → encode.
 * @module
 */

import type { AccessControl, AccessRequest, Decision } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import { violations } from "../constraints.ts";
import { AwsError } from "../errors.ts";
import type { BoundOperation, Protocol, Service, ServiceCall } from "../operation.ts";
import type { FaultedCall, FaultSource } from "../ports/fault_source.ts";
import type { Random } from "../random.ts";
import { isRegion } from "../region_names.ts";
import {
  absentOperation,
  type AbsentService,
  absentService,
  isFormUpload,
  operationIsAbsent,
  serviceIsAbsent,
} from "./absent.ts";
import {
  type Desk,
  deskForUnsigned,
  type Desks,
  desksOf,
  deskSpeaking,
  formBytes,
  formOf,
  regionOfHead,
} from "./desks.ts";
import type { VerifiedBody } from "../verified_body.ts";
import { chunksOf, readWhole, verifiedBody } from "./body.ts";
import { BodyRoom } from "./body_room.ts";
import type { Answered, Learned } from "./answered.ts";
import { conditionsOf, signatureFacts } from "./conditions.ts";
import { accessDenied, doorError, errorResponse } from "./errors.ts";
import type { Door, Gate, Identity } from "./gate.ts";
import { type Arrival, arrivalOf, isForDisplay } from "./strangers.ts";
import { unzipped } from "./gzip_body.ts";
import { incomingOf, type IncomingRequest, withoutChecksums } from "./incoming.ts";
import type { ClaimFault, SignatureClaim } from "./claim.ts";
import { type LostAnswer, lostAnswer, LostByFault } from "./lost_answer.ts";
import { withQueryHeaders } from "./presigned_headers.ts";
import { readClaim, sha256Hex } from "./signature.ts";

/** The parts of a server. */
export interface ServerOptions {
  /** A port of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** An address to listen on besides those of this machine alone; `0.0.0.0` is every one. */
  readonly listenOn: string | undefined;
  /** Names that a Host header may give besides those of this machine. */
  readonly allowedHosts: readonly string[];
  /** Speaks HTTPS with this certificate; absent means HTTP. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** The services of the home region. */
  readonly services: readonly Service[];
  /** The services of an account in a region; undefined if there is no such region. */
  readonly servicesIn: (
    accountId: string,
    region: string,
  ) => Promise<readonly Service[] | undefined>;
  /** The sandbox's own account. */
  readonly accountId: string;
  readonly gate: Gate;
  /** For links from pages of other sites: always strict, also if `gate` is open. */
  readonly strictGate: Gate;
  readonly access: AccessControl;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: FaultSource;
  /** The home region. */
  readonly region: string;
  /** Answers requests for the sandbox's own pages; undefined for requests to services. */
  readonly ownPages: (
    incoming: IncomingRequest,
    arrival: Arrival,
  ) => Promise<Response> | undefined;
  /** Receives every answer. */
  readonly onAnswer?: (answer: Answered) => void;
  /** Receives, as a line for people, what they should know about the listeners. */
  readonly onProblem: (line: string) => void;
  /** Receives the sandbox's own errors, not those of clients. */
  readonly onInternalError: (error: unknown, what: string) => void;
}

/** A listening server. */
export interface HttpServer {
  readonly port: number;
  /** Where it speaks HTTP: the same port, or one of 127.0.0.1 beside HTTPS. */
  readonly plainPort: number;
  /** Stops listening, and resolves when the requests under way are answered. */
  shutdown(): Promise<void>;
}

/**
 * Starts to listen on 127.0.0.1, ::1 and `listenOn`; on every address if that is a wildcard. Throws
 * `Deno.errors.AddrInUse` if the port is taken.
 */
export function serve(options: ServerOptions): HttpServer {
  const door = new FrontDoor(options);
  const first = listenAt(
    door,
    options.listenOn === "0.0.0.0" ? "0.0.0.0" : "127.0.0.1",
    options.port,
    options.tls,
  );
  const { port } = first.addr;
  const others = options.listenOn === undefined || options.listenOn === "0.0.0.0"
    ? []
    : [listenAt(door, options.listenOn, port, options.tls)];
  // Functions trust no authority but their runtime's.
  const plain = options.tls ? [listenAt(door, "127.0.0.1", 0, undefined)] : [];
  const servers = [first, ...others, ...loopbackV6(door, port, options), ...plain];
  return {
    port,
    plainPort: plain[0]?.addr.port ?? port,
    shutdown: async () => {
      await Promise.all(servers.map((server) => server.shutdown()));
    },
  };
}

function listenAt(
  door: FrontDoor,
  hostname: string,
  port: number,
  tls: ServerOptions["tls"],
): Deno.HttpServer<Deno.NetAddr> {
  const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve(
    {
      ...{ hostname, port, onListen: () => {}, onError: (error) => door.failed(error) },
      ...(tls ? { cert: tls.certificate, key: tls.key } : {}),
    },
    (request, { remoteAddr }) => {
      const sender = { address: remoteAddr.hostname, isSecure: tls !== undefined };
      return door.answer(incomingOf(request, sender), server.addr.port);
    },
  );
  return server;
}

/** For clients that resolve localhost only to ::1. There is none without IPv6, or if ::1 is taken. */
function loopbackV6(
  door: FrontDoor,
  port: number,
  { tls, onProblem }: Pick<ServerOptions, "tls" | "onProblem">,
): Deno.HttpServer<Deno.NetAddr>[] {
  try {
    return [listenAt(door, "::1", port, tls)];
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      onProblem(
        `Another program listens on port ${port} of ::1: clients that call localhost may reach it. ` +
          "Let them call 127.0.0.1.",
      );
    }
    return [];
  }
}

/** The most bytes of a request that is read whole. 70,167,211 is Lambda's own limit. */
const BODY_BYTES_MAX: Readonly<Record<string, number>> = { lambda: 70_167_211 };
const BODY_BYTES_MAX_DEFAULT = 10 * 1024 * 1024;

const NO_BODY = new Uint8Array();

const S3_PROTOCOL: Protocol = {
  kind: "restXml",
  xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/",
};

/** Services that are the same in every region. SDKs sign their requests for the client's region. */
const GLOBAL_SERVICES = new Set(["iam", "sts"]);

/** The header in which every AWS SDK numbers its calls. */
const SDK_CALL = "amz-sdk-invocation-id";

/** The state of one request. */
interface Visit {
  readonly requestId: string;
  readonly learned: Learned;
  readonly gate: Gate;
  /** Whether a fault loses the answer. */
  lost: LostAnswer | undefined;
}

class FrontDoor {
  readonly #options: ServerOptions;
  readonly #desks: Desks;
  /** Desks of other regions and accounts, built at the first request. */
  readonly #regionDesks = new Map<string, Desks>();
  readonly #room = new BodyRoom();

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#desks = desksOf(options.services);
  }

  async answer(incoming: IncomingRequest, port: number): Promise<Response> {
    const arrival = arrivalOf(incoming, { port, allowed: this.#options.allowedHosts });
    const response = await this.#answerArrived(incoming, arrival);
    // In a browser each page gets its own origin: an object's script can't read other pages. A page
    // of the sandbox itself states its own policy; no service's answer can.
    if (isForDisplay(incoming) && !response.headers.has("content-security-policy")) {
      response.headers.set("content-security-policy", "sandbox");
    }
    return response;
  }

  async #answerArrived(
    incoming: IncomingRequest,
    arrival: Arrival | AwsError,
  ): Promise<Response> {
    const { method, rawPath } = incoming;
    const stranger = arrival instanceof AwsError ? arrival : undefined;
    const own = arrival instanceof AwsError ? undefined : this.#options.ownPages(incoming, arrival);
    if (own) return await own;
    const { onAnswer, clock, random, gate, strictGate } = this.#options;
    const requestId = random.uuid();
    const startMs = performance.now();
    const learned: Learned = { error: stranger };
    const visit: Visit = {
      requestId,
      learned,
      gate: arrival === "direct" ? gate : strictGate,
      lost: undefined,
    };
    const response = stranger
      ? strangersAnswer(stranger, rawPath)
      : await this.#answer(incoming, visit);
    onAnswer?.({
      ...learned,
      method,
      path: rawPath,
      requestId,
      callId: incoming.headers.get(SDK_CALL) ?? undefined,
      atMs: clock.nowMs(),
      status: response.status,
      durationMs: performance.now() - startMs,
    });
    return visit.lost ? await lostAnswer(response, visit.lost) : response;
  }

  /** The answer if the front door itself failed before it knew the service. */
  failed(error: unknown): Response {
    if (!(error instanceof LostByFault)) this.#options.onInternalError(error, "a request");
    const requestId = this.#options.random.uuid();
    const context = { signingName: "s3", protocol: S3_PROTOCOL, requestId, method: "GET" };
    return errorResponse(internalError(S3_PROTOCOL), context);
  }

  async #answer(incoming: IncomingRequest, visit: Visit): Promise<Response> {
    const { request } = incoming;
    const { learned, requestId } = visit;
    const read = readClaim(incoming);
    const desk = this.#deskFor(incoming, read);
    const absent = desk ? undefined : await absentIn(incoming, read, this.#room);
    const door: Door = desk?.service ?? doorOf(absent);
    learned.service = door.signingName;
    learned.operation = absent?.operation;
    try {
      const isNamed = !("fault" in read);
      if (!desk && isNamed) throw serviceIsAbsent(door.signingName, [...this.#desks.keys()]);
      if (desk && isFormUpload(desk, incoming)) {
        learned.operation = "PostObject";
        const named = "PostObject (a presigned POST); a presigned PUT works";
        throw operationIsAbsent(door.protocol, named, incoming, NO_BODY);
      }
      const identity = visit.gate.identify(read, door, incoming.headers);
      if (!desk) throw serviceIsAbsent(door.signingName, [...this.#desks.keys()]);
      const { region, service } = identity.claim.scope;
      // Clients of the partition's endpoint sign IAM and STS for this region.
      const isGlobal = region === "aws-global" && GLOBAL_SERVICES.has(service);
      if (!isRegion(region) && !isGlobal) {
        throw wrongRegion(door.protocol, region, this.#options.region);
      }
      return await this.#serve(desk, incoming, identity, visit);
    } catch (error) {
      // The rest of the body is taken in, so the client reads our answer.
      if (!request.bodyUsed && request.body) await request.body.cancel().catch(() => {});
      const refusal = error instanceof AwsError ? error : internalError(door.protocol);
      if (refusal !== error) {
        this.#options.onInternalError(error, `${request.method} ${incoming.rawPath}`);
      }
      learned.error = refusal;
      const response = errorResponse(refusal, { ...door, requestId, method: request.method });
      const region = desk && refusal.status === 403 ? regionOfHead(desk, incoming) : undefined;
      if (region !== undefined) response.headers.set("x-amz-bucket-region", region);
      return response;
    }
  }

  /** The service that was signed for; for unsigned requests, the first one with the protocol. */
  #deskFor(incoming: IncomingRequest, claim: SignatureClaim | ClaimFault): Desk | undefined {
    if (!("fault" in claim)) return deskSpeaking(this.#desks.get(claim.scope.service), incoming);
    if (claim.fault === "noDate") return deskSpeaking(this.#desks.get(claim.service), incoming);
    return deskForUnsigned(this.#desks, incoming);
  }

  async #serve(
    home: Desk,
    incoming: IncomingRequest,
    identity: Identity,
    visit: Visit,
  ): Promise<Response> {
    const { requestId, learned } = visit;
    const { region } = identity.claim.scope;
    const { desk, route, body, headers } = await this.#open(home, incoming, identity, visit);
    learned.operation = route.operation.schema[2];
    const codec = desk.codecOf(route.operation);
    const input = codec.decode(body, { query: incoming.query, headers, labels: route.labels });
    learned.input = input;
    const { caller } = identity.key;
    const nowMs = this.#options.clock.nowMs();
    const signature = signatureFacts(identity.claim, this.#options.clock);
    const { sender } = incoming;
    const context = { caller, region, requestId, nowMs, headers, sender, signature };
    const call = { operation: learned.operation, input, context };
    this.#admit(desk.service, route.operation, call);
    const failRecords = await this.#struck(desk.service, route.operation, call, visit);
    const output = await route.operation.run(input, { ...context, failRecords });
    learned.output = output;
    return codec.encode(output, requestId);
  }

  /** Checks the signature and finds the operation. The body is read, or wrapped if it is streamed. */
  async #open(home: Desk, incoming: IncomingRequest, identity: Identity, visit: Visit) {
    const { gate } = visit;
    const { service } = home;
    const { request } = incoming;
    if (service.protocol.kind !== "restXml") {
      const { headers } = incoming;
      const bytesMax = BODY_BYTES_MAX[service.signingName] ?? BODY_BYTES_MAX_DEFAULT;
      const tooLarge = () => requestTooLarge(bytesMax, restOperationOf(home, incoming));
      const sent = await this.#room.readRequest(request, bytesMax, tooLarge);
      gate.verify(identity, service, incoming, sha256Hex(sent));
      const plain = service.takesGzip ? await unzipped(sent, headers, bytesMax, tooLarge) : sent;
      const body = service.protocol.kind === "query" ? formBytes(incoming, plain) : plain;
      const desk = this.#isHome(identity) ? home : await this.#deskIn(identity, home, incoming);
      const route = desk.route(incoming, body);
      if (!route) throw absentOf(desk, incoming, body, visit);
      return { desk, route, body, headers };
    }
    const hash = gate.payloadHash(incoming.headers, identity.claim);
    gate.verify(identity, service, incoming, hash);
    const isPresigned = identity.claim.expiresSeconds !== undefined;
    const headers = isPresigned ? withQueryHeaders(incoming) : incoming.headers;
    const desk = this.#isHome(identity) ? home : await this.#deskIn(identity, home, incoming);
    const route = desk.route({ ...incoming, headers }, NO_BODY);
    if (!route) throw absentOf(desk, incoming, NO_BODY, visit);
    // Most reads have no body, so there are no claims to check.
    if (request.method === "GET" && !request.body) return { desk, route, body: NO_BODY, headers };
    const verified: VerifiedBody = verifiedBody(chunksOf(request), {
      headers: route.operation.checksumsOf === "object" ? withoutChecksums(headers) : headers,
      chunkSignatures: gate.chunkSignatures(identity, hash),
      md5ShownIn: route.operation.schema[2] === "UploadPart" ? "base64" : "hex",
    });
    if (desk.codecOf(route.operation).streamsInput) {
      return { desk, route, body: verified, headers };
    }
    const tooLarge = () => requestTooLarge(BODY_BYTES_MAX_DEFAULT);
    const body = await this.#room.read(
      Number(request.headers.get("content-length") ?? BODY_BYTES_MAX_DEFAULT),
      () => readWhole(verified.chunks, BODY_BYTES_MAX_DEFAULT, tooLarge),
    );
    return { desk, route, body, headers };
  }

  #isHome({ claim: { scope }, key }: Identity): boolean {
    if (key.caller.accountId !== this.#options.accountId) return false;
    return scope.region === this.#options.region || GLOBAL_SERVICES.has(scope.service);
  }

  /** The same service in the caller's account and the region that was signed for. */
  async #deskIn(
    { claim: { scope }, key: { caller: { accountId } } }: Identity,
    { service }: Desk,
    incoming: IncomingRequest,
  ): Promise<Desk> {
    const home = this.#options.region;
    const region = GLOBAL_SERVICES.has(scope.service) ? home : scope.region;
    const place = `${accountId} ${region}`;
    let desks = this.#regionDesks.get(place);
    if (!desks) {
      const services = await this.#options.servicesIn(accountId, region);
      if (!services) throw wrongRegion(service.protocol, region, home);
      desks = desksOf(services);
      this.#regionDesks.set(place, desks);
    }
    const desk = deskSpeaking(desks.get(service.signingName), incoming);
    if (!desk) throw new Error(`${place} has no ${service.signingName}`);
    return desk;
  }

  /**
   * Lets faults on demand strike: waits, throws an error, or notes where the answer is cut. Resolves
   * with the records of a batch that are refused.
   */
  async #struck(
    { signingName }: Service,
    operation: BoundOperation,
    call: ServiceCall,
    visit: Visit,
  ): Promise<readonly number[] | undefined> {
    const { faults } = this.#options;
    if (faults.isQuiet) return undefined;
    const [access] = operation.access(call.input, call.context);
    const effect = await faults.strike(faultedCall(signingName, call, access));
    if (effect?.kind === "error") throw effect.error;
    if (effect?.kind === "lost") visit.lost = effect;
    return effect?.kind === "failRecords" ? effect.records : undefined;
  }

  /** Checks constraints, then permission. Throws the protocol's error for the first failure. */
  #admit(service: Service, operation: BoundOperation, call: ServiceCall): void {
    const { protocol } = service;
    const { input, context } = call;
    const hidesValues = protocol.kind === "query" && protocol.hidesValues;
    const violated = violations(operation.constraints, input, {
      // Captured: IAM never shows the value, Firehose not the value of a destination's member,
      // Lambda not that of variables, and Logs not that of a log group's identifier.
      showsValue: (path) =>
        !hidesValues &&
        !HIDDEN_VALUES.test(path),
      // Captured of Lambda and IAM: LocalStack's provider and moto's test_create_function.
      itemsNotNull: hidesValues || protocol.kind === "restJson",
    });
    if (violated) throw doorError(protocol, "validation", violated);
    for (const request of operation.access(input, context)) {
      const decision = this.#decide(service, request, call);
      if (decision.allowed) continue;
      const { orAction: action } = request;
      if (action && this.#decide(service, { ...request, action }, call).allowed) continue;
      throw accessDenied(protocol, context.caller, request, decision.reason);
    }
  }

  #decide(service: Service, request: AccessRequest, call: ServiceCall): Decision {
    const { caller } = call.context;
    // The root user is always allowed: collecting its condition keys would only take time.
    const isRoot = caller.kind === "root";
    const conditions = isRoot ? request.conditions : conditionsOf(service, request, call);
    return this.#options.access.decide(caller, { ...request, conditions });
  }
}

/** Paths of members whose values no text shows. */
const HIDDEN_VALUES =
  /DestinationConfiguration|DestinationUpdate|environment\.variables|logGroupIdentifier/;

/** Plain text, since the caller is no client of a service; the sandbox's own pages answer JSON. */
function strangersAnswer({ message, status }: AwsError, path: string): Response {
  if (path.startsWith("/_sandbox/")) return Response.json({ error: message }, { status });
  return new Response(`${message}\n`, { status });
}

/** A client's call, as faults see it. */
function faultedCall(
  service: string,
  { operation, input, context: { caller } }: ServiceCall,
  access: AccessRequest | undefined,
): FaultedCall {
  const text = (value: unknown) => typeof value === "string" ? value : undefined;
  return {
    ...{ service, operation, caller, access },
    stream: service === "firehose" ? text(input.DeliveryStreamName) : undefined,
    bucket: text(input.Bucket),
    function: text(input.FunctionName),
  };
}

function wrongRegion(protocol: Protocol, region: string, home: string): AwsError {
  if (protocol.kind !== "restXml") {
    return doorError(protocol, "wrongSignature", "Credential should be scoped to a valid region. ");
  }
  return new AwsError(
    "AuthorizationHeaderMalformed",
    400,
    `The authorization header is malformed; the region '${region}' is wrong; expecting '${home}'`,
    { fields: { Region: home } },
  );
}

/** The error for an operation that the sandbox does not have. The log gets its name too. */
function absentOf(
  desk: Desk,
  incoming: IncomingRequest,
  body: Uint8Array,
  { learned }: Visit,
): AwsError {
  const name = absentOperation(desk, incoming, body);
  learned.operation = name;
  return operationIsAbsent(desk.service.protocol, name, incoming, body);
}

/** The missing service that a request is for; a form's Action is in its body. */
async function absentIn(
  incoming: IncomingRequest,
  claim: SignatureClaim | ClaimFault,
  room: BodyRoom,
): Promise<AbsentService> {
  const name = "fault" in claim ? undefined : claim.scope.service;
  const service = absentService(name, incoming);
  if (service.protocol.kind !== "query" || incoming.request.body === null) return service;
  const tooLarge = () => requestTooLarge(BODY_BYTES_MAX_DEFAULT);
  // Without a readable body there is no operation's name; the service is missing anyway.
  const body = await room.readRequest(incoming.request, BODY_BYTES_MAX_DEFAULT, tooLarge)
    .catch(() => NO_BODY);
  return absentService(name, { ...incoming, query: formOf(body) });
}

const doorOf = (absent: AbsentService | undefined): Door =>
  absent
    ? { signingName: absent.name, protocol: absent.protocol }
    : { signingName: "s3", protocol: S3_PROTOCOL };

/** The operation of a REST request, found by method and path alone. */
function restOperationOf({ service, route }: Desk, incoming: IncomingRequest): string | undefined {
  if (service.protocol.kind !== "restJson") return undefined;
  return route(incoming, NO_BODY)?.operation.schema[2];
}

const requestTooLarge = (bytesMax: number, operation?: string) =>
  new AwsError(
    "RequestEntityTooLargeException",
    413,
    `Request must be smaller than ${bytesMax} bytes` +
      (operation === undefined ? "" : ` for the ${operation} operation`),
  );

function internalError(protocol: Protocol): AwsError {
  return protocol.kind === "restXml"
    ? new AwsError("InternalError", 500, "We encountered an internal error. Please try again.")
    : new AwsError("InternalFailure", 500, "The sandbox failed; its own log says why.");
}
