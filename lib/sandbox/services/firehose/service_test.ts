/** Every operation through the real SDK client: signatures, constraints, permissions and all. */
import {
  CreateDeliveryStreamCommand,
  type CreateDeliveryStreamInput,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  type ExtendedS3DestinationUpdate,
  FirehoseClient,
  FirehoseServiceException,
  ListDeliveryStreamsCommand,
  type ListDeliveryStreamsInput,
  ListTagsForDeliveryStreamCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
  UpdateDestinationCommand,
} from "@aws-sdk/client-firehose";
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { clientsFor } from "../../testing/clients.ts";
import { until } from "../../testing/until.ts";
import { ManualClock } from "../../clock.ts";
import { ACCOUNT_ID, type SandboxOptions, startSandbox } from "../../sandbox.ts";

const ROLE_ARN = `arn:aws:iam::${ACCOUNT_ID}:role/delivery`;
const DESTINATION = {
  RoleARN: ROLE_ARN,
  BucketARN: "arn:aws:s3:::records",
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
} as const;

type Root = ReturnType<typeof clientsFor>;

interface Scene {
  readonly endpoint: string;
  /** Starts at the true time, which signatures need, and moves when the test moves it. */
  readonly clock: ManualClock;
}

/** A test with a sandbox that has a bucket and a delivery role. */
function firehoseTest(
  name: string,
  run: (root: Root, scene: Scene) => Promise<void>,
  options: Partial<SandboxOptions> = {},
): void {
  Deno.test(name, async () => {
    const clock = new ManualClock(Date.now());
    const sandbox = await startSandbox({
      port: 0,
      dataDir: undefined,
      speed: 1,
      clock,
      ...options,
    });
    try {
      using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await createBase(root);
      await run(root, { endpoint: sandbox.endpoint, clock });
    } finally {
      await sandbox.stop();
    }
  });
}

async function createBase({ s3, iam }: Root): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: "records" }));
  const Version = "2012-10-17";
  const trust = {
    Effect: "Allow",
    Principal: { Service: "firehose.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": ACCOUNT_ID } },
  };
  await iam.send(
    new CreateRoleCommand({
      RoleName: "delivery",
      AssumeRolePolicyDocument: JSON.stringify({ Version, Statement: trust }),
    }),
  );
  const write = { Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::records/*" };
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "delivery",
      PolicyName: "write",
      PolicyDocument: JSON.stringify({ Version, Statement: write }),
    }),
  );
}

function create(
  { firehose }: Root,
  DeliveryStreamName: string,
  destination: Partial<ExtendedS3DestinationConfiguration> = {},
  input: Partial<CreateDeliveryStreamInput> = {},
) {
  return firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: { ...DESTINATION, ...destination },
      ...input,
    }),
  );
}

async function describe({ firehose }: Root, DeliveryStreamName: string) {
  const command = new DescribeDeliveryStreamCommand({ DeliveryStreamName });
  return (await firehose.send(command)).DeliveryStreamDescription!;
}

async function untilActive(root: Root, name: string, clock: ManualClock): Promise<void> {
  clock.advance(20_000);
  await until(
    `${name} to be ACTIVE`,
    async () => (await describe(root, name)).DeliveryStreamStatus === "ACTIVE" || undefined,
  );
}

/** What an act is refused with: `Code: text`. */
async function refusal(act: () => Promise<unknown>): Promise<string> {
  const { name, message } = await assertRejects(act, Error);
  return `${name}: ${message}`;
}

const bytes = (text: string) => new TextEncoder().encode(text);

firehoseTest(
  "a stream is CREATING, then ACTIVE, and is described as AWS does",
  async (root, { clock }) => {
    const { DeliveryStreamARN } = await root.firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: "s",
        ExtendedS3DestinationConfiguration: {
          RoleARN: ROLE_ARN,
          BucketARN: "arn:aws:s3:::records",
        },
      }),
    );
    const arn = `arn:aws:firehose:us-east-1:${ACCOUNT_ID}:deliverystream/s`;
    assertEquals(DeliveryStreamARN, arn);
    assertEquals((await describe(root, "s")).DeliveryStreamStatus, "CREATING");
    await untilActive(root, "s", clock);
    const { CreateTimestamp, ...description } = await describe(root, "s");
    assert(Math.abs(CreateTimestamp!.getTime() - Date.now()) < 60_000);
    const destination = {
      RoleARN: ROLE_ARN,
      BucketARN: "arn:aws:s3:::records",
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
      CompressionFormat: "UNCOMPRESSED",
      EncryptionConfiguration: { NoEncryptionConfig: "NoEncryption" },
      CloudWatchLoggingOptions: { Enabled: false },
    } as const;
    assertEquals(description, {
      DeliveryStreamName: "s",
      DeliveryStreamARN: arn,
      DeliveryStreamStatus: "ACTIVE",
      DeliveryStreamType: "DirectPut",
      VersionId: "1",
      DeliveryStreamEncryptionConfiguration: { Status: "DISABLED" },
      Destinations: [{
        DestinationId: "destinationId-000000000001",
        S3DestinationDescription: destination,
        ExtendedS3DestinationDescription: { ...destination, S3BackupMode: "Disabled" },
      }],
      HasMoreDestinations: false,
    });
  },
);

