/** Responses that would be too large, on the path that Firehose uses: real function, real limits. */
import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { assert, assertEquals } from "@std/assert";
import { readRounds } from "../../lambda/gzip_rounds.ts";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { parseJsonLines } from "../data/json.ts";
import { systemClock } from "../sandbox/clock.ts";
import { until } from "../sandbox/testing/until.ts";
import type { Lab } from "./place/begin.ts";
import { failedRecordsUnder } from "./streams/error_objects.ts";
import { answersIn } from "./measure/answers_log.ts";
import { logMessages } from "./measure/function_log.ts";
import { PUT_BACK_POLICY, roleNameOf } from "./deploy/function_role.ts";
import { Fates } from "./streams/arrivals.ts";
import { bundle } from "./deploy/function_package.ts";
import { deployFunction, deployModule } from "./deploy/functions.ts";
import { objectsUnder, readObjects, storedBytes } from "./streams/objects.ts";
import { putAll } from "./streams/put_all.ts";
import { createActiveStream, labTest } from "./testing.ts";

/** A record of a few kilobytes that is `bytes` as JSON, and `noise` that cannot be compressed. */
const recordOf = (id: number, bytes: number, noise = "") => ({
  Data: gzipSync(JSON.stringify({
    database: "shop",
    table: "orders",
    time: "2026-11-24T09:30:00Z",
    id,
    text: "a".repeat(bytes),
    noise,
  })),
});

const MB = 1_000_000;

const createStream = (lab: Lab, fileExtension?: string) =>
  createActiveStream(lab, {
    Prefix: "data/!{partitionKeyFromLambda:table}/",
    ErrorOutputPrefix: "error/!{firehose:error-output-type}/",
    FileExtension: fileExtension,
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    DynamicPartitioningConfiguration: { Enabled: true },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{
        Type: "Lambda",
        Parameters: [
          { ParameterName: "LambdaArn", ParameterValue: lab.names.functionArn },
          { ParameterName: "BufferSizeInMBs", ParameterValue: "1" },
          { ParameterName: "BufferIntervalInSeconds", ParameterValue: "30" },
        ],
      }],
    },
  });

/** The ids that lie in S3, in order, each as often as it does. */
async function deliveredIds({ s3, names }: Lab): Promise<number[]> {
  const texts = await readObjects(s3, names.bucket, await objectsUnder(s3, names.bucket, "data/"));
  return texts.flatMap((text) => parseJsonLines(text)).map(idOf).sort((a, b) => a - b);
}

function idOf(document: unknown): number {
  assert(typeof document === "object" && document !== null && "id" in document);
  return Number(document.id);
}

async function policiesOf({ iam, names }: Lab): Promise<string[] | undefined> {
  const role = new ListRolePoliciesCommand({ RoleName: roleNameOf(names.function) });
  return (await iam.send(role)).PolicyNames;
}

labTest(
  "deployFunction() lets the function put records back to that stream, and all arrive exactly once",
  4,
  async (lab) => {
    const { firehose, logs, names } = lab;
    await createStream(lab);
    await deployFunction(lab, { functionName: names.function, streamName: names.stream });
    const ids = Array.from({ length: 12 }, (_, id) => id);
    await putAll(firehose, names.stream, ids.map((id) => recordOf(id, MB)));
    assertEquals(
      await until("all records", async () => {
        const arrived = await deliveredIds(lab);
        return arrived.length >= ids.length ? arrived : undefined;
      }),
      ids,
    );
    const lines = await logMessages(logs, { logGroupName: names.functionLogGroup });
    assert(lines.some(({ message }) => message.includes("are Dropped and put back in 1 calls")));
  },
);

