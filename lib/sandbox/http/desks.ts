/**
 * Desks: a service with its router and codecs, worked out once.
 * @module
 */

import type { BoundOperation, Service } from "../operation.ts";
import { type Codec, codecOf } from "./codec.ts";
import { bucketOfHost, type IncomingRequest } from "./incoming.ts";
import { restRouter, type Route } from "./routes.ts";

/** A service with its router and codecs, worked out once. */
export interface Desk {
  readonly service: Service;
  readonly route: (request: IncomingRequest, body: Uint8Array) => Route | undefined;
  readonly codecs: ReadonlyMap<BoundOperation, Codec>;
}

/** Desks by signing name. */
export function desksOf(services: readonly Service[]): ReadonlyMap<string, Desk> {
  return new Map(services.map((service) => [service.signingName, deskOf(service)]));
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
      return ({ method, rawPath, query, headers }) => {
        const bucket = protocol.kind === "restXml" && bucketOfHost(headers.get("host") ?? "");
        return route(method, bucket ? `/${bucket}${rawPath}` : rawPath, { query, headers });
      };
    }
  }
}

/** A form-encoded body. */
export const formOf = (body: Uint8Array) => new URLSearchParams(new TextDecoder().decode(body));
