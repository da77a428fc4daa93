/** The functions that notebook 4 gives to readers as a start, on the path that Firehose uses. */
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import type { FirehoseTransformationResult } from "../../lambda/event.ts";
import { gzipJson } from "../data/gzip.ts";
import { largeEvents } from "../data/large_events.ts";
import { pythonWith, run } from "../sandbox/testing/python.ts";
import { until } from "../sandbox/testing/until.ts";
import { bundle } from "./deploy/function_package.ts";
import { deployFunction, deployModule } from "./deploy/functions.ts";
import { tagMap } from "./place/names.ts";
import { Fates } from "./streams/arrivals.ts";
import { objectsUnder, readObjects } from "./streams/objects.ts";
import { putAll } from "./streams/put_all.ts";
import { createActiveStream, labTest } from "./testing.ts";

const PYTHON = fileURLToPath(new URL("../../lambda/lessons", import.meta.url));
const REQUIREMENTS = fileURLToPath(
  new URL("../sandbox/compat/requirements.txt", import.meta.url),
);
const RESPONSE_BYTES_MAX = 6_291_556;

labTest(
  "own_function.ts delivers what is too large for one response, each record once",
  4,
  async (lab) => {
    const { names, firehose } = lab;
    const deployment = {
      functionName: names.function,
      streamName: names.stream,
      tags: tagMap(lab.tags),
    };
    const source = await bundle("lambda/lessons/own_function.ts");
    await createActiveStream(lab, {
      Prefix: "data/!{partitionKeyFromLambda:database}/!{partitionKeyFromLambda:table}/",
      ErrorOutputPrefix: "error/",
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
      DynamicPartitioningConfiguration: { Enabled: true },
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [{
          Type: "Lambda",
          Parameters: [{ ParameterName: "LambdaArn", ParameterValue: names.functionArn }],
        }],
      },
    });
    await deployFunction(lab, deployment); // its role may put records back
    await deployModule(lab, source, deployment);
    const events = [...largeEvents(7, 1_000_000), ...largeEvents(1, 5_000_000)];
    await putAll(firehose, names.stream, events.map((event) => ({ Data: gzipJson(event) })));
    const fates = new Fates(lab, { data: "data/", errors: "error/" });
    await until(
      "each record is somewhere",
      async () => (await fates.tally(events)).missing === 0 || undefined,
    );
    const { delivered, failed, twice } = await fates.tally(events);
    assertEquals({ delivered, failed, twice }, { delivered: 7, failed: 1, twice: 0 });
    assertEquals([...fates.codesOf(events).keys()], ["Lambda.ProcessingFailedStatus"]);
  },
);

labTest(
  "own_function.py stays within the limit, and says Dropped only for what the stream has",
  4,
  async (lab, sandbox) => {
    // No delimiter: what comes back is gzip, and a line feed between members would break it.
    await createActiveStream(lab, { ProcessingConfiguration: undefined });
    const events = [...largeEvents(8, 1_000_000), ...largeEvents(1, 5_000_000)];
    const records = [
      ...events.map((event, index) => ({ recordId: `${index}`, data: gzipJson(event).toBase64() })),
      { recordId: "bad", data: btoa("not gzip") },
    ];
    const answerFor = async (deliveryStreamArn: string): Promise<FirehoseTransformationResult> => {
      const file = await Deno.makeTempFile();
      await Deno.writeTextFile(file, JSON.stringify({ deliveryStreamArn, records }));
      const python = await pythonWith(REQUIREMENTS);
      const call = "import json, sys; sys.path.insert(0, sys.argv[1]); import own_function; " +
        "event = json.load(open(sys.argv[2])); print(json.dumps(own_function.handler(event, None)))";
      const printed = await run(python, ["-c", call, PYTHON, file], {
        AWS_ENDPOINT_URL: sandbox.endpoint,
        AWS_DEFAULT_REGION: sandbox.region,
        AWS_ACCESS_KEY_ID: sandbox.rootKey.accessKeyId,
        AWS_SECRET_ACCESS_KEY: sandbox.rootKey.secretAccessKey,
        PYTHONDONTWRITEBYTECODE: "1",
      });
      await Deno.remove(file);
      const response = printed.trimEnd().split("\n").at(-1) ?? "";
      assert(response.length <= RESPONSE_BYTES_MAX);
      return JSON.parse(response);
    };
    const resultsOf = ({ records }: FirehoseTransformationResult) =>
      records.map(({ result }) => result).join(" ");

    const answered = await answerFor(lab.names.streamArn);
    assertEquals(
      answered.records.map(({ recordId }) => recordId),
      records.map((it) => it.recordId),
    );
    assertEquals(
      resultsOf(answered),
      "Ok Ok Ok Dropped Dropped Dropped Dropped Dropped ProcessingFailed ProcessingFailed",
    );
    const dropped = events.slice(3, 8);
    // They have no line feeds, so their documents run together.
    await until("what was dropped is in the stream", async () => {
      const objects = await objectsUnder(lab.s3, lab.names.bucket, "data/");
      const text = (await readObjects(lab.s3, lab.names.bucket, objects)).join("");
      return dropped.every(({ id }) => text.split(id).length === 2) || undefined;
    });

    const refused = await answerFor(`${lab.names.streamArn}-which-is-not-there`);
    assertEquals(
      resultsOf(refused),
      `Ok Ok Ok${" ProcessingFailed".repeat(7)}`,
    );
  },
);
