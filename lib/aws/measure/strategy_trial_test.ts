import { assert, assertEquals } from "@std/assert";
import { largeEvents } from "../../data/mod.ts";
import { Fates } from "../streams/arrivals.ts";
import { createActiveStream, labTest, printed } from "../testing.ts";
import { type Trial, tryStrategy } from "./strategy_trial.ts";

labTest("tryStrategy() measures each strategy until every record has arrived", 4, async (lab) => {
  const { names } = lab;
  await createActiveStream(lab, {
    Prefix: "data/!{partitionKeyFromLambda:table}/",
    ErrorOutputPrefix: "error/!{firehose:error-output-type}/",
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    DynamicPartitioningConfiguration: { Enabled: true },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{
        Type: "Lambda",
        Parameters: [
          { ParameterName: "LambdaArn", ParameterValue: names.functionArn },
          { ParameterName: "BufferSizeInMBs", ParameterValue: "1" },
          { ParameterName: "BufferIntervalInSeconds", ParameterValue: "30" },
        ],
      }],
    },
  });
  const fates = new Fates(lab, { data: "data/", errors: "error/" });
  const intervals = { functionSeconds: 30, partitionSeconds: 60 };
  const trials: Trial[] = [];
  for (const strategy of ["keep-compressed", "merge-compressed"] as const) {
    const events = largeEvents(8, 1_000_000);
    const settings = { strategy };
    const chosen = { strategy, settings, events, fates, dataPrefix: "data/", intervals };
    await printed(async () => trials.push(await tryStrategy(lab, chosen)));
  }
  const [kept, merged] = trials;
  assertEquals([kept.delivered, merged.delivered], [8, 8]);
  assertEquals([kept.rounds, merged.rounds], [0, 0]);
  assertEquals([kept.merged, merged.merged], [0, 6]);
  assert(merged.responseBytes < kept.responseBytes && merged.storedBytes < kept.storedBytes);
});
