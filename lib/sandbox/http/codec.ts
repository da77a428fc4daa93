/**
 * Reads inputs from requests and writes outputs to responses, for each protocol, by the SDK's schemas.
 * @module
 */

import { XmlShapeSerializer } from "@aws-sdk/core/protocols";
import { XmlNode, XmlText } from "@aws-sdk/xml-builder";
import { JsonShapeSerializer2 } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import type { CodecSettings } from "@smithy/types";
import type { BoundOperation, Protocol } from "../operation.ts";
import type { VerifiedBody } from "../verified_body.ts";
import { readCborBody, writeCborShape } from "./cbor_shapes.ts";
import { s3Headers } from "./errors.ts";
import { readJsonBody } from "./json_shapes.ts";
import { readQueryShape } from "./query_shapes.ts";
import {
  hasBodyMembers,
  payloadMember,
  readBindings,
  type RestRequestParts,
  writeBindings,
} from "./rest_shapes.ts";
import { checkNoBody, checkParameters } from "./s3_parameters.ts";
import { readXmlBody } from "./xml_body.ts";

/** A request's body: whole, or streamed for the one operation that stores it. */
export type RequestBody = Uint8Array | VerifiedBody;

/** Reads and writes one operation; its schemas are evaluated once. */
export interface Codec {
  /** Whether the input's payload is a stream: the body is then passed on unread. */
  readonly streamsInput: boolean;
  decode(body: RequestBody, parts: RestRequestParts): Record<string, unknown>;
  encode(output: unknown, requestId: string): Response;
}

/** The codec of `operation` in `protocol`. */
export function codecOf(operation: BoundOperation, protocol: Protocol): Codec {
  const input = schemaAt(operation, 4);
  const output = schemaAt(operation, 5);
  switch (protocol.kind) {
    case "awsJson":
      return {
        streamsInput: false,
        decode: (body) => structure(readJsonBody(input, whole(body))),
        encode: (value, requestId) =>
          new Response(jsonText(output, value), {
            headers: {
              "content-type": `application/x-amz-json-${protocol.version}`,
              "x-amzn-requestid": requestId,
            },
          }),
      };
    case "query":
      return {
        streamsInput: false,
        decode: (body) =>
          structure(readQueryShape(input, new URLSearchParams(DECODER.decode(whole(body))))),
        encode: (value, requestId) =>
          new Response(
            queryXml(operation.schema[2], protocol.xmlNamespace, output, value, requestId),
            {
              headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
            },
          ),
      };
    case "rpcV2Cbor":
      return {
        streamsInput: false,
        decode: (body) => structure(readCborBody(input, whole(body))),
        encode: (value, requestId) => cborResponse(output, value, requestId),
      };
    default:
      return restCodec(operation, protocol, input, output);
  }
}

function cborResponse(output: NormalizedSchema, value: unknown, requestId: string): Response {
  const headers = { "smithy-protocol": "rpc-v2-cbor", "x-amzn-requestid": requestId };
  if (output.isUnitSchema()) return new Response(null, { headers });
  return new Response(writeCborShape(output, value ?? {}), {
    headers: { ...headers, "content-type": "application/cbor" },
  });
}

function restCodec(
  operation: BoundOperation,
  protocol: Extract<Protocol, { kind: "restJson" | "restXml" }>,
  input: NormalizedSchema,
  output: NormalizedSchema,
): Codec {
  const payload = payloadMember(input);
  const readsBody = !payload && hasBodyMembers(input);
  const traits = operation.schema[3];
  const modelStatus = typeof traits === "number" ? 200 : traits.http?.[2] ?? 200;
  const xml = protocol.kind === "restXml" ? xmlSettings(protocol.xmlNamespace) : undefined;
  return {
    streamsInput: payload?.[1].isStreaming() ?? false,
    decode(body, parts) {
      if (xml) checkParameters(operation.schema[2], parts.query);
      if (xml && operation.schema[2] === "CopyObject") checkNoBody(whole(body));
      const value = readBindings(input, parts, protocol.kind);
      if (payload) {
        const read = readPayload(payload[1], body, xml);
        if (read !== undefined) value[payload[0]] = read;
      } else if (readsBody) {
        Object.assign(value, structure(readJsonBody(input, whole(body))));
      }
      return value;
    },
    encode(value, requestId) {
      const given = value === undefined ? {} : structure(value);
      const { status, headers, body } = writeBindings(output, given);
      const base = xml ? s3Headers(requestId) : new Headers({ "x-amzn-requestid": requestId });
      for (const [name, text] of headers) base.set(name, text);
      // The only answer without a body that has a type.
      if (operation.schema[2] === "HeadBucket") base.set("content-type", "application/xml");
      const content = operation.schema[2] === "GetBucketLocation" && xml
        ? locationXml(xml, body, base)
        : restBody(output, given, body, base, xml);
      // A part of an object is 206; the model says 200 for both.
      const code = status ?? (base.has("content-range") ? 206 : operation.status ?? modelStatus);
      return new Response(code === 204 || code === 304 ? null : content, {
        status: code,
        headers: base,
      });
    },
  };
}

