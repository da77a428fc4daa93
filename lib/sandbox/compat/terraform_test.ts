/**
 * The calls that Terraform's AWS provider makes (hashicorp/aws 6, as its source has them in 2026) for
 * a bucket, a role with policies, a managed policy, a function and two delivery streams: create, read,
 * plan without a change, delete. The streams' inputs and states follow the functions
 * `expandExtendedS3DestinationConfiguration` and `flattenExtendedS3DestinationDescription` of
 * `internal/service/firehose/delivery_stream.go`. Terraform itself cannot be had from a package registry.
 */
import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  type ExtendedS3DestinationDescription,
  ListTagsForDeliveryStreamCommand,
  type ProcessorParameter,
} from "@aws-sdk/client-firehose";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  ListVersionsByFunctionCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { assertEquals } from "@std/assert";
import { strToU8, zipSync } from "fflate";
import { createHash } from "node:crypto";
import { clientsFor } from "../testing/clients.ts";
import { until } from "../testing/until.ts";
import { withSandbox } from "./testing.ts";

type Clients = ReturnType<typeof clientsFor>;

/** A resource of a configuration: its calls, and the state that it should be in. */
interface Resource {
  readonly name: string;
  readonly wanted: unknown;
  create(clients: Clients): Promise<unknown>;
  /** The state as the provider reads it; undefined if there is no such resource. */
  read(clients: Clients): Promise<unknown>;
  delete(clients: Clients): Promise<unknown>;
}

/** The answer, or undefined for the error of something that is not there. */
async function found<Answer>(
  code: string,
  act: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Error && error.name === code) return undefined;
    throw error;
  }
}

