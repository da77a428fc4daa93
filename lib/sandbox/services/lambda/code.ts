/**
 * The code that a request brings: a zip in the request itself, or an object in S3.
 * @module
 */

import type { UpdateFunctionCodeRequest } from "@aws-sdk/client-lambda";
import { callConditions } from "../../access/call_conditions.ts";
import type { Caller } from "../../access/caller.ts";
import { AwsError } from "../../errors.ts";
import type { Context } from "../../operation.ts";
import { invalidParameterValue, notSupported, requestEntityTooLarge } from "./errors.ts";
import type { FunctionCode } from "./function.ts";
import { UNZIPPED_BYTES_MAX, unzippedTooLarge } from "./package_errors.ts";
import type { LambdaOptions } from "./options.ts";
import type { LambdaState } from "./state.ts";

/** Bytes of a zip that is sent with the request: 50 MiB. */
const ZIP_BYTES_MAX = 52_428_800;

/** The sources of code that CreateFunction and UpdateFunctionCode share. */
export type CodeInput = Pick<
  UpdateFunctionCodeRequest,
  | "ZipFile"
  | "S3Bucket"
  | "S3Key"
  | "S3ObjectVersion"
  | "S3ObjectStorageMode"
  | "ImageUri"
  | "SourceKMSKeyArn"
>;

/** The package of `input`, checked and kept. Throws where Lambda refuses it. */
export async function packageOf(
  input: CodeInput,
  { state, caller }: Context<LambdaState>,
): Promise<FunctionCode> {
  if (input.ImageUri !== undefined) throw notSupported("ImageUri");
  if (input.SourceKMSKeyArn !== undefined) throw notSupported("SourceKMSKeyArn");
  if (input.S3ObjectVersion !== undefined) throw notSupported("S3ObjectVersion");
  if (input.S3ObjectStorageMode !== undefined) throw notSupported("S3ObjectStorageMode");
  const { ZipFile, S3Bucket, S3Key } = input;
  const isInS3 = S3Bucket !== undefined || S3Key !== undefined;
  if (ZipFile !== undefined && isInS3) {
    // AWS's text is not known; this text and the next are ours.
    throw invalidParameterValue(
      "Please do not provide other FunctionCode parameters when providing a ZipFile.",
    );
  }
  if (ZipFile !== undefined) {
    if (ZipFile.length > ZIP_BYTES_MAX) {
      throw requestEntityTooLarge(`Zipped size must be smaller than ${ZIP_BYTES_MAX} bytes`);
    }
    return await state.packages.add(ZipFile);
  }
  if (S3Bucket === undefined || S3Key === undefined) {
    throw invalidParameterValue("Please provide a source for function code.");
  }
  return await state.packages.add(await objectOf(caller, S3Bucket, S3Key, state.options));
}

/** The object's bytes. Throws with S3's own code and words, as Lambda passes them on (captured). */
async function objectOf(
  caller: Caller,
  bucket: string,
  key: string,
  { access, s3, region }: LambdaOptions,
): Promise<Uint8Array> {
  if (!s3.bucketExists(bucket)) {
    throw s3Failed("NoSuchBucket", "The specified bucket does not exist");
  }
  const resource = `arn:aws:s3:::${bucket}/${key}`;
  const request = { action: "s3:GetObject", resource, conditions: callConditions({ region }) };
  if (!access.decide(caller, request).allowed) {
    throw new AwsError(
      "AccessDeniedException",
      403,
      "Your access has been denied by S3, please make sure your request credentials have " +
        `permission to GetObject for ${bucket}/${key}. S3 Error Code: AccessDenied. ` +
        "S3 Error Message: Access Denied",
    );
  }
  const object = s3.findObject(bucket, key);
  if (!object) throw s3Failed("NoSuchKey", "The specified key does not exist.");
  if (object.sizeBytes > UNZIPPED_BYTES_MAX) throw unzippedTooLarge();
  return await new Response(s3.bodies.stream(object.file, 0, object.sizeBytes)).bytes();
}

const s3Failed = (code: string, message: string) =>
  invalidParameterValue(
    `Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`,
  );
