/** S3, IAM and STS through boto3, and S3 through the AWS CLI: other signers, serialisers, habits. */
import { assertEquals } from "@std/assert";
import { pythonWith, run } from "../../testing/python.ts";
import { type Sandbox, startSandbox } from "../sandbox.ts";

const here = (name: string) => new URL(name, import.meta.url).pathname;

const environmentOf = ({ endpoint, rootKey }: Sandbox, region: string) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: rootKey.accessKeyId,
  AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
  AWS_DEFAULT_REGION: region,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
});

async function withSandbox(act: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  try {
    await act(sandbox);
  } finally {
    await sandbox.stop();
  }
}

Deno.test("boto3 goes through every operation of S3, IAM and STS", async () => {
  const python = await pythonWith(here("requirements.txt"));
  await withSandbox(async (sandbox) => {
    const environment = environmentOf(sandbox, "eu-central-1");
    const called = JSON.parse(await run(python, [here("wide.py")], environment));
    for (const { signingName, operations } of sandbox.services) {
      if (!["s3", "iam", "sts"].includes(signingName)) continue;
      const names: readonly string[] = called[signingName];
      const forgotten = [...operations.keys()].filter((name) => !names.includes(name));
      assertEquals(forgotten, [], `operations of ${signingName} that wide.py does not call`);
    }
  });
});

Deno.test("aws s3 mb, cp, ls, sync, mv, presign, rm and rb work", async () => {
  const python = await pythonWith(here("requirements.txt"));
  const folder = await Deno.makeTempDir();
  await withSandbox(async (sandbox) => {
    await run(python, [here("cli.py"), folder], environmentOf(sandbox, "us-east-1"));
  });
  await Deno.remove(folder, { recursive: true });
});