labTest(
  "the function fails records that it may not put back, and a record that never fits at once",
  4,
  async (lab) => {
    const { firehose, iam, s3, names } = lab;
    await createStream(lab);
    await deployFunction(lab, { functionName: names.function, streamName: names.stream });
    const role = roleNameOf(names.function);
    const named = { RoleName: role, PolicyName: PUT_BACK_POLICY };
    const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(named));
    assertEquals(JSON.parse(decodeURIComponent(PolicyDocument)).Statement, [{
      Effect: "Allow",
      Action: ["firehose:PutRecordBatch"],
      Resource: [names.streamArn],
    }]);
    await iam.send(new DeleteRolePolicyCommand(named));
    const records = [4 * MB, 3 * MB, MB].map((bytes, id) => recordOf(id, bytes));
    await putAll(firehose, names.stream, records);
    const failed = await until("two failed records", async () => {
      const lines = await failedRecordsUnder(s3, names.bucket, "error/processing-failed/");
      return lines.length >= 2 ? lines : undefined;
    });
    assertEquals(failed.map(({ data }) => Buffer.from(data)), [records[0].Data, records[2].Data]);
    assertEquals(failed.map(({ data }) => readRounds(Buffer.from(data))), [0, 0]);
    assertEquals(
      await until("the other", async () => {
        const arrived = await deliveredIds(lab);
        return arrived.length > 0 ? arrived : undefined;
      }),
      [1],
    );
  },
);

labTest(
  "the function writes a record that fits into no response beside the others, where that is chosen",
  4,
  async (lab) => {
    const { firehose, s3, names } = lab;
    await createStream(lab);
    const settings = { tooLarge: "write-to-s3" } as const;
    const options = { functionName: names.function, streamName: names.stream, settings };
    await deployFunction(lab, options);
    const { changes } = await deployFunction(lab, options);
    assertEquals(changes.filter(({ change }) => change !== "unchanged"), []);
    await putAll(firehose, names.stream, [recordOf(0, 10 * MB), recordOf(1, MB)]);
    const arrived = await until("both records", async () => {
      const ids = await deliveredIds(lab);
      return ids.length >= 2 ? ids : undefined;
    });
    assertEquals(arrived, [0, 1]);
    const objects = await objectsUnder(s3, names.bucket, "data/orders/too-large-");
    assertEquals(objects.length, 1);
  },
);

labTest(
  "the function keeps records compressed where that is chosen, and may not put any back",
  4,
  async (lab) => {
    const { firehose, names } = lab;
    await createStream(lab, ".gz");
    const settings = { strategy: "keep-compressed" } as const;
    await deployFunction(lab, { functionName: names.function, streamName: names.stream, settings });
    assertEquals(await policiesOf(lab), ["write-own-log"]);
    await putAll(
      firehose,
      names.stream,
      [10 * MB, MB, MB, 3 * MB].map((bytes, id) => recordOf(id, bytes)),
    );
    const arrived = await until("all records", async () => {
      const ids = await deliveredIds(lab);
      return ids.length >= 4 ? ids : undefined;
    });
    assertEquals(arrived, [0, 1, 2, 3]);
  },
);

labTest(
  "the function merges records of a partition into one gzip member where that is chosen",
  4,
  async (lab) => {
    const { firehose, logs, names, s3 } = lab;
    await createStream(lab, ".gz");
    const settings = { strategy: "merge-compressed" } as const;
    await deployFunction(lab, { functionName: names.function, streamName: names.stream, settings });
    assertEquals(await policiesOf(lab), ["write-own-log"]);
    const ids = Array.from({ length: 300 }, (_, id) => id);
    await putAll(firehose, names.stream, ids.map((id) => recordOf(id, 100)));
    const arrived = await until("all records", async () => {
      const found = await deliveredIds(lab);
      return found.length >= ids.length ? found : undefined;
    });
    assertEquals(arrived, ids);
    const lines = await logMessages(logs, { logGroupName: names.functionLogGroup });
    const answers = answersIn(lines.map(({ message }) => message), names.stream);
    const objects = await objectsUnder(s3, names.bucket, "data/");
    const bytes = await Promise.all(objects.map(({ key }) => storedBytes(s3, names.bucket, key)));
    const members = bytes.flatMap((some) => Buffer.from(some).toString("latin1").split(MEMBER));
    assertEquals(members.length - bytes.length, answers.length);
    assertEquals(answers.reduce((sum, { ok, merged }) => sum + ok + merged, 0), ids.length);
  },
);

