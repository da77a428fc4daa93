/** boto3 against a sandbox with --tls, led by the AWS files alone. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { startSandbox } from "../sandbox.ts";
import { printedBy } from "./testing.ts";

Deno.test("boto3 trusts a sandbox with --tls by the ca_bundle of its AWS files", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, tls: true });
  try {
    const printed = await printedBy(["tls.py"], {
      AWS_CONFIG_FILE: join(sandbox.awsDir, "config"),
      AWS_SHARED_CREDENTIALS_FILE: join(sandbox.awsDir, "credentials"),
    });
    assertEquals(printed.trim(), "ok");
  } finally {
    await sandbox.stop();
  }
});
