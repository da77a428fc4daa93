/**
 * Errors on the wire, by protocol; and the errors of the front door: signature and permission.
 * @module
 */

import { XmlNode, XmlText } from "@aws-sdk/xml-builder";
import { accessDeniedText } from "../access/access_denied.ts";
import type { AccessRequest, Caller } from "../access/caller.ts";
import { AwsError } from "../errors.ts";
import type { ErrorNames, Protocol } from "../operation.ts";
import { writeCbor } from "./cbor_shapes.ts";

/** The facts about a request that its error response needs. */
export interface ErrorContext {
  readonly signingName: string;
  readonly protocol: Protocol;
  readonly requestId: string;
  readonly method: string;
}

/** Renders `error` as the service's clients expect it. */
export function errorResponse(error: AwsError, context: ErrorContext): Response {
  const { protocol, requestId } = context;
  if (protocol.kind === "restXml") return s3Error(error, context);
  if (protocol.kind === "query") return queryError(error, protocol, requestId);
  if (protocol.kind === "rpcV2Cbor") return cborError(error, protocol.errorNames, context);
  const headers = new Headers({ "x-amzn-requestid": requestId });
  if (protocol.kind === "restJson") {
    headers.set("content-type", "application/json");
    headers.set("x-amzn-errortype", error.code);
    for (const [name, value] of Object.entries(error.headers)) headers.set(name, value);
    return new Response(JSON.stringify(restJsonBody(error)), { status: error.status, headers });
  }
  headers.set("content-type", `application/x-amz-json-${protocol.version}`);
  // Captured: only AccessDeniedException has a capital "Message".
  const key = error.code === "AccessDeniedException" ? "Message" : "message";
  if (protocol.errorNames) setQueryError(headers, error, protocol.errorNames);
  const __type = typeOf(error, protocol.errorNames);
  const body = JSON.stringify({ __type, [key]: error.message, ...error.fields });
  return new Response(body, { status: error.status, headers });
}

/** Lambda's errors with a lower-case message key, in addition to its front end's (captured). */
const LOWER_CASE_MESSAGE = new Set(
  ("InvalidParameterValueException ResourceConflictException InvalidRequestContentException " +
    "TooManyRequestsException PreconditionFailedException RequestTooLargeException " +
    "CodeStorageExceededException PolicyLengthExceededException").split(" "),
);
const FRONT_END = new Set(
  ("ValidationException AccessDeniedException MissingAuthenticationTokenException " +
    "UnrecognizedClientException InvalidSignatureException ExpiredTokenException " +
    "IncompleteSignatureException RequestEntityTooLargeException UnknownOperationException " +
    "SerializationException").split(" "),
);

function restJsonBody(error: AwsError): Record<string, string> {
  if (error.code === "RequestEntityTooLargeException" || error.code === "AccessDeniedException") {
    return { Message: error.message };
  }
  if (FRONT_END.has(error.code)) return { message: error.message };
  const key = LOWER_CASE_MESSAGE.has(error.code) ? "message" : "Message";
  return { ...error.fields, Type: error.status < 500 ? "User" : "Service", [key]: error.message };
}

function cborError(error: AwsError, names: ErrorNames, { requestId }: ErrorContext): Response {
  const headers = new Headers({
    "content-type": "application/cbor",
    "smithy-protocol": "rpc-v2-cbor",
    "x-amzn-requestid": requestId,
  });
  setQueryError(headers, error, names);
  const body = writeCbor({ __type: typeOf(error, names), message: error.message, ...error.fields });
  return new Response(body, { status: error.status, headers });
}

/** The error's type on the wire, with a namespace if the service has one (captured). */
function typeOf({ code }: AwsError, names: ErrorNames | undefined): string {
  if (!names) return code;
  if (code === "ValidationException") return `com.amazon.coral.validate#${code}`;
  return `${names.queryCodes.has(code) ? names.namespace : "com.amazon.coral.service"}#${code}`;
}

/** Sets the header that clients of the query protocol match on. */
function setQueryError(headers: Headers, error: AwsError, { queryCodes }: ErrorNames): void {
  const code = queryCodes.get(error.code) ?? DOOR_QUERY_CODES.get(error.code) ?? error.code;
  headers.set("x-amzn-query-error", `${code};${faultOf(error)}`);
}

const faultOf = ({ status }: AwsError) => status < 500 ? "Sender" : "Receiver";