const ACCOUNT = "123456789012";
const Bucket = "terraform-records";
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/pipeline`;
const POLICY_ARN = `arn:aws:iam::${ACCOUNT}:policy/write`;
const Version = "2012-10-17";
const TAGS = [{ Key: "project", Value: "terraform" }];

const BUCKET: Resource = {
  name: "aws_s3_bucket",
  wanted: { region: "us-east-1", tags: TAGS, settings: [] },
  async create({ s3 }) {
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new HeadBucketCommand({ Bucket }));
    // The provider keeps tags of AWS's own that are there already.
    await found("NoSuchTagSet", () => s3.send(new GetBucketTaggingCommand({ Bucket })));
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: TAGS } }));
  },
  async read({ s3 }) {
    const head = await found("NotFound", () => s3.send(new HeadBucketCommand({ Bucket })));
    if (!head) return undefined;
    const settings = await Promise.all([
      found("NoSuchBucketPolicy", () => s3.send(new GetBucketPolicyCommand({ Bucket }))),
      found("NoSuchCORSConfiguration", () => s3.send(new GetBucketCorsCommand({ Bucket }))),
      found("NoSuchWebsiteConfiguration", () => s3.send(new GetBucketWebsiteCommand({ Bucket }))),
      found(
        "NoSuchLifecycleConfiguration",
        () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      ),
      found(
        "ReplicationConfigurationNotFoundError",
        () => s3.send(new GetBucketReplicationCommand({ Bucket })),
      ),
      found(
        "ObjectLockConfigurationNotFoundError",
        () => s3.send(new GetObjectLockConfigurationCommand({ Bucket })),
      ),
    ]);
    // Each of these has a default, which the provider takes as it is.
    await s3.send(new GetBucketAclCommand({ Bucket }));
    await s3.send(new GetBucketVersioningCommand({ Bucket }));
    await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }));
    await s3.send(new GetBucketRequestPaymentCommand({ Bucket }));
    await s3.send(new GetBucketLoggingCommand({ Bucket }));
    await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
    const configured = settings.filter((setting) => setting !== undefined);
    return { region: head.BucketRegion, tags: TagSet, settings: configured };
  },
  delete: ({ s3 }) => s3.send(new DeleteBucketCommand({ Bucket })),
};

const TRUST = {
  Version,
  Statement: ["firehose.amazonaws.com", "lambda.amazonaws.com"].map((Service) => ({
    Effect: "Allow",
    Principal: { Service },
    Action: "sts:AssumeRole",
  })),
};
const INLINE = {
  Version,
  Statement: [{ Effect: "Allow", Action: ["s3:PutObject"], Resource: `arn:aws:s3:::${Bucket}/*` }],
};
const MANAGED = {
  Version,
  Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: "*" }],
};
const RoleName = "pipeline";
const inline = { RoleName, PolicyName: "deliver" };

const documentIn = (text: string | undefined) => JSON.parse(decodeURIComponent(text ?? ""));

const POLICY: Resource = {
  name: "aws_iam_policy",
  wanted: { document: MANAGED, tags: TAGS },
  create: ({ iam }) =>
    iam.send(
      new CreatePolicyCommand({
        PolicyName: "write",
        PolicyDocument: JSON.stringify(MANAGED),
        Tags: TAGS,
      }),
    ),
  async read({ iam }) {
    const PolicyArn = POLICY_ARN;
    const got = await found(
      "NoSuchEntityException",
      () => iam.send(new GetPolicyCommand({ PolicyArn })),
    );
    if (!got) return undefined;
    const VersionId = got.Policy?.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    return { document: documentIn(PolicyVersion?.Document), tags: got.Policy?.Tags };
  },
  async delete({ iam }) {
    await iam.send(new ListPolicyVersionsCommand({ PolicyArn: POLICY_ARN }));
    await iam.send(new DeletePolicyCommand({ PolicyArn: POLICY_ARN }));
  },
};

const ROLE: Resource = {
  name: "aws_iam_role",
  wanted: {
    trust: TRUST,
    inline: [INLINE],
    attached: [POLICY_ARN],
    tags: TAGS,
    maxSessionDuration: 3_600,
  },
  async create({ iam }) {
    const AssumeRolePolicyDocument = JSON.stringify(TRUST);
    await iam.send(
      new CreateRoleCommand({
        ...{ RoleName, AssumeRolePolicyDocument, Tags: TAGS },
        ...{ Path: "/", MaxSessionDuration: 3_600 },
      }),
    );
    await iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: JSON.stringify(INLINE) }));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: POLICY_ARN }));
  },
  async read({ iam }) {
    const got = await found(
      "NoSuchEntityException",
      () => iam.send(new GetRoleCommand({ RoleName })),
    );
    if (!got) return undefined;
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const documents = await Promise.all(
      PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
    );
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    return {
      trust: documentIn(got.Role?.AssumeRolePolicyDocument),
      inline: documents.map(({ PolicyDocument }) => documentIn(PolicyDocument)),
      attached: AttachedPolicies?.map(({ PolicyArn }) => PolicyArn),
      tags: got.Role?.Tags,
      maxSessionDuration: got.Role?.MaxSessionDuration,
    };
  },
  async delete({ iam }) {
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: POLICY_ARN }));
    await iam.send(new DeleteRolePolicyCommand(inline));
    const profiles = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName }));
    assertEquals(profiles.InstanceProfiles, []);
    await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    await iam.send(new ListRolePoliciesCommand({ RoleName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
  },
};

const FunctionName = "transform";
const ZipFile = zipSync({ "index.mjs": strToU8("export const handler = (event) => event;") });

const FUNCTION: Resource = {
  name: "aws_lambda_function",
  wanted: {
    role: ROLE_ARN,
    runtime: "nodejs22.x",
    handler: "index.handler",
    timeout: 60,
    memorySize: 256,
    codeSha256: createHash("sha256").update(ZipFile).digest("base64"),
    tags: { project: "terraform" },
    version: "$LATEST",
    codeSigning: undefined,
  },
  async create({ lambda }) {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: ROLE_ARN,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Timeout: 60,
        MemorySize: 256,
        Code: { ZipFile: new Uint8Array(ZipFile) },
        Description: "",
        PackageType: "Zip",
        Publish: false,
        Tags: { project: "terraform" },
      }),
    );
    await until("the function to be active", async () => {
      const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
      return Configuration?.State === "Active" ? true : undefined;
    });
  },
  async read({ lambda }) {
    const got = await found(
      "ResourceNotFoundException",
      () => lambda.send(new GetFunctionCommand({ FunctionName })),
    );
    if (!got?.Configuration) return undefined;
    const { Role, Runtime, Handler, Timeout, MemorySize, CodeSha256 } = got.Configuration;
    const { Versions = [] } = await lambda.send(
      new ListVersionsByFunctionCommand({ FunctionName }),
    );
    const { CodeSigningConfigArn } = await lambda.send(
      new GetFunctionCodeSigningConfigCommand({ FunctionName }),
    );
    return {
      role: Role,
      runtime: Runtime,
      handler: Handler,
      timeout: Timeout,
      memorySize: MemorySize,
      codeSha256: CodeSha256,
      tags: got.Tags,
      version: Versions.at(-1)?.Version,
      codeSigning: CodeSigningConfigArn,
    };
  },
  delete: ({ lambda }) => lambda.send(new DeleteFunctionCommand({ FunctionName })),
};

/** Parameters of a processor that the provider adds and, when it reads, leaves out again. */
const DEFAULT_PARAMETERS: readonly ProcessorParameter[] = [
  { ParameterName: "NumberOfRetries", ParameterValue: "3" },
  { ParameterName: "BufferIntervalInSeconds", ParameterValue: "60" },
  { ParameterName: "RoleArn", ParameterValue: ROLE_ARN },
  { ParameterName: "BufferSizeInMBs", ParameterValue: "1" },
];

