/** CreateFunction: defaults, states, and what is refused. */
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { clientsFor } from "../../../testing/clients.ts";
import {
  ACCOUNT_ID,
  arnOf,
  createActive,
  handlerZip,
  refusal,
  ROLE_ARN,
  stillTest,
  zipOf,
} from "../testing.ts";

stillTest(
  "CreateFunction answers with AWS's defaults, Pending, and becomes Active",
  async (world) => {
    const { lambda } = world.clients;
    const ZipFile = handlerZip("async () => 1");
    const created = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: "f",
        Role: ROLE_ARN,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Code: { ZipFile },
      }),
    );
    assertEquals(created.$metadata.httpStatusCode, 201);
    const { $metadata: _, LastModified = "", RevisionId, RuntimeVersionConfig, ...rest } = created;
    assertMatch(LastModified, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    assertMatch(
      RuntimeVersionConfig?.RuntimeVersionArn ?? "",
      /^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/,
    );
    assertEquals(rest, {
      FunctionName: "f",
      FunctionArn: arnOf("f"),
      Runtime: "nodejs24.x",
      Role: ROLE_ARN,
      Handler: "index.handler",
      CodeSize: ZipFile.length,
      CodeSha256: createHash("sha256").update(ZipFile).digest("base64"),
      Description: "",
      Timeout: 3,
      MemorySize: 128,
      Version: "$LATEST",
      TracingConfig: { Mode: "PassThrough" },
      PackageType: "Zip",
      Architectures: ["x86_64"],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
      LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/f" },
      State: "Pending",
      StateReason: "The function is being created.",
      StateReasonCode: "Creating",
    });
    const pending =
      "The operation cannot be performed at this time. The function is currently in the " +
      "following state: Pending";
    assertEquals(await refusal(world.invoke("f")), ["ResourceConflictException", pending]);
    world.clock.advance(1_500);
    await world.untilReady("f");
    const { Configuration = {}, Code, Tags, Concurrency } = await lambda.send(
      new GetFunctionCommand({ FunctionName: "f" }),
    );
    assertEquals([Configuration.State, Configuration.LastUpdateStatus], ["Active", "Successful"]);
    assertEquals([Configuration.StateReason, Configuration.StateReasonCode, Tags, Concurrency], [
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    assertNotEquals(Configuration.RevisionId, RevisionId);
    const download = await fetch(Code?.Location ?? "");
    assertEquals(await download.bytes(), new Uint8Array(ZipFile));
  },
);

stillTest(
  "a link to a function's code ends after ten minutes, and no other works",
  async (world) => {
    await createActive(world);
    const { Code } = await world.clients.lambda.send(new GetFunctionCommand({ FunctionName: "f" }));
    const forged = new URL(Code?.Location ?? "");
    forged.searchParams.set("expires", "9999999999999");
    const statusOf = async (url: string | URL) => {
      const response = await fetch(url);
      await response.body?.cancel();
      return response.status;
    };
    assertEquals(await statusOf(forged), 403);
    assertEquals(await statusOf(Code?.Location ?? ""), 200);
    world.clock.advance(600_001);
    assertEquals(await statusOf(Code?.Location ?? ""), 403);
  },
);

const constraint = (value: string, member: string, rule: string) =>
  `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ` +
  `Member must ${rule}`;
const unzipFault =
  "Could not unzip uploaded file. Please check your file, then try to upload again.";

const REFUSALS: readonly (readonly [
  why: string,
  input: Readonly<Record<string, unknown>>,
  name: string,
  message: string | RegExp,
])[] = [
  [
    "a name with a dot",
    { FunctionName: "a.b" },
    "ValidationException",
    /Value 'a\.b' at 'functionName' failed to satisfy constraint: Member must satisfy regular/,
  ],
  [
    "a name of 65 characters",
    { FunctionName: "a".repeat(65) },
    "InvalidParameterValueException",
    constraint("a".repeat(65), "functionName", "have length less than or equal to 64"),
  ],
  [
    "a name of 141 characters",
    { FunctionName: "a".repeat(141) },
    "ValidationException",
    constraint("a".repeat(141), "functionName", "have length less than or equal to 140"),
  ],
  [
    "an ARN of another region",
    { FunctionName: `arn:aws:lambda:ap-southeast-1:${ACCOUNT_ID}:function:f` },
    "ResourceNotFoundException",
    "Functions from 'ap-southeast-1' are not reachable in this region ('us-east-1')",
  ],
  [
    "a role that is no ARN",
    { Role: "r1" },
    "ValidationException",
    constraint(
      "r1",
      "role",
      "satisfy regular expression pattern: " +
        "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
    ),
  ],
  [
    "a role that does not exist",
    { Role: `arn:aws:iam::${ACCOUNT_ID}:role/nobody` },
    "InvalidParameterValueException",
    "The role defined for the function cannot be assumed by Lambda.",
  ],
  [
    "no runtime",
    { Runtime: undefined },
    "InvalidParameterValueException",
    "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
  ],
  [
    "a dead runtime",
    { Runtime: "nodejs14.x" },
    "InvalidParameterValueException",
    "The runtime parameter of nodejs14.x is no longer supported for creating or updating AWS " +
    "Lambda functions. We recommend you use a supported runtime while creating or updating functions.",
  ],
  [
    "an unknown runtime",
    { Runtime: "cobol" },
    "InvalidParameterValueException",
    /^Value cobol at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[/,
  ],
  [
    "a runtime that the sandbox does not run",
    { Runtime: "java21" },
    "InvalidParameterValueException",
    /^The sandbox does not support the runtime java21/,
  ],
  [
    "a script around the runtime",
    { Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: "/var/task/wrap" } } },
    "InvalidParameterValueException",
    "The sandbox does not support AWS_LAMBDA_EXEC_WRAPPER.",
  ],
  [
    "a timeout of 901 seconds",
    { Timeout: 901 },
    "ValidationException",
    constraint("901", "timeout", "have value less than or equal to 900"),
  ],
  [
    "127 MB",
    { MemorySize: 127 },
    "ValidationException",
    constraint("127", "memorySize", "have value greater than or equal to 128"),
  ],
  [
    "two architectures",
    { Architectures: ["x86_64", "arm64"] },
    "ValidationException",
    constraint("[x86_64, arm64]", "architectures", "have length less than or equal to 1"),
  ],
  [
    "reserved variables",
    { Environment: { Variables: { AWS_REGION: "x", AWS_ACCESS_KEY: "y", MINE: "z" } } },
    "InvalidParameterValueException",
    "Lambda was unable to configure your environment variables because the environment variables " +
    "you have provided contains reserved keys that are currently not supported for modification. " +
    "Reserved keys used in this request: AWS_REGION, AWS_ACCESS_KEY",
  ],
  [
    "variables over 4 KB",
    { Environment: { Variables: { LARGE_VAR: "x".repeat(4_096) } } },
    "InvalidParameterValueException",
    /exceeded the 4KB limit\. String measured: {"LARGE_VAR":"xxxx/,
  ],
  [
    "no zip",
    { Code: { ZipFile: new TextEncoder().encode("not a zip") } },
    "InvalidParameterValueException",
    unzipFault,
  ],
  [
    "an empty zip",
    { Code: { ZipFile: zipOf({}) } },
    "InvalidParameterValueException",
    "Uploaded file must be a non-empty zip",
  ],
  [
    "a file outside of the folder",
    { Code: { ZipFile: zipOf({ "../a.js": "" }) } },
    "InvalidParameterValueException",
    unzipFault,
  ],
  [
    "a zip over 50 MiB",
    { Code: { ZipFile: new Uint8Array(52_428_801) } },
    "RequestEntityTooLargeException",
    "Zipped size must be smaller than 52428800 bytes",
  ],
  [
    "a bucket that does not exist",
    { Code: { S3Bucket: "nobodys", S3Key: "k" } },
    "InvalidParameterValueException",
    "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified " +
    "bucket does not exist",
  ],
  [
    "a key that does not exist",
    { Code: { S3Bucket: "code", S3Key: "k" } },
    "InvalidParameterValueException",
    "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key " +
    "does not exist.",
  ],
  [
    "a layer",
    { Layers: [`arn:aws:lambda:us-east-1:${ACCOUNT_ID}:layer:l:1`] },
    "InvalidParameterValueException",
    "The sandbox does not support Layers.",
  ],
  [
    "JSON logs",
    { LoggingConfig: { LogFormat: "JSON" } },
    "InvalidParameterValueException",
    "The sandbox does not support LoggingConfig LogFormat JSON.",
  ],
];

stillTest(
  "CreateFunction refuses what AWS refuses, in its words, and what the sandbox lacks",
  async (world) => {
    await world.clients.s3.send(new CreateBucketCommand({ Bucket: "code" }));
    for (const [why, input, name, message] of REFUSALS) {
      const [foundName, foundMessage] = await refusal(world.create("f", "async () => 1", input));
      assertEquals(foundName, name, why);
      if (typeof message === "string") assertEquals(foundMessage, message, why);
      else assertMatch(foundMessage, message, why);
    }
    await world.create("f", "async () => 1");
    assertEquals(await refusal(world.create("f", "async () => 1")), [
      "ResourceConflictException",
      "Function already exist: f",
    ]);
  },
);

stillTest("a role must trust Lambda, and the caller must be allowed to pass it", async (world) => {
  const { iam, lambda } = world.clients;
  const statement = (fields: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", ...fields } });
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "other",
      AssumeRolePolicyDocument: statement({
        Principal: { Service: "firehose.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    }),
  );
  assertEquals(
    (await refusal(world.create("f", "1", { Role: Role?.Arn })))[1],
    "The role defined for the function cannot be assumed by Lambda.",
  );
  const { User } = await iam.send(new CreateUserCommand({ UserName: "dev" }));
  await iam.send(
    new PutUserPolicyCommand({
      UserName: "dev",
      PolicyName: "lambda",
      PolicyDocument: statement({ Action: "lambda:*", Resource: "*" }),
    }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "dev" }));
  using dev = clientsFor({
    endpoint: world.sandbox.endpoint,
    credentials: {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    },
  });
  const create = new CreateFunctionCommand({
    FunctionName: "f",
    Role: ROLE_ARN,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: { ZipFile: handlerZip("1") },
  });
  assertEquals(await refusal(dev.lambda.send(create)), [
    "AccessDeniedException",
    `User: ${User?.Arn} is not authorized to perform: iam:PassRole on resource: ${ROLE_ARN} ` +
    "because no identity-based policy allows the iam:PassRole action",
  ]);
  await lambda.send(create);
  const update = { FunctionName: "f", Role: ROLE_ARN };
  assertEquals(
    (await refusal(dev.lambda.send(new UpdateFunctionConfigurationCommand(update))))[0],
    "AccessDeniedException",
  );
});

stillTest("code may lie in a bucket", async (world) => {
  const { s3, lambda } = world.clients;
  const Body = handlerZip("async () => 'from S3'");
  await s3.send(new CreateBucketCommand({ Bucket: "code" }));
  await s3.send(new PutObjectCommand({ Bucket: "code", Key: "f.zip", Body }));
  await createActive(world, "f", { Code: { S3Bucket: "code", S3Key: "f.zip" } });
  const { CodeSize } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: "f" }),
  );
  assertEquals(CodeSize, Body.length);
  assertEquals((await world.invoke("f")).json, "from S3");
});
