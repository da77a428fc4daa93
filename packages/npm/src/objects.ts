/**
 * Objects of the sandbox's S3, as a test looks at them.
 * @module
 */

import { AwsClient } from "aws4fetch";
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
  const { region, credentials } = source;
  // The sandbox is asked once: an answer that is an error is the test's to see.
  const client = new AwsClient({ ...credentials, region, service: "s3", retries: 0 });
  const objects: StoredObject[] = [];
  for (const key of await listKeys(client, source, bucket, prefix)) {
    const path = key.split("/").map(encodeURIComponent).join("/");
    const response = await fetchFrom(client, `${source.endpoint}/${bucket}/${path}`);
    objects.push(new StoredObject(key, new Uint8Array(await response.arrayBuffer())));
  }
  return objects;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
async function listKeys(
  client: AwsClient,
  { endpoint }: ObjectSource,
  bucket: string,
  prefix: string,
): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({
      "list-type": "2",
      "encoding-type": "url", // so that no key has a letter that XML writes otherwise
      prefix,
      ...(token === undefined ? {} : { "continuation-token": token }),
    });
    const response = await fetchFrom(client, `${endpoint}/${bucket}?${query}`);
    const page = await response.text();
    const found = [...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key);
    keys.push(...found.map((key) => decodeURIComponent(key.replaceAll("+", " "))));
    token = /<NextContinuationToken>([^<]*)</.exec(page)?.[1];
  } while (token !== undefined);
  return keys;
}

async function fetchFrom(client: AwsClient, url: string): Promise<Response> {
  const response = await client.fetch(url);
  if (response.ok) return response;
  const text = await response.text();
  const code = /<Code>([^<]*)</.exec(text)?.[1] ?? response.status;
  const message = /<Message>([^<]*)</.exec(text)?.[1] ?? text;
  throw new Error(`${code}: ${message}`);
}
