/**
 * A delivery stream under too much load, to see partial failures: AWS answers with them only then.
 * @module
 */

import { PutRecordBatchCommand, type PutRecordBatchOutput } from "@aws-sdk/client-firehose";
import { seededFractions } from "../../sandbox/random.ts";
import type { BatchTaker } from "./put_all.ts";

/** A throttled stream's answer for a record. */
const REFUSED = { ErrorCode: "ServiceUnavailableException", ErrorMessage: "Slow down." };

/**
 * Wraps `stream` and refuses about this share of every batch, as a throttled stream does. The other
 * records are really sent, and the answer has an entry for each record, in order. The same seed
 * refuses the same records.
 */
export function busyStream(
  stream: BatchTaker,
  { share, seed = 1 }: { readonly share: number; readonly seed?: number },
): BatchTaker {
  const fraction = seededFractions(seed);
  return {
    send: async (command: PutRecordBatchCommand): Promise<PutRecordBatchOutput> => {
      const { Records = [], DeliveryStreamName } = command.input;
      const isRefused = Records.map(() => fraction() < share);
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
