/**
 * What the sandbox does not have: services and operations, named in the caller's own protocol, so
 * that the sentence reaches the person who reads the client's error.
 * @module
 */

import { AwsError } from "../errors.ts";
import type { Protocol } from "../operation.ts";
import { type Desk, formBytes, formOf, isFormInQuery, kindOf } from "./desks.ts";
import { doorError } from "./errors.ts";
import type { IncomingRequest } from "./incoming.ts";
import { s3Refusal } from "./s3_refusals.ts";

/** A service that the sandbox does not have, as far as its request shows it. */
export interface AbsentService {
  /** In the words of a credential scope: `sns`. */
  readonly name: string;
  readonly protocol: Protocol;
  /** `Publish`; undefined if the request does not name it. */
  readonly operation: string | undefined;
}

/** Services that answer REST requests with XML; all others of REST answer with JSON. */
const REST_XML = new Set(["s3", "s3express", "s3-outposts", "route53", "cloudfront"]);

/** The service that a request is for, by its scope's name and its form. */
export function absentService(
  scopeName: string | undefined,
  incoming: IncomingRequest,
): AbsentService {
  const { headers, query, rawPath } = incoming;
  const kind = isFormInQuery(incoming) ? "query" : kindOf(headers);
  switch (kind) {
    case "rpcV2Cbor": {
      const [, serviceName = "", operation] = /^\/service\/([^/]+)\/operation\/([^/]+)$/
        .exec(rawPath) ?? [];
      const errorNames = { namespace: "com.amazonaws", queryCodes: new Map() };
      return {
        name: scopeName ?? serviceName,
        operation,
        protocol: { kind, serviceName, errorNames },
      };
    }
    case "awsJson": {
      const [targetPrefix, operation] = (headers.get("x-amz-target") ?? "").split(".");
      const version = headers.get("content-type")?.endsWith("-1.0") ? "1.0" : "1.1";
      return {
        name: scopeName ?? targetPrefix,
        operation,
        protocol: { kind, version, targetPrefix },
      };
    }
    case "query": {
      const name = scopeName ?? "unknown";
      const version = query.get("Version") ?? "";
      const xmlNamespace = `https://${name}.amazonaws.com/doc/${version}/`;
      const protocol = { kind, version, xmlNamespace, isEc2: name === "ec2" } as const;
      return { name, operation: query.get("Action") ?? undefined, protocol };
    }
    default: {
      const name = scopeName ?? "s3";
      const protocol: Protocol = REST_XML.has(name)
        ? { kind: "restXml", xmlNamespace: `https://${name}.amazonaws.com/doc/` }
        : { kind: "restJson" };
      return { name, protocol, operation: undefined };
    }
  }
}

/** The error for a service that the sandbox does not have. `known` lists those that it has. */
export function serviceIsAbsent(name: string, known: readonly string[]): AwsError {
  return new AwsError(
    "NotImplemented",
    501,
    `The sandbox does not have the service "${name}"; it has ${known.join(", ")}.`,
  );
}

/** The name of the operation that a request asks for, when its service has no such operation. */
export function absentOperation(
  { service: { protocol }, absent }: Desk,
  incoming: IncomingRequest,
  body: Uint8Array,
): string | undefined {
  switch (protocol.kind) {
    case "rpcV2Cbor":
      return incoming.rawPath.split("/").at(-1);
    case "awsJson":
      return incoming.headers.get("x-amz-target")?.split(".").at(-1);
    case "query":
      return formOf(formBytes(incoming, body)).get("Action") ?? undefined;
    default:
      return absent(incoming);
  }
}

/**
 * Whether a browser's form uploads to S3, as SDKs prepare it (createPresignedPost). It is signed in
 * the form, so it looks unsigned. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export function isFormUpload(
  { service: { protocol } }: Desk,
  { method, headers }: IncomingRequest,
) {
  const type = headers.get("content-type") ?? "";
  return protocol.kind === "restXml" && method === "POST" && type.startsWith("multipart/form-data");
}

/** The error for an operation that the sandbox does not have; `name` is undefined if the request has none. */
export function operationIsAbsent(
  protocol: Protocol,
  name: string | undefined,
  incoming: IncomingRequest,
  body: Uint8Array,
): AwsError {
  const { method, rawPath, headers } = incoming;
  const named = `The sandbox does not have ${name ?? `an operation at ${method} ${rawPath}`}`;
  switch (protocol.kind) {
    case "rpcV2Cbor":
      return doorError(protocol, "unknownOperation", `The sandbox does not have ${rawPath}`);
    case "awsJson": {
      const target = headers.get("x-amz-target");
      const text = target
        ? `The sandbox does not have ${target}`
        : "X-Amz-Target names no operation";
      return doorError(protocol, "unknownOperation", text);
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
      return new AwsError("UnknownOperationException", 404, named);
    case "restXml": {
      const refusal = name === undefined ? s3Refusal(incoming) : undefined;
      return refusal ?? doorError(
        protocol,
        "unknownOperation",
        "A header or query you provided implies functionality that is not implemented. " +
          `${named}.`,
        { Header: `${method} ${rawPath}` },
      );
    }
  }
}
