/**
 * ListObjectsV2, and ListObjects as older clients call it.
 * @module
 */

import type {
  ListObjectsOutput,
  ListObjectsRequest,
  ListObjectsV2Output,
  ListObjectsV2Request,
} from "@aws-sdk/client-s3";
import { ListObjects$, ListObjectsV2$ } from "../../schemas/s3.ts";
import { Buffer } from "node:buffer";
import type { Context, Given } from "../../operation.ts";
import { s3Operation } from "./define.ts";
import { invalidArgument } from "./errors.ts";
import {
  behindMarker,
  checkOptionalAttributes,
  contentOf,
  encoderOf,
  listAccess,
  listPage,
  pageSize,
} from "./listing.ts";
import { ownerId, type S3State } from "./state.ts";

type V2Input = Given<ListObjectsV2Request, "Bucket">;
type V1Input = Given<ListObjectsRequest, "Bucket">;

const access = (input: V1Input | V2Input, { state }: Context<S3State>) => {
  state.bucket(input.Bucket);
  return [listAccess("s3:ListBucket", input)];
};

export const ListObjectsV2 = s3Operation<V2Input, ListObjectsV2Output>({
  schema: ListObjectsV2$,
  reads: [
    "ContinuationToken",
    "Delimiter",
    "EncodingType",
    "FetchOwner",
    "MaxKeys",
    "OptionalObjectAttributes",
    "Prefix",
    "StartAfter",
  ],
  access,
  run: (input, { state }) => {
    checkOptionalAttributes(input.OptionalObjectAttributes);
    const { Bucket, Prefix = "", Delimiter = "", StartAfter, ContinuationToken } = input;
    const encode = encoderOf(input.EncodingType);
    const start = ContinuationToken === undefined
      ? behindMarker(StartAfter ?? "", Prefix, Delimiter)
      : tokenBytes(ContinuationToken);
    const limit = pageSize(input.MaxKeys, "maxKeys");
    const names = { bucket: Bucket, prefix: Prefix, delimiter: Delimiter };
    const page = listPage(state, { ...names, start, limit });
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      KeyCount: page.objects.length + page.prefixes.length,
      MaxKeys: limit,
      IsTruncated: page.next !== undefined,
      ...(page.next ? { NextContinuationToken: page.next.toString("base64url") } : {}),
      ...(Delimiter === "" ? {} : { Delimiter: encode(Delimiter) }),
      ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
      // Captured 2026-02: a token replaces StartAfter, in the answer too.
      ...(ContinuationToken !== undefined
        ? { ContinuationToken }
        : StartAfter === undefined
        ? {}
        : { StartAfter: encode(StartAfter) }),
      Contents: page.objects.map((object) => ({
        ...contentOf(object),
        Key: encode(object.key),
        ...(input.FetchOwner ? { Owner: { ID: ownerId(state.accountId) } } : {}),
      })),
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  },
});

export const ListObjects = s3Operation<V1Input, ListObjectsOutput>({
  schema: ListObjects$,
  reads: ["Delimiter", "EncodingType", "Marker", "MaxKeys", "OptionalObjectAttributes", "Prefix"],
  access,
  run: (input, { state }) => {
    checkOptionalAttributes(input.OptionalObjectAttributes);
    const { Bucket, Prefix = "", Delimiter = "", Marker = "" } = input;
    const encode = encoderOf(input.EncodingType);
    const limit = pageSize(input.MaxKeys, "maxKeys");
    const names = { bucket: Bucket, prefix: Prefix, delimiter: Delimiter };
    const start = behindMarker(Marker, Prefix, Delimiter);
    const page = listPage(state, { ...names, start, limit });
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      Marker: encode(Marker),
      MaxKeys: limit,
      IsTruncated: page.next !== undefined,
      // Without a delimiter the last key is the next marker.
      ...(page.next && Delimiter !== "" ? { NextMarker: encode(page.last) } : {}),
      ...(Delimiter === "" ? {} : { Delimiter: encode(Delimiter) }),
      ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
      Contents: page.objects.map((object) => ({
        ...contentOf(object),
        Key: encode(object.key),
        Owner: { ID: ownerId(state.accountId) },
      })),
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  },
});

function tokenBytes(token: string): Buffer {
  const bytes = Buffer.from(token, "base64url");
  if (token === "" || bytes.toString("base64url") !== token) {
    throw invalidArgument("The continuation token provided is incorrect", "continuation-token");
  }
  return bytes;
}
