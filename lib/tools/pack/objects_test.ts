/** The objects of a sandbox, as the npm package reads them. */
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { assertEquals, assertRejects } from "@std/assert";
import { readObjects } from "../../../packages/npm/src/objects.ts";
import { startSandbox } from "../../sandbox/sandbox.ts";

Deno.test("objects() of the npm package reads each object by its own key, also one with dots, quotes or signs", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  const { endpoint, region, rootKey: credentials } = sandbox;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  try {
    await s3.send(new CreateBucketCommand({ Bucket: "odd" }));
    const keys = ["!'()*~/ü", "..", "./a/../b", "a b+c%20", "a//b?c=d#e", "x/%2e%2e/y", "\t&<\n"]
      .sort();
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: "odd", Key, Body: Key }));
    const objects = await readObjects({ endpoint, region, credentials }, "odd", "");
    assertEquals(
      objects.map((object) => [object.key, object.text()]),
      keys.map((key) => [key, key]),
    );
    const missing = () => readObjects({ endpoint, region, credentials }, "none", "");
    await assertRejects(missing, Error, "NoSuchBucket: The specified bucket does not exist");
  } finally {
    s3.destroy();
    await sandbox.stop();
  }
});