function readPayload(
  member: NormalizedSchema,
  body: RequestBody,
  xml: XmlSettings | undefined,
): unknown {
  if (member.isStreaming() || !(body instanceof Uint8Array)) return body;
  if (member.isBlobSchema()) return body;
  if (body.length === 0) return undefined;
  if (!xml) return readJsonBody(member, body);
  return readXmlBody(member, body, xml);
}

function restBody(
  output: NormalizedSchema,
  given: Readonly<Record<string, unknown>>,
  bodyMembers: Readonly<Record<string, unknown>>,
  headers: Headers,
  xml: XmlSettings | undefined,
): BodyInit | null {
  const payload = payloadMember(output);
  if (payload) {
    const [name, member] = payload;
    const value = given[name];
    if (value === undefined || value === null) return null;
    if (value instanceof ReadableStream) return value;
    if (value instanceof Uint8Array) {
      // A function's answer is sent as JSON, whatever its bytes.
      if (!xml) headers.set("content-type", "application/json");
      return new Uint8Array(value);
    }
    if (typeof value === "string") return value;
    headers.set("content-type", xml ? "application/xml" : "application/json");
    return xml ? xmlText(xml, member, value) : jsonText(member, value);
  }
  if (!hasBodyMembers(output)) return null;
  headers.set("content-type", xml ? "application/xml" : "application/json");
  return xml ? xmlText(xml, output, bodyMembers) : jsonText(output, bodyMembers);
}

/** S3's only answer whose root element is the value itself: `<LocationConstraint/>`. */
function locationXml(
  { xmlNamespace }: XmlSettings,
  { LocationConstraint: location = "" }: Readonly<Record<string, unknown>>,
  headers: Headers,
): string {
  headers.set("content-type", "application/xml");
  const root = new XmlNode("LocationConstraint").addAttribute("xmlns", xmlNamespace);
  if (location !== "") root.addChildNode(new XmlText(String(location)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

function queryXml(
  action: string,
  xmlNamespace: string,
  output: NormalizedSchema,
  value: unknown,
  requestId: string,
): string {
  const hasResult = output.isStructSchema() && Object.keys(output.getMemberSchemas()).length > 0;
  const members = hasResult
    ? innerXml(writeXml(xmlSettings(xmlNamespace), output, value ?? {}))
    : "";
  const result = hasResult ? `<${action}Result>${members}</${action}Result>` : "";
  return `<${action}Response xmlns="${xmlNamespace}">${result}` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;
}

/** The content of an element: the query protocol has its own root element. */
function innerXml(element: string): string {
  return element.endsWith("/>") && element.indexOf(">") === element.length - 1
    ? ""
    : element.slice(element.indexOf(">") + 1, element.lastIndexOf("</"));
}

type XmlSettings = ConstructorParameters<typeof XmlShapeSerializer>[0];

function xmlSettings(xmlNamespace: string): XmlSettings {
  return {
    timestampFormat: { useTrait: true, default: 5 },
    httpBindings: false,
    xmlNamespace,
    serviceNamespace: xmlNamespace,
  };
}

function xmlText(settings: XmlSettings, schema: NormalizedSchema, value: unknown): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeXml(settings, schema, value)}`;
}

function writeXml(settings: XmlSettings, schema: NormalizedSchema, value: unknown): string {
  const serializer = new XmlShapeSerializer(settings);
  serializer.write(schema, value);
  return String(serializer.flush());
}

const JSON_SETTINGS: CodecSettings & { jsonName: boolean } = {
  timestampFormat: { useTrait: true, default: 7 },
  jsonName: true,
};

function jsonText(schema: NormalizedSchema, value: unknown): string | Uint8Array<ArrayBuffer> {
  if (isPlain(schema)) return JSON.stringify(value ?? {});
  const serializer = new JsonShapeSerializer2(JSON_SETTINGS);
  serializer.write(schema.isUnitSchema() ? "unit" : schema, value ?? {});
  return new Uint8Array(serializer.flush());
}

const plainSchemas = new WeakMap<NormalizedSchema, boolean>();

/**
 * Whether `JSON.stringify` writes this shape correctly: text, numbers and booleans under their own
 * names. An answer of 500 record ids then takes a quarter of the time (measured).
 */
function isPlain(schema: NormalizedSchema): boolean {
  const known = plainSchemas.get(schema);
  if (known !== undefined) return known;
  const plain = isPlainInside(schema, []);
  plainSchemas.set(schema, plain);
  return plain;
}

function isPlainInside(schema: NormalizedSchema, outer: readonly unknown[]): boolean {
  if (schema.getMergedTraits().jsonName) return false;
  if (schema.isListSchema()) return isPlainInside(schema.getValueSchema(), outer);
  if (!schema.isStructSchema()) {
    return schema.isStringSchema() || schema.isBooleanSchema() || schema.isNumericSchema();
  }
  const inner = schema.getSchema();
  if (schema.isUnitSchema() || outer.includes(inner)) return false;
  return Object.values(schema.getMemberSchemas())
    .every((member) => isPlainInside(member, [...outer, inner]));
}

const DECODER = new TextDecoder();

function schemaAt(operation: BoundOperation, index: 4 | 5): NormalizedSchema {
  return NormalizedSchema.of(operation.schema[index]);
}

function whole(body: RequestBody): Uint8Array {
  if (body instanceof Uint8Array) return body;
  throw new Error("a streamed body where a whole one was expected");
}

function structure(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return { ...value };
  return {};
}
