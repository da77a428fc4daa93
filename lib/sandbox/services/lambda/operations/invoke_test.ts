/** Invocations of real functions in real processes, by the SDK's client. */
import {
  AddPermissionCommand,
  CreateAliasCommand,
  InvokeCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertObjectMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { clientsFor } from "../../../testing/clients.ts";
import { until } from "../../../testing/until.ts";
import { ACCOUNT_ID, arnOf, handlerZip, lambdaTest, type LambdaWorld, zipOf } from "../testing.ts";

const failure = (act: () => Promise<unknown>) => assertRejects(act, Error);

lambdaTest("Invoke answers what the function returned, byte for byte", async (world) => {
  await world.createReady("f", "async (event) => ({ got: event, é: 1 })");
  const answer = await world.invoke("f", { a: ["<ü>"] });
  assertEquals(answer.text, '{"got":{"a":["<ü>"]},"é":1}');
  assertEquals(
    [answer.StatusCode, answer.FunctionError, answer.ExecutedVersion, answer.LogResult],
    [200, undefined, "$LATEST", undefined],
  );
  assertEquals((await world.invoke("f", 0, { Payload: undefined })).json, { got: {}, é: 1 });
});

lambdaTest("a function that throws is HTTP 200 with FunctionError Unhandled", async (world) => {
  await world.createReady("f", "async () => { throw new RangeError('too far') }");
  const answer = await world.invoke("f");
  assertEquals([answer.StatusCode, answer.FunctionError], [200, "Unhandled"]);
  assertObjectMatch(Object(answer.json), { errorType: "RangeError", errorMessage: "too far" });
});

lambdaTest("LogType Tail gives the last 4 KB of the invocation's log", async (world) => {
  await world.createReady("f", "async (n) => { console.log('x'.repeat(n)); }");
  const short = await world.invoke("f", 10, { LogType: "Tail" });
  const id = short.$metadata.requestId;
  assertMatch(short.log, new RegExp(`^START RequestId: ${id} Version: \\$LATEST\n`));
  assertMatch(short.log, new RegExp(`\nEND RequestId: ${id}\nREPORT RequestId: ${id}\t.*\t\n$`));
  const long = await world.invoke("f", 5_000, { LogType: "Tail" });
  assertEquals(long.log.length, 4_096);
  assertMatch(long.log, /^x+\nEND RequestId: /);
});

lambdaTest("the log is in CloudWatch Logs, in a stream of its environment", async (world) => {
  await world.createReady("f", "async () => console.log('hello')");
  await world.invoke("f");
  const events = await until("the log", async () => {
    const { events } = await world.clients.logs.send(
      new FilterLogEventsCommand({ logGroupName: "/aws/lambda/f" }),
    ).catch(() => ({ events: undefined }));
    return events?.some(({ message }) => message?.startsWith("REPORT")) ? events : undefined;
  });
  assertEquals(events.map(({ message }) => message?.split(/[ \t]/)[0].replace(/^\d.*/, "line")), [
    "INIT_START",
    "START",
    "line",
    "END",
    "REPORT",
  ]);
  assertMatch(events[0].logStreamName ?? "", /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
});

lambdaTest(
  "the function has its variables, the role's session, and the sandbox for AWS",
  async (world) => {
    await world.createReady(
      "f",
      `async (_, context) => {
      const health = await fetch(process.env.AWS_ENDPOINT_URL + "/_sandbox/health");
      const elsewhere = await fetch("http://127.0.0.1:1/").catch((error) => error.name);
      return { env: process.env, arn: context.invokedFunctionArn, status: health.status, elsewhere };
    }`,
      { Environment: { Variables: { COLOUR: "blue", TZ: "Europe/Rome" } }, MemorySize: 256 },
    );
    const { json } = await world.invoke("f");
    const { env, arn, status, elsewhere } = Object(json);
    assertEquals([arn, status], [arnOf("f"), 200]);
    assert(elsewhere !== 200, "nothing but the sandbox answers");
    assertObjectMatch(env, {
      COLOUR: "blue",
      TZ: "Europe/Rome",
      LANG: "en_US.UTF-8",
      AWS_ENDPOINT_URL: world.sandbox.endpoint,
      AWS_REGION: "us-east-1",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_FUNCTION_NAME: "f",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/f",
      _HANDLER: "index.handler",
    });
    assertEquals(Object.keys(env).filter((name) => /^DENO|^HOME$|^USER$/.test(name)), []);
    using asFunction = clientsFor({
      endpoint: world.sandbox.endpoint,
      credentials: {
        accessKeyId: env.AWS_ACCESS_KEY_ID,
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
        sessionToken: env.AWS_SESSION_TOKEN,
      },
    });
    const { Arn } = await asFunction.sts.send(new GetCallerIdentityCommand());
    assertEquals(Arn, `arn:aws:sts::${ACCOUNT_ID}:assumed-role/execution/f`);
  },
);

lambdaTest("an environment is reused warm, and invocations at once get one each", async (world) => {
  await world.createReady(
    "f",
    `(() => {
      let calls = 0;
      return async (ms) => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        return [process.env.AWS_LAMBDA_LOG_STREAM_NAME, ++calls];
      };
    })()`,
  );
  const [stream, first] = Object((await world.invoke("f", 0)).json);
  const [sameStream, second] = Object((await world.invoke("f", 0)).json);
  assertEquals([sameStream, first, second], [stream, 1, 2]);
  const answers = await Promise.all([1, 2, 3].map(() => world.invoke("f", 1_500)));
  const streams = new Set(answers.map(({ json }) => Object(json)[0]));
  assertEquals(streams.size, 3);
});

lambdaTest("DryRun checks and runs nothing", async (world) => {
  await world.createReady("f", "async () => 1");
  const answer = await world.invoke("f", {}, { InvocationType: "DryRun" });
  assertEquals([answer.StatusCode, answer.text], [204, ""]);
  const missing = await failure(() => world.invoke("g", {}, { InvocationType: "DryRun" }));
  assertEquals(missing.name, "ResourceNotFoundException");
});

lambdaTest("an event over 6,291,456 bytes is 413, and one of exactly that runs", async (world) => {
  await world.createReady("f", "async (event) => event.length", { MemorySize: 512 });
  const event = (bytes: number) => ({
    Payload: new TextEncoder().encode(`"${"x".repeat(bytes - 2)}"`),
  });
  assertEquals((await world.invoke("f", 0, event(6_291_456))).json, 6_291_454);
  const refused = await failure(() => world.invoke("f", 0, event(6_291_457)));
  assertEquals(
    [refused.name, refused.message],
    [
      "RequestEntityTooLargeException",
      "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
    ],
  );
  const tooLong = await failure(() =>
    world.invoke("f", 0, { ...event(1_048_577), InvocationType: "Event" })
  );
  assertStringIncludes(tooLong.message, "smaller than 1048576 bytes");
});

lambdaTest("a response over 6,291,556 bytes is Function.ResponseSizeTooLarge", async (world) => {
  await world.createReady("f", "async (n) => 'x'.repeat(n - 2)", { MemorySize: 512 });
  assertEquals((await world.invoke("f", 6_291_556)).FunctionError, undefined);
  const answer = await world.invoke("f", 6_291_557, { LogType: "Tail" });
  assertEquals([answer.StatusCode, answer.FunctionError], [200, "Unhandled"]);
  assertObjectMatch(Object(answer.json), { errorType: "Function.ResponseSizeTooLarge" });
  assertStringIncludes(
    answer.log,
    "Failed to post handler success response. Http response code: 413.",
  );
});

for (
  const [what, payload, message] of [
    [
      "a control character",
      "\x99",
      /Unexpected character \(\(CTRL-CHAR, code 194\)\): expected a valid/,
    ],
    ["a word", "hello", /Unrecognized token 'hello': was expecting \(JSON String, Number/],
    ["half an object", '{"a":', /Could not parse payload into json: Unexpected end-of-input/],
  ] as const
) {
  lambdaTest(`an event that is not JSON is refused: ${what}`, async (world) => {
    await world.createReady("f", "async () => 1");
    const Payload = new TextEncoder().encode(payload);
    for (const InvocationType of ["RequestResponse", "Event"] as const) {
      const refused = await failure(() => world.invoke("f", 0, { Payload, InvocationType }));
      assertEquals(refused.name, "InvalidRequestContentException");
      assertMatch(refused.message, /^Could not parse request body into json: /);
      assertMatch(refused.message, message);
    }
  });
}

lambdaTest("the client context reaches the handler decoded", async (world) => {
  await world.createReady("f", "async (_, { clientContext }) => clientContext");
  for (const context of [{ custom: { a: 1 } }, { custom: { name: "Zoë 東京 😀" } }]) {
    const ClientContext = new TextEncoder().encode(JSON.stringify(context)).toBase64();
    assertEquals((await world.invoke("f", 0, { ClientContext })).json, context);
  }
  const refused = await failure(() => world.invoke("f", 0, { ClientContext: "{}" }));
  assertEquals(refused.message, "Client context must be a valid Base64-encoded JSON object.");
});

lambdaTest("a function that is not there is named with $LATEST", async (world) => {
  for (const [FunctionName, arn] of [["f", "f:$LATEST"], ["f:prod", "f:prod"]] as const) {
    const refused = await failure(() => world.invoke(FunctionName));
    assertEquals(
      [refused.name, refused.message],
      ["ResourceNotFoundException", `Function not found: ${arnOf(arn)}`],
    );
  }
});

lambdaTest("versions keep their code, and an alias leads to one", async (world) => {
  const { lambda } = world.clients;
  await world.createReady("f", "async (_, context) => ['old', context.functionVersion]");
  await lambda.send(new PublishVersionCommand({ FunctionName: "f" }));
  const alias = { FunctionName: "f", Name: "prod", FunctionVersion: "1" };
  await lambda.send(new CreateAliasCommand(alias));
  await lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName: "f",
      ZipFile: handlerZip("async (_, context) => ['new', context.functionVersion]"),
    }),
  );
  await world.untilReady("f");
  assertEquals((await world.invoke("f")).json, ["new", "$LATEST"]);
  const byAlias = await world.invoke(arnOf("f:prod"));
  assertEquals([byAlias.json, byAlias.ExecutedVersion], [["old", "1"], "1"]);
  assertEquals((await world.invoke("f", {}, { Qualifier: "1" })).json, ["old", "1"]);
});

