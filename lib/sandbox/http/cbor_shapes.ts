/**
 * CBOR to the SDK's input types, by schema, and back: the protocol smithy-rpc-v2-cbor.
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 * @module
 */

import { cbor, CborShapeSerializer2 } from "@smithy/core/cbor";
import type { NormalizedSchema } from "@smithy/core/schema";
import { decode } from "cborg";
import { readShape, type Scalars, serialization, unexpected } from "./json_shapes.ts";

/**
 * Reads a request body as the shape `schema`. An empty body is an empty structure. Throws
 * `SerializationException`. The SDK's own decoder is not used: it trusts the lengths it reads, so a few
 * bytes make it allocate all memory.
 */
export function readCborBody(schema: NormalizedSchema, body: Uint8Array): unknown {
  return readShape(schema, decodeCbor(body), SCALARS);
}

function decodeCbor(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    return decode(body, { tags: { [EPOCH_SECONDS]: readEpochSeconds } });
  } catch (cause) {
    throw serialization("The request body is not valid CBOR", cause);
  }
}

/** The tag of a time, the only tag in this protocol. */
const EPOCH_SECONDS = 1;

function readEpochSeconds(inner: () => unknown): Date {
  const seconds = inner();
  return new Date(typeof seconds === "number" ? Math.round(seconds * 1000) : NaN);
}

const SCALARS: Scalars = {
  blob(value) {
    if (value instanceof Uint8Array) return value;
    throw unexpected(value, "blob");
  },
  timestamp(value) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
    throw unexpected(value, "timestamp");
  },
};

/** An output as its shape. */
export function writeCborShape(schema: NormalizedSchema, value: unknown): Uint8Array<ArrayBuffer> {
  const serializer = new CborShapeSerializer2();
  serializer.write(schema, value);
  return new Uint8Array(serializer.flush());
}

/** A value without a schema: an error. */
export function writeCbor(value: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(cbor.serialize(value));
}
