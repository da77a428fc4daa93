/**
 * Helpers for tests of S3: a sandbox, a client of its root user, and the codes of refusals.
 * @module
 */

import { CreateBucketCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { assertRejects } from "@std/assert";
import { type Sandbox, startSandbox } from "../../sandbox.ts";

/** The bucket of every test. */
export const Bucket = "things";

/** A test with a sandbox in memory, the bucket and a client that tries once. */
export function s3Test(name: string, run: (s3: S3Client, sandbox: Sandbox) => Promise<void>): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
    const s3 = new S3Client({
      endpoint: sandbox.endpoint,
      credentials: sandbox.rootKey,
      region: "us-east-1",
      maxAttempts: 1,
    });
    try {
      await s3.send(new CreateBucketCommand({ Bucket }));
      await run(s3, sandbox);
    } finally {
      s3.destroy();
      await sandbox.stop();
    }
  });
}

/** The error code of a refused call; the status if the answer has no body. */
export async function refusal(act: () => Promise<unknown>): Promise<string | number> {
  const error = await assertRejects(act, Error);
  if (!(error instanceof S3ServiceException)) throw error;
  const status = error.$metadata.httpStatusCode ?? 0;
  return status === 304 || error.name === "Unknown" ? status : error.name;
}