const isDefault = ({ ParameterName, ParameterValue }: ProcessorParameter) =>
  DEFAULT_PARAMETERS.some((usual) =>
    usual.ParameterName === ParameterName && usual.ParameterValue === ParameterValue
  );

/** What the provider sends for `extended_s3_configuration`: what is not configured is sent too. */
function destinationInput(
  given: Partial<ExtendedS3DestinationConfiguration>,
): ExtendedS3DestinationConfiguration {
  return {
    BucketARN: `arn:aws:s3:::${Bucket}`,
    BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 5 },
    CompressionFormat: "UNCOMPRESSED",
    CustomTimeZone: "UTC",
    DataFormatConversionConfiguration: { Enabled: false },
    EncryptionConfiguration: { NoEncryptionConfig: "NoEncryption" },
    FileExtension: "",
    Prefix: "",
    RoleARN: ROLE_ARN,
    ProcessingConfiguration: { Enabled: false, Processors: [] },
    S3BackupMode: "Disabled",
    ...given,
  };
}

/** `extended_s3_configuration` as the provider reads it. */
function destinationState(s3: ExtendedS3DestinationDescription | undefined) {
  const { Enabled, Processors = [] } = s3?.ProcessingConfiguration ?? {};
  return {
    bucket_arn: s3?.BucketARN,
    buffering: s3?.BufferingHints,
    compression_format: s3?.CompressionFormat,
    converts: s3?.DataFormatConversionConfiguration?.Enabled ?? false,
    custom_time_zone: s3?.CustomTimeZone ?? "UTC",
    error_output_prefix: s3?.ErrorOutputPrefix ?? "",
    file_extension: s3?.FileExtension ?? "",
    kms_key_arn: s3?.EncryptionConfiguration?.KMSEncryptionConfig?.AWSKMSKeyARN,
    prefix: s3?.Prefix ?? "",
    processing: {
      enabled: Enabled ?? false,
      processors: Processors.map(({ Type, Parameters = [] }) => ({
        type: Type,
        parameters: Parameters.filter((parameter) => !isDefault(parameter)),
      })),
    },
    role_arn: s3?.RoleARN,
    s3_backup_mode: s3?.S3BackupMode,
  };
}

