/**
 * Answers that AWS gave when LocalStack recorded them: test_lambda_api.snapshot.json
 * (https://github.com/localstack/localstack/tree/main/tests/aws/services/lambda_, as of 2026-03-23).
 * Each test names the recording.
 */
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { assertEquals, assertNotEquals } from "@std/assert";
import { arnOf, createActive, handlerZip, refusal, ROLE_ARN, stillTest } from "./testing.ts";

const NOT_FOUND = "ResourceNotFoundException";
const INVALID = "InvalidParameterValueException";
const LONG = "a".repeat(65);
const created = (FunctionName: string, fields: object = {}) =>
  new CreateFunctionCommand({
    FunctionName,
    Role: ROLE_ARN,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: { ZipFile: handlerZip("async () => 1") },
    ...fields,
  });
const permission = {
  FunctionName: "f",
  StatementId: "s",
  Action: "lambda:InvokeFunction",
  Principal: "s3.amazonaws.com",
};
const TAGS_OF_VERSIONS =
  "Tags on function aliases and versions are not supported. Please specify a function ARN.";
const TOO_MANY_TAGS = "Number of tags exceeds resource tag limit.";
const tags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}_key`, "value"]));

// test_function_name_and_qualifier_validation and test_ops_on_nonexisting_fn, 2025-11-25.
stillTest("a name that is too long, or of no function, gets AWS's answer", async ({ clients }) => {
  const { lambda } = clients;
  const missing = { FunctionName: LONG };
  for (
    const [call, answer] of [
      [() => lambda.send(created(LONG)), [
        INVALID,
        `1 validation error detected: Value '${LONG}' at 'functionName' failed to satisfy ` +
        "constraint: Member must have length less than or equal to 64",
      ]],
      [
        () => lambda.send(new GetFunctionCommand(missing)),
        [NOT_FOUND, `Function not found: ${arnOf(LONG)}`],
      ],
      [
        () => lambda.send(new DeleteFunctionCommand(missing)),
        [NOT_FOUND, `Function not found: ${arnOf(LONG)}`],
      ],
      [
        () => lambda.send(new InvokeCommand(missing)),
        [NOT_FOUND, `Function not found: ${arnOf(LONG)}:$LATEST`],
      ],
      [
        () => lambda.send(new DeleteFunctionCommand({ FunctionName: "f", Qualifier: "$latest" })),
        [NOT_FOUND, `Function not found: ${arnOf("f")}`],
      ],
      [
        () => lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: "f" })),
        [NOT_FOUND, `Function not found: ${arnOf("f")}`],
      ],
      // test_notfound_and_invalid_routingconfigs, 2025-11-25.
      [
        () =>
          lambda.send(
            new CreateAliasCommand({ FunctionName: "f", Name: "live", FunctionVersion: "1" }),
          ),
        [NOT_FOUND, `Function not found: ${arnOf("f")}:1`],
      ],
    ] as const
  ) {
    assertEquals(await refusal(call()), [...answer]);
  }
});

// test_publish_version_on_create and test_version_lifecycle, 2025-11-25.
stillTest(
  "ListVersionsByFunction shows no state, and version 1 gets a revision when it is Active",
  async (world) => {
    const { lambda } = world.clients;
    const { RevisionId } = await lambda.send(created("f", { Publish: true }));
    world.clock.advance(1_500);
    await world.untilReady("f");
    const one = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: "f", Qualifier: "1" }),
    );
    assertNotEquals(one.RevisionId, RevisionId);
    const { Versions = [] } = await lambda.send(
      new ListVersionsByFunctionCommand({ FunctionName: "f" }),
    );
    assertEquals(
      Versions.map(({ Version, State, LastUpdateStatus, RuntimeVersionConfig }) => [
        Version,
        State,
        LastUpdateStatus,
        RuntimeVersionConfig,
      ]),
      [["$LATEST", undefined, undefined, undefined], ["1", undefined, undefined, undefined]],
    );
    assertEquals(Versions.at(1)?.RevisionId, one.RevisionId);
  },
);

// test_publish_with_update, 2025-11-25.
stillTest(
  "a version that an update publishes is Pending until the update is done",
  async (world) => {
    const { lambda } = world.clients;
    await createActive(world);
    const published = await lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: "f",
        ZipFile: handlerZip("async () => 2"),
        Publish: true,
      }),
    );
    const shown = async (Qualifier: string) => {
      const { State, StateReason, LastUpdateStatus } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: "f", Qualifier }),
      );
      return [State, StateReason, LastUpdateStatus];
    };
    const reason = "The function is being created.";
    assertEquals(
      [published.Version, published.State, published.StateReason, published.LastUpdateStatus],
      ["1", "Pending", reason, undefined],
    );
    assertEquals(await shown("1"), ["Pending", reason, undefined]);
    assertEquals(await shown("$LATEST"), ["Active", undefined, "InProgress"]);
    world.clock.advance(1_500);
    await world.untilReady("f");
    assertEquals(await shown("1"), ["Active", undefined, "Successful"]);
  },
);

// test_lambda_permission_fn_versioning, 2025-11-25.
stillTest("a policy keeps its revision when a version is published", async (world) => {
  const { lambda } = world.clients;
  await createActive(world);
  await lambda.send(new AddPermissionCommand(permission));
  const policy = () => lambda.send(new GetPolicyCommand({ FunctionName: "f" }));
  const { RevisionId } = await policy();
  await lambda.send(new PublishVersionCommand({ FunctionName: "f" }));
  assertEquals((await policy()).RevisionId, RevisionId);
  await lambda.send(new AddPermissionCommand({ ...permission, StatementId: "t", RevisionId }));
  assertNotEquals((await policy()).RevisionId, RevisionId);
});

// test_permission_exceptions, 2025-11-25.
stillTest("permissions name an alias or a version that is not there", async (world) => {
  const { lambda } = world.clients;
  await createActive(world);
  await lambda.send(new AddPermissionCommand(permission));
  const add = (Qualifier: string) =>
    refusal(lambda.send(new AddPermissionCommand({ ...permission, Qualifier })));
  const noAlias = [NOT_FOUND, `Cannot find alias arn: ${arnOf("f")}:alias-doesnotexist`];
  assertEquals(await add("alias-doesnotexist"), noAlias);
  assertEquals(await add("42"), [NOT_FOUND, `Function not found: ${arnOf("f")}:42`]);
  const odd = "valid-with-$-but-doesnotexist";
  assertEquals(await add(odd), [NOT_FOUND, `Function not found: ${arnOf("f")}:${odd}`]);
  const remove = new RemovePermissionCommand({
    FunctionName: "f",
    StatementId: "s",
    Qualifier: "alias-doesnotexist",
  });
  assertEquals(await refusal(lambda.send(remove)), noAlias);
});

// TestLambdaTags: test_tag_limits, test_tag_versions and test_tag_exceptions, 2025-11-25.
stillTest("tags that a function can't have get AWS's texts", async (world) => {
  const { lambda } = world.clients;
  await createActive(world);
  const tagged = (Resource: string, Tags: Record<string, string>) =>
    refusal(lambda.send(new TagResourceCommand({ Resource, Tags })));
  assertEquals(await tagged(arnOf("f"), tags(51)), [INVALID, TOO_MANY_TAGS]);
  assertEquals(await refusal(lambda.send(created("g", { Tags: tags(51) }))), [
    INVALID,
    TOO_MANY_TAGS,
  ]);
  assertEquals(await tagged(arnOf("f:1"), tags(1)), [INVALID, TAGS_OF_VERSIONS]);
  assertEquals(await tagged(arnOf("f:$LATEST"), tags(1)), [INVALID, TAGS_OF_VERSIONS]);
  assertEquals(await tagged(arnOf("f"), {}), [
    INVALID,
    "An error occurred and the request cannot be processed.",
  ]);
  // TestLambdaTag.test_tag_exceptions of the other kinds.
  for (
    const [resource, kind] of [
      ["event-source-mapping:12345678-1234-1234-1234-123456789012", "Event source mapping"],
      ["capacity-provider:none", "Capacity provider"],
    ]
  ) {
    const arn = arnOf("f").replace("function:f", resource);
    assertEquals(await tagged(arn, tags(1)), [
      NOT_FOUND,
      `${kind} not found: ${arn}`,
    ]);
  }
  assertEquals(await tagged("arn:aws:something", tags(1)), [
    "ValidationException",
    "1 validation error detected: Value 'arn:aws:something' at 'resource' failed to satisfy " +
    "constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*):lambda:" +
    String
      .raw`(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+` +
    String.raw`(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-` +
    "[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}" +
    "-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)",
  ]);
});

// test_create_lambda_exceptions, 2026-01-12.
stillTest("an unknown runtime is answered with AWS's list, in its order", async ({ clients }) => {
  assertEquals(await refusal(clients.lambda.send(created("f", { Runtime: "PYTHON3.9" }))), [
    INVALID,
    "Value PYTHON3.9 at 'runtime' failed to satisfy constraint: Member must satisfy enum value " +
    "set: [nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, " +
    "nodejs22.x, java25, python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, " +
    "python3.9, java17, nodejs16.x, dotnet10, dotnet8, java11, dotnet6, nodejs18.x, provided.al2, " +
    "java8.al2] or be a valid ARN",
  ]);
});
