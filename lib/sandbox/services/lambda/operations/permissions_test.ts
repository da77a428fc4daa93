/** Resource policies, reserved concurrency and tags. */
import {
  AddPermissionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetPolicyCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-lambda";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { arnOf, createActive, refusal, stillTest } from "../testing.ts";

stillTest(
  "AddPermission, GetPolicy and RemovePermission keep a policy in AWS's form",
  async (world) => {
    const { lambda } = world.clients;
    await createActive(world);
    const FunctionName = "f";
    const missing = ["ResourceNotFoundException", "The resource you requested does not exist."];
    assertEquals(await refusal(lambda.send(new GetPolicyCommand({ FunctionName }))), missing);
    assertEquals(
      (await refusal(lambda.send(
        new RemovePermissionCommand({ FunctionName, StatementId: "s3" }),
      )))[1],
      "No policy is associated with the given resource.",
    );
    const permission = {
      FunctionName,
      StatementId: "s3",
      Action: "lambda:InvokeFunction",
      Principal: "s3.amazonaws.com",
      SourceArn: "arn:aws:s3:::b",
    };
    const { Statement = "" } = await lambda.send(new AddPermissionCommand(permission));
    const statement = {
      Sid: "s3",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: arnOf("f"),
      Condition: { ArnLike: { "AWS:SourceArn": "arn:aws:s3:::b" } },
    };
    assertEquals(JSON.parse(Statement), statement);
    assertEquals(await refusal(lambda.send(new AddPermissionCommand(permission))), [
      "ResourceConflictException",
      "The statement id (s3) provided already exists. Please provide a new statement id, or remove " +
      "the existing statement.",
    ]);
    const { Policy = "", RevisionId } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    assertEquals(JSON.parse(Policy), {
      Version: "2012-10-17",
      Id: "default",
      Statement: [statement],
    });
    assert(RevisionId);
    for (
      const [change, name, message] of [
        [{ StatementId: "a b" }, "ValidationException", /pattern: \(\[a-zA-Z0-9-_\]\+\)$/],
        [
          { StatementId: "x", Principal: "nobody" },
          "InvalidParameterValueException",
          /^The provided principal was invalid\. Please check the principal and try again\.$/,
        ],
        [
          { StatementId: "x", Qualifier: "$LATEST" },
          "InvalidParameterValueException",
          /^We currently do not support adding policies for \$LATEST\.$/,
        ],
        [{ StatementId: "x", Qualifier: "9" }, "ResourceNotFoundException", /:function:f:9$/],
        [{ StatementId: "x", RevisionId: "old" }, "PreconditionFailedException", /Revision Id/],
      ] as const
    ) {
      const [foundName, foundMessage] = await refusal(
        lambda.send(new AddPermissionCommand({ ...permission, ...change })),
      );
      assertEquals(foundName, name);
      assertMatch(foundMessage, message);
    }
    const remove = (StatementId: string) =>
      lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
    assertEquals(
      (await refusal(remove("other")))[1],
      "Statement other is not found in resource policy.",
    );
    await remove("s3");
    assertEquals(await refusal(lambda.send(new GetPolicyCommand({ FunctionName }))), missing);
  },
);

stillTest("reserved concurrency is kept, bounded and taken back", async (world) => {
  const { lambda } = world.clients;
  await createActive(world);
  const FunctionName = "f";
  const get = async () => {
    const { ReservedConcurrentExecutions } = await lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName }),
    );
    return ReservedConcurrentExecutions;
  };
  const put = (ReservedConcurrentExecutions: number, name = "f") =>
    lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions }),
    );
  assertEquals(await get(), undefined);
  assertEquals((await put(900)).ReservedConcurrentExecutions, 900);
  assertEquals(await get(), 900);
  assertEquals(await refusal(put(901)), [
    "InvalidParameterValueException",
    "Specified ReservedConcurrentExecutions for function decreases account's " +
    "UnreservedConcurrentExecution below its minimum value of [100].",
  ]);
  assertEquals((await refusal(put(1, "nope")))[1], `Function not found: ${arnOf("nope:$LATEST")}`);
  assertEquals(
    (await refusal(put(1, "f:1")))[1],
    "This operation is permitted on Lambda functions only. Aliases and versions do not support " +
      "this operation. Please specify either a function name or an unqualified function ARN.",
  );
  await put(0);
  assertEquals(await refusal(world.invoke("f")), ["TooManyRequestsException", "Rate Exceeded."]);
  await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  assertEquals((await world.invoke("f")).json, 1);
});

stillTest("tags are added, listed and taken off", async (world) => {
  const { lambda } = world.clients;
  await createActive(world, "f", { Tags: { project: "lab", old: "1" } });
  const Resource = arnOf("f");
  await lambda.send(new TagResourceCommand({ Resource, Tags: { cost: "0", project: "x" } }));
  await lambda.send(new UntagResourceCommand({ Resource, TagKeys: ["old"] }));
  const { Tags } = await lambda.send(new ListTagsCommand({ Resource }));
  assertEquals(Tags, { project: "x", cost: "0" });
  const shown = await lambda.send(new GetFunctionCommand({ FunctionName: "f" }));
  assertEquals(shown.Tags, { project: "x", cost: "0" });
  assertEquals(await refusal(lambda.send(new ListTagsCommand({ Resource: arnOf("nope") }))), [
    "ResourceNotFoundException",
    `Function not found: ${arnOf("nope")}`,
  ]);
  assertEquals(
    (await refusal(lambda.send(new ListTagsCommand({ Resource: arnOf("f:1") }))))[0],
    "InvalidParameterValueException",
  );
});
