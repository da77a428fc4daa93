/** Error objects as they come from S3. What can stand in one is tested with redrive. */
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";
import { labTest } from "../testing.ts";
import { errorLinesOf } from "./error_lines.ts";
import { objectsUnder } from "./objects.ts";

labTest(
  "a reader that stops in the middle of an error object does not end the process",
  1,
  async ({ s3, names }) => {
    const [Bucket, Key] = [names.bucket, "error/1"];
    await s3.send(new CreateBucketCommand({ Bucket }));
    const line = JSON.stringify({ rawData: "e30=", errorCode: "x".repeat(150) });
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: `${line}\n`.repeat(2_500) }));
    for (let wanted = 1; wanted < 20; wanted++) {
      let batches = 0;
      for await (const _ of errorLinesOf(s3, Bucket, Key)) if (++batches === wanted) break;
      // What the stream still does shows while something else is awaited.
      assertEquals((await objectsUnder(s3, Bucket)).length, 1);
    }
  },
);
