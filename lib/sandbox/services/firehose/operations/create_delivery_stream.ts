/**
 * CreateDeliveryStream: a stream with an S3 destination, CREATING at first.
 * @module
 */

import type {
  CreateDeliveryStreamInput,
  CreateDeliveryStreamOutput,
  DeliveryStreamType,
  ExtendedS3DestinationConfiguration,
} from "@aws-sdk/client-firehose";
import { CreateDeliveryStream$ } from "../../../schemas/firehose.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { destinationDescription } from "../configuration/destination.ts";
import { checkDestination } from "../configuration/destination_rules.ts";
import { checkKey } from "./encryption.ts";
import { invalidArgument, limitExceeded, notSupported, resourceInUse } from "../errors.ts";
import { passRole, rolesNamed } from "./pass_role.ts";
import {
  DELIVERY_STREAM_NAME,
  ENCRYPTION_INPUT,
  EXTENDED_S3_DESTINATION,
  S3_DESTINATION,
  TAG,
} from "../shapes.ts";
import type { FirehoseState } from "../state.ts";
import { taggedWith } from "./tags.ts";

/** Delivery streams of an account in us-east-1. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const STREAMS_MAX = 5_000;

type Input = Given<CreateDeliveryStreamInput, "DeliveryStreamName">;

export const CreateDeliveryStream: OperationDefinition<
  Input,
  CreateDeliveryStreamOutput,
  FirehoseState
> = {
  schema: CreateDeliveryStream$,
  constraints: {
    DeliveryStreamName: DELIVERY_STREAM_NAME,
    DeliveryStreamType: {
      enum: ["DirectPut", "KinesisStreamAsSource", "MSKAsSource", "DatabaseAsSource"],
    },
    DirectPutSourceConfiguration: {
      members: { ThroughputHintInMBs: { required: true, range: [1, 100] } },
    },
    S3DestinationConfiguration: S3_DESTINATION,
    ExtendedS3DestinationConfiguration: EXTENDED_S3_DESTINATION,
    DeliveryStreamEncryptionConfigurationInput: ENCRYPTION_INPUT,
    Tags: { length: [1, 50], item: TAG },
  },
  access: (input, { state }) => {
    const resource = state.streamArn(input.DeliveryStreamName);
    return [
      { action: "firehose:CreateDeliveryStream", resource },
      ...(input.Tags ? [{ action: "firehose:TagDeliveryStream", resource }] : []),
      ...rolesNamed(
        input.ExtendedS3DestinationConfiguration,
        input.S3DestinationConfiguration,
      ).map(passRole),
    ];
  },
  run: async (input, { state, caller }) => {
    const name = input.DeliveryStreamName;
    const { accountId, clock } = state.options;
    const checkName = () => {
      if (!state.find(name)) return;
      throw resourceInUse(`Firehose ${name} under accountId ${accountId} already exists`);
    };
    checkName();
    const destination = destinationDescription(configurationOf(input));
    const key = input.DeliveryStreamEncryptionConfigurationInput;
    if (key) checkKey(key, state.options.region);
    await checkDestination(destination, { ...state.options, jq: state.jq }, caller);
    const arn = state.streamArn(name);
    const nowMs = clock.nowMs();
    const times = { statusMs: nowMs, createMs: nowMs };
    const tags = taggedWith({}, input.Tags ?? []);
    const encryption = key && { status: "ENABLING", statusMs: nowMs } as const;
    const throughputHintInMBs = input.DirectPutSourceConfiguration?.ThroughputHintInMBs;
    const settings = { destination, tags, encryption, throughputHintInMBs };
    await state.create(
      { name, arn, status: "CREATING", ...times, version: 1, ...settings },
      () => {
        checkName();
        checkQuota(state);
      },
    );
    return { DeliveryStreamARN: arn };
  },
};

const UNSUPPORTED_DESTINATIONS = [
  "RedshiftDestinationConfiguration",
  "ElasticsearchDestinationConfiguration",
  "AmazonopensearchserviceDestinationConfiguration",
  "SplunkDestinationConfiguration",
  "HttpEndpointDestinationConfiguration",
  "AmazonOpenSearchServerlessDestinationConfiguration",
  "SnowflakeDestinationConfiguration",
  "IcebergDestinationConfiguration",
] as const;

const UNSUPPORTED_MEMBERS = ["MSKSourceConfiguration", "DatabaseSourceConfiguration"] as const;

/** The types that AWS encrypts (captured, September 2026). */
const ENCRYPTED_TYPES = ["DirectPut", "DatabaseAsSource"];

/** The one S3 destination of `input`. Throws InvalidArgumentException for anything else. */
function configurationOf(input: Input): ExtendedS3DestinationConfiguration {
  const type = input.DeliveryStreamType ?? "DirectPut";
  if (input.DeliveryStreamEncryptionConfigurationInput && !ENCRYPTED_TYPES.includes(type)) {
    throw invalidArgument(
      "Server side encryption from firehose is only allowed for direct put delivery streams and " +
        "database as a source delivery streams",
    );
  }
  if (type !== "DirectPut") {
    checkSource(type, input);
    throw notSupported(`DeliveryStreamType ${type}`);
  }
  if (input.KinesisStreamSourceConfiguration) {
    throw invalidArgument(
      "KinesisSourceStreamConfig is only applicable for KinesisStreamAsSource stream type",
    );
  }
  const { ExtendedS3DestinationConfiguration, S3DestinationConfiguration } = input;
  const others = UNSUPPORTED_DESTINATIONS.filter((name) => input[name] !== undefined);
  const s3 = [ExtendedS3DestinationConfiguration, S3DestinationConfiguration]
    .flatMap((configuration) => configuration ?? []);
  if (others.length + s3.length !== 1) {
    throw invalidArgument("Exactly one destination configuration is supported for a Firehose");
  }
  const stranger = [...others, ...UNSUPPORTED_MEMBERS].find((name) => input[name] !== undefined);
  if (stranger) throw notSupported(stranger);
  return s3[0];
}

/** Texts of AWS, as a public project probed them (September 2026). */
function checkSource(type: DeliveryStreamType, input: Input): void {
  if (type === "KinesisStreamAsSource" && !input.KinesisStreamSourceConfiguration) {
    throw invalidArgument(
      "KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type.",
    );
  }
  if (type === "MSKAsSource" && !input.MSKSourceConfiguration) {
    throw invalidArgument("MSKSourceConfig is mandatory for MSK as Source stream type.");
  }
  if (type === "DatabaseAsSource" && !input.IcebergDestinationConfiguration) {
    throw invalidArgument(
      "IcebergDestinationConfiguration must be specified for Database as Source.",
    );
  }
}

function checkQuota(state: FirehoseState): void {
  const streams = state.streams();
  if (streams.length < STREAMS_MAX) return;
  throw limitExceeded(
    `You have already consumed your firehose quota of ${STREAMS_MAX} hoses. Firehose names: ` +
      `[${streams.map(({ name }) => name).join(", ")}]`,
  );
}
