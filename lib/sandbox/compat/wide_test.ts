/** S3, IAM and STS through boto3, and S3 through the AWS CLI: other signers, serialisers, habits. */
import { assertEquals } from "@std/assert";
import { tempFolder } from "../testing/temp_folder.ts";
import { environmentOf, printedBy, withSandbox } from "./testing.ts";

Deno.test("boto3 goes through every operation of S3, IAM and STS", async () => {
  await withSandbox(async (sandbox) => {
    const environment = environmentOf(sandbox, "eu-central-1");
    const called = JSON.parse(await printedBy(["wide.py"], environment));
    for (const { signingName, operations } of sandbox.services) {
      if (!["s3", "iam", "sts"].includes(signingName)) continue;
      const names: readonly string[] = called[signingName];
      const forgotten = [...operations.keys()].filter((name) => !names.includes(name));
      assertEquals(forgotten, [], `operations of ${signingName} that wide.py does not call`);
    }
  });
});

Deno.test("aws s3 mb, cp, ls, sync, mv, presign, rm and rb work", async () => {
  using folder = tempFolder();
  await withSandbox(async (sandbox) => {
    await printedBy(["cli.py", folder.path], environmentOf(sandbox));
  });
});