firehoseTest(
  "PutRecord and PutRecordBatch answer with record ids, and records arrive",
  async (root, { clock }) => {
    await create(root, "s");
    await untilActive(root, "s", clock);
    const one = await root.firehose.send(
      new PutRecordCommand({ DeliveryStreamName: "s", Record: { Data: bytes("one,") } }),
    );
    assertMatch(one.RecordId!, /^[A-Za-z0-9+/]{224}$/);
    assertEquals(one.Encrypted, false);
    const Records = Array.from({ length: 500 }, (_, n) => ({ Data: bytes(`${n},`) }));
    const many = await root.firehose.send(
      new PutRecordBatchCommand({ DeliveryStreamName: "s", Records }),
    );
    assertEquals(many.FailedPutCount, 0);
    const ids = many.RequestResponses!.map(({ RecordId }) => RecordId);
    assertEquals(new Set(ids).size, 500);
    clock.advance(60_000);
    const Key = await until("an object", async () => {
      const { Contents } = await root.s3.send(new ListObjectsV2Command({ Bucket: "records" }));
      return Contents?.[0].Key;
    });
    const object = await root.s3.send(new GetObjectCommand({ Bucket: "records", Key }));
    const expected = "one," + Records.map((_, n) => `${n},`).join("");
    assertEquals(await object.Body!.transformToString(), expected);
  },
);

firehoseTest(
  "puts are refused with AWS's errors, and the sandbox goes on",
  async (root, { clock }) => {
    await create(root, "s");
    const put = (name: string, ...records: Uint8Array[]) =>
      refusal(() =>
        root.firehose.send(
          new PutRecordBatchCommand({
            DeliveryStreamName: name,
            Records: records.map((Data) => ({ Data })),
          }),
        )
      );
    const putOne = (Data: Uint8Array) =>
      root.firehose.send(new PutRecordCommand({ DeliveryStreamName: "s", Record: { Data } }));
    assertEquals(
      await put("s", bytes("x")),
      `ResourceNotFoundException: Firehose s is not active in ${ACCOUNT_ID} account.`,
    );
    await untilActive(root, "s", clock);
    assertEquals(
      await put("nope", bytes("x")),
      `ResourceNotFoundException: Firehose nope under account ${ACCOUNT_ID} not found.`,
    );
    assertMatch(
      await put("s"),
      /^ValidationException: .* at 'records' failed .* length greater than or equal to 1$/,
    );
    assertMatch(
      await put("s", ...Array.from({ length: 501 }, () => bytes("x"))),
      /^ValidationException: .* at 'records' failed .* length less than or equal to 500$/,
    );
    assertMatch(
      await put("s", bytes("x"), new Uint8Array(1_024_001)),
      /^ValidationException: .* at 'records\.2\.member\.data' .* less than or equal to 1024000$/,
    );
    const megabyte = new Uint8Array(1_000_000);
    assertEquals(
      await put("s", megabyte, megabyte, megabyte, megabyte, new Uint8Array(194_305)),
      "InvalidArgumentException: The total size of the records exceeds the maximum allowed size " +
        "of 4194304 bytes.",
    );
    assertMatch(await refusal(() => putOne(new Uint8Array(1_024_001))), /'record\.data'/);
    await putOne(new Uint8Array(1_024_000));
    await putOne(new Uint8Array());
    await root.firehose.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: "s",
        Records: [megabyte, megabyte, megabyte, megabyte, new Uint8Array(194_304)].map((Data) => ({
          Data,
        })),
      }),
    );
  },
);