lambdaTest("an update of the settings starts new environments", async (world) => {
  await world.createReady("f", "async () => process.env.COLOUR ?? null");
  assertEquals((await world.invoke("f")).json, null);
  await world.clients.lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: "f",
      Environment: { Variables: { COLOUR: "red" } },
    }),
  );
  await world.untilReady("f");
  assertEquals((await world.invoke("f")).json, "red");
});

lambdaTest("beyond its reserved concurrency a function is throttled", async (world) => {
  await world.createReady("f", "async () => new Promise((resolve) => setTimeout(resolve, 3_000))", {
    Timeout: 30,
  });
  await world.clients.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: "f", ReservedConcurrentExecutions: 1 }),
  );
  const first = world.invoke("f");
  await until("the first to run", async () => (await linesOf(world, "START RequestId"))[0]);
  const { name, message, ...more } = await failure(() => world.invoke("f"));
  assertEquals([name, message], ["TooManyRequestsException", "Rate Exceeded."]);
  assertObjectMatch(more, {
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    retryAfterSeconds: "1",
  });
  assertEquals((await first).StatusCode, 200);
});

lambdaTest(
  "an Event is accepted with 202, and run again after an error under the same id",
  async (world) => {
    await world.createReady(
      "f",
      `async (event, { awsRequestId }) => { console.log("attempt", awsRequestId); throw 1; }`,
    );
    const answer = await world.invoke("f", {}, { InvocationType: "Event" });
    assertEquals([answer.StatusCode, answer.text, answer.ExecutedVersion], [202, "", undefined]);
    const attempts = await until("three attempts", async () => {
      const lines = await linesOf(world, "attempt");
      return lines.length >= 3 ? lines : undefined;
    });
    const id = answer.$metadata.requestId ?? "";
    assertEquals(attempts.filter((line) => line.includes(id)).length, 3);
  },
);

