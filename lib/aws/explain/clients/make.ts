/**
 * Makes `client_output.json` again: what AWS's runtime clients write, and what they post, for each
 * kind of failure. Needs Python 3.11, Node 20, npm, a C++ compiler with cmake and autotools, Java 17
 * with Maven, Go and Rust, and installs the clients by their ordinary package managers:
 *
 *     deno run -A lib/aws/explain/clients/make.ts [FOLDER [CLIENT]]
 *
 * FOLDER keeps what was installed; without it a temporary one is used. Rust and Node's native part
 * take some minutes to compile.
 * @module
 */

import { dirname, join } from "node:path";
import { fileURLToPath as fromFileUrl } from "node:url";
import type { ClientOutput } from "./client_output.ts";
import { FakeRuntimeApi } from "./runtime_api.ts";

const HERE = dirname(fromFileUrl(import.meta.url));
const OUTPUT = join(HERE, "client_output.json");
/** Of what a client wrote, so many characters are kept: stack traces are long. */
const OUTPUT_KEPT = 3_000;
/** The limit of one run: a client that hangs is a fault of this script. */
const RUN_MS_MAX = 30_000;

const REQUEST_IDS = [
  "8f507cfc-7b1a-4a5e-9c3e-000000000001",
  "8f507cfc-7b1a-4a5e-9c3e-000000000002",
];