firehoseTest(
  "a stream that is deleted is DELETING, then gone, with what waited in it",
  async (root, { clock }) => {
    await create(root, "s");
    const remove = () =>
      root.firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: "s" }));
    assertEquals(
      await refusal(remove),
      `ResourceInUseException: Firehose s under account ${ACCOUNT_ID} cannot be deleted in CREATING state`,
    );
    await untilActive(root, "s", clock);
    assertEquals(
      await refusal(() => create(root, "s")),
      `ResourceInUseException: Firehose s under accountId ${ACCOUNT_ID} already exists`,
    );
    await root.firehose.send(
      new PutRecordCommand({ DeliveryStreamName: "s", Record: { Data: bytes("lost") } }),
    );
    await remove();
    await remove();
    assertEquals((await describe(root, "s")).DeliveryStreamStatus, "DELETING");
    assertMatch(
      await refusal(() =>
        root.firehose.send(
          new PutRecordCommand({ DeliveryStreamName: "s", Record: { Data: bytes("late") } }),
        )
      ),
      /^ResourceNotFoundException: .* is not active/,
    );
    assertEquals(
      await refusal(() =>
        root.firehose.send(
          new TagDeliveryStreamCommand({
            DeliveryStreamName: "s",
            Tags: [{ Key: "k", Value: "v" }],
          }),
        )
      ),
      `ResourceInUseException: Firehose s under account ${ACCOUNT_ID} is in the DELETING state.`,
    );
    clock.advance(20_000);
    await until(
      "the stream to be gone",
      async () =>
        await describe(root, "s").then(
          () => undefined,
          (error) => error.name === "ResourceNotFoundException" || undefined,
        ),
    );
    assertMatch(await refusal(remove), /^ResourceNotFoundException: Firehose s under account/);
    await create(root, "s");
    await untilActive(root, "s", clock);
    const { Contents } = await root.s3.send(new ListObjectsV2Command({ Bucket: "records" }));
    assertEquals(Contents, undefined);
  },
);

firehoseTest(
  "ListDeliveryStreams goes through names in lexical order, page by page",
  async (root) => {
    for (const name of ["b", "a", "C", "a1"]) await create(root, name);
    const list = async (input: ListDeliveryStreamsInput) => {
      const { DeliveryStreamNames, HasMoreDeliveryStreams } = await root.firehose.send(
        new ListDeliveryStreamsCommand(input),
      );
      return { DeliveryStreamNames, HasMoreDeliveryStreams };
    };
    assertEquals(await list({ Limit: 3 }), {
      DeliveryStreamNames: ["C", "a", "a1"],
      HasMoreDeliveryStreams: true,
    });
    assertEquals(await list({ ExclusiveStartDeliveryStreamName: "a" }), {
      DeliveryStreamNames: ["a1", "b"],
      HasMoreDeliveryStreams: false,
    });
    assertEquals(await list({ DeliveryStreamType: "DirectPut", Limit: 1 }), {
      DeliveryStreamNames: ["C"],
      HasMoreDeliveryStreams: true,
    });
    assertEquals(await list({ DeliveryStreamType: "KinesisStreamAsSource" }), {
      DeliveryStreamNames: [],
      HasMoreDeliveryStreams: false,
    });
    for (let n = 0; n < 7; n++) await create(root, `z${n}`);
    assertEquals((await list({})).DeliveryStreamNames?.length, 10);
    assertMatch(
      await refusal(() => list({ Limit: 0 })),
      /^ValidationException: .* Value '0' at 'limit' .* greater than or equal to 1$/,
    );
  },
);