async function linesOf({ clients }: LambdaWorld, part: string): Promise<string[]> {
  const { events = [] } = await clients.logs.send(
    new FilterLogEventsCommand({ logGroupName: "/aws/lambda/f" }),
  ).catch(() => ({ events: undefined }));
  return events.flatMap(({ message = "" }) => message.includes(part) ? [message] : []);
}

lambdaTest("a user needs an identity policy or the function's own to invoke", async (world) => {
  await world.createReady("f", "async () => 1");
  const { iam, lambda } = world.clients;
  const { User } = await iam.send(new CreateUserCommand({ UserName: "ann" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  using ann = clientsFor({
    endpoint: world.sandbox.endpoint,
    credentials: {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    },
  });
  const invoke = () => ann.lambda.send(new InvokeCommand({ FunctionName: "f" }));
  const refused = await failure(invoke);
  assertEquals(
    [refused.name, refused.message],
    [
      "AccessDeniedException",
      `User: ${User?.Arn} is not authorized to perform: lambda:InvokeFunction on resource: ` +
      `${arnOf("f")} because no identity-based policy allows the lambda:InvokeFunction action`,
    ],
  );
  const permission = { FunctionName: "f", Action: "lambda:InvokeFunction" };
  await lambda.send(
    new AddPermissionCommand({ ...permission, StatementId: "account", Principal: ACCOUNT_ID }),
  );
  assertEquals((await failure(invoke)).name, "AccessDeniedException");
  await lambda.send(
    new AddPermissionCommand({ ...permission, StatementId: "ann", Principal: User?.Arn }),
  );
  assertEquals((await invoke()).StatusCode, 200);
  await iam.send(
    new PutUserPolicyCommand({
      UserName: "ann",
      PolicyName: "no",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: { Effect: "Deny", Action: "lambda:*", Resource: "*" },
      }),
    }),
  );
  assertStringIncludes((await failure(invoke)).message, "with an explicit deny");
});

lambdaTest("a function whose role is gone cannot be started", async (world) => {
  await world.createReady("f", "async () => 1");
  const RoleName = "execution";
  await world.clients.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "logs" }));
  await world.clients.iam.send(new DeleteRoleCommand({ RoleName }));
  const refused = await failure(() => world.invoke("f"));
  assertEquals(
    [refused.name, refused.message],
    ["AccessDeniedException", "The role defined for the function cannot be assumed by Lambda."],
  );
});

