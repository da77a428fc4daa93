/** Published versions and aliases. */
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { assertEquals, assertObjectMatch } from "@std/assert";
import { arnOf, createActive, refusal, stillTest } from "../testing.ts";

stillTest(
  "PublishVersion numbers versions, and gives the same one where nothing changed",
  async (world) => {
    const { lambda } = world.clients;
    await createActive(world);
    const publish = (input: object = {}) =>
      lambda.send(new PublishVersionCommand({ FunctionName: "f", ...input }));
    const one = await publish({ Description: "first" });
    assertEquals([one.$metadata.httpStatusCode, one.Version, one.FunctionArn, one.Description], [
      201,
      "1",
      arnOf("f:1"),
      "first",
    ]);
    assertEquals((await publish()).Version, "1");
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "f", Timeout: 5 }));
    world.clock.advance(1_500);
    await world.untilReady("f");
    assertEquals((await publish()).Version, "2");
    assertEquals(await refusal(publish({ CodeSha256: "abc" })), [
      "InvalidParameterValueException",
      `CodeSHA256 (abc) is different from current CodeSHA256 in $LATEST (${one.CodeSha256}). ` +
      "Please try again with the CodeSHA256 in $LATEST.",
    ]);
    const { Versions } = await lambda.send(
      new ListVersionsByFunctionCommand({ FunctionName: "f" }),
    );
    assertEquals(Versions?.map(({ Version, Timeout }) => [Version, Timeout]), [
      ["$LATEST", 5],
      ["1", 3],
      ["2", 5],
    ]);
    await lambda.send(new DeleteFunctionCommand({ FunctionName: "f", Qualifier: "1" }));
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "f", Timeout: 6 }));
    world.clock.advance(1_500);
    await world.untilReady("f");
    assertEquals((await publish()).Version, "3");
  },
);

stillTest("CreateFunction with Publish makes version 1", async (world) => {
  await createActive(world, "f", { Publish: true });
  const one = await world.clients.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: "f", Qualifier: "1" }),
  );
  assertEquals([one.Version, one.FunctionArn], ["1", arnOf("f:1")]);
});

stillTest("aliases are made, read, listed, changed and deleted", async (world) => {
  const { lambda } = world.clients;
  await createActive(world, "f", { Publish: true });
  const named = { FunctionName: "f", Name: "prod" };
  const created = await lambda.send(
    new CreateAliasCommand({ ...named, FunctionVersion: "1", Description: "live" }),
  );
  assertObjectMatch({ ...created }, {
    AliasArn: arnOf("f:prod"),
    Name: "prod",
    FunctionVersion: "1",
    Description: "live",
  });
  assertEquals(
    await refusal(lambda.send(new CreateAliasCommand({ ...named, FunctionVersion: "1" }))),
    [
      "ResourceConflictException",
      `Alias already exists: ${arnOf("f:prod")}`,
    ],
  );
  assertEquals(
    (await refusal(
      lambda.send(new CreateAliasCommand({ ...named, Name: "x", FunctionVersion: "7" })),
    ))[1],
    `Function not found: ${arnOf("f:7")}`,
  );
  assertEquals(
    (await refusal(
      lambda.send(new CreateAliasCommand({ ...named, Name: "7", FunctionVersion: "1" })),
    ))[0],
    "ValidationException",
  );
  const updated = await lambda.send(
    new UpdateAliasCommand({
      ...named,
      FunctionVersion: "$LATEST",
      RevisionId: created.RevisionId,
    }),
  );
  assertEquals([updated.FunctionVersion, updated.Description], ["$LATEST", "live"]);
  const stale = { ...named, Description: "x", RevisionId: created.RevisionId };
  assertEquals(
    (await refusal(lambda.send(new UpdateAliasCommand(stale))))[0],
    "PreconditionFailedException",
  );
  const { Aliases } = await lambda.send(new ListAliasesCommand({ FunctionName: "f" }));
  assertEquals(Aliases?.map(({ Name }) => Name), ["prod"]);
  assertEquals((await world.invoke("f:prod")).ExecutedVersion, "$LATEST");
  await lambda.send(new DeleteAliasCommand(named));
  await lambda.send(new DeleteAliasCommand(named));
  assertEquals(await refusal(lambda.send(new GetAliasCommand(named))), [
    "ResourceNotFoundException",
    `Cannot find alias arn: ${arnOf("f:prod")}`,
  ]);
  assertEquals(
    (await refusal(lambda.send(new UpdateAliasCommand(named))))[1],
    `Alias not found: ${arnOf("f:prod")}`,
  );
});

stillTest("an alias with weights leads to a second version", async (world) => {
  const { lambda } = world.clients;
  await createActive(world, "f", { Publish: true });
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "f", Timeout: 5 }));
  world.clock.advance(1_500);
  await world.untilReady("f");
  await lambda.send(new PublishVersionCommand({ FunctionName: "f" }));
  const alias = {
    FunctionName: "f",
    Name: "canary",
    FunctionVersion: "1",
    RoutingConfig: { AdditionalVersionWeights: { "2": 1 } },
  };
  const created = await lambda.send(new CreateAliasCommand(alias));
  assertEquals(created.RoutingConfig, alias.RoutingConfig);
  assertEquals((await world.invoke("f:canary")).ExecutedVersion, "2");
  // Texts of LocalStack's provider (2026-03), and the one that programs match when they delete versions.
  const weighted = (AdditionalVersionWeights: Record<string, number>) =>
    lambda.send(
      new CreateAliasCommand({ ...alias, Name: "x", RoutingConfig: { AdditionalVersionWeights } }),
    );
  assertEquals(await refusal(weighted({ "2": 0.1, "3": 0.1 })), [
    "InvalidParameterValueException",
    "Number of items in AdditionalVersionWeights cannot be greater than 1",
  ]);
  assertEquals(await refusal(weighted({ "1": 0.1 })), [
    "InvalidParameterValueException",
    "Invalid function version 1. Function version 1 is already included in routing configuration.",
  ]);
  const deleted = (Qualifier: string) =>
    refusal(lambda.send(new DeleteFunctionCommand({ FunctionName: "f", Qualifier })));
  assertEquals(await deleted("2"), [
    "ResourceConflictException",
    "Unable to delete version because the following aliases reference it: [canary]",
  ]);
  assertEquals(await deleted("canary"), [
    "InvalidParameterValueException",
    "Deletion of aliases is not currently supported.",
  ]);
});

stillTest("a version named to an operation that changes the function is refused", async (world) => {
  const { lambda } = world.clients;
  await createActive(world, "f", { Publish: true });
  for (
    const call of [
      () =>
        lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "f:1", Timeout: 9 })),
      () => lambda.send(new PublishVersionCommand({ FunctionName: "f:live" })),
    ]
  ) {
    assertEquals((await refusal(call()))[0], "InvalidParameterValueException");
  }
  await lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: "f:$LATEST", Timeout: 9 }),
  );
});