firehoseTest("tags are merged, removed, and listed by key", async (root) => {
  await create(root, "s", {}, { Tags: [{ Key: "b", Value: "1" }, { Key: "a", Value: "" }] });
  const tag = (...Tags: { Key: string; Value?: string }[]) =>
    root.firehose.send(new TagDeliveryStreamCommand({ DeliveryStreamName: "s", Tags }));
  const list = async (input: { Limit?: number; ExclusiveStartTagKey?: string } = {}) => {
    const { Tags, HasMoreTags } = await root.firehose.send(
      new ListTagsForDeliveryStreamCommand({ DeliveryStreamName: "s", ...input }),
    );
    return [Tags!.map(({ Key, Value }) => `${Key}=${Value}`).join(), HasMoreTags];
  };
  await tag({ Key: "c", Value: "2" }, { Key: "b", Value: "x" }, { Key: "b", Value: "3" });
  assertEquals(await list(), ["a=,b=3,c=2", false]);
  assertEquals(await list({ Limit: 1, ExclusiveStartTagKey: "a" }), ["b=3", true]);
  await root.firehose.send(
    new UntagDeliveryStreamCommand({ DeliveryStreamName: "s", TagKeys: ["b", "unknown"] }),
  );
  assertEquals(await list(), ["a=,c=2", false]);
  assertMatch(await refusal(() => tag({ Key: "d", Value: "1" }, { Key: "e" })), /^InvalidArg/);
  assertMatch(
    await refusal(() => tag({ Key: "aws:x", Value: "1" })),
    /^ValidationException: .* 'tags\.1\.member\.key' .* regular expression pattern/,
  );
  // The pattern of the model (botocore 1.43.11), which counts before the stream is looked for.
  const key = /Value '\[?aws:x\]?' at '.*' failed .* pattern: \^\(\?!aws:\)\[.*\]\*\$\]?$/;
  const { firehose } = root;
  const DeliveryStreamName = "nowhere";
  const TagKeys = ["aws:x"];
  const Tags = [{ Key: "aws:x", Value: "" }];
  for (
    const send of [
      () => firehose.send(new UntagDeliveryStreamCommand({ DeliveryStreamName, TagKeys })),
      () => firehose.send(new TagDeliveryStreamCommand({ DeliveryStreamName, Tags })),
      () =>
        firehose.send(
          new ListTagsForDeliveryStreamCommand({
            DeliveryStreamName,
            ExclusiveStartTagKey: "aws:x",
          }),
        ),
    ]
  ) {
    assertMatch(await refusal(send), key);
  }
  assertMatch(
    await refusal(() =>
      tag(...Array.from({ length: 49 }, (_, n) => ({ Key: `k${n}`, Value: "" })))
    ),
    /^LimitExceededException: /,
  );
  assertEquals(await list(), ["a=,c=2", false]);
});

