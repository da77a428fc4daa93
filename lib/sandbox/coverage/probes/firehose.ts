/**
 * How Firehose's operations are called to learn what they do with each member of their input.
 * @module
 */

import type { InputOf, Probe } from "../probe.ts";
import { ACCOUNT_ID, BUCKET_ARN, REGION, ROLE_ARN, type Scene } from "../scene.ts";
import { BY_PARAMETER, BY_PROCESSOR, PARTITIONED } from "./firehose_processors.ts";

const S3_DESTINATION = { RoleARN: ROLE_ARN, BucketARN: BUCKET_ARN };
const FULL_S3_DESTINATION = {
  ...S3_DESTINATION,
  Prefix: "data/",
  ErrorOutputPrefix: "errors/",
  BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
  EncryptionConfiguration: { NoEncryptionConfig: "NoEncryption" },
  CloudWatchLoggingOptions: { Enabled: true, LogGroupName: "group", LogStreamName: "stream" },
};
/** All members may stand side by side while nothing is converted. */
const CONVERSION = {
  Enabled: false,
  SchemaConfiguration: {
    RoleARN: ROLE_ARN,
    CatalogId: ACCOUNT_ID,
    DatabaseName: "db",
    TableName: "table",
    Region: REGION,
    VersionId: "LATEST",
  },
  InputFormatConfiguration: {
    Deserializer: {
      OpenXJsonSerDe: {
        ConvertDotsInJsonKeysToUnderscores: true,
        CaseInsensitive: true,
        ColumnToJsonKeyMappings: { column: "key" },
      },
      HiveJsonSerDe: { TimestampFormats: ["millis"] },
    },
  },
  OutputFormatConfiguration: {
    Serializer: {
      ParquetSerDe: {
        BlockSizeBytes: 67_108_864,
        PageSizeBytes: 65_536,
        Compression: "GZIP",
        EnableDictionaryCompression: true,
        MaxPaddingBytes: 0,
        WriterVersion: "V1",
      },
      OrcSerDe: {
        StripeSizeBytes: 8_388_608,
        BlockSizeBytes: 67_108_864,
        RowIndexStride: 1_000,
        EnablePadding: true,
        PaddingTolerance: 0.5,
        Compression: "ZLIB",
        BloomFilterColumns: ["column"],
        BloomFilterFalsePositiveProbability: 0.5,
        DictionaryKeyThreshold: 0.5,
        FormatVersion: "V0_12",
      },
    },
  },
};
/** A conversion that AWS would take. */
const ENABLED_CONVERSION = {
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
  DataFormatConversionConfiguration: {
    ...CONVERSION,
    Enabled: true,
    InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
    OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
  },
};
const FULL_EXTENDED = {
  ...FULL_S3_DESTINATION,
  ...BY_PROCESSOR.Lambda,
  S3BackupMode: "Enabled",
  FileExtension: ".json",
  CustomTimeZone: "Asia/Tokyo",
  DataFormatConversionConfiguration: CONVERSION,
};
const OWNED_KEY = { KeyType: "AWS_OWNED_CMK" };
const KMS_KEY = {
  KeyType: "CUSTOMER_MANAGED_CMK",
  KeyARN: `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/k`,
};
const BY_KMS = {
  EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: KMS_KEY.KeyARN } },
};
const DATA = { Data: new TextEncoder().encode("record") };
const TAG = { Key: "key", Value: "value" };

/** A stream that is ACTIVE. */
const stream = (scene: Scene, destination: object = {}): Promise<string> =>
  scene.activeStream({
    ExtendedS3DestinationConfiguration: { ...S3_DESTINATION, ...destination },
    Tags: [TAG],
  });

const ofStream = async (scene: Scene) => ({ DeliveryStreamName: await stream(scene) });

const creating = (destination: object): InputOf => (scene) => ({
  DeliveryStreamName: scene.unique("stream"),
  ExtendedS3DestinationConfiguration: { ...S3_DESTINATION, ...destination },
});

