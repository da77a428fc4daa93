/**
 * ListObjectsV2: keys in the order of their UTF-8 bytes, grouped by delimiter, page by page.
 * @module
 */

import {
  type _Object,
  ListObjectsV2$,
  type ListObjectsV2Output,
  type ListObjectsV2Request,
} from "@aws-sdk/client-s3";
import { Buffer } from "node:buffer";
import type { Given, OperationDefinition } from "../../operation.ts";
import { bucketArn, ownerId } from "./buckets.ts";
import { invalidArgument } from "./errors.ts";
import type { S3State, StoredObject } from "./state.ts";

const PAGE_KEYS_MAX = 1_000;
const INTEGER_MAX = 2_147_483_647;

export const ListObjectsV2: OperationDefinition<
  Given<ListObjectsV2Request, "Bucket">,
  ListObjectsV2Output,
  S3State
> = {
  schema: ListObjectsV2$,
  constraints: {},
  access: ({ Bucket, Prefix, Delimiter, MaxKeys }, { state }) => {
    state.bucket(Bucket);
    return [{
      action: "s3:ListBucket",
      resource: bucketArn(Bucket),
      conditions: {
        ...(Prefix === undefined ? {} : { "s3:prefix": Prefix }),
        ...(Delimiter === undefined ? {} : { "s3:delimiter": Delimiter }),
        ...(MaxKeys === undefined ? {} : { "s3:max-keys": String(MaxKeys) }),
      },
    }];
  },
  run: (input, { state }) => {
    const { Bucket, Prefix = "", Delimiter = "", StartAfter, ContinuationToken } = input;
    const maxKeys = input.MaxKeys ?? PAGE_KEYS_MAX;
    if (!Number.isInteger(maxKeys) || maxKeys < 0 || maxKeys > INTEGER_MAX) {
      throw invalidArgument(
        `Argument maxKeys must be an integer between 0 and ${INTEGER_MAX}`,
        "max-keys",
        String(input.MaxKeys),
      );
    }
    if (input.EncodingType !== undefined && input.EncodingType !== "url") {
      throw invalidArgument(
        "Invalid Encoding Method specified in Request",
        "encoding-type",
        String(input.EncodingType),
      );
    }
    const limit = Math.min(maxKeys, PAGE_KEYS_MAX);
    const start = ContinuationToken === undefined
      ? StartAfter === undefined ? Buffer.from(Prefix) : after(Buffer.from(StartAfter))
      : tokenBytes(ContinuationToken);
    const page = collect(state, {
      bucket: Bucket,
      prefix: Prefix,
      delimiter: Delimiter,
      start,
      limit,
    });
    const encode = input.EncodingType === "url" ? formEncoded : (text: string) => text;
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      KeyCount: page.objects.length + page.prefixes.length,
      MaxKeys: limit,
      IsTruncated: page.next !== undefined,
      ...(page.next ? { NextContinuationToken: page.next.toString("base64url") } : {}),
      ...(Delimiter === "" ? {} : { Delimiter: encode(Delimiter) }),
      ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
      ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      ...(StartAfter === undefined ? {} : { StartAfter: encode(StartAfter) }),
      Contents: page.objects.map((object) => ({
        ...contentOf(object),
        Key: encode(object.key),
        ...(input.FetchOwner ? { Owner: { ID: ownerId(state.accountId) } } : {}),
      })),
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  },
};

interface Listing {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  /** Where to begin, inclusive. */
  readonly start: Buffer;
  readonly limit: number;
}

interface ListPage {
  readonly objects: StoredObject[];
  readonly prefixes: string[];
  /** Where the next page begins; undefined at the end. */
  readonly next?: Buffer;
}

/** Walks the keys; after a common prefix it goes on behind all of its keys, by the index. */
function collect(state: S3State, { bucket, prefix, delimiter, start, limit }: Listing): ListPage {
  const objects: StoredObject[] = [];
  const prefixes: string[] = [];
  const prefixBytes = Buffer.from(prefix);
  let from = Buffer.compare(start, prefixBytes) < 0 ? prefixBytes : start;
  if (limit === 0) return { objects, prefixes };
  while (true) {
    const found = state.objectsFrom(bucket, from, delimiter === "" ? limit + 1 : 64);
    for (const object of found) {
      if (!object.key.startsWith(prefix)) return { objects, prefixes };
      const cut = delimiter === "" ? -1 : object.key.indexOf(delimiter, prefix.length);
      if (objects.length + prefixes.length === limit) {
        return { objects, prefixes, next: Buffer.from(object.key) };
      }
      if (cut >= 0) {
        const common = object.key.slice(0, cut + delimiter.length);
        prefixes.push(common);
        from = behindPrefix(Buffer.from(common));
        break;
      }
      objects.push(object);
      from = after(Buffer.from(object.key));
    }
    if (found.length === 0) return { objects, prefixes };
  }
}

/** The first key after `key`. */
function after(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.from([0])]);
}

/** The first key after all that begin with `prefix`. UTF-8 never holds 0xff. */
function behindPrefix(prefix: Buffer): Buffer {
  return Buffer.concat([prefix, Buffer.from([0xff])]);
}

function tokenBytes(token: string): Buffer {
  const bytes = Buffer.from(token, "base64url");
  if (token === "" || bytes.toString("base64url") !== token) {
    throw invalidArgument("The continuation token provided is incorrect", "continuation-token");
  }
  return bytes;
}

/** As a form: `/` stays, a space is `+`. */
function formEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%20", "+");
}

function contentOf(object: StoredObject): _Object {
  return {
    Key: object.key,
    LastModified: new Date(Math.floor(object.modifiedMs / 1000) * 1000),
    ETag: `"${object.md5Hex}"`,
    Size: object.sizeBytes,
    StorageClass: "STANDARD",
  };
}