firehoseTest(
  "shape violations name the member, as AWS's ValidationException does",
  async (root) => {
    const prefix = "ValidationException: 1 validation error detected: ";
    const at = "at 'extendedS3DestinationConfiguration.";
    const cases: [Partial<Record<keyof ExtendedS3DestinationConfiguration, unknown>>, string][] = [
      [
        { Prefix: "two\nlines" },
        `Value ${at}prefix' failed to satisfy constraint: Member must satisfy regular expression ` +
        "pattern: .*",
      ],
      [
        { EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: "alias/k" } } },
        `Value ${at}encryptionConfiguration.kMSEncryptionConfig.aWSKMSKeyARN' failed to satisfy ` +
        "constraint: Member must satisfy regular expression pattern: " +
        String.raw`arn:.*:kms:[a-zA-Z0-9\-]+:\d{12}:(key|alias)/[a-zA-Z_0-9+=,.@\-_/]+`,
      ],
      [
        { CompressionFormat: "gzip" },
        `Value ${at}compressionFormat' failed to satisfy constraint: Member must satisfy enum value ` +
        "set: [ZIP, HADOOP_SNAPPY, Snappy, GZIP, UNCOMPRESSED]",
      ],
      [
        { FileExtension: ".TXT" },
        `Value ${at}fileExtension' failed to satisfy constraint: Member must satisfy regular ` +
        "expression pattern: ^(|\\.[0-9a-z!\\-_.*'()]+)$",
      ],
      [
        { RoleARN: undefined },
        `Value ${at}roleARN' failed to satisfy constraint: Member must not be null`,
      ],
      [
        { BufferingHints: { SizeInMBs: 129, IntervalInSeconds: 60 } },
        `Value ${at}bufferingHints.sizeInMBs' failed to satisfy constraint: Member must have value ` +
        "less than or equal to 128",
      ],
      // Format conversion, also where it is off: the model's bounds; the enum's order was probed on
      // AWS (2026-09-10, us-west-2), as were the orders and the pattern of processors.
      [
        {
          DataFormatConversionConfiguration: {
            Enabled: false,
            OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: "BROTLI" } } },
          },
        },
        `Value ${at}dataFormatConversionConfiguration.outputFormatConfiguration.serializer.` +
        "parquetSerDe.compression' failed to satisfy constraint: Member must satisfy enum value " +
        "set: [SNAPPY, GZIP, UNCOMPRESSED]",
      ],
      [
        processing({ Type: "Transform" }),
        `Value ${at}processingConfiguration.processors.1.member.type' failed to satisfy ` +
        "constraint: Member must satisfy enum value set: [Decompression, Lambda, " +
        "RecordDeAggregation, MetadataExtraction, AppendDelimiterToRecord, CloudWatchLogProcessing]",
      ],
      [
        parameter({ ParameterName: "Query", ParameterValue: "x" }),
        `Value ${at}processingConfiguration.processors.1.member.parameters.1.member.parameterName' ` +
        "failed to satisfy constraint: Member must satisfy enum value set: [DataMessageExtraction, " +
        "NumberOfRetries, Delimiter, RoleArn, JsonParsingEngine, SubRecordType, " +
        "MetadataExtractionQuery, BufferIntervalInSeconds, LambdaArn, BufferSizeInMBs, " +
        "CompressionFormat]",
      ],
      [
        parameter({ ParameterName: "Delimiter", ParameterValue: "\n" }),
        `Value ${at}processingConfiguration.processors.1.member.parameters.1.member.parameterValue' ` +
        "failed to satisfy constraint: Member must satisfy regular expression pattern: " +
        "^(?!\\s*$).+",
      ],
    ];
    const { firehose } = root;
    // Members of the wrong value or type are the test's point: sent as they are.
    const send = (destination: Record<string, unknown>) => sendRaw(firehose, destination);
    for (const [members, text] of cases) {
      assertEquals(await refusal(() => send(members)), prefix + text);
    }
  },
);

const processing = (...Processors: readonly object[]) => ({
  ProcessingConfiguration: { Enabled: true, Processors },
});
const parameter = (Parameter: object) =>
  processing({ Type: "AppendDelimiterToRecord", Parameters: [Parameter] });

function sendRaw(firehose: FirehoseClient, members: Record<string, unknown>): Promise<unknown> {
  return firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: "s",
      ExtendedS3DestinationConfiguration: { ...DESTINATION, ...members },
    }),
  );
}

