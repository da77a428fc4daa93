/**
 * A Lambda for tests of this folder: in a real sandbox, called by the SDK's own client.
 * @module
 */

import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type InvokeCommandInput,
  type InvokeCommandOutput,
} from "@aws-sdk/client-lambda";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { assertRejects } from "@std/assert";
import { strToU8, zipSync } from "fflate";
import { clientsFor } from "../../testing/clients.ts";
import { until } from "../../testing/until.ts";
import { ManualClock } from "../../clock.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox.ts";

export const ACCOUNT_ID = "123456789012";
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT_ID}:role/execution`;

/** The ARN of a function, as a reference has it: `f`, `f:1`. */
export const arnOf = (name: string) => `arn:aws:lambda:us-east-1:${ACCOUNT_ID}:function:${name}`;

/** A zip of text files by path. */
export function zipOf(files: Readonly<Record<string, string>>): Uint8Array {
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])),
  );
}

/** The zip of a module whose handler is `handler`, an expression. */
export const handlerZip = (handler: string) =>
  zipOf({ "index.mjs": `export const handler = ${handler};` });

/** What an invocation answered, read. */
export type Answer = InvokeCommandOutput & {
  readonly text: string;
  readonly json: unknown;
  readonly log: string;
};

type Clients = ReturnType<typeof clientsFor>;

/** A sandbox with an execution role, and clients of its root user. */
export class LambdaWorld {
  #stopping: Promise<void> | undefined;

  constructor(readonly sandbox: Sandbox, readonly clients: Clients) {}

  /** Stops the sandbox, if that was not done yet. */
  stop(): Promise<void> {
    this.#stopping ??= this.sandbox.stop();
    return this.#stopping;
  }

  /** Creates a function of `handler`, an expression; it is Pending. */
  async create(
    name: string,
    handler: string,
    input: Partial<CreateFunctionCommandInput> = {},
  ): Promise<void> {
    await this.clients.lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: ROLE_ARN,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Code: { ZipFile: handlerZip(handler) },
        ...input,
      }),
    );
  }

  /** Waits until the function is Active, and no update of it is under way. */
  async untilReady(name: string): Promise<void> {
    await until(`${name} to be ready`, async () => {
      const { State, LastUpdateStatus } = await this.clients.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: name }),
      );
      return State === "Active" && LastUpdateStatus === "Successful" || undefined;
    });
  }

  /** Creates a function and waits until it is Active. */
  async createReady(...parameters: Parameters<LambdaWorld["create"]>): Promise<void> {
    await this.create(...parameters);
    await this.untilReady(parameters[0]);
  }

  /** Invokes a function with `event`. */
  async invoke(
    name: string,
    event: unknown = {},
    input: Partial<InvokeCommandInput> = {},
  ): Promise<Answer> {
    const output = await this.clients.lambda.send(
      new InvokeCommand({
        FunctionName: name,
        Payload: new TextEncoder().encode(JSON.stringify(event)),
        ...input,
      }),
    );
    const text = new TextDecoder().decode(output.Payload ?? new Uint8Array());
    const log = atob(output.LogResult ?? "");
    return { ...output, text, log, json: text === "" ? undefined : JSON.parse(text) };
  }
}

/** A test with a Lambda; its time runs 60 times faster unless the test brings a clock. */
export function lambdaTest(
  name: string,
  run: (world: LambdaWorld) => Promise<void>,
  options: Partial<SandboxOptions> = {},
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, ...options });
    using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
    const world = new LambdaWorld(sandbox, clients);
    try {
      await createExecutionRole(clients);
      await run(world);
    } finally {
      await world.stop();
    }
  });
}

/** The execution role: Lambda may assume it, and it may write logs. */
export async function createExecutionRole({ iam }: Clients): Promise<void> {
  const statement = (fields: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", ...fields } });
  await iam.send(
    new CreateRoleCommand({
      RoleName: "execution",
      AssumeRolePolicyDocument: statement({
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "execution",
      PolicyName: "logs",
      PolicyDocument: statement({ Action: "logs:*", Resource: "*" }),
    }),
  );
}

/** A Lambda whose clock the test moves. */
export type StillWorld = LambdaWorld & { readonly clock: ManualClock };

/** A test whose clock the test moves. */
export function stillTest(name: string, run: (world: StillWorld) => Promise<void>): void {
  const clock = new ManualClock(Date.now());
  lambdaTest(name, (world) => run(Object.assign(world, { clock })), { clock });
}

/** Creates a function and lets it become Active. */
export async function createActive(
  world: StillWorld,
  name = "f",
  input: Partial<CreateFunctionCommandInput> = {},
): Promise<void> {
  await world.create(name, "async () => 1", input);
  world.clock.advance(1_500);
  await world.untilReady(name);
}

/** Name and message of the error that `act` rejects with. */
export async function refusal(act: Promise<unknown>): Promise<[string, string]> {
  const error = await assertRejects(() => act, Error);
  return [error.name, error.message];
}
