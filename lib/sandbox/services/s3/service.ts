/**
 * S3, as far as a Firehose pipeline needs it: buckets, objects and their listing.
 * @module
 */

import { bind, operationTable, type Service } from "../../operation.ts";
import {
  CreateBucket,
  DeleteBucket,
  DeleteBucketTagging,
  GetBucketLocation,
  GetBucketTagging,
  HeadBucket,
  ListBuckets,
  PutBucketTagging,
} from "./buckets.ts";
import { ListObjectsV2 } from "./list_objects.ts";
import { DeleteObject, DeleteObjects, GetObject, HeadObject, PutObject } from "./objects.ts";
import type { S3State } from "./state.ts";

/** S3's table of operations on `state`. */
export function s3Service(state: S3State): Service {
  return {
    signingName: "s3",
    protocol: { kind: "restXml", xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/" },
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
      bind(DeleteObject, state),
      bind(DeleteObjects, state),
      bind(ListObjectsV2, state),
    ]),
  };
}
