/**
 * Helpers for tests of IAM.
 * @module
 */

import { CreateAccessKeyCommand, CreateUserCommand } from "@aws-sdk/client-iam";
import { assert } from "@std/assert";
import { clientsFor } from "../../testing/clients.ts";
import { ManualClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { type KeyPair, startSandbox } from "../../sandbox.ts";
import type { Database } from "../../store/database.ts";
import { IamState } from "./state.ts";

export type Clients = ReturnType<typeof clientsFor>;

export const ACCOUNT_ID = "123456789012";
export const ACCOUNT = `arn:aws:iam::${ACCOUNT_ID}`;

/** A test with a sandbox in memory and the root user's clients of it. */
export function iamTest(
  name: string,
  run: (root: Clients, endpoint: string) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
    try {
      using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await run(root, sandbox.endpoint);
    } finally {
      await sandbox.stop();
    }
  });
}

/** IAM's state on `database`, without a sandbox around it. */
export function stateOn(database: Database, clock = new ManualClock()): IamState {
  return new IamState({ database, clock, random: systemRandom, accountId: ACCOUNT_ID });
}

/** A policy document that allows one action. */
export const allow = (Action: string, Resource = "*") =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource }],
  });

/** Creates a user without permissions, and returns its key. */
export async function createUser({ iam }: Clients, UserName: string): Promise<KeyPair> {
  await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  assert(AccessKey?.AccessKeyId && AccessKey.SecretAccessKey);
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}
