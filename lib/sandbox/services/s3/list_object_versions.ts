/**
 * ListObjectVersions of a bucket that never had versioning: each object is its own latest version,
 * `null`. Tools list versions to empty a bucket: Terraform's and Pulumi's force destroy, CDK's
 * autoDeleteObjects. Follows
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 * @module
 */

import type { ListObjectVersionsOutput, ListObjectVersionsRequest } from "@aws-sdk/client-s3";
import { ListObjectVersions$ } from "../../schemas/s3.ts";
import type { Given } from "../../operation.ts";
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
import { ownerId } from "./state.ts";

/** The version of an object in a bucket without versioning. */
const NO_VERSION = "null";

export const ListObjectVersions = s3Operation<
  Given<ListObjectVersionsRequest, "Bucket">,
  ListObjectVersionsOutput
>({
  schema: ListObjectVersions$,
  reads: [
    "Delimiter",
    "EncodingType",
    "KeyMarker",
    "MaxKeys",
    "OptionalObjectAttributes",
    "Prefix",
    "VersionIdMarker",
  ],
  access: (input, { state }) => {
    state.bucket(input.Bucket);
    return [listAccess("s3:ListBucketVersions", input)];
  },
  run: (input, { state }) => {
    const { Bucket, Prefix = "", Delimiter = "", KeyMarker = "", VersionIdMarker } = input;
    checkOptionalAttributes(input.OptionalObjectAttributes);
    checkVersionMarker(KeyMarker, VersionIdMarker);
    const encode = encoderOf(input.EncodingType);
    const limit = pageSize(input.MaxKeys, "maxKeys");
    const names = { bucket: Bucket, prefix: Prefix, delimiter: Delimiter };
    // With or without a version: a key has no second version, so the list goes on behind the key.
    const start = behindMarker(KeyMarker, Prefix, Delimiter);
    const page = listPage(state, { ...names, start, limit });
    const isLastAPrefix = page.prefixes.at(-1) === page.last;
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      KeyMarker: encode(KeyMarker),
      VersionIdMarker: VersionIdMarker ?? "",
      MaxKeys: limit,
      IsTruncated: page.next !== undefined,
      ...(page.next
        ? {
          NextKeyMarker: encode(page.last),
          ...(isLastAPrefix ? {} : { NextVersionIdMarker: NO_VERSION }),
        }
        : {}),
      ...(Delimiter === "" ? {} : { Delimiter: encode(Delimiter) }),
      ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
      Versions: page.objects.map((object) => ({
        ...contentOf(object),
        Key: encode(object.key),
        VersionId: NO_VERSION,
        IsLatest: true,
        Owner: { ID: ownerId(state.accountId) },
      })),
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  },
});

/** Throws InvalidArgument for a version marker without a key, or of a version that can't exist. */
function checkVersionMarker(keyMarker: string, versionIdMarker: string | undefined): void {
  if (versionIdMarker === undefined) return;
  const refuse = (text: string) => invalidArgument(text, "version-id-marker", versionIdMarker);
  if (versionIdMarker === "") throw refuse("A version-id marker cannot be empty.");
  if (keyMarker === "") {
    throw refuse("A version-id marker cannot be specified without a key marker.");
  }
  if (versionIdMarker !== NO_VERSION) throw refuse("Invalid version id specified");
}