lambdaTest(
  "a zip of several files, with CommonJS and a node_modules folder, runs",
  async (world) => {
    const ZipFile = zipOf({
      "src/main.js": "const { twice } = require('twice'); exports.run = async (n) => twice(n);",
      "node_modules/twice/package.json": '{ "name": "twice", "main": "lib.js" }',
      "node_modules/twice/lib.js": "exports.twice = (n) => 2 * n;",
    });
    await world.createReady("f", "", { Code: { ZipFile }, Handler: "src/main.run" });
    assertEquals((await world.invoke("f", 21)).json, 42);
  },
);

lambdaTest("with --lambda-runtime node the same function runs under Node", async (world) => {
  await world.createReady("f", "async () => typeof Deno === 'undefined' && process.version");
  assertMatch(String((await world.invoke("f")).json), /^v\d+\./);
}, { lambdaRuntime: "node" });

lambdaTest("an invocation under way ends when the sandbox is stopped", async (world) => {
  await world.createReady("f", "async () => new Promise(() => setInterval(() => {}, 1_000))", {
    Timeout: 900,
  });
  const invoked = failure(() => world.invoke("f"));
  await until("the function to run", async () => (await linesOf(world, "INIT_START"))[0]);
  await world.stop();
  assertEquals((await invoked).name, "ServiceException");
});