interface Client {
  readonly client: string;
  readonly version: string;
  readonly language: ClientOutput["language"];
  /** Shell commands that install it in the current folder; `$HANDLERS` is the folder of the sources. */
  readonly install: string;
  /** A shell command that runs it in that folder. */
  readonly run: string;
  readonly cases: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const ALL = ["throw", "throwLines", "tooLarge", "initError", "exit", "memory"];
const ANSWERS = ["response", "userText"];

const CLIENTS: readonly Client[] = [
  {
    client: "aws-lambda-ric",
    version: "3.3.0 on Node 20",
    language: "node",
    install: npmInstall("aws-lambda-ric@3.3.0"),
    run: "node --max-old-space-size=64 node_modules/aws-lambda-ric/bin/index.mjs index.handler",
    cases: [...ALL, "importError", "uncaught", "rejected", "unserialisable", ...ANSWERS],
  },
  {
    client: "aws-lambda-ric",
    version: "4.0.2 on Node 24",
    language: "node",
    install: `${npmInstall("node@24")} && export PATH=$PWD/node_modules/node/bin:$PATH && ` +
      npmInstall("aws-lambda-ric@4.0.2"),
    run: "node_modules/node/bin/node --max-old-space-size=64 " +
      "node_modules/aws-lambda-ric/index.mjs index.handler",
    cases: [...ALL, "importError", "uncaught", "rejected", "unserialisable", ...ANSWERS],
  },
  {
    client: "awslambdaric",
    version: "4.2.2 on Python 3.11",
    language: "python",
    install: "python3.11 -m venv venv && venv/bin/pip install -q --require-hashes " +
      "-r $HANDLERS/../../../../sandbox/compat/ric_requirements.txt && cp $HANDLERS/index.py .",
    run: "exec venv/bin/python -m awslambdaric index.handler",
    cases: [...ALL, "importError", "sysExit", "unserialisable", ...ANSWERS],
  },
  {
    client: "aws-lambda-java-runtime-interface-client",
    version: "2.10.1 on Java 17",
    language: "java",
    install: "cp $HANDLERS/pom.xml $HANDLERS/Handler.java . && " +
      "mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib && " +
      'javac -cp "lib/*" -d classes Handler.java',
    run: 'exec java -Xmx64m -cp "classes:lib/*" ' +
      "com.amazonaws.services.lambda.runtime.api.client.AWSLambda Handler::handleRequest",
    cases: [...ALL, "throwCause", "unserialisable", ...ANSWERS],
  },
  {
    client: "aws-lambda-go",
    version: "1.55.1",
    language: "go",
    install: "cp $HANDLERS/main.go . && (test -f go.mod || go mod init f) && " +
      "go get github.com/aws/aws-lambda-go@v1.55.1 && go build -o f .",
    run: "exec ./f",
    cases: [...ALL, "panic", "unserialisable", ...ANSWERS, "responseOfEvents"],
  },
  {
    client: "lambda_runtime",
    version: "1.5.0",
    language: "rust",
    install: "mkdir -p src && cp $HANDLERS/Cargo.toml $HANDLERS/Cargo.lock . && " +
      "cp $HANDLERS/main.rs src/ && cargo build -q --locked",
    run: "exec target/debug/f",
    cases: [...ALL, "panic", ...ANSWERS, "responseOfEvents"],
  },
];

/** npm runs the scripts that compile the native part only when it is told that it may. */
function npmInstall(name: string): string {
  return "(test -f package.json || echo '{}' > package.json) && cp $HANDLERS/index.mjs . && " +
    `npm install --no-audit --no-fund ${name} && ` +
    `(npm install-scripts approve ${name.split("@")[0]} || true) && npm rebuild`;
}

/** Folder of a client's installation: its name and version, without what a shell would mind. */
const folderOf = ({ client, version }: Client) =>
  `${client}-${version}`.replaceAll(/[^\w.-]+/g, "-");

async function install(client: Client, folder: string): Promise<void> {
  const stamp = join(folder, "installed");
  if (await Deno.stat(stamp).catch(() => undefined)) return;
  await Deno.mkdir(folder, { recursive: true });
  const { success } = await shell(client.install, folder, { HANDLERS: join(HERE, "handlers") })
    .spawn().status;
  if (!success) throw new Error(`${client.client} ${client.version} could not be installed`);
  await Deno.writeTextFile(stamp, "");
}

function shell(command: string, cwd: string, env: Record<string, string>): Deno.Command {
  return new Deno.Command("bash", { args: ["-c", command], cwd, env, stdin: "null" });
}

interface Run {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly command: string;
}

/** Every case once in text and, where a log line is at stake, once in JSON. */
function runsOf({ cases, run, language }: Client): Run[] {
  const plain = cases.map((name): Run => ({ name, env: { CASE: name }, command: run }));
  const json = ["throw", "throwLines", "tooLarge", "initError"].map((name): Run => ({
    name: `${name} json`,
    env: { CASE: name, AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: "INFO" },
    command: run,
  }));
  const absent = run.replace(
    /index\.handler|Handler::handleRequest/,
    (name) => name.replace(/^\w+/, "Absent"),
  );
  const extra: Run[] = absent === run
    ? []
    : [{ name: "absentHandler", env: { CASE: "response" }, command: absent }];
  const streamed: Run[] = language === "node"
    ? [{
      name: "streamedTooLarge",
      env: { CASE: "response" },
      command: run.replace("index.handler", "index.streamed"),
    }]
    : [];
  const newer: Run[] = language === "python"
    ? [{
      name: "response 3.12",
      env: { CASE: "response", AWS_EXECUTION_ENV: "AWS_Lambda_python3.12" },
      command: run,
    }]
    : [];
  const all = [...plain, ...json, ...extra, ...streamed, ...newer];
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

async function outputOf(client: Client, run: Run, folder: string): Promise<ClientOutput> {
  await using api = new FakeRuntimeApi(REQUEST_IDS);
  const child = new Deno.Command("bash", {
    args: ["-c", run.command],
    cwd: folder,
    clearEnv: true,
    env: { ...environment(api.address, folder), _HANDLER: handlerIn(run.command), ...run.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const timer = setTimeout(() => child.kill("SIGKILL"), RUN_MS_MAX);
  const ended = await Promise.race([api.idle.then(() => "waits" as const), output]);
  clearTimeout(timer);
  if (ended === "waits") await kill(child.pid);
  const { code, stdout, stderr } = await output;
  const textOf = (bytes: Uint8Array) =>
    withoutPlaces(new TextDecoder().decode(bytes), folder).slice(0, OUTPUT_KEPT);
  return {
    client: client.client,
    version: client.version,
    language: client.language,
    case: run.name,
    stdout: textOf(stdout),
    stderr: textOf(stderr),
    end: ended === "waits" ? "goes on" : code,
    posts: api.posts.map(({ body, ...post }) => ({
      ...post,
      body: withoutPlaces(body, folder).slice(0, 300),
    })),
  };
}

/** The handler's name is the last word; version 4 of the Node client reads it from the environment. */
const handlerIn = (command: string) => command.split(" ").at(-1) ?? "";

/** bash has become the client (`exec`), or has it as its only child. */
async function kill(pid: number): Promise<void> {
  await new Deno.Command("bash", { args: ["-c", `pkill -KILL -P ${pid}; kill -KILL ${pid}`] })
    .output();
}

function environment(address: string, folder: string): Record<string, string> {
  return {
    PATH: Deno.env.get("PATH") ?? "",
    AWS_LAMBDA_RUNTIME_API: address,
    AWS_LAMBDA_FUNCTION_NAME: "f",
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
    AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/f",
    AWS_LAMBDA_LOG_STREAM_NAME: "s",
    LAMBDA_TASK_ROOT: folder,
    AWS_REGION: "us-east-1",
    LANG: "en_US.UTF-8",
  };
}

/** On Lambda the function lies in /var/task; no fixture names a place of the machine that made it. */
function withoutPlaces(text: string, folder: string): string {
  return text.replaceAll(folder, "/var/task").replaceAll(
    /\/[^\s"':()]*\/(?=(\.rustup|\.cargo|\.pyenv|go\/)\b)/g,
    "/opt/",
  )
    .replaceAll(/\/(rustc|root|home)\/[^\s"':()]*?\/(library|src)\//g, "/opt/$2/");
}

/** In the order of the clients, so that a part made again changes nothing else. */
function inOrder(all: readonly ClientOutput[]): ClientOutput[] {
  const placeOf = ({ client, version }: ClientOutput) =>
    CLIENTS.findIndex((one) => one.client === client && one.version === version);
  return all.toSorted((a, b) => placeOf(a) - placeOf(b));
}

const folder = Deno.args[0] ?? await Deno.makeTempDir();
const wanted = CLIENTS.filter(({ client }) =>
  Deno.args[1] === undefined || client === Deno.args[1]
);
const made: ClientOutput[] = [];
for (const client of wanted) {
  const place = join(folder, folderOf(client));
  await install(client, place);
  const real = await Deno.realPath(place);
  for (const run of runsOf(client)) {
    console.error(`${client.client} ${client.version}: ${run.name}`);
    made.push(await outputOf(client, run, real));
  }
}
const kept: ClientOutput[] = Deno.args[1] === undefined
  ? []
  : JSON.parse(await Deno.readTextFile(OUTPUT)).filter((one: ClientOutput) =>
    one.client !== Deno.args[1]
  );
await Deno.writeTextFile(OUTPUT, `${JSON.stringify(inOrder([...kept, ...made]), undefined, 2)}\n`);