function queryError(
  error: AwsError,
  { xmlNamespace, errorNames, isEc2 }: Extract<Protocol, { kind: "query" }>,
  requestId: string,
): Response {
  if (isEc2) return ec2Error(error, requestId);
  const detail = new XmlNode("Error", [
    XmlNode.of("Type", faultOf(error)),
    XmlNode.of("Code", errorNames?.queryCodes.get(error.code) ?? error.code),
    XmlNode.of("Message", error.message),
  ]);
  const root = new XmlNode("ErrorResponse", [detail, XmlNode.of("RequestId", requestId)])
    .addAttribute("xmlns", xmlNamespace);
  return new Response(root.toString(), {
    status: error.status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
  });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html#api-error-response */
function ec2Error(error: AwsError, requestId: string): Response {
  const detail = new XmlNode("Error", [
    XmlNode.of("Code", error.code),
    XmlNode.of("Message", error.message),
  ]);
  const root = new XmlNode("Response", [
    new XmlNode("Errors", [detail]),
    XmlNode.of("RequestID", requestId),
  ]);
  return new Response(root.toString(), {
    status: error.status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
  });
}

function s3Error(error: AwsError, { requestId, method }: ErrorContext): Response {
  const headers = s3Headers(requestId);
  for (const [name, value] of Object.entries(error.headers)) headers.set(name, value);
  headers.set("content-type", "application/xml");
  // A HEAD never has a body, and 304 may not have one.
  if (method === "HEAD" || error.status === 304) {
    return new Response(null, { status: error.status, headers });
  }
  const root = new XmlNode("Error", [
    XmlNode.of("Code", error.code),
    XmlNode.of("Message", error.message),
    ...Object.entries(error.fields).map(([name, value]) => new XmlNode(name, [new XmlText(value)])),
    XmlNode.of("RequestId", headers.get("x-amz-request-id") ?? ""),
    XmlNode.of("HostId", headers.get("x-amz-id-2") ?? ""),
  ]);
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${root}`, {
    status: error.status,
    headers,
  });
}

/** The headers of every answer of S3. */
export function s3Headers(requestId: string): Headers {
  return new Headers({
    server: "AmazonS3",
    "x-amz-request-id": requestId.replaceAll("-", "").slice(0, 16).toUpperCase(),
    "x-amz-id-2": btoa(requestId.repeat(2)),
  });
}

/** Faults at the front door, independent of the protocol. */
export type DoorFault =
  | "missingAuthentication"
  | "incompleteSignature"
  | "unknownKey"
  | "wrongToken"
  | "wrongSignature"
  | "expiredToken"
  | "accessDenied"
  | "unknownOperation"
  | "validation";

/** Codes of each fault for JSON services, Lambda, query services and S3. */
const DOOR_CODES: Readonly<Record<DoorFault, readonly [json: string, query: string, s3: string]>> =
  {
    missingAuthentication: [
      "MissingAuthenticationTokenException",
      "MissingAuthenticationToken",
      "AccessDenied",
    ],
    incompleteSignature: [
      "IncompleteSignatureException",
      "IncompleteSignature",
      "AuthorizationHeaderMalformed",
    ],
    unknownKey: ["UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId"],
    wrongToken: ["UnrecognizedClientException", "InvalidClientTokenId", "InvalidToken"],
    wrongSignature: ["InvalidSignatureException", "SignatureDoesNotMatch", "SignatureDoesNotMatch"],
    expiredToken: ["ExpiredTokenException", "ExpiredToken", "ExpiredToken"],
    accessDenied: ["AccessDeniedException", "AccessDenied", "AccessDenied"],
    unknownOperation: ["UnknownOperationException", "InvalidAction", "NotImplemented"],
    validation: ["ValidationException", "ValidationError", "InvalidArgument"],
  };

/** The front door's query codes by its JSON codes, for clients of the query protocol. */
const DOOR_QUERY_CODES = new Map(
  Object.values(DOOR_CODES).map(([json, query]) => [json, query] as const),
);

/** Faults that the XML services answer with 400, not 403. */
const BAD_REQUESTS = new Set<DoorFault>(["incompleteSignature", "unknownOperation", "validation"]);

/** A fault of the front door as an error of `protocol`. */
export function doorError(
  protocol: Protocol,
  fault: DoorFault,
  message: string,
  fields: Readonly<Record<string, string>> = {},
): AwsError {
  const [json, query, s3] = DOOR_CODES[fault];
  switch (protocol.kind) {
    case "awsJson": {
      const code = fault === "validation" ? protocol.validationCode ?? json : json;
      // Captured: services that replaced the query protocol kept its statuses.
      const status = protocol.errorNames && !BAD_REQUESTS.has(fault) ? 403 : 400;
      return new AwsError(code, status, message);
    }
    case "rpcV2Cbor":
      return new AwsError(json, BAD_REQUESTS.has(fault) ? 400 : 403, message);
    case "restJson":
      return new AwsError(json, fault === "validation" ? 400 : 403, message);
    case "query":
      return new AwsError(query, BAD_REQUESTS.has(fault) ? 400 : 403, message);
    case "restXml": {
      const isBadRequest = BAD_REQUESTS.has(fault) || fault === "wrongToken" ||
        fault === "expiredToken";
      const status = fault === "unknownOperation" ? 501 : isBadRequest ? 400 : 403;
      return new AwsError(s3, status, message, { fields });
    }
  }
}

/** AWS's AccessDenied as an error of `protocol`. */
export function accessDenied(
  protocol: Protocol,
  caller: Caller,
  request: AccessRequest,
  reason: string,
): AwsError {
  return doorError(protocol, "accessDenied", accessDeniedText(caller, request, reason));
}
