/**
 * Reads one record: decompresses it, checks its document and takes its partition keys.
 * @module
 */

import type { Buffer } from "node:buffer";
import { type JsonDocument, type JsonObject, parseDocument } from "./document.ts";
import type { PartitionKeys } from "./event.ts";
import { gunzip } from "./gunzip.ts";
import type { Outcome } from "./outcome.ts";

/** How records are read. */
export interface ReadRules {
  /** Bytes that one record may decompress to. */
  readonly documentBytesMax: number;
  readonly partitionKeysOf: (document: JsonObject) => Outcome<PartitionKeys>;
}

/** A record that could be read. */
export interface ReadDocument {
  readonly document: JsonDocument;
  readonly partitionKeys: PartitionKeys;
}

/** Reads the bytes that were put. */
export function readDocument(data: Buffer, rules: ReadRules): Outcome<ReadDocument> {
  const bytes = gunzip(data, rules.documentBytesMax);
  if (bytes.reason !== undefined) return bytes;
  const document = parseDocument(bytes.value);
  if (document.reason !== undefined) return document;
  const partitionKeys = rules.partitionKeysOf(document.value.object);
  if (partitionKeys.reason !== undefined) return partitionKeys;
  return { value: { document: document.value, partitionKeys: partitionKeys.value } };
}
