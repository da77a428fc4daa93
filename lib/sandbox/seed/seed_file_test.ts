import {
  DescribeLogGroupsCommand,
  DescribeSubscriptionFiltersCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeDeliveryStreamCommand,
  ListDeliveryStreamsCommand,
  PutRecordCommand,
} from "@aws-sdk/client-firehose";
import {
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import {
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { gunzipSync } from "fflate";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Sandbox, startSandbox } from "../sandbox.ts";
import { clientsFor } from "../testing/clients.ts";
import { tempFolder } from "../testing/temp_folder.ts";
import { until } from "../testing/until.ts";

type Clients = ReturnType<typeof clientsFor>;

/** A start with seeds: the lines it says, and what `act` does with its clients. */
async function seeded(
  { files, parameters = {}, skip = [], dataDir }: {
    readonly files: readonly string[];
    readonly parameters?: Readonly<Record<string, string>>;
    readonly skip?: readonly string[];
    readonly dataDir?: string;
  },
  act: (clients: Clients, sandbox: Sandbox) => Promise<void> = async () => {},
): Promise<string[]> {
  const lines: string[] = [];
  const sandbox = await startSandbox({
    port: 0,
    dataDir,
    speed: 1000,
    seeds: { files, parameters: new Map(Object.entries(parameters)), skip: new Set(skip) },
    log: { problem: (line) => lines.push(line), close: () => Promise.resolve() },
  });
  try {
    using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
    await act(clients, sandbox);
  } finally {
    await sandbox.stop();
  }
  return lines;
}

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const EXAMPLES = pathOf("../../../examples/seed");
const CDK = pathOf("testing/cdk.out/Pipeline.template.json");

/** Puts a record, and waits for the object that the function made of it. */
async function delivered(clients: Clients, stream: string, bucket: string): Promise<string> {
  const { DeliveryStreamDescription } = await clients.firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: stream }),
  );
  assertEquals(DeliveryStreamDescription?.DeliveryStreamStatus, "ACTIVE");
  const Data = new TextEncoder().encode("an order");
  await clients.firehose.send(
    new PutRecordCommand({ DeliveryStreamName: stream, Record: { Data } }),
  );
  const Key = await until("the object", async () => {
    const listed = await clients.s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: "orders/" }),
    );
    return listed.Contents?.[0]?.Key;
  });
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  const bytes = await Body?.transformToByteArray() ?? new Uint8Array();
  const isGzip = bytes[0] === 0x1f;
  return new TextDecoder().decode(isGzip ? gunzipSync(bytes) : bytes);
}

Deno.test("the example of a plain seed makes a pipeline that delivers", async () => {
  await seeded({ files: [join(EXAMPLES, "pipeline.yaml")] }, async (clients) => {
    assertEquals(await delivered(clients, "orders", "orders"), "an order\n");
    const { Body } = await clients.s3.send(
      new GetObjectCommand({ Bucket: "orders", Key: "readme.txt" }),
    );
    assertEquals(await Body?.transformToString(), "Orders arrive under orders/.");
  });
});

Deno.test("the example of a SAM template makes a pipeline that delivers", async () => {
  const files = [join(EXAMPLES, "template.yaml")];
  const lines = await seeded({ files, parameters: { Stage: "test" } }, async (clients) => {
    const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand({}));
    assertMatch(`${Buckets[0].Name}`, /^template-records-[0-9a-z]{12}$/);
    const text = await delivered(clients, "orders-test", `${Buckets[0].Name}`);
    assertEquals(text, "an order\n");
  });
  assertMatch(lines.join("\n"), /Outputs of template: Stream = orders-test, Bucket = template-rec/);
});

