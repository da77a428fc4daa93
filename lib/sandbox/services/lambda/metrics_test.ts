import { PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { GetMetricStatisticsCommand, type Statistic } from "@aws-sdk/client-cloudwatch";
import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { lambdaTest } from "./testing.ts";

lambdaTest("invocations, errors, throttles and durations are in AWS/Lambda", async (world) => {
  const { lambda, metrics } = world.clients;
  await world.createReady("f", "async (event) => { if (event.fail) throw new Error('no'); }");
  await world.invoke("f");
  await world.invoke("f", { fail: true });
  await lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: "f", ReservedConcurrentExecutions: 0 }),
  );
  await assertRejects(() => world.invoke("f"), Error);
  const statistic = async (MetricName: string, Value: string | undefined, name: Statistic) => {
    const { Datapoints = [] } = await metrics.send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/Lambda",
        MetricName,
        Dimensions: Value === undefined ? [] : [{ Name: "FunctionName", Value }],
        StartTime: new Date(Date.now() - 600_000),
        EndTime: new Date(Date.now() + 600_000),
        Period: 3_600,
        Statistics: [name],
      }),
    );
    return Datapoints.reduce(
      (sum, point) => sum + (point[name === "Sum" ? "Sum" : "Maximum"] ?? 0),
      0,
    );
  };
  for (const dimension of ["f", undefined]) {
    assertEquals(
      [
        await statistic("Invocations", dimension, "Sum"),
        await statistic("Errors", dimension, "Sum"),
        await statistic("Throttles", dimension, "Sum"),
        await statistic("ConcurrentExecutions", dimension, "Maximum"),
      ],
      [2, 1, 1, 1],
    );
    assertGreater(await statistic("Duration", dimension, "Sum"), 0);
  }
  assertEquals(await statistic("Invocations", "g", "Sum"), 0);
});
