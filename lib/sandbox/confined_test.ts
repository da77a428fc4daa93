/** Functions in a sandbox with the permissions of `deno task sandbox`: most tests start it with all. */
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, InvokeCommand, Runtime } from "@aws-sdk/client-lambda";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { zipSync } from "fflate";
import { findInterpreters } from "./services/lambda/execution/python/interpreters.ts";
import { clientsFor } from "./testing/clients.ts";
import { CHILD_ROOT_KEY, startSandboxChild } from "./testing/sandbox_child.ts";
import { tempFolder } from "./testing/temp_folder.ts";
import { until } from "./testing/until.ts";

type Clients = ReturnType<typeof clientsFor>;

async function confined(run: (clients: Clients) => Promise<void>): Promise<void> {
  using folder = tempFolder();
  const child = await startSandboxChild({ dataDir: `${folder.path}/data`, port: 0, speed: 60 });
  try {
    using clients = clientsFor({ endpoint: child.endpoint, credentials: CHILD_ROOT_KEY });
    await run(clients);
  } finally {
    await child.end("SIGTERM");
  }
}

/** A function of one file. */
async function createFunction(
  { iam, lambda }: Clients,
  Runtime: Runtime,
  [fileName, source]: readonly [string, string],
): Promise<void> {
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "execution",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        }],
      }),
    }),
  );
  const file = [new TextEncoder().encode(source), { os: 3, attrs: 0o100755 << 16 }] as const;
  const ZipFile = zipSync({ [fileName]: [file[0], file[1]] });
  const settings = { FunctionName: "f", Role: Role?.Arn, Handler: "index.handler", Runtime };
  await lambda.send(new CreateFunctionCommand({ ...settings, MemorySize: 256, Code: { ZipFile } }));
}

/** The answer to an event, once the function is active. */
async function answerTo({ lambda }: Clients, event: object): Promise<string> {
  const Payload = new TextEncoder().encode(JSON.stringify(event));
  const invoke = new InvokeCommand({ FunctionName: "f", Payload });
  const answer = await until("an answer", async () => {
    try {
      return await lambda.send(invoke);
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceConflictException") return undefined;
      throw error;
    }
  });
  return new TextDecoder().decode(answer.Payload);
}

const HUNGRY = `const kept = [];
export async function handler({ megabytes }) {
  for (let count = 0; count < megabytes; count++) {
    kept.push(Buffer.alloc(1 << 20, 1));
    if (count % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return kept.length;
}`;

Deno.test("a confined sandbox runs nodejs functions, and ends one that takes too much memory", async () => {
  await confined(async (clients) => {
    await createFunction(clients, "nodejs24.x", ["index.mjs", HUNGRY]);
    assertEquals(await answerTo(clients, { megabytes: 20 }), "20");
    assertStringIncludes(await answerTo(clients, { megabytes: 600 }), "Runtime.OutOfMemory");
  });
});

/** A bootstrap whose every answer is the event itself. */
const ECHO = `#!/bin/sh
folder="\${TMPDIR:-/tmp}" # set if this machine can't mount one at /tmp
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  curl --silent --dump-header "$folder/head" --output "$folder/event" "$api/next"
  id=$(grep -i lambda-runtime-aws-request-id "$folder/head" | tr -d '[:space:]' | cut -d: -f2)
  curl --silent --output /dev/null --data "@$folder/event" "$api/$id/response"
done
`;

const hasCurl = await new Deno.Command("curl", { args: ["--version"], stdout: "null" }).output()
  .then(({ success }) => success, () => false);

Deno.test({
  name: "a confined sandbox runs functions of the provided runtimes",
  ignore: !hasCurl || Deno.build.os !== "linux",
  fn: () =>
    confined(async (clients) => {
      await createFunction(clients, "provided.al2023", ["bootstrap", ECHO]);
      assertEquals(await answerTo(clients, { n: 1 }), '{"n":1}');
    }),
});

const interpreter = (await findInterpreters()).at(-1);

Deno.test({
  name: "a confined sandbox finds Python, installs what its functions need, and runs them",
  ignore: !interpreter || Deno.build.os !== "linux",
  fn: () =>
    confined(async (clients) => {
      const source = "def handler(event, context):\n    return event['n'] + 1\n";
      const runtime = `python${interpreter?.version}`;
      const isKnown = (name: string): name is Runtime =>
        Object.values(Runtime).some((it) => it === name);
      if (!isKnown(runtime)) throw new TypeError(runtime);
      await createFunction(clients, runtime, ["index.py", source]);
      assertEquals(await answerTo(clients, { n: 1 }), "2");
    }),
});

/** Leaves a process in its group when it ends, as a crash does. */
const LEAVES_ONE = `#!/bin/sh
sleep 1000 &
exit 1
`;

Deno.test({
  name: "a confined sandbox ends what a function's process has left",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    confined(async (clients) => {
      const before = await processesNamed("sleep");
      await createFunction(clients, "provided.al2023", ["bootstrap", LEAVES_ONE]);
      assertStringIncludes(await answerTo(clients, {}), "Runtime.ExitError");
      await until("only the processes from before", async () => {
        const now = await processesNamed("sleep");
        return now.every((pid) => before.includes(pid)) || undefined;
      });
    }),
});

async function processesNamed(name: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name: pid } of Deno.readDir("/proc")) {
    const command = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
    if (command.startsWith([name, "1000"].join("\0"))) found.push(pid);
  }
  return found;
}