/** An update of a stream that has dynamic partitioning if the update speaks of it. */
const updating = (update: object): InputOf => async (scene) => ({
  DeliveryStreamName: await stream(scene, isPartitioned(update) ? PARTITIONED : {}),
  CurrentDeliveryStreamVersionId: "1",
  DestinationId: "destinationId-000000000001",
  ExtendedS3DestinationUpdate: update,
});

const isPartitioned = (destination: object): boolean =>
  Object(Object(destination).DynamicPartitioningConfiguration).Enabled === true;

/** Calls for members of a destination, at `path`, that go with others only. */
function destinationCalls(
  path: string,
  { backup, inputWith }: {
    readonly backup: string;
    readonly inputWith: (destination: object) => InputOf;
  },
): NonNullable<Probe["calls"]> {
  const inputs = (destinations: Readonly<Record<string, object>>) =>
    Object.fromEntries(
      Object.entries(destinations).map(([value, destination]) => [value, inputWith(destination)]),
    );
  const processors = `${path}.ProcessingConfiguration.Processors[]`;
  return {
    [`${path}.EncryptionConfiguration.KMSEncryptionConfig`]: inputs({ KMS: BY_KMS }),
    [`${path}.${backup}.EncryptionConfiguration.KMSEncryptionConfig`]: inputs({
      KMS: { S3BackupMode: "Enabled", [backup]: { ...S3_DESTINATION, ...BY_KMS } },
    }),
    [`${path}.S3BackupMode`]: inputs({
      Disabled: { S3BackupMode: "Disabled" },
      Enabled: { S3BackupMode: "Enabled", [backup]: S3_DESTINATION },
    }),
    [`${path}.DynamicPartitioningConfiguration.Enabled`]: inputs({
      true: PARTITIONED,
      false: { DynamicPartitioningConfiguration: { Enabled: false } },
    }),
    [`${path}.DataFormatConversionConfiguration.Enabled`]: inputs({
      true: ENABLED_CONVERSION,
      false: { DataFormatConversionConfiguration: { Enabled: false } },
    }),
    [`${processors}.Type`]: inputs(BY_PROCESSOR),
    [`${processors}.Parameters[].ParameterName`]: inputs(BY_PARAMETER),
  };
}

/** Calls for the members of an encryption input: a key of KMS goes with its ARN only. */
const keyCalls = (inputOf: InputOf): NonNullable<Probe["calls"]> => {
  const withKey =
    (DeliveryStreamEncryptionConfigurationInput: object): InputOf => async (scene) => ({
      ...await inputOf(scene),
      DeliveryStreamEncryptionConfigurationInput,
    });
  return {
    "DeliveryStreamEncryptionConfigurationInput.KeyType": {
      AWS_OWNED_CMK: withKey(OWNED_KEY),
      CUSTOMER_MANAGED_CMK: withKey(KMS_KEY),
    },
    "DeliveryStreamEncryptionConfigurationInput.KeyARN": { KMS: withKey(KMS_KEY) },
  };
};

const OTHER_DESTINATIONS = [
  "RedshiftDestination",
  "ElasticsearchDestination",
  "AmazonopensearchserviceDestination",
  "SplunkDestination",
  "HttpEndpointDestination",
  "AmazonOpenSearchServerlessDestination",
  "SnowflakeDestination",
  "IcebergDestination",
];

