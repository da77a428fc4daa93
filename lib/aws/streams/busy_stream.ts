/**
 * A delivery stream that has too much to do: for looking at partial failures, which AWS answers
 * only under load.
 * @module
 */

import { PutRecordBatchCommand, type PutRecordBatchOutput } from "@aws-sdk/client-firehose";
import { base, en, Faker } from "@faker-js/faker";
import type { BatchTaker } from "./put_all.ts";

/** What a throttled stream says of a record. */
const REFUSED = { ErrorCode: "ServiceUnavailableException", ErrorMessage: "Slow down." };

/**
 * Stands before `stream` and refuses about this share of every batch, as a throttled stream does.
 * The others are really sent, and the answer has an entry for each record, in their order. The
 * same seed refuses the same.
 */
export function busyStream(
  stream: BatchTaker,
  { share, seed = 1 }: { readonly share: number; readonly seed?: number },
): BatchTaker {
  const faker = new Faker({ locale: [en, base] });
  faker.seed(seed);
  return {
    send: async (command: PutRecordBatchCommand): Promise<PutRecordBatchOutput> => {
      const { Records = [], DeliveryStreamName } = command.input;
      const isRefused = Records.map(() => faker.datatype.boolean(share));
      const sent = Records.filter((_, index) => !isRefused[index]);
      const answer = sent.length === 0 ? undefined : await stream.send(
        new PutRecordBatchCommand({ DeliveryStreamName, Records: sent }),
      );
      const entries = answer?.RequestResponses?.values();
      const RequestResponses = isRefused.map((refused) =>
        refused ? REFUSED : entries?.next().value ?? REFUSED
      );
      const FailedPutCount = RequestResponses.filter((entry) => "ErrorCode" in entry).length;
      return { ...answer, FailedPutCount, RequestResponses };
    },
  };
}
