/**
 * HTTP bindings: labels, query, headers, payload and status of REST operations, by schema, in
 * both directions.
 * @module
 */

import { FromStringShapeDeserializer, ToStringShapeSerializer } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import type { CodecSettings } from "@smithy/types";
import { AwsError } from "../errors.ts";
import { isKeptAsText, readS3Number } from "./s3_parameters.ts";

/** The parts of a REST request that hold input. */
export interface RestRequestParts {
  readonly labels: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  readonly headers: Headers;
}

const BINDING_SETTINGS: CodecSettings = {
  timestampFormat: { useTrait: true, default: 5 },
  httpBindings: true,
};
const fromString = new FromStringShapeDeserializer(BINDING_SETTINGS);
const toString = new ToStringShapeSerializer(BINDING_SETTINGS);

/** The members of `schema` that are bound to path, query and headers, as S3 or as Lambda reads them. */
export function readBindings(
  schema: NormalizedSchema,
  { labels, query, headers }: RestRequestParts,
  kind: "restJson" | "restXml",
): Record<string, unknown> {
  const readText = kind === "restXml" ? readS3Text : readJsonText;
  const input: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpPrefixHeaders !== undefined) {
      input[name] = prefixedHeaders(headers, traits.httpPrefixHeaders);
    } else if (traits.httpQuery && member.isListSchema()) {
      const values = query.getAll(traits.httpQuery);
      if (values.length > 0) input[name] = values;
    } else {
      const text = traits.httpLabel
        ? labels.get(name)
        : traits.httpQuery
        ? query.get(traits.httpQuery)
        : traits.httpHeader
        ? headers.get(traits.httpHeader)
        : undefined;
      if (text === null || text === undefined) continue;
      const wireName = traits.httpQuery ?? traits.httpHeader ?? name;
      const value = readText(member, text, wireName);
      if (value !== undefined) input[name] = value;
    }
  }
  return input;
}

function readS3Text(member: NormalizedSchema, text: string, name: string): unknown {
  if (isKeptAsText(name)) return text;
  if (member.isNumericSchema()) return readS3Number(name, text);
  try {
    return fromString.read(member, text);
  } catch (cause) {
    throw new AwsError("InvalidArgument", 400, `Invalid value for ${name}`, {
      fields: { ArgumentName: name, ArgumentValue: text },
      cause,
    });
  }
}

/** Refuses as a body's member of the wrong type is refused. */
function readJsonText(member: NormalizedSchema, text: string, name: string): unknown {
  if (member.isNumericSchema() && !/^-?\d+$/.test(text)) {
    throw new AwsError("SerializationException", 400, `The parameter ${name} is not a number`);
  }
  try {
    return fromString.read(member, text);
  } catch (cause) {
    throw new AwsError("SerializationException", 400, `Invalid value for ${name}`, { cause });
  }
}

function prefixedHeaders(headers: Headers, prefix: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (name.startsWith(prefix.toLowerCase())) found[name.slice(prefix.length)] = value;
  }
  return found;
}

/** The payload member, if the shape has one: it is the whole body. */
export function payloadMember(schema: NormalizedSchema): [string, NormalizedSchema] | undefined {
  for (const [name, member] of schema.structIterator()) {
    if (member.getMergedTraits().httpPayload) return [name, member];
  }
}

/** An output's parts for the head and the body of the response. */
export interface RestOutput {
  readonly status?: number;
  readonly headers: Headers;
  /** The members without a binding, for the body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Splits `output` by the bindings of `schema`. */
export function writeBindings(
  schema: NormalizedSchema,
  output: Readonly<Record<string, unknown>>,
): RestOutput {
  const headers = new Headers();
  const body: Record<string, unknown> = {};
  let status: number | undefined;
  for (const [name, member] of schema.structIterator()) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    const traits = member.getMergedTraits();
    if (traits.httpHeader) {
      toString.write(member, value);
      headers.set(traits.httpHeader, toString.flush());
    } else if (traits.httpPrefixHeaders !== undefined) {
      for (const [key, text] of Object.entries(value)) {
        headers.set(`${traits.httpPrefixHeaders}${key}`, String(text));
      }
    } else if (traits.httpResponseCode) {
      status = Number(value);
    } else if (!traits.httpPayload) {
      body[name] = value;
    }
  }
  return { status, headers, body };
}

/** Whether the shape has members in the body that are neither bound nor the payload. */
export function hasBodyMembers(schema: NormalizedSchema): boolean {
  for (const [, member] of schema.structIterator()) {
    const { httpHeader, httpPrefixHeaders, httpResponseCode, httpPayload, httpLabel, httpQuery } =
      member.getMergedTraits();
    const isBound = httpHeader ?? httpPrefixHeaders ?? httpResponseCode ?? httpPayload ??
      httpLabel ?? httpQuery;
    if (isBound === undefined) return true;
  }
  return false;
}
