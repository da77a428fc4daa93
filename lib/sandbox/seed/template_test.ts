import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readDocument } from "./document.ts";
import { compileTemplate } from "./template.ts";
import { SeedMistake } from "./value.ts";

const STACK = { name: "S", region: "eu-west-1", accountId: "123456789012" };

function compile(
  text: string,
  { parameters = {}, skip = [] }: {
    readonly parameters?: Readonly<Record<string, string>>;
    readonly skip?: readonly string[];
  } = {},
) {
  return compileTemplate(readDocument(text).value, {
    stack: STACK,
    parameters: new Map(Object.entries(parameters)),
    skip: new Set(skip),
    assets: new Map(),
  });
}

/** The mistakes of a template, each with its line. */
function mistakesOf(text: string, options: Parameters<typeof compile>[1] = {}): string[] {
  const { lineOf } = readDocument(text);
  const error = assertThrows(() => compile(text, options), AggregateError);
  return error.errors.map((mistake) =>
    mistake instanceof SeedMistake ? `${lineOf(mistake.path)}: ${mistake.message}` : `${mistake}`
  );
}

/** What functions give, seen as outputs. */
const outputs = (values: string, more = "", options: Parameters<typeof compile>[1] = {}) =>
  Object.fromEntries(compile(`${more}\nOutputs:\n${values}`, options).outputs);

const RESOURCES = `
Parameters:
  Stage: { Type: String, Default: dev }
  Names: { Type: CommaDelimitedList, Default: "a, b" }
Mappings: { Sizes: { dev: { mib: 1 } } }
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsBig: !And [!Not [!Condition IsDev], !Or [!Equals [5, "5"], !Condition IsDev]]
Resources:
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub "b-\${Stage}" } }
  Role: { Type: AWS::IAM::Role, Properties: { Path: /p/, RoleName: r } }
  Fn: { Type: AWS::Lambda::Function, Properties: { FunctionName: f } }
  Stream: { Type: AWS::KinesisFirehose::DeliveryStream, Properties: { DeliveryStreamName: d } }
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /g } }
  Managed: { Type: AWS::IAM::ManagedPolicy, Properties: { ManagedPolicyName: m } }
`;

for (
  const [value, expected] of [
    ["!Ref Bucket", "b-dev"],
    ["!Ref Managed", "arn:aws:iam::123456789012:policy/m"],
    ["!GetAtt Bucket.Arn", "arn:aws:s3:::b-dev"],
    ["!GetAtt Bucket.RegionalDomainName", "b-dev.s3.eu-west-1.amazonaws.com"],
    ["!GetAtt [Role, Arn]", "arn:aws:iam::123456789012:role/p/r"],
    ["!GetAtt Fn.Arn", "arn:aws:lambda:eu-west-1:123456789012:function:f"],
    ["!GetAtt Stream.Arn", "arn:aws:firehose:eu-west-1:123456789012:deliverystream/d"],
    ["!GetAtt Group.Arn", "arn:aws:logs:eu-west-1:123456789012:log-group:/g:*"],
    ["!Sub '${AWS::Partition} ${AWS::URLSuffix} ${AWS::StackName}'", "aws amazonaws.com S"],
    ["!Sub ['${x} ${!Literal} ${Fn.Arn}', {x: !Ref Stage}]", /^dev \$\{Literal\} arn:.*:f$/],
    ["!Join ['-', [!Ref Stage, !Ref AWS::NoValue, z]]", "dev-z"],
    ["!Join ['+', !Ref Names]", "a+b"],
    ["!Select [1, !Split [',', 'x,y']]", "y"],
    ["!FindInMap [Sizes, !Ref Stage, mib]", "1"],
    ["!If [IsDev, yes it is, no]", "yes it is"],
    ["!If [IsBig, big, small]", "small"],
    ["!Base64 abc", "YWJj"],
  ] as const
) {
  Deno.test(`a template's ${value} is ${expected}`, () => {
    const { X } = outputs(`  X: { Value: ${value} }`, RESOURCES);
    if (typeof expected === "string") assertEquals(X, expected);
    else assertEquals(expected.test(X), true, X);
  });
}

Deno.test("a template's resources are made after what they need, otherwise in the file's order", () => {
  const { steps } = compile(`
Resources:
  Stream:
    Type: AWS::KinesisFirehose::DeliveryStream
    DependsOn: [Policy]
    Properties: { S3DestinationConfiguration: { RoleARN: !GetAtt Role.Arn } }
  Policy:
    Type: AWS::IAM::Policy
    Properties: { PolicyName: p, PolicyDocument: {}, Roles: [!Ref Role] }
  Bucket: { Type: AWS::S3::Bucket }
  Role: { Type: AWS::IAM::Role, Properties: { RoleName: !Sub "r-\${Bucket}" } }
`);
  assertEquals(
    steps.map(({ operation }) => operation),
    ["CreateBucket", "CreateRole", "PutRolePolicy", "CreateDeliveryStream"],
  );
});

