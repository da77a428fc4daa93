import { assertEquals } from "@std/assert";
import { jsonBytes } from "../../data/json.ts";
import { until } from "../../sandbox/testing/until.ts";
import { ensureDelivery } from "../deploy/delivery_role.ts";
import { failedRecordsUnder } from "./error_objects.ts";
import { objectsUnder } from "./objects.ts";
import { putAll } from "./put_all.ts";
import { ensureStream, hintsOf } from "./streams.ts";
import { labTest, printed } from "../testing.ts";

labTest(
  "ensureStream() makes a stream that partitions by jq, and leaves one alone that is there",
  2,
  async (lab) => {
    const { firehose, names, s3 } = lab;
    await ensureDelivery(lab);
    const destination = {
      BucketARN: names.bucketArn,
      RoleARN: names.deliveryRoleArn,
      Prefix: "data/!{partitionKeyFromQuery:kind}/",
      ErrorOutputPrefix: "errors/!{firehose:error-output-type}/",
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
      DynamicPartitioningConfiguration: { Enabled: true },
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [{
          Type: "MetadataExtraction" as const,
          Parameters: [
            { ParameterName: "MetadataExtractionQuery" as const, ParameterValue: "{kind: .kind}" },
            { ParameterName: "JsonParsingEngine" as const, ParameterValue: "JQ-1.6" },
          ],
        }],
      },
    };
    const HINTS = { SizeInMBs: 128, IntervalInSeconds: 900 };
    await printed(async () => {
      await ensureStream(lab, names.stream, destination);
      await ensureStream(lab, names.stream, { ...destination, BufferingHints: HINTS });
    });
    assertEquals(await hintsOf(firehose, names.stream), destination.BufferingHints);

    const records = [{ kind: "a" }, { kind: "b/c" }, { kind: "" }];
    await putAll(firehose, names.stream, records.map((record) => ({ Data: jsonBytes(record) })));
    const objects = await until("three objects", async () => {
      const found = await objectsUnder(s3, names.bucket);
      return found.length >= 3 ? found : undefined;
    });
    assertEquals(
      objects.map(({ key }) => key.slice(0, key.indexOf(names.stream))),
      ["data/a/", "data/b/c/", "errors/metadata-extraction-failed/"],
    );
    const [{ errorMessage, data }] = await failedRecordsUnder(s3, names.bucket, "errors/");
    assertEquals(errorMessage, "partitionKeys values must not be null or empty");
    assertEquals(new TextDecoder().decode(data), '{"kind":""}');
  },
);
