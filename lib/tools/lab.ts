/**
 * `deno task lab`: JupyterLab on the course, with the sandbox behind it. Installs what is missing,
 * starts what does not run, and on Ctrl-C ends everything it started and nothing else.
 * @module
 */

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { setTimeout as pause } from "node:timers/promises";
import {
  assertPortIsFree,
  COURSE_SANDBOX,
  ensureSandbox,
  PROJECT_DIR,
  type SandboxPlace,
  stopSandbox,
} from "../aws/place/sandbox_process.ts";
import { END_SIGNALS } from "../sandbox/end_signals.ts";
import {
  jupyterEnvironment,
  KERNEL_NAME,
  profileEnvironment,
  registerKernel,
  sandboxEnvironment,
  useEnvironment,
} from "./jupyter.ts";
import { consoleAddress } from "./console.ts";
import { complain, runTool, say } from "./run_tool.ts";
import { ensureVenv, VENV_DIR } from "./python_env.ts";

const USAGE = `deno task lab [options]

  --profile NAME   use this AWS profile, not the sandbox; asks first
  --port N         the port on 127.0.0.1, if a sandbox is started (4566)
  --data DIR       the folder for the sandbox's data (.sandbox)
  --no-browser     only print JupyterLab's address`;

const FIRST_NOTEBOOK = "notebooks/0_credentials.ipynb";
const JUPYTER_LOG = join(VENV_DIR, "jupyter.log");
const JUPYTER_READY_WITHIN_MS = 60_000;
const JUPYTER_END_WITHIN_MS = 15_000;

/** The options of the command line. */
export interface LabOptions {
  /** A profile of the reader's; undefined means the sandbox. */
  readonly profile: string | undefined;
  readonly sandbox: SandboxPlace;
  readonly browser: "open" | "leave";
}

/** Options from the command line. Throws a `TypeError` that says what is wrong. */
export function readOptions(args: readonly string[]): LabOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      profile: { type: "string" },
      port: { type: "string", default: `${COURSE_SANDBOX.port}` },
      data: { type: "string", default: COURSE_SANDBOX.dataDir },
      "no-browser": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new TypeError(`--port is "${values.port}"; it takes a number from 1 to 65535`);
  }
  return {
    profile: values.profile === "sandbox" ? undefined : values.profile,
    sandbox: { port, dataDir: resolve(values.data), speed: COURSE_SANDBOX.speed },
    browser: values["no-browser"] ? "leave" : "open",
  };
}

/** Ends something that was started. */
type Ending = () => Promise<void>;

async function main(options: LabOptions): Promise<void> {
  const endings: Ending[] = [];
  const stopped = Promise.withResolvers<void>();
  // They stay until the end: a second Ctrl-C must not leave half of it running.
  for (const signal of END_SIGNALS) Deno.addSignalListener(signal, () => stopped.resolve());
  try {
    // Before .venv is made, which takes a minute.
    if (options.profile === undefined) await assertPortIsFree(options.sandbox, "deno task lab");
    const python = await ensureVenv(say);
    await installPackages();
    await registerKernel();
    const awsEnvironment = await connectAws(options, endings);
    // For connection files and the address of this start.
    const runtimeDir = await Deno.makeTempDir({ prefix: "firehose-lab-" });
    endings.push(() => Deno.remove(runtimeDir, { recursive: true }));
    const jupyter = startJupyter(python, jupyterEnvironment(awsEnvironment, runtimeDir), options);
    endings.push(() => endJupyter(jupyter));
    const logged = jupyter.stderr.pipeTo((await createLog()).writable);
    const ended = jupyter.status.then(({ code }) => ({ code }));
    const ready = await Promise.race([stopped.promise, ended, newAddress(runtimeDir)]);
    if (typeof ready === "object") {
      await logged;
      const said = (await Deno.readTextFile(JUPYTER_LOG)).trim();
      throw new Error(`JupyterLab ended with ${ready.code} before it was ready:\n${said}`);
    }
    if (typeof ready === "string") {
      say(`JupyterLab: ${ready}\nCtrl-C ends it.`);
      await Promise.race([stopped.promise, ended]);
    }
    say("Ending …");
  } finally {
    await endAll(endings);
  }
}

/** Ends everything, last started first. A failure is reported, and the rest is still ended. */
export async function endAll(endings: readonly Ending[], tell = complain): Promise<void> {
  for (const end of endings.toReversed()) {
    await end().catch((error) => tell(`Not ended in order: ${error}`));
  }
}

/** Fetches the packages of deno.json: otherwise the first cell would do it, without a word. */
async function installPackages(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet"],
    cwd: PROJECT_DIR,
    stdin: "null",
  }).spawn().status;
  if (!success) throw new Error("The packages of deno.json could not be fetched: see above.");
}

