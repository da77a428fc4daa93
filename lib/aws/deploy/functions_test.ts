/** The deployment of the real code, against a real sandbox. */
import { PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { assertEquals, assertMatch } from "@std/assert";
import { gzipSync } from "node:zlib";
import { startSandbox } from "../../sandbox/sandbox.ts";
import { clientsFor } from "../../sandbox/testing/clients.ts";
import { createLambdaStream } from "../../sandbox/testing/lambda_stream.ts";
import { until } from "../../sandbox/testing/until.ts";
import { deployFunction } from "./functions.ts";

type Clients = ReturnType<typeof clientsFor>;

/** A test with a sandbox in memory and clients of its root user. */
function sandboxTest(name: string, run: (clients: Clients) => Promise<void>): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 600 });
    try {
      using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await run(clients);
    } finally {
      await sandbox.stop();
    }
  });
}

sandboxTest(
  "records go through the deployed function to S3, or under the error prefix",
  async (clients) => {
    const { functionArn } = await deployFunction(clients, { functionName: "transform" });
    await createStream(clients, functionArn);
    await deployFunction(clients, { functionName: "transform", streamName: "people" });
    const person = { database: "crm", table: "people", time: "2026-11-24T10:20:30Z", name: "Zoë" };
    const put = new PutRecordBatchCommand({
      DeliveryStreamName: "people",
      Records: [
        { Data: gzipSync(JSON.stringify(person)) },
        { Data: new TextEncoder().encode("not gzip") },
      ],
    });
    await clients.firehose.send(put);
    const objects = await until("two objects", async () => {
      const { Contents = [] } = await clients.s3.send(
        new ListObjectsV2Command({ Bucket: "people" }),
      );
      return Contents.length >= 2 ? Contents.map(({ Key = "" }) => Key) : undefined;
    });
    assertEquals(objects.length, 2);
    const [data, error] = objects;
    assertMatch(data, /^data\/crm\/people\/2026\/11\/24\/10\/people-1-/);
    assertMatch(error, /^error\/processing-failed\//);
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: "people", Key: data }));
    assertEquals(JSON.parse(await Body!.transformToString()), person);
  },
);

async function createStream(clients: Clients, functionArn: string): Promise<void> {
  const key = (name: string) => `!{partitionKeyFromLambda:${name}}`;
  const path = ["database", "table", "year", "month", "day", "hour"].map(key).join("/");
  await createLambdaStream(clients, {
    name: "people",
    functionArn,
    invokable: [],
    destination: {
      Prefix: `data/${path}/`,
      ErrorOutputPrefix: "error/!{firehose:error-output-type}/",
      DynamicPartitioningConfiguration: { Enabled: true },
    },
  });
}