/** What an account has that a second start could double. */
async function everything({ iam, lambda, s3, firehose }: Clients) {
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const policies = await Promise.all(Roles.map(async ({ RoleName }) => [
    RoleName,
    (await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames,
    (await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies?.length,
  ]));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const { DeliveryStreamNames = [] } = await firehose.send(new ListDeliveryStreamsCommand({}));
  return {
    policies,
    buckets: Buckets.map(({ Name }) => `${Name}`),
    functions: Functions.map(({ FunctionName, LastModified }) => [FunctionName, LastModified]),
    streams: DeliveryStreamNames,
  };
}

Deno.test("what cdk synth wrote makes a pipeline that delivers, and again changes nothing", async () => {
  using folder = tempFolder();
  const options = { files: [CDK], dataDir: folder.path };
  let before: unknown;
  const first = await seeded(options, async (clients) => {
    const { buckets, streams } = await everything(clients);
    const bucket = buckets.find((name) => name.startsWith("pipeline-records"));
    const stream = streams.find((name) => name.startsWith("Pipeline-Orders"));
    assertEquals(streams.length, 2); // an L2 construct and an L1 construct
    assertEquals(await delivered(clients, `${stream}`, `${bucket}`), "an order\n");
    before = await everything(clients);
  });
  const again = await seeded(options, async (clients) => {
    assertEquals(await everything(clients), before);
  });
  const stays = again.filter((line) => line.includes("exists and stays as it is"));
  assertEquals(stays.length, first.filter((line) => line.includes(": made ")).length);
  assertEquals(again.filter((line) => line.includes(": made ")), []);
});

Deno.test("a seed goes on after a start that it ended half way", async () => {
  using folder = tempFolder();
  const file = join(folder.path, "seed.yaml");
  const dataDir = join(folder.path, "data");
  const trust =
    "{ Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }] }";
  const half = (action: string) => `
CreateRole: [{ RoleName: r, AssumeRolePolicyDocument: ${trust} }]
PutRolePolicy:
  - RoleName: r
    PolicyName: p
    PolicyDocument: { Statement: [{ Effect: Allow, Action: "${action}", Resource: "*" }] }
`;
  Deno.writeTextFileSync(file, half("no action"));
  await assertRejects(
    () => seeded({ files: [file], dataDir }),
    Error,
    `${file}:4: PutRolePolicy 1: MalformedPolicyDocument: `,
  );
  Deno.writeTextFileSync(file, half("s3:GetObject"));
  assertEquals(
    await seeded({ files: [file], dataDir }, async ({ iam }) => {
      const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName: "r" }));
      assertEquals(PolicyNames, ["p"]);
    }),
    [`${file}: role r exists and stays as it is`],
  );
});

/** The error of a start with this seed. */
async function refusal(text: string, options: Partial<Parameters<typeof seeded>[0]> = {}) {
  using folder = tempFolder();
  const file = join(folder.path, "seed.yaml");
  Deno.writeTextFileSync(file, text);
  const error = await assertRejects(() => seeded({ ...options, files: [file] }), Error);
  return error.message.replaceAll(`${folder.path}/`, "");
}

for (
  const [why, text, message] of [
    [
      "an operation that a seed has not",
      "Region: us-east-1\nDeleteBucket: []\n",
      "seed.yaml:2: a seed has no DeleteBucket, only Region, CreateBucket, ",
    ],
    [
      "a member that the SDK would leave out",
      "CreateBucket:\n  - Bucket: abc\n    Bukkit: x\n",
      "seed.yaml:3: CreateBucket 1: there is no Bukkit here, only ",
    ],
    [
      "a value of another type",
      "CreateBucket:\n  - Bucket: [abc]\n",
      "seed.yaml:2: CreateBucket 1: Bucket is a list; it takes a text",
    ],
    [
      "an input that the model refuses",
      "CreateBucket:\n  - Bucket: abc\nCreateUser:\n  - Path: /\n",
      "seed.yaml:4: CreateUser 1: ValidationException: 1 validation error detected: ",
    ],
    [
      "what AWS refuses",
      "CreateBucket: [{ Bucket: UPPER }]\n",
      "seed.yaml:1: CreateBucket 1: InvalidBucketName: ",
    ],
    [
      "a file that is not there",
      "PutObject: [{ Bucket: abc, Key: k, Body: { File: missing.txt } }]\n",
      "seed.yaml:1: PutObject 1: there is no file ",
    ],
    ["a region that is none", "Region: mars\n", "--seed seed.yaml: mars is no region of AWS"],
    ["text that does not parse", "A: [\n", "--seed seed.yaml, line 2, column 1: "],
  ] as const
) {
  Deno.test(`a start ends with file and line for ${why}`, async () => {
    assertStringIncludes(await refusal(text), message);
  });
}

Deno.test("a start ends for a seed, a parameter or a resource that is not there", async () => {
  await assertRejects(
    () => seeded({ files: ["no.yaml"] }),
    Error,
    "no.yaml: there is no such file",
  );
  assertStringIncludes(
    await refusal("Resources: {}\n", { parameters: { Stage: "x" } }),
    "--seed-parameter Stage: no template has it. There is AWS::Region, AWS::StackName.",
  );
  assertStringIncludes(
    await refusal("Resources: {}\n", { skip: ["AWS::SQS::Queue"] }),
    "--seed-skip AWS::SQS::Queue: no template has a resource or property of this name.",
  );
});

