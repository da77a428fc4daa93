/**
 * PutObject: stores a body. Its length, hash and checksum are checked while it comes in.
 * @module
 */

import type { PutObjectOutput, PutObjectRequest } from "@aws-sdk/client-s3";
import { PutObject$ } from "../../schemas/s3.ts";
import type { VerifiedBody } from "../../verified_body.ts";
import type { Given } from "../../operation.ts";
import { checkWriteConditions, checkWriteForm } from "./conditions.ts";
import { s3Operation } from "./define.ts";
import {
  checksumMembers,
  checkUploadSize,
  commitBody,
  HEADER_MEMBERS,
  keptHeaders,
  objectArn,
  quoted,
  storeBody,
} from "./object.ts";
import { tagsOfHeader } from "./tags.ts";

type PutInput = Omit<Given<PutObjectRequest, "Bucket" | "Key">, "Body"> & {
  readonly Body: VerifiedBody;
};

export const PutObject = s3Operation<PutInput, PutObjectOutput>({
  schema: PutObject$,
  reads: ["Body", "IfMatch", "IfNoneMatch", "Tagging", ...HEADER_MEMBERS],
  access: ({ Bucket, Key, Tagging }, { state }) => {
    state.bucket(Bucket);
    const resource = objectArn(Bucket, Key);
    return [
      { action: "s3:PutObject", resource },
      ...(Tagging ? [{ action: "s3:PutObjectTagging", resource }] : []),
    ];
  },
  run: async (input, { state, headers }) => {
    const { Bucket, Key } = input;
    checkUploadSize(headers);
    checkWriteForm(input);
    const kept = { ...keptHeaders(input), tags: tagsOfHeader(input.Tagging) };
    const { body, checksum } = await storeBody(state, input.Body);
    await commitBody(state, body, () => {
      checkWriteConditions(input, state.findObject(Bucket, Key));
      state.insertObject({ bucket: Bucket, key: Key, body, ...kept, checksum });
    });
    return {
      ETag: quoted({ etag: body.md5Hex }),
      ServerSideEncryption: "AES256",
      ...checksumMembers(checksum),
    };
  },
});
