/**
 * What tests of this folder share: a notebook's lab on a sandbox in this process.
 * @module
 */

import { join } from "node:path";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { type Lab, labOf } from "./begin.ts";
import { clientsOf, closeClients } from "./clients.ts";

/** A test with a sandbox in memory and the lab of this notebook on it. */
export function labTest(
  name: string,
  notebook: number,
  run: (lab: Lab, sandbox: Sandbox) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 600 });
    const { endpoint, rootKey, region, accountId, awsDir } = sandbox;
    const clients = clientsOf({ endpoint, credentials: rootKey, region });
    try {
      const where = { mode: "sandbox", profile: "sandbox", speed: 600 } as const;
      const account = { partition: "aws", accountId, arn: `arn:aws:iam::${accountId}:root` };
      const files = { config: join(awsDir, "config"), credentials: join(awsDir, "credentials") };
      const whereabouts = { ...where, ...account, region, endpoint };
      await run(labOf({ notebook, where: whereabouts, clients, files, ask: () => false }), sandbox);
    } finally {
      closeClients(clients);
      await sandbox.stop();
    }
  });
}

/** What `act` prints: outside a notebook all is shown on the console. */
export async function printed(act: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  try {
    await act();
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}
