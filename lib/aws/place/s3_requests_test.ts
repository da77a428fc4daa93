import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";
import { labTest } from "../testing.ts";
import { requestsOf } from "./s3_requests.ts";

labTest("requestsOf() counts lists with puts, and deletes not at all", 1, async ({ s3 }) => {
  const [Bucket, Key] = ["counted", "a"];
  assertEquals(requestsOf(s3), { puts: 0, gets: 0 });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
  for (let look = 0; look < 3; look++) await s3.send(new ListObjectsV2Command({ Bucket }));
  await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  await s3.send(new HeadObjectCommand({ Bucket, Key }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  assertEquals(requestsOf(s3), { puts: 5, gets: 2 });
});
