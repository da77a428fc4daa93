/** Reading, updating, listing and deleting functions, and what a restart keeps. */
import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { assertEquals, assertObjectMatch } from "@std/assert";
import { join } from "node:path";
import { clientsFor } from "../../../testing/clients.ts";
import { tempFolder } from "../../../testing/temp_folder.ts";
import { until } from "../../../testing/until.ts";
import { ManualClock } from "../../../clock.ts";
import { startSandbox } from "../../../sandbox.ts";
import {
  arnOf,
  createActive,
  createExecutionRole,
  handlerZip,
  LambdaWorld,
  refusal,
  stillTest,
} from "../testing.ts";

stillTest("a function that is not there is refused with AWS's words", async (world) => {
  const { lambda } = world.clients;
  const FunctionName = "nope";
  const missing = ["ResourceNotFoundException", `Function not found: ${arnOf("nope")}`];
  assertEquals(await refusal(lambda.send(new GetFunctionCommand({ FunctionName }))), missing);
  assertEquals(await refusal(lambda.send(new DeleteFunctionCommand({ FunctionName }))), missing);
  assertEquals(
    (await refusal(lambda.send(new GetFunctionCommand({ FunctionName, Qualifier: "1" }))))[1],
    `Function not found: ${arnOf("nope:1")}`,
  );
  assertEquals(
    (await refusal(lambda.send(new GetFunctionCommand({ FunctionName: "f:1", Qualifier: "2" }))))[
      1
    ],
    "The derived qualifier from the function name does not match the specified qualifier.",
  );
});

stillTest(
  "an update is InProgress, refuses another, runs the old code, and ends Successful",
  async (world) => {
    const { lambda } = world.clients;
    await createActive(world);
    const before = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "f" }));
    const ZipFile = handlerZip("async () => 2");
    const updated = await lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName: "f", ZipFile, RevisionId: before.RevisionId }),
    );
    assertObjectMatch({ ...updated }, {
      CodeSize: ZipFile.length,
      State: "Active",
      LastUpdateStatus: "InProgress",
      LastUpdateStatusReason: "The function is being created.",
      LastUpdateStatusReasonCode: "Creating",
    });
    const again = new UpdateFunctionConfigurationCommand({ FunctionName: "f", Timeout: 9 });
    assertEquals(await refusal(lambda.send(again)), [
      "ResourceConflictException",
      "The operation cannot be performed at this time. An update is in progress for resource: " +
      arnOf("f"),
    ]);
    assertEquals((await world.invoke("f")).json, 1);
    world.clock.advance(1_500);
    await world.untilReady("f");
    assertEquals((await world.invoke("f")).json, 2);
    const stale = { FunctionName: "f", ZipFile, RevisionId: before.RevisionId };
    assertEquals(await refusal(lambda.send(new UpdateFunctionCodeCommand(stale))), [
      "PreconditionFailedException",
      "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias " +
      "API to retrieve the latest Revision Id",
    ]);
  },
);

stillTest("UpdateFunctionCode with DryRun checks and changes nothing", async (world) => {
  const { lambda } = world.clients;
  await createActive(world);
  const ZipFile = handlerZip("async () => 2");
  const dry = await lambda.send(
    new UpdateFunctionCodeCommand({ FunctionName: "f", ZipFile, DryRun: true }),
  );
  assertEquals(dry.CodeSize, ZipFile.length);
  const after = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "f" }));
  assertEquals([after.CodeSize, after.LastUpdateStatus], [
    handlerZip("async () => 1").length,
    "Successful",
  ]);
});

stillTest(
  "UpdateFunctionConfiguration changes what is named, and variables as a whole",
  async (world) => {
    const { lambda } = world.clients;
    await createActive(world, "f", {
      Environment: { Variables: { AA: "1", BB: "2" } },
      Timeout: 7,
    });
    const updated = await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: "f",
        Environment: { Variables: { BB: "3" } },
        MemorySize: 1_024,
      }),
    );
    assertObjectMatch({ ...updated }, { Timeout: 7, MemorySize: 1_024 });
    assertEquals(updated.Environment, { Variables: { BB: "3" } });
  },
);

