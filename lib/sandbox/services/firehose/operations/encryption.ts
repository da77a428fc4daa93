/**
 * Server-side encryption of a stream, as a status: StartDeliveryStreamEncryption and
 * StopDeliveryStreamEncryption. The sandbox has the key that AWS owns, and encrypts nothing; keys
 * of the account's KMS are refused.
 * @module
 */

import type {
  DeliveryStreamEncryptionConfiguration,
  DeliveryStreamEncryptionConfigurationInput,
  StartDeliveryStreamEncryptionInput,
  StartDeliveryStreamEncryptionOutput,
  StopDeliveryStreamEncryptionInput,
  StopDeliveryStreamEncryptionOutput,
} from "@aws-sdk/client-firehose";
import {
  StartDeliveryStreamEncryption$,
  StopDeliveryStreamEncryption$,
} from "../../../schemas/firehose.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import type { DeliveryStream } from "../delivery_stream.ts";
import { invalidArgument, limitExceeded, notSupported, resourceInUse } from "../errors.ts";
import { DELIVERY_STREAM_NAME, ENCRYPTION_INPUT } from "../shapes.ts";
import type { FirehoseState } from "../state.ts";

/** Calls of both operations together. https://docs.aws.amazon.com/firehose/latest/APIReference/API_StartDeliveryStreamEncryption.html */
const CALLS_MAX = 25;
const CALLS_WITHIN_MS = 24 * 3_600_000;

export const StartDeliveryStreamEncryption: OperationDefinition<
  Given<StartDeliveryStreamEncryptionInput, "DeliveryStreamName">,
  StartDeliveryStreamEncryptionOutput,
  FirehoseState
> = {
  schema: StartDeliveryStreamEncryption$,
  constraints: {
    DeliveryStreamName: DELIVERY_STREAM_NAME,
    DeliveryStreamEncryptionConfigurationInput: ENCRYPTION_INPUT,
  },
  access: ({ DeliveryStreamName }, { state }) => [
    {
      action: "firehose:StartDeliveryStreamEncryption",
      resource: state.streamArn(DeliveryStreamName),
    },
  ],
  run: async (input, { state, nowMs }) => {
    const { DeliveryStreamName: name, DeliveryStreamEncryptionConfigurationInput: key } = input;
    state.stream(name);
    // Without a key it is the one that AWS owns.
    checkKey(key ?? { KeyType: "AWS_OWNED_CMK" }, state.options.region);
    await state.updateEncryption(name, (stream) => {
      const calls = callsWith(stream, nowMs);
      const status = stream.encryption?.status === "ENABLED" ? "ENABLED" : "ENABLING";
      return { ...stream, encryption: { status, statusMs: nowMs }, encryptionCallsMs: calls };
    });
    return {};
  },
};

export const StopDeliveryStreamEncryption: OperationDefinition<
  Given<StopDeliveryStreamEncryptionInput, "DeliveryStreamName">,
  StopDeliveryStreamEncryptionOutput,
  FirehoseState
> = {
  schema: StopDeliveryStreamEncryption$,
  constraints: { DeliveryStreamName: DELIVERY_STREAM_NAME },
  access: ({ DeliveryStreamName }, { state }) => [
    {
      action: "firehose:StopDeliveryStreamEncryption",
      resource: state.streamArn(DeliveryStreamName),
    },
  ],
  run: async ({ DeliveryStreamName: name }, { state, nowMs }) => {
    await state.updateEncryption(name, (stream) => {
      const calls = callsWith(stream, nowMs);
      const encryption = stream.encryption && { status: "DISABLING", statusMs: nowMs } as const;
      return { ...stream, encryption, encryptionCallsMs: calls };
    });
    return {};
  },
};

/** Throws InvalidArgumentException for a key that the sandbox does not have. AWS's texts (captured). */
export function checkKey(
  { KeyType, KeyARN }: DeliveryStreamEncryptionConfigurationInput,
  region: string,
): void {
  if (KeyType === "AWS_OWNED_CMK") {
    if (KeyARN === undefined) return;
    throw invalidArgument("KeyARN cannot be specified when KeyType is AWS_OWNED_CMK");
  }
  if (KeyARN === undefined) {
    throw invalidArgument("KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK");
  }
  if (KeyARN.split(":")[3] !== region) {
    throw invalidArgument(
      "Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as " +
        "firehose",
    );
  }
  throw notSupported("KeyType CUSTOMER_MANAGED_CMK");
}

/** Encryption as DescribeDeliveryStream shows it. */
export function encryptionDescription(
  { encryption }: DeliveryStream,
): DeliveryStreamEncryptionConfiguration {
  return encryption
    ? { KeyType: "AWS_OWNED_CMK", Status: encryption.status }
    : { Status: "DISABLED" };
}

/** Whether records that are put now are encrypted: not before the stream's encryption is ENABLED. */
export const isEncrypted = ({ encryption }: DeliveryStream): boolean =>
  encryption?.status === "ENABLED";

/** The recent calls, and this one. Throws if it is one too many. The texts are ours. */
function callsWith(stream: DeliveryStream, nowMs: number): readonly number[] {
  const { name, status, encryption, encryptionCallsMs = [] } = stream;
  if (status !== "ACTIVE") throw resourceInUse(`Firehose ${name} is in ${status} status`);
  if (encryption?.status === "ENABLING" || encryption?.status === "DISABLING") {
    throw resourceInUse(`The encryption of Firehose ${name} is in ${encryption.status} status`);
  }
  const recent = encryptionCallsMs.filter((callMs) => nowMs - callMs < CALLS_WITHIN_MS);
  if (recent.length >= CALLS_MAX) {
    throw limitExceeded(
      `StartDeliveryStreamEncryption and StopDeliveryStreamEncryption can be called ${CALLS_MAX} ` +
        "times for a Firehose within 24 hours.",
    );
  }
  return [...recent, nowMs];
}
