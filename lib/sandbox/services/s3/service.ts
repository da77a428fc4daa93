/**
 * S3, as far as a Firehose pipeline needs it: buckets, objects in one piece or in parts, their
 * listing, and tags.
 * @module
 */

import { bind, operationTable, type Service } from "../../operation.ts";
import { allSchemas } from "../../schemas/s3.ts";
import { DeleteBucketTagging, GetBucketTagging, PutBucketTagging } from "./bucket_tagging.ts";
import { bucketSettingOperations } from "./bucket_settings.ts";
import {
  CreateBucket,
  DeleteBucket,
  GetBucketLocation,
  HeadBucket,
  ListBuckets,
} from "./buckets.ts";
import { s3Conditions } from "./condition_keys.ts";
import { CompleteMultipartUpload } from "./complete_multipart_upload.ts";
import { CopyObject } from "./copy_object.ts";
import { DeleteObject, DeleteObjects } from "./delete_objects.ts";
import { GetObject, HeadObject } from "./get_object.ts";
import { ListObjectVersions } from "./list_object_versions.ts";
import { ListObjects, ListObjectsV2 } from "./list_objects.ts";
import { ListMultipartUploads, ListParts } from "./list_uploads.ts";
import { AbortMultipartUpload, CreateMultipartUpload } from "./multipart_upload.ts";
import { DeleteObjectTagging, GetObjectTagging, PutObjectTagging } from "./object_tagging.ts";
import { PutObject } from "./put_object.ts";
import type { S3State } from "./state.ts";
import {
  DeleteBucketEncryption,
  DeleteBucketOwnershipControls,
  DeletePublicAccessBlock,
  PutBucketEncryption,
  PutBucketOwnershipControls,
  PutPublicAccessBlock,
} from "./set_bucket_settings.ts";
import { UploadPart, UploadPartCopy } from "./upload_part.ts";

/** S3's table of operations on `state`. */
export function s3Service(state: S3State): Service {
  return {
    signingName: "s3",
    protocol: { kind: "restXml", xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/" },
    allSchemas,
    regionOfBucket: (name) => state.regionOf(name),
    conditions: (request, call) => s3Conditions(state, request, call),
    operations: operationTable([
      bind(CreateBucket, state),
      bind(HeadBucket, state),
      bind(ListBuckets, state),
      bind(GetBucketLocation, state),
      bind(DeleteBucket, state),
      bind(PutBucketTagging, state),
      bind(GetBucketTagging, state),
      bind(DeleteBucketTagging, state),
      bind(PutObject, state),
      bind(GetObject, state),
      bind(HeadObject, state),
      bind(CopyObject, state),
      bind(DeleteObject, state),
      bind(DeleteObjects, state),
      bind(PutObjectTagging, state),
      bind(GetObjectTagging, state),
      bind(DeleteObjectTagging, state),
      bind(ListObjects, state),
      bind(ListObjectsV2, state),
      bind(ListObjectVersions, state),
      bind(CreateMultipartUpload, state),
      bind(UploadPart, state),
      bind(UploadPartCopy, state),
      bind(CompleteMultipartUpload, state),
      bind(AbortMultipartUpload, state),
      bind(ListParts, state),
      bind(ListMultipartUploads, state),
      bind(PutBucketEncryption, state),
      bind(DeleteBucketEncryption, state),
      bind(PutPublicAccessBlock, state),
      bind(DeletePublicAccessBlock, state),
      bind(PutBucketOwnershipControls, state),
      bind(DeleteBucketOwnershipControls, state),
      ...bucketSettingOperations(state),
    ]),
  };
}