Deno.test("a resource whose condition is not met is not made, nor is CDK's metadata", () => {
  const text = `
Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:
  Bucket: { Type: AWS::S3::Bucket, Condition: IsProd }
  CDKMetadata: { Type: AWS::CDK::Metadata, Properties: { Analytics: x } }
`;
  assertEquals(compile(text, { parameters: { Stage: "dev" } }).steps, []);
  assertEquals(compile(text, { parameters: { Stage: "prod" } }).steps.length, 1);
  assertEquals(mistakesOf(text, { parameters: { Stage: "test" } }), [
    '2: parameter Stage is "test"; the template allows dev, prod',
  ]);
  assertEquals(mistakesOf(text), [
    "3: parameter Stage has no default: give it by --seed-parameter Stage=VALUE",
  ]);
});

Deno.test("a parameter must match its pattern, which is written as in Java", () => {
  const textWith = (pattern: string) => `
Parameters: { Stage: { Type: String, AllowedPattern: "${pattern}" } }
Resources: {}
`;
  const parameters = { Stage: "PROD" };
  compile(textWith("(?i)dev|prod"), { parameters });
  assertEquals(mistakesOf(textWith("dev|prod"), { parameters }), [
    '2: parameter Stage is "PROD"; it must match dev|prod',
  ]);
  const [unreadable] = mistakesOf(textWith("(?=P)PROD"), { parameters });
  assertStringIncludes(unreadable, "2: the sandbox can't check the pattern (?=P)PROD: ");
});

Deno.test("names that a template does not give are the same at every start, and fit AWS's limits", () => {
  const id = "ABucketWithAVeryLongNameThatGoesOnUntilThereIsNoMoreRoomForIt";
  const text = `Resources: { ${id}: { Type: AWS::S3::Bucket }, B: { Type: AWS::S3::Bucket } }`;
  const names = () => compile(text).steps.map(({ input }) => `${input.Bucket}`);
  const [long, short] = names();
  assertEquals(names(), [long, short]);
  assertEquals(long.length, 63);
  assertEquals(/^s-b-[0-9a-z]{12}$/.test(short), true, short);
});

Deno.test("all that a template has and the sandbox has not is named at once, with its line", () => {
  assertEquals(
    mistakesOf(`
Hooks: {}
Resources:
  Alarm: { Type: AWS::CloudWatch::Alarm }
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: { Status: Enabled }
  Other:
    Type: AWS::S3::Bucket
    Properties:
      LifecycleConfiguration: { Rules: [] }
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !ImportValue name
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [!Ref Missing]
`),
    [
      "2: the sandbox does not support the section Hooks",
      "4: the sandbox does not support AWS::CloudWatch::Alarm; " +
      "--seed-skip AWS::CloudWatch::Alarm leaves it out",
      '8: the sandbox does not support VersioningConfiguration as {"Status":"Enabled"}; ' +
      "--seed-skip AWS::S3::Bucket.VersioningConfiguration leaves it out",
      "12: the sandbox does not support LifecycleConfiguration; " +
      "--seed-skip AWS::S3::Bucket.LifecycleConfiguration leaves it out",
      "16: the sandbox does not support the function Fn::ImportValue",
      "21: the template has no resource or parameter Missing",
    ],
  );
});

Deno.test("--seed-skip leaves resources out by type and by id, and says so", () => {
  const text = `
Resources:
  Alarm: { Type: AWS::CloudWatch::Alarm }
  Bucket: { Type: AWS::S3::Bucket }
  Kept: { Type: AWS::S3::Bucket }
`;
  const { steps, leftOut } = compile(text, { skip: ["AWS::CloudWatch::Alarm", "Bucket"] });
  assertEquals(steps.map(({ resource }) => resource), ["Kept (AWS::S3::Bucket)"]);
  assertEquals(leftOut, [
    "Alarm (AWS::CloudWatch::Alarm): --seed-skip names it",
    "Bucket (AWS::S3::Bucket): --seed-skip names it",
  ]);
});

Deno.test("--seed-skip leaves properties out by type and by id, of SAM's functions too", () => {
  const text = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: b, LifecycleConfiguration: {} } }
  Fn:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: x, Events: {}, Layers: [l], Handler: a.b }
`;
  const { steps, leftOut } = compile(text, {
    skip: ["AWS::S3::Bucket.LifecycleConfiguration", "Fn.Events", "AWS::Lambda::Function.Layers"],
  });
  assertEquals(steps[0].input.Bucket, "b");
  const { Layers, Handler } = steps.find((step) => step.operation === "CreateFunction")?.input ??
    {};
  assertEquals([Layers, Handler], [undefined, "a.b"]);
  assertEquals(leftOut, [
    "LifecycleConfiguration of Bucket: --seed-skip names it",
    "Events of Fn: --seed-skip names it",
    "Layers of Fn: --seed-skip names it",
  ]);
});

Deno.test("resources that need each other are refused", () => {
  assertEquals(
    mistakesOf(`
Resources:
  A: { Type: AWS::S3::Bucket, DependsOn: B }
  B: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref A } }
`),
    ["3: the resources need each other: A → B → A"],
  );
});

Deno.test("a parameter of Systems Manager needs a value where it is used", () => {
  const text = `
Parameters: { Size: { Type: AWS::SSM::Parameter::Value<String>, Default: /size } }
Resources: { B: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref Size } } }
`;
  assertEquals(mistakesOf(text), [
    "3: the sandbox has no Systems Manager: give Size by --seed-parameter Size=VALUE",
  ]);
  assertEquals(compile(text, { parameters: { Size: "b" } }).steps[0].input.Bucket, "b");
});
