/**
 * What tests of this folder share: a notebook's lab on a sandbox in this process.
 * @module
 */

import type { ExtendedS3DestinationConfiguration } from "@aws-sdk/client-firehose";
import { join } from "node:path";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox/sandbox.ts";
import { type Lab, labOf } from "./place/begin.ts";
import { clientsOf, closeClients } from "./place/clients.ts";
import { ensureDelivery } from "./deploy/delivery_role.ts";
import { ensureStream } from "./streams/streams.ts";

/** A test with a sandbox in memory, started with `options`, and the lab of this notebook on it. */
export function labTest(
  name: string,
  notebook: number,
  run: (lab: Lab, sandbox: Sandbox) => Promise<void>,
  options: Partial<SandboxOptions> = {},
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 600, ...options });
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

/**
 * Makes the notebook's bucket, role and delivery stream, and waits until the stream is active. The
 * stream adds a line feed to each record and writes under `data/`; `destination` overrides settings.
 */
export async function createActiveStream(
  lab: Lab,
  destination: Partial<ExtendedS3DestinationConfiguration> = {},
): Promise<void> {
  const { names } = lab;
  await ensureDelivery(lab);
  const whole = {
    BucketARN: names.bucketArn,
    RoleARN: names.deliveryRoleArn,
    Prefix: "data/",
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{ Type: "AppendDelimiterToRecord" as const }],
    },
    ...destination,
  };
  await printed(() => ensureStream(lab, names.stream, whole));
}

/** The lines that `act` prints: outside a notebook everything is shown on the console. */
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
