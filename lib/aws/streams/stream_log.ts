/**
 * The log in which Firehose says why a delivery or an invocation failed.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 * @module
 */

import type { CloudWatchLoggingOptions } from "@aws-sdk/client-firehose";
import { CreateLogGroupCommand, CreateLogStreamCommand } from "@aws-sdk/client-cloudwatch-logs";
import { unlessThere } from "../errors/already_there.ts";
import type { Lab } from "../place/begin.ts";
import { tagMap } from "../place/names.ts";

/** Makes the notebook's log group and stream, if they are missing; the stream's setting for them. */
export async function ensureStreamLog(
  { logs, names, tags }: Pick<Lab, "logs" | "names" | "tags">,
): Promise<Required<CloudWatchLoggingOptions>> {
  const [logGroupName, logStreamName] = [names.streamLogGroup, "delivery"];
  await logs.send(new CreateLogGroupCommand({ logGroupName, tags: tagMap(tags) }))
    .catch(unlessThere);
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch(unlessThere);
  return { Enabled: true, LogGroupName: logGroupName, LogStreamName: logStreamName };
}
