/**
 * Constraints of Firehose's members, from its model (2015-08-04).
 * @module
 */

import type { MemberConstraint } from "../../constraints.ts";

/** Bytes of a record, before base64. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const RECORD_BYTES_MAX = 1_024_000;

export const DELIVERY_STREAM_NAME: MemberConstraint = {
  required: true,
  length: [1, 64],
  pattern: "[a-zA-Z0-9_.-]+",
};

export const RECORD: MemberConstraint = {
  members: { Data: { required: true, length: [0, RECORD_BYTES_MAX] } },
};

const ROLE_ARN: MemberConstraint = {
  length: [1, 512],
  pattern: "arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+",
};

const BUCKET_ARN: MemberConstraint = {
  length: [1, 2048],
  pattern: "arn:.*:s3:::[\\w\\.\\-]{1,255}",
};

const PREFIX: MemberConstraint = { length: [0, 1024], pattern: ".*" };

const KMS_KEY_ARN: MemberConstraint = {
  length: [1, 512],
  pattern: "arn:.*:kms:[a-zA-Z0-9\\-]+:\\d{12}:(key|alias)/[a-zA-Z_0-9+=,.@\\-_/]+",
};

/** A text that is not blank. */
const NOT_BLANK = "^(?!\\s*$).+";

const BUFFERING_HINTS: MemberConstraint = {
  members: { SizeInMBs: { range: [1, 128] }, IntervalInSeconds: { range: [0, 900] } },
};

// The enum's order is the service's own (captured).
const COMPRESSION_FORMAT: MemberConstraint = {
  enum: ["ZIP", "HADOOP_SNAPPY", "Snappy", "GZIP", "UNCOMPRESSED"],
};

const CLOUDWATCH_LOGGING_OPTIONS: MemberConstraint = {
  members: {
    LogGroupName: { length: [0, 512], pattern: "[\\.\\-_/#A-Za-z0-9]*" },
    LogStreamName: { length: [0, 512], pattern: "[^:*]*" },
  },
};

const ENCRYPTION_CONFIGURATION: MemberConstraint = {
  members: {
    NoEncryptionConfig: { enum: ["NoEncryption"] },
    KMSEncryptionConfig: { members: { AWSKMSKeyARN: { required: true, ...KMS_KEY_ARN } } },
  },
};

// The enums' orders and the pattern are the service's own (probed on AWS, 2026-09-10, us-west-2).
const PROCESSING_CONFIGURATION: MemberConstraint = {
  members: {
    Processors: {
      item: {
        members: {
          Type: {
            required: true,
            enum: [
              "Decompression",
              "Lambda",
              "RecordDeAggregation",
              "MetadataExtraction",
              "AppendDelimiterToRecord",
              "CloudWatchLogProcessing",
            ],
          },
          Parameters: {
            item: {
              members: {
                ParameterName: {
                  required: true,
                  enum: [
                    "DataMessageExtraction",
                    "NumberOfRetries",
                    "Delimiter",
                    "RoleArn",
                    "JsonParsingEngine",
                    "SubRecordType",
                    "MetadataExtractionQuery",
                    "BufferIntervalInSeconds",
                    "LambdaArn",
                    "BufferSizeInMBs",
                    "CompressionFormat",
                  ],
                },
                ParameterValue: {
                  required: true,
                  length: [1, 5120],
                  pattern: NOT_BLANK,
                  dotAll: true, // Assumed: a jq query of several lines.
                },
              },
            },
          },
        },
      },
    },
  },
};

const TEXT: MemberConstraint = { length: [1, 1024], pattern: NOT_BLANK };
const WORD: MemberConstraint = { length: [1, 1024], pattern: "^\\S+$" };
const INTEGER_MAX = 2_147_483_647;
const BLOCK_SIZE_BYTES: MemberConstraint = { range: [67_108_864, INTEGER_MAX] };
const PROPORTION: MemberConstraint = { range: [0, 1], isDouble: true };

