/** The sandbox through AWS's Python SDK, which has its own serialisers, signer and retry rules. */
import { assertEquals } from "@std/assert";
import { pythonWith, run } from "../../testing/python.ts";
import { startSandbox } from "../sandbox.ts";

const here = (name: string) => new URL(name, import.meta.url).pathname;

Deno.test("boto3 goes the whole path of notebooks 0 and 1, and every record arrives exactly once", async () => {
  const python = await pythonWith(here("requirements.txt"));
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  try {
    const seen = JSON.parse(
      await run(python, [here("pipeline.py")], {
        AWS_ENDPOINT_URL: sandbox.endpoint,
        AWS_ACCESS_KEY_ID: sandbox.rootKey.accessKeyId,
        AWS_SECRET_ACCESS_KEY: sandbox.rootKey.secretAccessKey,
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      }),
    );
    assertEquals(seen, {
      caller: `arn:aws:iam::${sandbox.accountId}:user/boto3-admin`,
      hello: "hello",
      tail: "lo",
      listed: ["hello world.txt"],
      wrongSecret: "SignatureDoesNotMatch",
      exactlyOnce: true,
      tooMany: "ValidationException",
      unknown: "ResourceNotFoundException",
      tags: [{ Key: "made-by", Value: "boto3" }],
    });
  } finally {
    await sandbox.stop();
  }
});
