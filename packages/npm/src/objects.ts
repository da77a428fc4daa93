/**
 * Objects of the sandbox's S3, as a test looks at them.
 * @module
 */

import { AwsV4Signer } from "aws4fetch";
import { get, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

/** Where objects are, and whose key reads them. */
export interface ObjectSource {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** An object of S3, read whole. */
export class StoredObject {
  readonly key: string;
  /** Its bytes, as they are stored. */
  readonly body: Uint8Array;

  constructor(key: string, body: Uint8Array) {
    this.key = key;
    this.body = body;
  }

  /** The content as text; that of gzip is unpacked. */
  text(): string {
    const isGzip = this.body[0] === 0x1f && this.body[1] === 0x8b;
    return new TextDecoder().decode(isGzip ? gunzipSync(this.body) : this.body);
  }
}

/** The objects of a bucket whose keys begin with `prefix`, in the order of their keys. */
export async function readObjects(
  source: ObjectSource,
  bucket: string,
  prefix: string,
): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for (const key of await listKeys(source, bucket, prefix)) {
    const path = key.split("/").map(encoded).join("/");
    objects.push(new StoredObject(key, await read(source, `/${bucket}/${path}`)));
  }
  return objects;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
async function listKeys(source: ObjectSource, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({
      "list-type": "2",
      "encoding-type": "url", // so that no key has a letter that XML writes otherwise
      prefix,
      ...(token === undefined ? {} : { "continuation-token": token }),
    });
    const page = new TextDecoder().decode(await read(source, `/${bucket}`, `?${query}`));
    const found = [...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key);
    keys.push(...found.map((key) => decodeURIComponent(key.replaceAll("+", " "))));
    token = /<NextContinuationToken>([^<]*)</.exec(page)?.[1];
  } while (token !== undefined);
  return keys;
}

/** As a signature wants it: only letters, digits and `-_.~` stay. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * The body of an answer. Not by `fetch`: its addresses have no `.` and `..` in their paths, and a key may
 * have them. The sandbox is asked once: an answer that is an error is the test's to see.
 */
async function read(
  { endpoint, region, credentials }: ObjectSource,
  path: string,
  query = "",
): Promise<Uint8Array> {
  const url = new URL(query, endpoint);
  const signer = new AwsV4Signer({ ...credentials, url: url.href, region, service: "s3" });
  signer.encodedPath = path;
  const headers = Object.fromEntries((await signer.sign()).headers);
  const answer = await answerTo(endpoint, path + url.search, headers);
  const body = await buffer(answer);
  if (answer.statusCode === 200) return new Uint8Array(body);
  const text = body.toString();
  const code = /<Code>([^<]*)</.exec(text)?.[1] ?? answer.statusCode;
  const message = /<Message>([^<]*)</.exec(text)?.[1] ?? text;
  throw new Error(`${code}: ${message}`);
}

function answerTo(
  endpoint: string,
  path: string,
  headers: Record<string, string>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(endpoint, { path, headers }, resolve).on("error", reject);
  });
}