/** How the function's gzip members begin, as Latin-1. */
const MEMBER = "\x1f\x8b\x08\x00";

/** The time that quotas see: it stands still once `stop` was called, until `goOn` is. */
function stoppableClock() {
  let stoppedMs: number | undefined;
  return Object.assign(systemClock(600), {
    nowMs: () => stoppedMs ?? Date.now(),
    stop: () => stoppedMs = Date.now(),
    goOn: () => stoppedMs = undefined,
  });
}

const clock = stoppableClock();

labTest(
  "records are put back until a throttled stream takes them, and all arrive exactly once",
  4,
  async (lab) => {
    const { cloudwatch, firehose, logs, names } = lab;
    await createStream(lab);
    await deployFunction(lab, { functionName: names.function, streamName: names.stream });
    const ids = Array.from({ length: 10 }, (_, id) => id);
    const noise = () => randomBytes(490_000).toString("base64");
    const records = ids.map((id) => recordOf(id, 2 * MB, noise()));
    // 5 MiB in a second, and no second passes: ten of half a MB leave no room for one to come back.
    clock.stop();
    await putAll(firehose, names.stream, records);
    await until("a throttled record", async () => {
      const { Datapoints = [] } = await cloudwatch.send(
        new GetMetricStatisticsCommand({
          Namespace: "AWS/Firehose",
          MetricName: "ThrottledRecords",
          Dimensions: [{ Name: "DeliveryStreamName", Value: names.stream }],
          StartTime: new Date(Date.now() - 3_600_000),
          EndTime: new Date(Date.now() + 60_000),
          Period: 3_600,
          Statistics: ["Sum"],
        }),
      );
      return Datapoints.length > 0 || undefined;
    });
    clock.goOn();
    assertEquals(
      await until("all records", async () => {
        const arrived = await deliveredIds(lab);
        return arrived.length >= ids.length ? arrived : undefined;
      }, 60_000),
      ids,
    );
    const lines = await logMessages(logs, { logGroupName: names.functionLogGroup });
    assert(lines.some(({ message }) => /are Dropped and put back in ([2-9]|\d\d)/.test(message)));
  },
  { clock, quotas: "enforced" },
);

/** Puts records back and then dies, before it can answer: at every attempt. */
const DYING = `
const dying = async (event, context) => {
  await handler(event, context);
  if (event.records.length > 1) process.exit(1);
  return await handler(event, context);
};
export { dying as handler };
`;

labTest(
  "nothing is lost when the function is killed after it has put records back: they fail, and come again",
  4,
  async (lab) => {
    const { firehose, names, s3 } = lab;
    await createStream(lab);
    const options = { functionName: names.function, streamName: names.stream };
    await deployFunction(lab, options); // grants what the next one needs
    const source = await bundle("lambda/handler.ts");
    await deployModule(lab, source.replace(/^export \{\s*handler\s*\};$/m, DYING), options);
    const sent = [3 * MB, 3 * MB, 3 * MB].map((bytes, id) => recordOf(id, bytes));
    await putAll(firehose, names.stream, sent);
    const fates = new Fates(lab, { data: "data/", errors: "error/" });
    const records = [0, 1, 2].map((id) => ({ id: `${id}` }));
    // Each of the attempts put two records back, which come in separate batches.
    await until("all records, failed or delivered", async () => {
      await fates.tally(records);
      const isComplete = records.every(({ id }) => fates.of(id).failed.length > 0);
      return isComplete || undefined;
    }, 60_000);
    const [first] = await failedRecordsUnder(s3, names.bucket, "error/processing-failed/");
    assertEquals([first.errorCode, first.attemptsMade], ["Lambda.FunctionError", 4]);
    // With the permission back, the records that still go round are delivered.
    await deployFunction(lab, options);
    await until("what was put back is delivered", async () => {
      await fates.tally(records);
      return records.slice(1).every(({ id }) => fates.of(id).delivered > 0) || undefined;
    }, 60_000);
  },
);