/** Starts the sandbox unless a real account was chosen; the environment that leads the SDK there. */
async function connectAws(
  { profile, sandbox }: LabOptions,
  endings: Ending[],
): Promise<Record<string, string>> {
  const environment = Deno.env.toObject();
  if (profile !== undefined) return profileEnvironment(environment, profile);
  const running = await ensureSandbox(sandbox);
  const { endpoint, awsDir, startedByUs } = running;
  say(`Sandbox:    ${endpoint}${startedByUs ? "" : " (it was running)"}, AWS files in ${awsDir}`);
  say(
    `Console:    ${await consoleAddress(running)} (opens once; deno task console prints another)`,
  );
  // If the sandbox was stopped, begin() in a notebook has started another: that one is ended.
  if (startedByUs) endings.push(() => stopSandbox(sandbox));
  return sandboxEnvironment(environment, awsDir);
}

function startJupyter(
  python: string,
  environment: Record<string, string>,
  { browser }: LabOptions,
): Deno.ChildProcess {
  return new Deno.Command(python, {
    args: ["-m", "jupyterlab", `--ServerApp.root_dir=${PROJECT_DIR}`]
      .concat(`--LabApp.default_url=/lab/tree/${FIRST_NOTEBOOK}`)
      .concat(`--KernelSpecManager.allowed_kernelspecs=${KERNEL_NAME}`)
      .concat(`--MultiKernelManager.default_kernel_name=${KERNEL_NAME}`)
      .concat(browser === "open" ? [] : ["--no-browser"])
      .concat(Deno.build.os !== "windows" && Deno.uid() === 0 ? ["--allow-root"] : []),
    cwd: PROJECT_DIR,
    env: environment,
    clearEnv: true,
    // A separate process group: the terminal's Ctrl-C reaches only this program, which ends Jupyter.
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

/** The log has JupyterLab's address with its token, which lets one run code: for its owner alone. */
async function createLog(): Promise<Deno.FsFile> {
  await Deno.remove(JUPYTER_LOG).catch(() => {}); // an older one may be readable by others
  return await Deno.open(JUPYTER_LOG, { createNew: true, write: true, mode: 0o600 });
}

async function endJupyter(jupyter: Deno.ChildProcess): Promise<void> {
  const timer = setTimeout(() => signal(jupyter, "SIGKILL"), JUPYTER_END_WITHIN_MS);
  signal(jupyter, "SIGTERM"); // which makes it end its kernels first
  await jupyter.status;
  clearTimeout(timer);
}

function signal(child: Deno.ChildProcess, name: Deno.Signal): void {
  try {
    child.kill(name);
  } catch {
    // The process has ended already.
  }
}

/** The address in the file that Jupyter writes when it listens. The port may not be 8888. */
async function newAddress(runtimeDir: string): Promise<string> {
  const endMs = Date.now() + JUPYTER_READY_WITHIN_MS;
  while (Date.now() < endMs) {
    for await (const { name } of Deno.readDir(runtimeDir)) {
      if (!/^jpserver-\d+\.json$/.test(name)) continue;
      const address = addressIn(await Deno.readTextFile(join(runtimeDir, name)));
      if (address) return address;
    }
    await pause(50);
  }
  throw new Error(`JupyterLab was not ready within ${JUPYTER_READY_WITHIN_MS / 1000} s.`);
}

/** The address with its token; undefined while the file is being written. */
export function addressIn(text: string): string | undefined {
  const [url] = /(?<="url": ")[^"]+/.exec(text) ?? [];
  const [token] = /(?<="token": ")[^"]*/.exec(text) ?? [];
  if (url === undefined || token === undefined || !text.trimEnd().endsWith("}")) return undefined;
  return `${url}lab/tree/${FIRST_NOTEBOOK}?token=${token}`;
}

/** Whether the reader agrees to the real account; true for the sandbox. */
async function isAgreed({ profile }: LabOptions): Promise<boolean> {
  if (profile === undefined) return true;
  // Loaded only here: the SDK takes longer to load than all the rest.
  const { findAccount } = await import("../aws/place/account.ts");
  // The question is about the account that the notebooks will use.
  useEnvironment(profileEnvironment(Deno.env.toObject(), profile));
  const { confirmed, describeAccount } = await import("./real_account.ts");
  say(describeAccount(await findAccount(profile)));
  return confirmed('Use this account? Type "yes" to go on:');
}

async function run(options: LabOptions): Promise<void> {
  if (await isAgreed(options)) return await main(options);
  say("Nothing was started. Without --profile the course runs on the sandbox.");
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions, run });
