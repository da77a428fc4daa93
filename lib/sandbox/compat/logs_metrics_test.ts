/** CloudWatch Logs and metrics through boto3 and the AWS CLI. */
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { clientsFor } from "../testing/clients.ts";
import { run } from "../testing/python.ts";
import { systemClock } from "../clock.ts";
import { logsService } from "../services/logs/service.ts";
import { LogsState } from "../services/logs/state.ts";
import { metricsService } from "../services/metrics/service.ts";
import { MetricsState } from "../services/metrics/state.ts";
import { systemRandom } from "../random.ts";
import { IamState } from "../services/iam/state.ts";
import { Database } from "../store/database.ts";
import { environmentOf, printedBy, withSandbox } from "./testing.ts";

/** The operations that the sandbox has, by the name that boto3 has for the service. */
function operations(): ReadonlyMap<string, readonly string[]> {
  const common = {
    database: new Database(":memory:"),
    clock: systemClock(1),
    random: systemRandom,
    region: "us-east-1",
    accountId: "123456789012",
  };
  const logs = logsService(new LogsState({ ...common, access: new IamState(common) }));
  const metrics = metricsService(new MetricsState(common));
  common.database.close();
  return new Map([
    ["logs", [...logs.operations.keys()]],
    ["cloudwatch", [...metrics.operations.keys()]],
  ]);
}

Deno.test("boto3 goes through every operation of CloudWatch Logs and metrics", async () => {
  await withSandbox(async (sandbox) => {
    const called = JSON.parse(
      await printedBy(["logs_metrics.py"], environmentOf(sandbox)),
    );
    for (const [service, names] of operations()) {
      const forgotten = names.filter((name) => !called[service].includes(name));
      assertEquals(forgotten, [], `operations of ${service} that logs_metrics.py does not call`);
    }
  });
});

/** Version 2 of the AWS CLI, which PyPI does not have. */
const CLI2 = await findCli2();
const WITHOUT_CLI2 = CLI2 ? "" : " (skipped: version 2 of the AWS CLI is not installed)";

Deno.test({
  name: `aws logs tail shows what streams of a group say${WITHOUT_CLI2}`,
  ignore: CLI2 === undefined,
  fn: () =>
    withSandbox(async (sandbox) => {
      using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      const logGroupName = "/aws/lambda/f";
      await clients.logs.send(new CreateLogGroupCommand({ logGroupName }));
      for (const logStreamName of ["one", "two"]) {
        await clients.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
        const logEvents = [{ timestamp: Date.now() - 1_000, message: `ERROR in ${logStreamName}` }];
        await clients.logs.send(
          new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }),
        );
      }
      const tail = (...more: string[]) =>
        run(CLI2 ?? "", [
          ...["logs", "tail", logGroupName, "--endpoint-url", sandbox.endpoint, ...more],
        ], environmentOf(sandbox));
      const all = await tail();
      assertStringIncludes(all, "one ERROR in one");
      assertStringIncludes(all, "two ERROR in two");
      const one = await tail("--filter-pattern", "one", "--format", "short", "--since", "5m");
      assertEquals(one.trim().split("\n").map((line) => line.split(" ").slice(1).join(" ")), [
        "ERROR in one",
      ]);
    }),
});

async function findCli2(): Promise<string | undefined> {
  for (const program of ["aws", "/usr/bin/aws", "/usr/local/bin/aws"]) {
    try {
      const version = await run(program, ["--version"]);
      if (version.startsWith("aws-cli/2.")) return program;
    } catch {
      // not here, or not to be run
    }
  }
}
