/** A large upload to a sandbox in a separate process, whose memory Linux reports. */
import {
  CreateBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { assertEquals, assertLess } from "@std/assert";
import { join } from "node:path";
import { Readable } from "node:stream";
import { CHILD_ROOT_KEY, startSandboxChild } from "../../testing/sandbox_child.ts";
import { MIB } from "../../values.ts";

/** After the first upload the process has the memory that uploads need; the second adds little. */
const FIRST_MIB = 32;
const SECOND_MIB = 192;

/** The most resident memory that the process has had, in MiB. */
async function peakMiB(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

Deno.test({
  name: "an upload goes to the disk: its bytes are not held in memory",
  // Only Linux reports the peak of another process.
  ignore: Deno.build.os !== "linux",
  async fn() {
    const folder = await Deno.makeTempDir();
    const child = await startSandboxChild({ dataDir: join(folder, "data"), port: 0, speed: 60 });
    const s3 = new S3Client({
      endpoint: child.endpoint,
      credentials: CHILD_ROOT_KEY,
      region: "us-east-1",
    });
    try {
      await s3.send(new CreateBucketCommand({ Bucket: "large" }));
      await upload(s3, "first", FIRST_MIB);
      const afterFirst = await peakMiB(child.pid);
      await upload(s3, "second", SECOND_MIB);
      assertLess(await peakMiB(child.pid) - afterFirst, SECOND_MIB * 0.7);
    } finally {
      s3.destroy();
      await child.end("SIGTERM");
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function upload(s3: S3Client, Key: string, sizeMiB: number): Promise<void> {
  const piece = new Uint8Array(MIB).fill(97);
  const at = { Bucket: "large", Key };
  await s3.send(
    new PutObjectCommand({
      ...at,
      Body: Readable.from(Array.from({ length: sizeMiB }, () => piece)),
      ContentLength: sizeMiB * MIB,
    }),
  );
  const { ContentLength } = await s3.send(new HeadObjectCommand(at));
  assertEquals(ContentLength, sizeMiB * MIB);
}