Deno.test("a seed makes everything in the region that it names", async () => {
  using folder = tempFolder();
  const file = join(folder.path, "seed.json");
  Deno.writeTextFileSync(
    file,
    JSON.stringify({
      Region: "eu-west-1",
      CreateBucket: [{
        Bucket: "far",
        CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
      }],
      CreateLogGroup: [{ logGroupName: "g" }],
      PutRetentionPolicy: [{ logGroupName: "g", retentionInDays: 7 }],
      CreateLogStream: [{ logGroupName: "g", logStreamName: "s" }],
    }),
  );
  await seeded({ files: [file] }, async (_, { endpoint, rootKey }) => {
    using clients = clientsFor({ endpoint, credentials: rootKey, region: "eu-west-1" });
    const { logGroups } = await clients.logs.send(new DescribeLogGroupsCommand({}));
    assertEquals(logGroups?.map(({ retentionInDays }) => retentionInDays), [7]);
  });
});

Deno.test("the other types of a template make what they say", async () => {
  using folder = tempFolder();
  const file = join(folder.path, "all.yaml");
  Deno.writeTextFileSync(
    file,
    `
Resources:
  Code: { Type: AWS::S3::Bucket, Properties: { Tags: [{ Key: a, Value: b }] } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shared
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: { Service: [lambda.amazonaws.com, firehose.amazonaws.com, logs.amazonaws.com] }
            Action: sts:AssumeRole
      Policies:
        - PolicyName: all
          PolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] }
  User: { Type: AWS::IAM::User, Properties: { UserName: producer } }
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Users: [!Ref User]
      PolicyDocument:
        Version: 2012-10-17
        Statement: [{ Effect: Allow, Action: firehose:PutRecord, Resource: !GetAtt Stream.Arn }]
  Inline:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: inline
      Role: !GetAtt Role.Arn
      Runtime: nodejs22.x
      Handler: index.handler
      Timeout: "5"
      ReservedConcurrentExecutions: 2
      Tags: [{ Key: team, Value: data }]
      Code: { ZipFile: "exports.handler = async () => 'from the template';" }
  Invoke:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !Ref Inline, Action: lambda:InvokeFunction, Principal: s3.amazonaws.com }
  Stream:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      S3DestinationConfiguration: { RoleARN: !GetAtt Role.Arn, BucketARN: !GetAtt Code.Arn }
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: g, RetentionInDays: "7" } }
  Filter:
    Type: AWS::Logs::SubscriptionFilter
    Properties:
      LogGroupName: !Ref Group
      FilterPattern: ""
      DestinationArn: !GetAtt Stream.Arn
      RoleArn: !GetAtt Role.Arn
`,
  );
  await seeded({ files: [file] }, async ({ iam, lambda, logs }) => {
    const FunctionName = "inline";
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
    assertEquals(Payload?.transformToString(), '"from the template"');
    const { Configuration, Concurrency, Tags } = await lambda.send(
      new GetFunctionCommand({ FunctionName }),
    );
    assertEquals([Configuration?.Timeout, Concurrency, Tags], [
      5,
      { ReservedConcurrentExecutions: 2 },
      { team: "data" },
    ]);
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    assertStringIncludes(`${Policy}`, "s3.amazonaws.com");
    const { AttachedPolicies } = await iam.send(
      new ListAttachedUserPoliciesCommand({ UserName: "producer" }),
    );
    assertEquals(AttachedPolicies?.length, 1);
    const { subscriptionFilters } = await logs.send(
      new DescribeSubscriptionFiltersCommand({ logGroupName: "g" }),
    );
    assertMatch(`${subscriptionFilters?.[0].destinationArn}`, /deliverystream\/all-Stream-/);
  });
});

Deno.test("a mistake in a second template is found before the first one makes anything", async () => {
  using folder = tempFolder();
  const dataDir = join(folder.path, "data");
  const files = ["good", "bad"].map((name) => join(folder.path, `${name}.yaml`));
  Deno.writeTextFileSync(files[0], "Resources: { Bucket: { Type: AWS::S3::Bucket } }\n");
  Deno.writeTextFileSync(files[1], "Resources: { Queue: { Type: AWS::SQS::Queue } }\n");
  await assertRejects(() => seeded({ files, dataDir }), Error, "does not support AWS::SQS::Queue");
  await seeded({ files: [], dataDir }, async ({ s3 }) => {
    assertEquals((await s3.send(new ListBucketsCommand({}))).Buckets, []);
  });
});

Deno.test("two templates of one name are refused: they would share their things", async () => {
  using folder = tempFolder();
  const files = ["a", "b"].map((name) => {
    Deno.mkdirSync(join(folder.path, name));
    const file = join(folder.path, name, "template.yaml");
    Deno.writeTextFileSync(file, "Resources: { Bucket: { Type: AWS::S3::Bucket } }\n");
    return file;
  });
  await assertRejects(() => seeded({ files }), Error, "are both the stack template");
});
