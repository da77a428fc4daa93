/**
 * Lists: keys in the order of their UTF-8 bytes, grouped by delimiter, page by page; and the
 * parameters and entries that all lists share.
 * @module
 */

import type { ChecksumAlgorithm, ChecksumType } from "@aws-sdk/client-s3";
import { Buffer } from "node:buffer";
import type { AccessRequest } from "../../access/caller.ts";
import { invalidArgument } from "./errors.ts";
import { bucketArn, lastModified, quoted } from "./object.ts";
import type { S3State, StoredObject } from "./state.ts";

/** Entries of a page. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const PAGE_MAX = 1_000;
const INTEGER_MAX = 2_147_483_647;

/**
 * The number of entries of a page; at most 1,000. `name` is the argument as AWS's text spells it.
 * Throws InvalidArgument.
 */
export function pageSize(asked: number | undefined, name: string): number {
  return Math.min(countFromZero(asked ?? PAGE_MAX, name), PAGE_MAX);
}

/**
 * A number from 0 on. Throws InvalidArgument, with `name` as AWS's text spells it and the text as the
 * client sent it.
 */
export function countFromZero(asked: number, name: string, text = String(asked)): number {
  if (Number.isInteger(asked) && asked >= 0 && asked <= INTEGER_MAX) return asked;
  throw invalidArgument(
    `Argument ${name} must be an integer between 0 and ${INTEGER_MAX}`,
    name,
    text,
  );
}

/** The permission that a list of objects needs, with the condition keys of its parameters. */
export function listAccess(
  action: string,
  { Bucket, Prefix, Delimiter, MaxKeys }: {
    readonly Bucket: string;
    readonly Prefix?: string;
    readonly Delimiter?: string;
    readonly MaxKeys?: number;
  },
): AccessRequest {
  return {
    action,
    resource: bucketArn(Bucket),
    conditions: {
      ...(Prefix === undefined ? {} : { "s3:prefix": Prefix }),
      ...(Delimiter === undefined ? {} : { "s3:delimiter": Delimiter }),
      ...(MaxKeys === undefined ? {} : { "s3:max-keys": String(MaxKeys) }),
    },
  };
}

/**
 * Refuses what a list can't add to its entries. `RestoreStatus` adds nothing here: only an archived
 * object has one. Mountpoint and the PyTorch connector always ask for it. (Text assumed: it is that
 * of `x-amz-object-attributes`.)
 */
export function checkOptionalAttributes(asked: readonly string[] | undefined): void {
  const unknown = asked?.find((name) => name !== "RestoreStatus");
  if (unknown === undefined) return;
  throw invalidArgument(
    "Invalid attribute name specified.",
    "x-amz-optional-object-attributes",
    unknown,
  );
}

/** What every list says of an object. */
export function contentOf(object: StoredObject) {
  return {
    Key: object.key,
    LastModified: lastModified(object),
    ETag: quoted(object),
    ...(object.checksum
      ? {
        ChecksumAlgorithm: [object.checksum.algorithm.toUpperCase() as ChecksumAlgorithm],
        ChecksumType: object.checksum.type ?? ("FULL_OBJECT" as ChecksumType),
      }
      : {}),
    Size: object.sizeBytes,
    StorageClass: "STANDARD" as const,
  };
}

/** Encodes names for an answer. Throws InvalidArgument for an encoding that is not `url`. */
export function encoderOf(encodingType: string | undefined): (text: string) => string {
  if (encodingType === undefined) return (text) => text;
  if (encodingType.toLowerCase() === "url") return formEncoded;
  throw invalidArgument(
    "Invalid Encoding Method specified in Request",
    "encoding-type",
    encodingType,
  );
}

/**
 * As a form, but `/` stays: a space is `+`, and `test_file(3).png` is `test_file%283%29.png`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1).replaceAll("%2F", "/");
}

/** The key up to and including the first delimiter after the prefix; undefined if it has none. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
  return cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
}

/** The selection of a bucket's keys to list. */
export interface Listing {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  /** The first key, inclusive. */
  readonly start: Buffer;
  readonly limit: number;
}

/** A page of a list. */
export interface ListPage {
  readonly objects: readonly StoredObject[];
  readonly prefixes: readonly string[];
  /** The start of the next page; undefined on the last page. */
  readonly next?: Buffer;
  /** The last key or common prefix of the page. */
  readonly last: string;
}

/** Walks the keys. After a common prefix it skips all keys of it, by the index. */
export function listPage(state: S3State, listing: Listing): ListPage {
  const { bucket, prefix, delimiter, start, limit } = listing;
  const objects: StoredObject[] = [];
  const prefixes: string[] = [];
  let last = "";
  const prefixBytes = Buffer.from(prefix);
  let from = Buffer.compare(start, prefixBytes) < 0 ? prefixBytes : start;
  if (limit === 0) return { objects, prefixes, last };
  // One after a common prefix, which mostly another follows; twice as many while there are keys.
  let count = delimiter === "" ? limit + 1 : 1;
  while (true) {
    const common = count === 1 ? prefixOfNext(state, listing, from) : undefined;
    if (common !== undefined && objects.length + prefixes.length < limit) {
      last = common;
      prefixes.push(common);
      from = behind(Buffer.from(common));
      continue;
    }
    const found = state.objectsFrom(bucket, from, count);
    count = Math.min(2 * count, limit + 1);
    for (const object of found) {
      if (!object.key.startsWith(prefix)) return { objects, prefixes, last };
      if (objects.length + prefixes.length === limit) {
        return { objects, prefixes, last, next: Buffer.from(object.key) };
      }
      const common = commonPrefix(object.key, prefix, delimiter);
      last = common ?? object.key;
      if (common !== undefined) {
        prefixes.push(common);
        from = behind(Buffer.from(common));
        count = 1;
        break;
      }
      objects.push(object);
      from = after(Buffer.from(object.key));
    }
    if (found.length === 0) return { objects, prefixes, last };
  }
}

/** The common prefix that the next key is in, without reading its object; undefined if in none. */
function prefixOfNext(
  state: S3State,
  { bucket, prefix, delimiter }: Listing,
  from: Buffer,
): string | undefined {
  const key = state.keyFrom(bucket, from);
  return key?.startsWith(prefix) ? commonPrefix(key, prefix, delimiter) : undefined;
}

/**
 * Where a list goes on behind `marker`: behind all keys of the common prefix that the marker is in,
 * so that no prefix comes twice (captured 2026-02).
 */
export function behindMarker(marker: string, prefix: string, delimiter: string): Buffer {
  if (marker === "") return Buffer.from(marker);
  const common = marker.startsWith(prefix) ? commonPrefix(marker, prefix, delimiter) : undefined;
  return common === undefined ? after(Buffer.from(marker)) : behind(Buffer.from(common));
}

/** The first key after `key`. */
function after(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.from([0])]);
}

/** The first key after all that begin with `prefix`. UTF-8 never holds 0xff. */
function behind(prefix: Buffer): Buffer {
  return Buffer.concat([prefix, Buffer.from([0xff])]);
}
