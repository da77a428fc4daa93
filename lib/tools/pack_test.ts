/** Both packages, as users have them: installed outside the project, and used by whole projects. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { homedir } from "node:os";
import process from "node:process";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { until } from "../sandbox/testing/until.ts";
import { type Installed, installPackages } from "./pack/testing.ts";
import { run } from "./pack/run.ts";

let installed: Installed;

Deno.test.beforeAll(async () => {
  installed = await installPackages();
});

Deno.test.afterAll(async () => {
  // There is none if the installation failed, and then its own error is to be seen.
  if (installed) await Deno.remove(installed.folder, { recursive: true });
});

const PACKAGE_BYTES_MAX = 3_000_000;

Deno.test("each package is smaller than 3 MB, and holds no tests and no paths of this machine", async () => {
  const { packed, npmFolder } = installed;
  for (const path of Object.values(packed)) {
    const { size } = await Deno.stat(path);
    assert(size < PACKAGE_BYTES_MAX, `${path} has ${size} bytes`);
  }
  const packageFolder = join(npmFolder, "node_modules/firehose-lab");
  const names = (await run("find", [".", "-type", "f"], packageFolder)).trim().split("\n");
  const program = names.filter((name) => name.startsWith("./program/"));
  assertEquals(program.filter((name) => /_test\.|\.ts$|\/testing/.test(name)), []);
  // Files that are no modules, and that `rehearse` prints.
  const cures = [...Deno.readDirSync(join(PROJECT_DIR, "lib/aws/rehearse/cures"))]
    .map(({ name }) => `./program/lib/aws/rehearse/cures/${name}`);
  assertEquals(cures.filter((name) => !program.includes(name)), []);
  const places = [PROJECT_DIR, homedir()].flatMap((place) => ["-e", place]);
  const withPaths = await new Deno.Command("grep", {
    args: ["-rlF", ...places, packageFolder],
  }).output();
  assertEquals(new TextDecoder().decode(withPaths.stdout), "");
});

Deno.test("the vitest project passes: the naive producer loses orders, the cured one does not", async () => {
  const output = await run("npm", ["test"], installed.npmFolder);
  assertMatch(output, /Tests {2}3 passed/);
});

/** What a project writes; the last line is a mistake that the types must find. */
const TYPED = `
import { startSandbox, type Fault } from "firehose-lab";
const fault: Fault = { on: { service: "s3" }, then: { error: "SlowDown" } };
const sandbox = await startSandbox({ log: "nothing" });
const [{ id }] = [await sandbox.fault(fault)];
console.log(id, await sandbox.faults(), await sandbox.flush(), sandbox.endpoint);
console.log(await sandbox.consoleAddress());
await sandbox.stop();
// @ts-expect-error: there is no such option
await startSandbox({ prot: 1 });
`;

Deno.test("the npm package has types, and starts a sandbox from Deno too", async () => {
  const { npmFolder } = installed;
  await Deno.writeTextFile(join(npmFolder, "typed.ts"), TYPED.replace(/\/\/ @ts[^]*$/, ""));
  await Deno.writeTextFile(join(npmFolder, "mistaken.ts"), TYPED);
  const options = ["--quiet", "--no-lock", "--node-modules-dir=manual"];
  await run(Deno.execPath(), ["check", ...options, "mistaken.ts"], npmFolder);
  const output = await run(Deno.execPath(), ["run", "-A", ...options, "typed.ts"], npmFolder);
  assertMatch(
    output,
    /"?SlowDown"?[^]*http:\/\/127\.0\.0\.1:\d+\n[^]*console\?code=[0-9a-f]{64}\n/,
  );
});

Deno.test("the npm package can be required, as jest does", async () => {
  const program = `const { startSandbox } = require("firehose-lab");
  startSandbox({ prot: 1 }).catch((error) => console.log(error.message));
  startSandbox().then(async (sandbox) => {
    console.log(await sandbox.flush());
    process.env.NO_PROXY = "intranet.test";
    sandbox.useEnv()();
    console.log(sandbox.env.NO_PROXY.endsWith("127.0.0.1,localhost,::1"), process.env.NO_PROXY);
    await sandbox.stop();
    await sandbox.flush().catch((error) => console.log(error.message));
  });`;
  assertMatch(
    await run("node", ["--eval", program], installed.npmFolder),
    /^startSandbox has no option prot; .*\n\[\]\ntrue intranet\.test\nflush: the sandbox at http:\S+ does not answer\. Was it stopped\?\n$/,
  );
});

