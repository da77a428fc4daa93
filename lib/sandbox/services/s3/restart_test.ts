/** The state of S3 after a restart. */
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { until } from "../../testing/until.ts";
import { startSandbox } from "../../sandbox.ts";

const at = { Bucket: "kept", Key: "k" };
const PART = new Uint8Array(5 * 1024 * 1024).fill(97);

async function withSandbox<Result>(
  dataDir: string,
  act: (s3: S3Client) => Promise<Result>,
): Promise<Result> {
  const sandbox = await startSandbox({ port: 0, dataDir, speed: 60 });
  const s3 = new S3Client({
    endpoint: sandbox.endpoint,
    credentials: sandbox.rootKey,
    region: "us-east-1",
  });
  try {
    return await act(s3);
  } finally {
    s3.destroy();
    await sandbox.stop();
  }
}

/** The files of bodies, over all folders. */
async function bodyFiles(dataDir: string): Promise<string[]> {
  const files: string[] = [];
  for await (const folder of Deno.readDir(join(dataDir, "objects"))) {
    for await (const { name } of Deno.readDir(join(dataDir, "objects", folder.name))) {
      files.push(name);
    }
  }
  return files;
}

const textOf = async (s3: S3Client, Key: string) => {
  const { Body } = await s3.send(new GetObjectCommand({ ...at, Key }));
  return await Body!.transformToString();
};

Deno.test("objects and uploads under way survive a restart; files of broken puts do not", async () => {
  const dataDir = await Deno.makeTempDir();
  const UploadId = await withSandbox(dataDir, async (s3) => {
    await s3.send(new CreateBucketCommand({ Bucket: at.Bucket }));
    await s3.send(new PutObjectCommand({ ...at, Key: "small", Body: "small" }));
    await s3.send(new PutObjectCommand({ ...at, Key: "large", Body: PART }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
    await s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: PART }));
    return UploadId;
  });
  const stray = "00000000-0000-0000-0000-000000000000";
  await Deno.mkdir(join(dataDir, "objects", "00"), { recursive: true });
  await Deno.writeTextFile(join(dataDir, "objects", "00", stray), "broken off");

  await withSandbox(dataDir, async (s3) => {
    assertEquals((await bodyFiles(dataDir)).length, 2, "of the large object and the part");
    await s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 2, Body: "end" }));
    const { Parts } = await s3.send(new ListPartsCommand({ ...at, UploadId }));
    await s3.send(
      new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }),
    );
  });

  await withSandbox(dataDir, async (s3) => {
    assertEquals(await textOf(s3, "small"), "small");
    assertEquals((await textOf(s3, "large")).length, PART.length);
    const whole = await textOf(s3, "k");
    assertEquals([whole.length, whole.slice(-4)], [PART.length + 3, "aend"]);
    for (const Key of ["k", "large", "small"]) {
      await s3.send(new DeleteObjectCommand({ ...at, Key }));
    }
    await until(
      "the files to be removed",
      async () => (await bodyFiles(dataDir)).length === 0 || undefined,
    );
  });
  await Deno.remove(dataDir, { recursive: true });
});
