/**
 * Objects of S3 for `deno task explain`: read, never changed.
 * @module
 */

import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { explained } from "../aws/errors/explained_error.ts";
import type { NamedFile } from "../aws/explain/shared/evidence.ts";
import { bodyBytes } from "../aws/streams/body_bytes.ts";
import { chooseTarget } from "./profile_environment.ts";

/** Opens `s3://BUCKET/KEY`. Rejects with a `TypeError` for another form, or what AWS says. */
export type OpenObject = (url: string) => Promise<NamedFile>;

/** How objects of this profile's account are opened; undefined means the sandbox. */
export async function openObjects(profile: string | undefined): Promise<OpenObject> {
  const { settings } = await chooseTarget(profile);
  const s3 = new S3Client(settings);
  return async (url) => {
    const place = /^s3:\/\/([^/]+)\/(.*[^/])$/s.exec(url);
    if (!place) {
      throw new TypeError(
        `"${url}" is not an object in S3: write s3://BUCKET/KEY ("aws s3 ls" lists the keys)`,
      );
    }
    const [, Bucket, Key] = place;
    const { Body, ContentEncoding } = await explained(
      `read ${url}`,
      () => s3.send(new GetObjectCommand({ Bucket, Key })),
    );
    if (!Body) throw new Error(`${url} came without a body`);
    const open = () => bodyBytes(Body);
    return { name: url, open, ...(ContentEncoding ? { contentEncoding: ContentEncoding } : {}) };
  };
}