/** A stream that needs what is loaded late: a function, jq, and names of time. */
const PIPELINE_PY = `
import io, json, time, zipfile
import boto3

HANDLER = """export const handler = async (event) => ({
  records: event.records.map(({ recordId, data }) => ({ recordId, data, result: "Ok" })),
});"""
PROCESSORS = [
    {"Type": "MetadataExtraction", "Parameters": [
        {"ParameterName": "MetadataExtractionQuery", "ParameterValue": "{c: (.c | ascii_upcase)}"},
        {"ParameterName": "JsonParsingEngine", "ParameterValue": "JQ-1.6"},
    ]},
]

def test_pipeline(firehose_lab_clean, monkeypatch):
    lab, iam, firehose = firehose_lab_clean, boto3.client("iam"), boto3.client("firehose")
    assert lab.console_address().startswith(lab.endpoint + "/_sandbox/console?code=")
    boto3.client("s3").create_bucket(Bucket="raw")
    services = {"Service": ["firehose.amazonaws.com", "lambda.amazonaws.com"]}
    trust = {"Version": "2012-10-17", "Statement":
             {"Effect": "Allow", "Principal": services, "Action": "sts:AssumeRole"}}
    role = iam.create_role(RoleName="all", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.attach_role_policy(RoleName="all", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as file:
        file.writestr("index.mjs", HANDLER)
    function = boto3.client("lambda").create_function(
        FunctionName="same", Runtime="nodejs22.x", Handler="index.handler", Role=role,
        Code={"ZipFile": code.getvalue()})["FunctionArn"]
    boto3.client("lambda").get_waiter("function_active_v2").wait(FunctionName="same")
    invoke = {"Type": "Lambda", "Parameters": [
        {"ParameterName": "LambdaArn", "ParameterValue": function}]}
    firehose.create_delivery_stream(DeliveryStreamName="all", ExtendedS3DestinationConfiguration={
        "RoleARN": role, "BucketARN": "arn:aws:s3:::raw", "CompressionFormat": "GZIP",
        "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 900},
        "Prefix": "country=!{partitionKeyFromQuery:c}/!{timestamp:EEEE}/",
        "ErrorOutputPrefix": "errors/", "DynamicPartitioningConfiguration": {"Enabled": True},
        "ProcessingConfiguration": {"Enabled": True, "Processors": [invoke, *PROCESSORS]}})
    while firehose.describe_delivery_stream(DeliveryStreamName="all")[
            "DeliveryStreamDescription"]["DeliveryStreamStatus"] != "ACTIVE":
        time.sleep(0.05)
    firehose.put_record(DeliveryStreamName="all", Record={"Data": b'{"c":"de"}'})
    [delivered] = lab.flush("all")
    [stored] = lab.objects("raw")
    assert stored.key == delivered.key
    assert stored.key.startswith("country=DE/") and "day/" in stored.key
    assert stored.text() == '{"c":"de"}'
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # nothing listens there
    firehose_lab_clean.client("s3").list_buckets()
    boto3.client("s3").list_buckets()  # botocore 1.43 asks a proxy unless NO_PROXY names 127.0.0.1
`;

Deno.test("a stream with a function, jq and names of time delivers from an installed package", async () => {
  const { pythonBin, pythonFolder } = installed;
  await Deno.writeTextFile(join(pythonFolder, "test_pipeline.py"), PIPELINE_PY);
  const output = await run(join(pythonBin, "pytest"), ["-q", "test_pipeline.py"], pythonFolder);
  assertMatch(output, /1 passed/);
  await Deno.remove(join(pythonFolder, "test_pipeline.py"));
});

// After a run that has compiled boto3's files: each of the two processes would compile all of them.
Deno.test("the pytest project passes in two processes", async () => {
  const { pythonBin, pythonFolder } = installed;
  const output = await run(join(pythonBin, "pytest"), ["-q", "-n", "2"], pythonFolder);
  assertMatch(output, /3 passed/);
});