const DEFAULT_STATE = {
  bucket_arn: `arn:aws:s3:::${Bucket}`,
  buffering: { SizeInMBs: 5, IntervalInSeconds: 300 },
  compression_format: "UNCOMPRESSED",
  converts: false,
  custom_time_zone: "UTC",
  error_output_prefix: "",
  file_extension: "",
  kms_key_arn: undefined,
  prefix: "",
  processing: { enabled: false, processors: [] },
  role_arn: ROLE_ARN,
  s3_backup_mode: "Disabled",
};

/** A stream with these settings, and how its state differs from that of one without. */
function streamResource(
  DeliveryStreamName: string,
  given: Partial<ExtendedS3DestinationConfiguration>,
  wanted: Partial<ReturnType<typeof destinationState>>,
): Resource {
  const describe = ({ firehose }: Clients) =>
    firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }));
  return {
    name: `aws_kinesis_firehose_delivery_stream ${DeliveryStreamName}`,
    wanted: { destination: { ...DEFAULT_STATE, ...wanted }, encrypts: false, tags: TAGS },
    async create(clients) {
      await clients.firehose.send(
        new CreateDeliveryStreamCommand({
          DeliveryStreamName,
          DeliveryStreamType: "DirectPut",
          Tags: TAGS,
          ExtendedS3DestinationConfiguration: destinationInput(given),
        }),
      );
      await until("the stream to be active", async () => {
        const { DeliveryStreamDescription } = await describe(clients);
        return DeliveryStreamDescription?.DeliveryStreamStatus === "ACTIVE" ? true : undefined;
      });
    },
    async read(clients) {
      const got = await found("ResourceNotFoundException", () => describe(clients));
      if (!got) return undefined;
      const { Destinations = [], DeliveryStreamEncryptionConfiguration } =
        got.DeliveryStreamDescription ?? {};
      const { Tags } = await clients.firehose.send(
        new ListTagsForDeliveryStreamCommand({ DeliveryStreamName }),
      );
      return {
        destination: destinationState(Destinations[0]?.ExtendedS3DestinationDescription),
        encrypts: DeliveryStreamEncryptionConfiguration?.Status === "ENABLED",
        tags: Tags,
      };
    },
    async delete(clients) {
      await clients.firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName }));
      await until(
        "the stream to be gone",
        async () =>
          await found("ResourceNotFoundException", () => describe(clients)) ? undefined : true,
      );
    },
  };
}

const LAMBDA_ARN = {
  ParameterName: "LambdaArn",
  ParameterValue: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${FunctionName}:$LATEST`,
} as const;

const STREAMS = [
  streamResource("plain", {}, {}),
  streamResource("transformed", {
    BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 },
    CompressionFormat: "GZIP",
    ErrorOutputPrefix: "errors/",
    Prefix: "data/",
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{
        Type: "Lambda",
        Parameters: [LAMBDA_ARN, ...DEFAULT_PARAMETERS],
      }],
    },
  }, {
    buffering: { SizeInMBs: 1, IntervalInSeconds: 60 },
    compression_format: "GZIP",
    error_output_prefix: "errors/",
    prefix: "data/",
    processing: { enabled: true, processors: [{ type: "Lambda", parameters: [LAMBDA_ARN] }] },
  }),
];

Deno.test("Terraform's calls create, read, plan without a change, and delete a pipeline", async () => {
  await withSandbox(async ({ endpoint, rootKey }) => {
    using clients = clientsFor({ endpoint, credentials: rootKey });
    await clients.sts.send(new GetCallerIdentityCommand({}));
    const resources = [BUCKET, POLICY, ROLE, FUNCTION, ...STREAMS];
    for (const resource of resources) {
      assertEquals([resource.name, await resource.read(clients)], [resource.name, undefined]);
      await resource.create(clients);
    }
    // A plan reads everything again; a difference would be a change to make.
    for (let plan = 0; plan < 2; plan++) {
      for (const { name, wanted, read } of resources) {
        assertEquals([name, await read(clients)], [name, wanted]);
      }
    }
    for (const resource of resources.toReversed()) {
      await resource.delete(clients);
      assertEquals([resource.name, await resource.read(clients)], [resource.name, undefined]);
    }
  });
});
