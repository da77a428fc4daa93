/** S3, IAM and STS through boto3, and S3 through the AWS CLI: other signers, serialisers, habits. */
import { assertEquals } from "@std/assert";
import { pythonWith, run } from "../../testing/python.ts";
import type { Service } from "../operation.ts";
import { type Sandbox, startSandbox } from "../sandbox.ts";
import { iamService } from "../services/iam/service.ts";
import { IamState } from "../services/iam/state.ts";
import { s3Service } from "../services/s3/service.ts";
import { S3State } from "../services/s3/state.ts";
import { stsService } from "../services/sts/service.ts";
import { systemClock } from "../clock.ts";
import { systemRandom } from "../random.ts";
import { Database } from "../store/database.ts";
import { memoryFiles } from "../store/object_files.ts";

const here = (name: string) => new URL(name, import.meta.url).pathname;

const environmentOf = ({ endpoint, rootKey }: Sandbox, region: string) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: rootKey.accessKeyId,
  AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
  AWS_DEFAULT_REGION: region,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
});

/** The operations that the sandbox has, by service. */
function operations(): Record<string, readonly string[]> {
  const common = {
    database: new Database(":memory:"),
    clock: systemClock(1),
    random: systemRandom,
    region: "us-east-1",
    accountId: "123456789012",
  };
  const iam = new IamState(common);
  const s3 = new S3State({ ...common, files: memoryFiles(), access: iam });
  const services: readonly Service[] = [iamService(iam), s3Service(s3), stsService(iam)];
  common.database.close();
  return Object.fromEntries(
    services.map(({ signingName, operations }) => [signingName, [...operations.keys()]]),
  );
}

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
    for (const [service, names] of Object.entries(operations())) {
      const forgotten = names.filter((name) => !called[service].includes(name));
      assertEquals(forgotten, [], `operations of ${service} that wide.py does not call`);
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