Deno.test("the commands find the sandbox of their folder, and nothing is written elsewhere", async () => {
  const { pythonBin, folder } = installed;
  const cwd = join(folder, "empty");
  await Deno.mkdir(cwd);
  const program = join(pythonBin, "firehose-lab");
  const sandbox = spawn(program, ["sandbox", "--port", "0"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  await portIn(sandbox);
  const deployed = await run(program, ["deploy-lambda"], cwd);
  assertMatch(deployed, /create +function firehose-lab-transform/);
  assertMatch(deployed, /Smoke test: 2 records are answered correctly/);
  assertMatch(await run(program, ["flush"], cwd), /"objects": \[\]/);
  assertMatch(await run(program, ["state"], cwd), /"streams": \[\]/);
  await run(program, ["stop"], cwd);
  await until("the process to end", () => sandbox.exitCode ?? undefined);
  for (const stream of [sandbox.stdout, sandbox.stderr]) stream?.destroy();
  assertEquals([...Deno.readDirSync(cwd)].map(({ name }) => name), [".sandbox"]);
});

// --- it ends when its starter does ------------------------------------------------------------

/** A program that starts a sandbox and writes the sandbox's endpoint to its standard output. */
interface Starter {
  readonly name: string;
  readonly command: (installed: Installed) => readonly string[];
  readonly folder: (installed: Installed) => string;
  readonly signals?: readonly Deno.Signal[];
}

/** Three starts at once, on a machine that does other things. */
const READY_WITHIN_MS = 60_000;
const SIGNALS: readonly Deno.Signal[] = ["SIGTERM", "SIGINT", "SIGKILL"];

const STARTERS: readonly Starter[] = [
  {
    name: "npx",
    command: () => ["npx", "firehose-lab", "sandbox", "--port", "0", "--memory"],
    folder: ({ npmFolder }) => npmFolder,
  },
  {
    name: "uvx",
    command: ({ uvx }) => [...uvx, "sandbox", "--port", "0", "--memory"],
    folder: ({ pythonFolder }) => pythonFolder,
  },
  {
    name: "pip's script",
    command: ({ pythonBin }) =>
      [join(pythonBin, "firehose-lab"), "sandbox", "--port", "0"]
        .concat("--memory"),
    folder: ({ pythonFolder }) => pythonFolder,
  },
  {
    name: "pytest",
    command: ({ pythonBin }) => [join(pythonBin, "pytest"), "-s", "-q", "waits.py"],
    folder: ({ pythonFolder }) => pythonFolder,
  },
  {
    name: "pytest-xdist",
    command: ({ pythonBin }) => [join(pythonBin, "pytest"), "-s", "-q", "-n", "1", "waits.py"],
    folder: ({ pythonFolder }) => pythonFolder,
    signals: ["SIGKILL"],
  },
  {
    name: "vitest",
    command: () => ["node", "node_modules/vitest/vitest.mjs", "run", "--dir", "waits"],
    folder: ({ npmFolder }) => npmFolder,
  },
];

/** Tests that say where their sandbox is, and wait for their end. */
const WAITS_PY = `
import os
import time

def test_waits(firehose_lab):
    os.write(2, f"at {firehose_lab.endpoint}\\n".encode())  # a worker of xdist has no other output
    time.sleep(600)
`;
const WAITS_TS = `
import { startSandbox } from "firehose-lab";
import { test } from "vitest";

test("waits", async () => {
  const { endpoint } = await startSandbox();
  console.log("at", endpoint);
  await new Promise(() => setTimeout(() => {}, 600_000));
}, 600_000);
`;

for (const starter of STARTERS) {
  Deno.test(`${starter.name} that is killed leaves no sandbox, no process and no port`, async () => {
    const { npmFolder, pythonFolder } = installed;
    await Deno.mkdir(join(npmFolder, "waits"), { recursive: true });
    await Deno.writeTextFile(join(npmFolder, "waits/waits.test.ts"), WAITS_TS);
    await Deno.writeTextFile(join(pythonFolder, "waits.py"), WAITS_PY);
    const { signals = SIGNALS } = starter;
    await Promise.all(signals.map((signal) => endsWith(starter, signal)));
  });
}

/** Whether the group of processes has one of a sandbox, or of its launcher. */
async function hasSandbox(group: number): Promise<boolean> {
  const processes = await run("ps", ["-eo", "pgid=,args="], installed.folder);
  return processes.split("\n").some((line) =>
    line.trim().startsWith(`${group} `) && /lib\/sandbox\/main\.js|bin\/firehose-lab/.test(line)
  );
}

async function endsWith({ command, folder }: Starter, signal: Deno.Signal): Promise<void> {
  const [program, ...args] = command(installed);
  // Its own process group: Ctrl-C reaches all of it. npm hands SIGINT to a shell that waits for its child.
  const child = spawn(program, args, {
    cwd: folder(installed),
    env: { ...Deno.env.toObject(), NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const port = await portIn(child);
  const { pid } = child;
  assert(pid !== undefined);
  assert(await answers(port) && await hasSandbox(pid));
  process.kill(signal === "SIGINT" ? -pid : pid, signal);
  try {
    await until("the starter to end", () => child.exitCode ?? child.signalCode ?? undefined);
    await until(
      `the sandbox to end after ${signal}`,
      async () => await answers(port) || await hasSandbox(pid) ? undefined : true,
    );
  } finally {
    endGroup(pid);
    for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  }
}

/** Workers of a killed test runner may wait for their own test. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** The port of the sandbox that the process says it has started. */
async function portIn(child: ChildProcess): Promise<number> {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (part: string) => text += part);
  }
  const port = await until("a sandbox to be ready", () => {
    if (child.exitCode !== null) throw new Error(`It ended before: ${text}`);
    return /http:\/\/127\.0\.0\.1:(\d+)\D/.exec(text)?.[1];
  }, READY_WITHIN_MS);
  return Number(port);
}

async function answers(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}