// The enums' orders are the service's own (probed on AWS, September 2026).
const FORMAT_CONVERSION: MemberConstraint = {
  members: {
    SchemaConfiguration: {
      members: {
        RoleARN: WORD,
        CatalogId: WORD,
        DatabaseName: WORD,
        TableName: WORD,
        Region: WORD,
        VersionId: WORD,
      },
    },
    InputFormatConfiguration: {
      members: {
        Deserializer: {
          members: {
            OpenXJsonSerDe: { members: { ColumnToJsonKeyMappings: { key: WORD, item: TEXT } } },
            HiveJsonSerDe: { members: { TimestampFormats: { item: TEXT } } },
          },
        },
      },
    },
    OutputFormatConfiguration: {
      members: {
        Serializer: {
          members: {
            ParquetSerDe: {
              members: {
                BlockSizeBytes: BLOCK_SIZE_BYTES,
                PageSizeBytes: { range: [65_536, INTEGER_MAX] },
                Compression: { enum: ["SNAPPY", "GZIP", "UNCOMPRESSED"] },
                MaxPaddingBytes: { range: [0, INTEGER_MAX] },
                WriterVersion: { enum: ["V1", "V2"] },
              },
            },
            OrcSerDe: {
              members: {
                StripeSizeBytes: { range: [8_388_608, INTEGER_MAX] },
                BlockSizeBytes: BLOCK_SIZE_BYTES,
                RowIndexStride: { range: [1_000, INTEGER_MAX] },
                PaddingTolerance: PROPORTION,
                Compression: { enum: ["ZLIB", "SNAPPY", "NONE"] },
                BloomFilterColumns: { item: WORD },
                BloomFilterFalsePositiveProbability: PROPORTION,
                DictionaryKeyThreshold: PROPORTION,
                FormatVersion: { enum: ["V0_11", "V0_12"] },
              },
            },
          },
        },
      },
    },
  },
};

const S3_DESTINATION_MEMBERS = {
  Prefix: PREFIX,
  ErrorOutputPrefix: PREFIX,
  BufferingHints: BUFFERING_HINTS,
  CompressionFormat: COMPRESSION_FORMAT,
  EncryptionConfiguration: ENCRYPTION_CONFIGURATION,
  CloudWatchLoggingOptions: CLOUDWATCH_LOGGING_OPTIONS,
};

const ROLE_AND_BUCKET = {
  RoleARN: { required: true, ...ROLE_ARN },
  BucketARN: { required: true, ...BUCKET_ARN },
} as const;

/** S3DestinationConfiguration: the older form, and that of the backup. */
export const S3_DESTINATION: MemberConstraint = {
  members: { ...ROLE_AND_BUCKET, ...S3_DESTINATION_MEMBERS },
};

const EXTENDED_MEMBERS = {
  ...S3_DESTINATION_MEMBERS,
  ProcessingConfiguration: PROCESSING_CONFIGURATION,
  DataFormatConversionConfiguration: FORMAT_CONVERSION,
  S3BackupMode: { enum: ["Disabled", "Enabled"] },
  DynamicPartitioningConfiguration: {
    members: { RetryOptions: { members: { DurationInSeconds: { range: [0, 7200] } } } },
  },
  // Printed as the service prints it, with anchors (captured); the model has `^$|\.[…]+`.
  FileExtension: { length: [0, 128], pattern: "^(|\\.[0-9a-z!\\-_.*'()]+)$" },
  CustomTimeZone: { length: [0, 50], pattern: "^$|[a-zA-Z/_]+" },
} as const;

export const EXTENDED_S3_DESTINATION: MemberConstraint = {
  members: {
    ...ROLE_AND_BUCKET,
    ...EXTENDED_MEMBERS,
    S3BackupConfiguration: S3_DESTINATION,
  },
};

/** S3DestinationUpdate: the older form, and that of the backup. */
export const S3_UPDATE: MemberConstraint = {
  members: { RoleARN: ROLE_ARN, BucketARN: BUCKET_ARN, ...S3_DESTINATION_MEMBERS },
};

export const EXTENDED_S3_UPDATE: MemberConstraint = {
  members: {
    RoleARN: ROLE_ARN,
    BucketARN: BUCKET_ARN,
    ...EXTENDED_MEMBERS,
    S3BackupUpdate: S3_UPDATE,
  },
};

export const ENCRYPTION_INPUT: MemberConstraint = {
  members: {
    KeyType: { required: true, enum: ["AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"] },
    KeyARN: KMS_KEY_ARN,
  },
};

export const TAG_KEY: MemberConstraint = {
  length: [1, 128],
  pattern: "^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$",
};

export const TAG: MemberConstraint = {
  members: {
    Key: { required: true, ...TAG_KEY },
    Value: { length: [0, 256], pattern: "^[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$" },
  },
};