firehoseTest(
  "a caller needs permission for the stream and to pass its roles",
  async (root, { endpoint, clock }) => {
    await root.iam.send(new CreateUserCommand({ UserName: "dev" }));
    const allow = (...Action: string[]) =>
      root.iam.send(
        new PutUserPolicyCommand({
          UserName: "dev",
          PolicyName: "p",
          PolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: { Effect: "Allow", Action, Resource: "*" },
          }),
        }),
      );
    await allow("firehose:CreateDeliveryStream");
    const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName: "dev" }));
    using dev = clientsFor({
      endpoint,
      credentials: {
        accessKeyId: AccessKey!.AccessKeyId!,
        secretAccessKey: AccessKey!.SecretAccessKey!,
      },
    });
    const user =
      `AccessDeniedException: User: arn:aws:iam::${ACCOUNT_ID}:user/dev is not authorized`;
    assertEquals(
      await refusal(() => create(dev, "s")),
      `${user} to perform: iam:PassRole on resource: ${ROLE_ARN} because no identity-based policy ` +
        "allows the iam:PassRole action",
    );
    await allow("firehose:CreateDeliveryStream", "iam:PassRole");
    assertMatch(
      await refusal(() => create(dev, "s", {}, { Tags: [{ Key: "k", Value: "v" }] })),
      /firehose:TagDeliveryStream on resource: .*deliverystream\/s because no identity-based/,
    );
    await create(dev, "s");
    assertEquals(
      await refusal(() =>
        dev.firehose.send(
          new PutRecordCommand({ DeliveryStreamName: "nope", Record: { Data: bytes("x") } }),
        )
      ),
      `${user} to perform: firehose:PutRecord on resource: arn:aws:firehose:us-east-1:${ACCOUNT_ID}:` +
        "deliverystream/nope because no identity-based policy allows the firehose:PutRecord action",
    );
    await allow("firehose:UpdateDestination");
    await untilActive(root, "s", clock);
    const update = (ExtendedS3DestinationUpdate: ExtendedS3DestinationUpdate) =>
      dev.firehose.send(
        new UpdateDestinationCommand({
          DeliveryStreamName: "s",
          CurrentDeliveryStreamVersionId: "1",
          DestinationId: "destinationId-000000000001",
          ExtendedS3DestinationUpdate,
        }),
      );
    const passing = `${user} to perform: iam:PassRole on resource: ${ROLE_ARN} because`;
    assertStringIncludes(await refusal(() => update({ RoleARN: ROLE_ARN })), passing);
    assertStringIncludes(
      await refusal(() => update({ S3BackupUpdate: { RoleARN: ROLE_ARN } })),
      passing,
    );
    // A role that is not named again needs no permission (captured).
    await update({ Prefix: "new/" });
    assertMatch(
      await refusal(() => update({ BucketARN: "arn:aws:s3:us-east-1:1:b" })),
      /^ValidationException: .* Value at 'extendedS3DestinationUpdate\.bucketARN' failed/,
    );
  },
);

firehoseTest(
  "with --quotas a client sees partial failures, and sends the failed records again",
  async (root, { clock }) => {
    await create(root, "s");
    await untilActive(root, "s", clock);
    const put = (Records: readonly { Data: Uint8Array }[]) =>
      root.firehose.send(
        new PutRecordBatchCommand({ DeliveryStreamName: "s", Records: [...Records] }),
      );
    const megabyte = { Data: new Uint8Array(1_024_000) };
    const batch = [megabyte, megabyte, megabyte, megabyte];
    assertEquals((await put(batch)).FailedPutCount, 0);
    const { FailedPutCount, RequestResponses } = await put(batch);
    assertEquals(FailedPutCount, 3);
    assertEquals(RequestResponses?.map(({ ErrorMessage }) => ErrorMessage), [
      undefined,
      "Slow down.",
      "Slow down.",
      "Slow down.",
    ]);
    const error = await assertRejects(
      () =>
        root.firehose.send(
          new PutRecordCommand({ DeliveryStreamName: "s", Record: megabyte }),
        ),
      FirehoseServiceException,
    );
    assertEquals(error.name, "ServiceUnavailableException");
    assertEquals(error.$metadata.httpStatusCode, 503);
    clock.advance(1_000);
    assertEquals((await put(batch.slice(1))).FailedPutCount, 0);
  },
  { quotas: "enforced" },
);
