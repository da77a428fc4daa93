/**
 * Objects in S3: listed, and read as text, decompressed if they are gzip.
 * @module
 */

import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { gunzipSync } from "node:zlib";
import type { TreeObject } from "../../view/objects.ts";

/** An object of a listing. */
export interface ListedObject extends TreeObject {
  readonly lastModified: Date;
}

/** The most bytes that the text of one object may have: it is held in memory. */
const TEXT_BYTES_MAX = 256 * 1024 * 1024;
/** Objects read at the same time. */
const READ_AT_ONCE = 8;

/** The objects of a bucket whose keys begin with `prefix`, in the order of their keys. */
export async function objectsUnder(
  s3: S3Client,
  bucket: string,
  prefix = "",
): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix });
  try {
    for await (const page of pages) {
      for (const { Key = "", Size = 0, LastModified = new Date(0) } of page.Contents ?? []) {
        objects.push({ key: Key, sizeBytes: Size, lastModified: LastModified });
      }
    }
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchBucket") {
      error.message +=
        `: ${bucket}. Compare its name; in the course, run the step that creates it first.`; // keeps AWS's name
    }
    throw error;
  }
  return objects;
}

/** The bytes of an object as they are stored. */
export async function storedBytes(s3: S3Client, bucket: string, key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (!Body) throw new Error(`s3://${bucket}/${key} came without a body`);
  return await Body.transformToByteArray();
}

/**
 * The bytes of an object, decompressed if they are gzip, with all members of a file that has
 * several. Throws a `RangeError` for more than 256 MiB.
 */
export async function readBytes(s3: S3Client, bucket: string, key: string): Promise<Uint8Array> {
  const bytes = await storedBytes(s3, bucket, key);
  return isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }) : bytes;
}

/** The text of an object, decompressed if it is gzip. */
export async function readObject(s3: S3Client, bucket: string, key: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(s3, bucket, key));
}

/** The texts of objects, in their order. */
export async function readObjects(
  s3: S3Client,
  bucket: string,
  objects: readonly { readonly key: string }[],
): Promise<string[]> {
  const texts: string[] = [];
  for (let start = 0; start < objects.length; start += READ_AT_ONCE) {
    const some = objects.slice(start, start + READ_AT_ONCE);
    texts.push(...await Promise.all(some.map(({ key }) => readObject(s3, bucket, key))));
  }
  return texts;
}

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;