export const FIREHOSE_PROBES: Readonly<Record<string, Probe>> = {
  CreateDeliveryStream: {
    input: creating({ ...FULL_EXTENDED, S3BackupConfiguration: FULL_S3_DESTINATION }),
    values: {
      DirectPutSourceConfiguration: [{ ThroughputHintInMBs: 7 }],
      DeliveryStreamEncryptionConfigurationInput: [OWNED_KEY],
      Tags: [[TAG]],
      S3DestinationConfiguration: [FULL_S3_DESTINATION],
    },
    calls: {
      DeliveryStreamType: Object.fromEntries(
        Object.entries({
          DirectPut: { ExtendedS3DestinationConfiguration: S3_DESTINATION },
          KinesisStreamAsSource: {
            KinesisStreamSourceConfiguration: {
              KinesisStreamARN: `arn:aws:kinesis:${REGION}:${ACCOUNT_ID}:stream/s`,
              RoleARN: ROLE_ARN,
            },
          },
          MSKAsSource: { MSKSourceConfiguration: {} },
          DatabaseAsSource: { IcebergDestinationConfiguration: {} },
        }).map(([DeliveryStreamType, source]): [string, InputOf] => [
          DeliveryStreamType,
          (scene) => ({
            DeliveryStreamName: scene.unique("stream"),
            DeliveryStreamType,
            ...source,
          }),
        ]),
      ),
      ...keyCalls(creating({})),
      ...destinationCalls("ExtendedS3DestinationConfiguration", {
        backup: "S3BackupConfiguration",
        inputWith: creating,
      }),
      "S3DestinationConfiguration.EncryptionConfiguration.KMSEncryptionConfig": {
        KMS: (scene) => ({
          DeliveryStreamName: scene.unique("stream"),
          S3DestinationConfiguration: { ...S3_DESTINATION, ...BY_KMS },
        }),
      },
    },
    without: Object.fromEntries(
      ["S3Destination", ...OTHER_DESTINATIONS].map((name) => [
        `${name}Configuration`,
        ["ExtendedS3DestinationConfiguration"],
      ]),
    ),
    refused: ["KinesisStreamSourceConfiguration"],
  },
  DescribeDeliveryStream: {
    input: ofStream,
    unread: {
      Limit: "a stream has one destination",
      ExclusiveStartDestinationId: "the one destination is shown whatever the start, as on AWS",
    },
  },
  ListDeliveryStreams: {
    input: () => ({ DeliveryStreamType: "DirectPut", ExclusiveStartDeliveryStreamName: "a" }),
  },
  UpdateDestination: {
    input: updating({ ...FULL_EXTENDED, S3BackupUpdate: FULL_S3_DESTINATION }),
    values: { S3DestinationUpdate: [FULL_S3_DESTINATION] },
    calls: {
      ...destinationCalls("ExtendedS3DestinationUpdate", {
        backup: "S3BackupUpdate",
        inputWith: updating,
      }),
      "S3DestinationUpdate.EncryptionConfiguration.KMSEncryptionConfig": {
        KMS: async (scene) => ({
          ...await updating({})(scene),
          ExtendedS3DestinationUpdate: undefined,
          S3DestinationUpdate: BY_KMS,
        }),
      },
    },
    without: Object.fromEntries(
      ["S3Destination", ...OTHER_DESTINATIONS].map((name) => [
        `${name}Update`,
        ["ExtendedS3DestinationUpdate"],
      ]),
    ),
  },
  DeleteDeliveryStream: {
    input: ofStream,
    unread: { AllowForceDelete: "matters for grants of KMS keys, which no stream here has" },
  },
  PutRecord: { input: async (scene) => ({ ...await ofStream(scene), Record: DATA }) },
  PutRecordBatch: { input: async (scene) => ({ ...await ofStream(scene), Records: [DATA] }) },
  TagDeliveryStream: { input: async (scene) => ({ ...await ofStream(scene), Tags: [TAG] }) },
  UntagDeliveryStream: {
    input: async (scene) => ({ ...await ofStream(scene), TagKeys: [TAG.Key] }),
  },
  ListTagsForDeliveryStream: { input: ofStream },
  StartDeliveryStreamEncryption: {
    input: ofStream,
    values: { DeliveryStreamEncryptionConfigurationInput: [OWNED_KEY] },
    calls: keyCalls(ofStream),
  },
  StopDeliveryStreamEncryption: { input: ofStream },
};