Deno.test("of functions created or updated at the same time one is, and no other's code stays", async () => {
  using folder = tempFolder();
  // It stands still while they race: an update that has ended would let the next one begin.
  const clock = new ManualClock(Date.now());
  const sandbox = await startSandbox({ port: 0, dataDir: folder.path, speed: 1, clock });
  using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
  const world = new LambdaWorld(sandbox, clients);
  await createExecutionRole(clients);
  const tasks = () => [...Deno.readDirSync(join(folder.path, "lambda", "tasks"))].length;
  const many = async (act: (n: number) => Promise<unknown>) => {
    const settled = await Promise.allSettled([1, 2, 3].map(act));
    return settled.filter(({ status }) => status === "fulfilled").length;
  };
  assertEquals(await many((n) => world.create("f", `async () => ${n}`)), 1);
  assertEquals(tasks(), 1);
  clock.advance(1_500);
  await world.untilReady("f");
  const updated = await many((n) =>
    clients.lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: "f",
        ZipFile: handlerZip(`async () => -${n}`),
      }),
    )
  );
  assertEquals(updated, 1);
  clock.advance(1_500);
  await world.untilReady("f");
  await until("the old code to be gone", () => tasks() === 1 || undefined);
  await world.stop();
});

Deno.test("what was created is there after a restart, also what was Pending", async () => {
  const dataDir = await Deno.makeTempDir();
  const start = () => startSandbox({ port: 0, dataDir, speed: 60 });
  const first = await start();
  using clients = clientsFor({ endpoint: first.endpoint, credentials: first.rootKey });
  await createExecutionRole(clients);
  await new LambdaWorld(first, clients).create("kept", "async () => 'kept'");
  await first.stop();
  const second = await start();
  using others = clientsFor({ endpoint: second.endpoint, credentials: second.rootKey });
  const world = new LambdaWorld(second, others);
  await world.untilReady("kept");
  assertEquals((await world.invoke("kept")).json, "kept");
  await second.stop();
  await Deno.remove(dataDir, { recursive: true });
});

stillTest(
  "ListFunctions gives at most 50 a page, without states, and ALL has every version",
  async (world) => {
    const { lambda } = world.clients;
    for (let n = 0; n < 51; n++) await world.create(`f${String(n).padStart(2, "0")}`, "1");
    const first = await lambda.send(new ListFunctionsCommand({ MaxItems: 60 }));
    assertEquals(first.Functions?.length, 50);
    assertEquals([first.Functions?.[0].State, first.Functions?.[0].LastUpdateStatus], [
      undefined,
      undefined,
    ]);
    const second = await lambda.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
    assertEquals(second.Functions?.map(({ FunctionName }) => FunctionName), ["f50"]);
    assertEquals(second.NextMarker, undefined);
    const all = await lambda.send(
      new ListFunctionsCommand({ FunctionVersion: "ALL", MaxItems: 1 }),
    );
    assertEquals(all.Functions?.map(({ FunctionArn }) => FunctionArn), [arnOf("f00:$LATEST")]);
  },
);

stillTest("DeleteFunction is 204 and takes everything but the log along", async (world) => {
  const { lambda } = world.clients;
  await createActive(world);
  const latest = { FunctionName: "f", Qualifier: "$LATEST" };
  assertEquals(
    (await refusal(lambda.send(new DeleteFunctionCommand(latest))))[1],
    "$LATEST version cannot be deleted without deleting the function.",
  );
  const absent = { FunctionName: "f", Qualifier: "9" };
  assertEquals((await lambda.send(new DeleteFunctionCommand(absent))).StatusCode, 204);
  const { $metadata } = await lambda.send(new DeleteFunctionCommand({ FunctionName: "f" }));
  assertEquals($metadata.httpStatusCode, 204);
  await refusal(world.invoke("f"));
  await createActive(world);
  assertEquals((await world.invoke("f")).json, 1);
});
