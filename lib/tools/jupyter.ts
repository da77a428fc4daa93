/**
 * JupyterLab for the course. The Deno kernel and all settings live inside `.venv`; the reader's own
 * Jupyter is neither read nor changed.
 * @module
 */

import { join } from "node:path";
import { PROFILE_VARIABLE, SANDBOX_PROFILE } from "../aws/place/chosen_profile.ts";
import { PROFILE_OVERRIDES } from "../aws/place/override_variables.ts";
import { noProxyHere } from "../aws/place/no_proxy.ts";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { kernelStartCode } from "../notebook/kernel_start.ts";
import { listNotebooks, readNotebook } from "../notebook/notebook_file.ts";
import { importsIn, namesIn } from "../notebook/step_names.ts";
import { VENV_DIR, VENV_PYTHON } from "./python_env.ts";

/** The kernel's name in a notebook's metadata. */
export const KERNEL_NAME = "deno";

const KERNEL_DIR = join(VENV_DIR, "share/jupyter/kernels", KERNEL_NAME);
const STARTER = join(PROJECT_DIR, "lib/tools/python/start_kernel.py");

/** The programs and files that a kernelspec names. */
export interface KernelParts {
  readonly deno: string;
  /** The Python of `.venv`. */
  readonly python: string;
  /** The file with the code that the kernel runs first. */
  readonly startCode: string;
  readonly os: typeof Deno.build.os;
}

/**
 * The kernelspec for this Deno. `deno jupyter --install` would write it into the reader's home.
 * Stop sends a signal, which the setup cell of each notebook listens for (`lib/view/stop.ts`): what
 * waits then ends, and variables live. A loop that never waits does not end (Deno 2.9.6). With
 * `interrupt_mode: "message"` loops would end, but a cell that waits would make the kernel useless.
 * Windows has no such signal, and no fork: there the kernel starts without the first code.
 */
export function kernelSpec({ deno, python, startCode, os }: KernelParts) {
  const kernel = [deno, "jupyter", "--quiet", "--kernel", "--conn", "{connection_file}"];
  return {
    argv: os === "windows" ? kernel : [python, STARTER, "{connection_file}", startCode, ...kernel],
    display_name: "Deno",
    language: "typescript",
    interrupt_mode: os === "windows" ? "message" : "signal",
    env: { DENO_NO_UPDATE_CHECK: "1" },
  };
}

/** Settings that differ from JupyterLab's defaults: no question about news, no search for updates. */
const LAB_SETTINGS = {
  "@jupyterlab/apputils-extension:notification": {
    fetchNews: "false",
    checkForUpdates: false,
  },
};

/** IPython's own folder. Without it, an empty one appears in the reader's home. */
const IPYTHON_DIR = join(VENV_DIR, "jupyter/ipython");

/** Writes kernelspec and settings into `.venv`, at every start: the kernel is then this Deno's. */
export async function registerKernel(): Promise<void> {
  await Deno.mkdir(IPYTHON_DIR, { recursive: true }); // IPython warns where it would have to make it
  await Deno.mkdir(KERNEL_DIR, { recursive: true });
  const startCode = join(KERNEL_DIR, "start.js");
  await Deno.writeTextFile(startCode, kernelStartCode(await courseNames()));
  const parts = { deno: Deno.execPath(), python: VENV_PYTHON, startCode, os: Deno.build.os };
  await writeJson(join(KERNEL_DIR, "kernel.json"), kernelSpec(parts));
  await writeJson(join(VENV_DIR, "share/jupyter/lab/settings/overrides.json"), LAB_SETTINGS);
}

/** Every name that a cell of the course declares or imports. */
async function courseNames(): Promise<string[]> {
  const notebooks = await Promise.all((await listNotebooks()).map(readNotebook));
  const code = notebooks.flatMap(({ cells }) => cells.filter(({ type }) => type === "code"));
  return [...new Set(code.flatMap(({ source }) => [...importsIn(source), ...namesIn(source)]))];
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeTextFile(path, JSON.stringify(value, null, 2) + "\n");
}

/**
 * The environment of Jupyter and its kernels: `environment` without variables that lead to another
 * Jupyter or Python, with their folders inside `.venv`. Files of one run (addresses, connection files)
 * go to `runtimeDir`.
 */
export function jupyterEnvironment(
  environment: Readonly<Record<string, string>>,
  runtimeDir: string,
): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) =>
    !/^(JUPYTER|PYTHON(PATH|HOME|STARTUP)$)/.test(name)
  );
  return {
    ...Object.fromEntries(kept),
    JUPYTER_CONFIG_DIR: join(VENV_DIR, "jupyter/config"),
    JUPYTER_DATA_DIR: join(VENV_DIR, "jupyter/data"),
    JUPYTER_RUNTIME_DIR: runtimeDir,
    JUPYTER_PREFER_ENV_PATH: "1",
    IPYTHONDIR: IPYTHON_DIR,
    // Turns off a debugger's warning at the start of each Python process.
    PYDEVD_DISABLE_FILE_VALIDATION: "1",
  };
}

/** `environment` with the sandbox's profile as the only source of credentials and addresses. */
export function sandboxEnvironment(
  environment: Readonly<Record<string, string>>,
  awsDir: string,
): Record<string, string> {
  return {
    ...withoutAws(environment, /^AWS_/),
    ...noProxyHere(environment),
    AWS_CONFIG_FILE: join(awsDir, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(awsDir, "credentials"),
    AWS_PROFILE: SANDBOX_PROFILE,
    [PROFILE_VARIABLE]: SANDBOX_PROFILE,
  };
}

/** `environment` with the reader's own files and this profile, which no variable overrides. */
export function profileEnvironment(
  environment: Readonly<Record<string, string>>,
  profile: string,
): Record<string, string> {
  return {
    ...withoutAws(environment, PROFILE_OVERRIDES),
    AWS_PROFILE: profile,
    // The answer at the terminal was yes: the notebooks need not ask again.
    [PROFILE_VARIABLE]: profile,
  };
}

function withoutAws(environment: Readonly<Record<string, string>>, names: RegExp) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.test(name)));
}

/** Gives this process these environment variables and no others. */
export function useEnvironment(environment: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(Deno.env.toObject())) {
    if (!(name in environment)) Deno.env.delete(name);
  }
  for (const [name, value] of Object.entries(environment)) Deno.env.set(name, value);
}
