/**
 * What tests of this folder share: a sandbox, and AWS's Python SDK and CLI pointed at it.
 * @module
 */

import { pythonWith, run } from "../testing/python.ts";
import { type Sandbox, startSandbox } from "../sandbox.ts";

/** Runs `act` with a sandbox in memory, and stops that afterwards. */
export async function withSandbox(act: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  try {
    await act(sandbox);
  } finally {
    await sandbox.stop();
  }
}

/** The environment that leads AWS's tools to the sandbox, as its root user, and to nothing else. */
export const environmentOf = ({ endpoint, rootKey }: Sandbox, region = "us-east-1") => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: rootKey.accessKeyId,
  AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
  AWS_DEFAULT_REGION: region,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
});

/** What a Python program of this folder prints. Throws an `Error` with what it complains of. */
export async function printedBy(
  [program, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const python = await pythonWith(here("requirements.txt"));
  return await run(python, [here(program), ...args], environment);
}

const here = (name: string) => new URL(name, import.meta.url).pathname;
