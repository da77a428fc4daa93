/**
 * Desks: each service with its router and codecs, which are built once.
 * @module
 */

import type { StaticOperationSchema } from "@smithy/types";
import type { BoundOperation, Protocol, Service } from "../operation.ts";
import { type Codec, codecOf } from "./codec.ts";
import { bucketOfHost } from "./host.ts";
import type { IncomingRequest } from "./incoming.ts";
import { restRouter, type Route } from "./routes.ts";

/** A service in one protocol, with its router and codecs. */
export interface Desk {
  readonly service: Service;
  readonly route: (request: IncomingRequest, body: Uint8Array) => Route | undefined;
  /** Made when it is first asked for. */
  readonly codecOf: (operation: BoundOperation) => Codec;
  /** The name of the REST operation that a request means, among all of AWS's. */
  readonly absent: (request: IncomingRequest) => string | undefined;
}

/** Desks by signing name: one for each protocol that the service speaks. */
export type Desks = ReadonlyMap<string, readonly Desk[]>;

export function desksOf(services: readonly Service[]): Desks {
  return new Map(services.map((service) => {
    const protocols = [service.protocol, ...service.otherProtocols ?? []];
    return [service.signingName, protocols.map((protocol) => deskOf({ ...service, protocol }))];
  }));
}

/** The desk for the request's protocol; the service's first desk if it has no such protocol. */
export function deskSpeaking(
  desks: readonly Desk[] = [],
  incoming: IncomingRequest,
): Desk | undefined {
  const kind = isFormInQuery(incoming) ? "query" : kindOf(incoming.headers);
  return desks.find(({ service: { protocol } }) => protocol.kind === kind) ?? desks[0];
}

/** The kind of protocol that a request's headers show. */
export function kindOf(headers: Headers): Protocol["kind"] {
  if (headers.get("smithy-protocol") === "rpc-v2-cbor") return "rpcV2Cbor";
  if (headers.has("x-amz-target")) return "awsJson";
  return isForm(headers) ? "query" : "restXml";
}

/** The query protocol also takes its form in the address, for example in presigned URLs. */
export const isFormInQuery = ({ method, query }: IncomingRequest) =>
  method === "GET" && query.has("Action");

/** The form of a request of the query protocol, as bytes: its body, or its address's query. */
export function formBytes(incoming: IncomingRequest, body: Uint8Array): Uint8Array {
  return isFormInQuery(incoming) ? new TextEncoder().encode(incoming.query.toString()) : body;
}

function isForm(headers: Headers): boolean {
  return headers.get("content-type")?.startsWith("application/x-www-form-urlencoded") ?? false;
}

/** The desk for an unsigned request: the first one with its protocol. */
export function deskForUnsigned(
  desks: Desks,
  { method, rawPath, headers }: IncomingRequest,
): Desk | undefined {
  // A form that is put to a path is an object. The query protocol posts to the root.
  const isPosted = method === "POST" && rawPath === "/";
  const kind = kindOf(headers) === "query" && !isPosted ? "restXml" : kindOf(headers);
  const target = headers.get("x-amz-target") ?? "";
  return [...desks.values()].flat().find(({ service: { protocol } }) =>
    protocol.kind === kind &&
    (protocol.kind !== "awsJson" || target.startsWith(`${protocol.targetPrefix}.`))
  );
}

function deskOf(service: Service): Desk {
  const codecs = new Map<BoundOperation, Codec>();
  return {
    service,
    codecOf: (operation) => {
      const codec = codecs.get(operation) ?? codecOf(operation, service.protocol);
      codecs.set(operation, codec);
      return codec;
    },
    route: routerOf(service),
    absent: absentNames(service),
  };
}

/** The router is built at the first question: most clients call only what exists. */
function absentNames({ protocol, allSchemas = () => [] }: Service): Desk["absent"] {
  let route: ReturnType<typeof restRouter<{ readonly schema: StaticOperationSchema }>> | undefined;
  return (incoming) => {
    const { method, query, headers } = incoming;
    // The SDK for JavaScript names the operation; some differ by nothing else.
    const stated = query.get("x-id");
    if (stated !== null && allSchemas().some((schema) => schema[2] === stated)) return stated;
    route ??= restRouter(protocol, allSchemas().map((schema) => ({ schema })));
    return route(method, pathWithBucket(protocol, incoming), { query, headers })
      ?.operation.schema[2];
  };
}

/**
 * The region of the bucket that a HEAD asks for; undefined for other requests. S3 tells it even to a
 * caller who may not ask: SDKs find a bucket's region by an unsigned HeadBucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export function regionOfHead({ service }: Desk, incoming: IncomingRequest): string | undefined {
  if (incoming.method !== "HEAD") return undefined;
  const [, bucket] = /^\/([^/]+)\/?$/.exec(pathWithBucket(service.protocol, incoming)) ?? [];
  return bucket === undefined ? undefined : service.regionOfBucket?.(bucket);
}

/** The path with the bucket that a virtual-host address names. */
function pathWithBucket({ kind }: Protocol, { rawPath, headers }: IncomingRequest): string {
  const bucket = kind === "restXml" && bucketOfHost(headers.get("host") ?? "");
  return bucket ? `/${bucket}${rawPath}` : rawPath;
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
    case "rpcV2Cbor":
      return ({ method, rawPath }) => {
        const [, name, operation = ""] = /^\/service\/([^/]+)\/operation\/([^/]+)$/.exec(rawPath) ??
          [];
        return method === "POST" && name === protocol.serviceName ? named(operation) : undefined;
      };
    case "query":
      return (_, body) => named(formOf(body).get("Action") ?? "");
    default: {
      const route = restRouter(protocol, operations.values());
      return (incoming) => {
        const { method, query, headers } = incoming;
        return route(method, pathWithBucket(protocol, incoming), { query, headers });
      };
    }
  }
}

/** A form-encoded body. */
export const formOf = (body: Uint8Array) => new URLSearchParams(new TextDecoder().decode(body));
