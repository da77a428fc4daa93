/** `deno task deploy-lambda` as a person types it, against a sandbox. */
import {
  GetFunctionCommand,
  ListFunctionsCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { CreateAccessKeyCommand, CreateUserCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { DOCUMENT, eventOf, gzipped } from "../../lambda/sample_event.ts";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { packageModule } from "../aws/deploy/function_package.ts";
import { writeProfile } from "../aws/place/profiles.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { clientsFor } from "../sandbox/testing/clients.ts";
import { sandboxEnvironment } from "./jupyter.ts";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the task with the profile whose files are in `awsDir`. */
async function deployLambda(awsDir: string, ...args: string[]): Promise<Ran> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "deploy-lambda", ...args],
    cwd: PROJECT_DIR,
    env: { ...sandboxEnvironment(Deno.env.toObject(), awsDir), NO_COLOR: "1" },
    clearEnv: true,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

const filesIn = (awsDir: string) => ({
  config: join(awsDir, "config"),
  credentials: join(awsDir, "credentials"),
});

function deployTest(
  name: string,
  run: (sandbox: Sandbox, clients: ReturnType<typeof clientsFor>) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 600 });
    try {
      using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await run(sandbox, clients);
    } finally {
      await sandbox.stop();
    }
  });
}

deployTest(
  "deploy-lambda creates the function, changes nothing the second time, and restores its code",
  async (sandbox, { lambda }) => {
    const FunctionName = "firehose-lab-transform";
    const first = await deployLambda(sandbox.awsDir);
    assertEquals([first.code, first.stderr], [0, ""]);
    const arn = `arn:aws:lambda:us-east-1:${sandbox.accountId}:function:${FunctionName}`;
    assertMatch(first.stdout, new RegExp(`^create +function ${FunctionName} \\(nodejs`, "m"));
    assertStringIncludes(
      first.stdout,
      "Smoke test: 2 records are answered correctly: 1 Ok, 1 ProcessingFailed.",
    );
    assertStringIncludes(first.stdout, arn);
    const second = await deployLambda(sandbox.awsDir);
    assertMatch(second.stdout, /^No change\.$/m);
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    const { zip } = packageModule("export const handler = async () => 'somebody else';");
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zip }));
    const third = await deployLambda(sandbox.awsDir);
    assertMatch(third.stdout, new RegExp(`^update +function ${FunctionName} \\(code\\)$`, "m"));
    const restored = await lambda.send(new GetFunctionCommand({ FunctionName }));
    assertEquals(restored.Configuration?.CodeSha256, Configuration?.CodeSha256);
  },
);

deployTest(
  "deploy-lambda says that a profile does not exist",
  async ({ awsDir }) => {
    const { code, stdout, stderr } = await deployLambda(awsDir, "--profile", "no-such-profile");
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^There is no profile "no-such-profile" in .+, or name no profile to use/);
  },
);

deployTest(
  "deploy-lambda says what to do if the user lacks a permission",
  async (sandbox, { iam }) => {
    await iam.send(new CreateUserCommand({ UserName: "guest" }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "guest" }));
    await writeProfile(filesIn(sandbox.awsDir), "guest", {
      endpoint: sandbox.endpoint,
      region: sandbox.region,
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    });
    const { code, stderr } = await deployLambda(sandbox.awsDir, "--profile", "guest");
    assertEquals(code, 1);
    assertMatch(
      stderr,
      /^Could not look at the role of the function firehose-lab-transform: AccessDenied: User: /,
    );
    assertStringIncludes(stderr, "let its administrator allow the action named here");
  },
);

deployTest("deploy-lambda names a stream that does not exist", async (sandbox) => {
  const { code, stderr } = await deployLambda(sandbox.awsDir, "--stream", "nobodys");
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /^Could not look at the delivery stream nobodys: ResourceNotFoundException: /,
  );
  assertStringIncludes(stderr, "There is no such delivery stream: create it first");
});

deployTest(
  "deploy-lambda --dry-run shows every change and makes none; --event is tested before and after",
  async (sandbox, { lambda, iam }) => {
    const folder = await Deno.makeTempDir();
    const eventPath = join(folder, "event.json");
    const event = eventOf([gzipped(DOCUMENT), gzipped({ ...DOCUMENT, time: "today" })]);
    await Deno.writeTextFile(eventPath, JSON.stringify(event));
    const dry = await deployLambda(sandbox.awsDir, "--dry-run", "--event", eventPath);
    assertEquals(dry.code, 0, dry.stderr);
    for (
      const line of [
        /^create +role firehose-lab-transform-role \(trusts lambda\.amazonaws\.com\)$/m,
        /^create +policy write-own-log of role firehose-lab-transform-role \(logs:Create/m,
        /^create +function firehose-lab-transform \(nodejs24\.x, 512 MB, 60 s\)$/m,
        /^3 of 3 things will change\.$/m,
        /^Test on this machine: the transform answers 1 Ok, 1 ProcessingFailed\.$/m,
        /^Nothing was changed: --dry-run\.$/m,
      ]
    ) assertMatch(dry.stdout, line);
    assertEquals((await lambda.send(new ListFunctionsCommand())).Functions, []);
    assertEquals((await iam.send(new ListRolesCommand())).Roles, []);

    const wet = await deployLambda(sandbox.awsDir, "--event", eventPath);
    assertStringIncludes(
      wet.stdout,
      "2 records are answered correctly: 1 Ok, 1 ProcessingFailed.",
    );
    assertStringIncludes(
      wet.stdout,
      `  ${event.records[1].recordId}: the member "time" is not an RFC`,
    );

    await Deno.writeTextFile(eventPath, "{}");
    const wrong = await deployLambda(sandbox.awsDir, "--event", eventPath);
    assertEquals([wrong.code, wrong.stdout], [1, ""]);
    assertStringIncludes(wrong.stderr, `${eventPath} is not an event of Firehose`);
    await Deno.remove(folder, { recursive: true });
  },
);
