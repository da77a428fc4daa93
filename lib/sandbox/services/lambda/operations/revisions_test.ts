/** Revision ids, as LocalStack's tests recorded them on AWS (2022-09 to 2024-04). */
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  PublishVersionCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-lambda";
import { assertEquals, assertNotEquals } from "@std/assert";
import {
  arnOf,
  createActive,
  handlerZip,
  refusal,
  ROLE_ARN,
  stillTest,
  type StillWorld,
} from "../testing.ts";

const revision = async ({ clients }: StillWorld, Qualifier?: string) =>
  (await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "f", Qualifier })))
    .RevisionId;

stillTest(
  "CreateFunction with Publish answers version 1 under the function's own ARN",
  async ({ clients }) => {
    const created = await clients.lambda.send(
      new CreateFunctionCommand({
        FunctionName: "f",
        Role: ROLE_ARN,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Code: { ZipFile: handlerZip("async () => 1") },
        Publish: true,
      }),
    );
    assertEquals([created.FunctionArn, created.Version], [arnOf("f"), "1"]);
  },
);

stillTest(
  "tags, a version and a permission each give the function another revision",
  async (world) => {
    const { lambda } = world.clients;
    await createActive(world);
    const Resource = arnOf("f");
    const permission = {
      StatementId: "s",
      Action: "lambda:InvokeFunction",
      Principal: "s3.amazonaws.com",
    };
    const named = { FunctionName: "f" };
    const changes = [
      () => lambda.send(new TagResourceCommand({ Resource, Tags: { a: "b" } })),
      () => lambda.send(new UntagResourceCommand({ Resource, TagKeys: ["a"] })),
      () => lambda.send(new PublishVersionCommand(named)),
      () => lambda.send(new AddPermissionCommand({ ...named, ...permission })),
      () => lambda.send(new RemovePermissionCommand({ ...named, StatementId: "s" })),
    ];
    const seen = [await revision(world)];
    for (const change of changes) {
      await change();
      seen.push(await revision(world));
    }
    assertEquals(new Set(seen).size, changes.length + 1);
  },
);

stillTest("AddPermission of an alias takes the alias's revision, and changes it", async (world) => {
  const { lambda } = world.clients;
  await createActive(world, "f", { Publish: true });
  const alias = { FunctionName: "f", Name: "prod" };
  const { RevisionId } = await lambda.send(
    new CreateAliasCommand({ ...alias, FunctionVersion: "1" }),
  );
  const permission = {
    FunctionName: "f",
    Qualifier: "prod",
    StatementId: "s",
    Action: "lambda:InvokeFunction",
    Principal: "s3.amazonaws.com",
  };
  const ofFunction = await revision(world);
  const wrong = new AddPermissionCommand({ ...permission, RevisionId: ofFunction });
  assertEquals(await refusal(lambda.send(wrong)), [
    "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to " +
    "retrieve the latest Revision Id",
  ]);
  await lambda.send(new AddPermissionCommand({ ...permission, RevisionId }));
  const after = await lambda.send(new GetAliasCommand(alias));
  assertNotEquals(after.RevisionId, RevisionId);
  const policy = await lambda.send(new GetPolicyCommand({ FunctionName: "f", Qualifier: "prod" }));
  assertEquals(policy.RevisionId, after.RevisionId);
  assertEquals(await revision(world), ofFunction);
});
