/**
 * CloudWatch metrics through the real SDK client, in each of the three protocols. Texts marked
 * "captured" were recorded from AWS in 2025-09 and 2025-10 (LocalStack's snapshot tests).
 */
import { AwsQueryProtocol } from "@aws-sdk/core/protocols";
import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDataQuery,
  type MetricDatum,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateAccessKeyCommand, CreateUserCommand } from "@aws-sdk/client-iam";
import { SmithyRpcV2CborProtocol } from "@smithy/core/cbor";
import { assert, assertEquals } from "@std/assert";
import { clientsFor } from "../../testing/clients.ts";
import { said } from "../../testing/said.ts";
import { type Sandbox, startSandbox } from "../../sandbox.ts";

const PROTOCOLS: Readonly<Record<string, CloudWatchClientConfig["protocol"]>> = {
  "JSON": undefined,
  "CBOR": SmithyRpcV2CborProtocol,
  "query": AwsQueryProtocol,
};

function clientOf(
  sandbox: Sandbox,
  protocol?: CloudWatchClientConfig["protocol"],
  credentials = sandbox.rootKey,
) {
  return new CloudWatchClient({
    endpoint: sandbox.endpoint,
    credentials,
    region: "us-east-1",
    maxAttempts: 1,
    ...(protocol ? { protocol } : {}),
  });
}

function metricsTest(
  name: string,
  run: (client: CloudWatchClient, sandbox: Sandbox) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
    const client = clientOf(sandbox);
    try {
      await run(client, sandbox);
    } finally {
      client.destroy();
      await sandbox.stop();
    }
  });
}

const MINUTE = 60_000;
/** A whole minute some minutes ago. */
const START = Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE;
const at = (minutes: number) => new Date(START + minutes * MINUTE);

function put(client: CloudWatchClient, ...MetricData: MetricDatum[]) {
  return client.send(new PutMetricDataCommand({ Namespace: "Test", MetricData }));
}

function query(Id: string, Stat: string, more: Partial<MetricDataQuery> = {}): MetricDataQuery {
  const Metric = { Namespace: "Test", MetricName: "m" };
  return { Id, MetricStat: { Metric, Period: 60, Stat }, ...more };
}

for (const [protocolName, protocol] of Object.entries(PROTOCOLS)) {
  metricsTest(`in ${protocolName}, what is put is read back by all three`, async (_, sandbox) => {
    const client = clientOf(sandbox, protocol);
    const Dimensions = [{ Name: "b", Value: "x y" }, { Name: "a", Value: "1" }];
    await put(
      client,
      { MetricName: "m", Dimensions, Timestamp: at(0), Value: 1.5, Unit: "Count" },
      {
        MetricName: "m",
        Dimensions,
        Timestamp: at(0),
        Values: [2, 4],
        Counts: [1, 3],
        Unit: "Count",
      },
      {
        MetricName: "m",
        Dimensions: Dimensions.toReversed(),
        Timestamp: at(2),
        StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 4, Maximum: 6 },
        Unit: "Count",
      },
    );
    const { Label, Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: "Test",
        MetricName: "m",
        Dimensions,
        StartTime: at(0),
        EndTime: at(5),
        Period: 60,
        Statistics: ["SampleCount", "Sum", "Average", "Minimum", "Maximum"],
      }),
    );
    assertEquals(Label, "m");
    assertEquals(Datapoints.toSorted((a, b) => Number(a.Timestamp) - Number(b.Timestamp)), [
      {
        Timestamp: at(0),
        SampleCount: 5,
        Sum: 15.5,
        Average: 3.1,
        Minimum: 1.5,
        Maximum: 4,
        Unit: "Count",
      },
      {
        Timestamp: at(2),
        SampleCount: 2,
        Sum: 10,
        Average: 5,
        Minimum: 4,
        Maximum: 6,
        Unit: "Count",
      },
    ]);
    const data = await client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(5),
        MetricDataQueries: [
          {
            Id: "sums",
            MetricStat: {
              Metric: { Namespace: "Test", MetricName: "m", Dimensions },
              Period: 60,
              Stat: "Sum",
            },
          },
          query("none", "Sum"),
        ],
      }),
    );
    assertEquals(data.MetricDataResults, [
      {
        Id: "sums",
        Label: "m",
        Timestamps: [at(2), at(0)],
        Values: [10, 15.5],
        StatusCode: "Complete",
      },
      // Without its dimensions it is another metric, and one without data is no error.
      {
        Id: "none",
        Label: "m",
        StatusCode: "Complete",
        Timestamps: [],
        Values: [],
      },
    ]);
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: "Test" }));
    assertEquals(Metrics, [{
      Namespace: "Test",
      MetricName: "m",
      Dimensions: [{ Name: "a", Value: "1" }, { Name: "b", Value: "x y" }],
    }]);
    client.destroy();
  });

  metricsTest(
    `in ${protocolName}, refusals have the names and texts captured`,
    async (_, sandbox) => {
      const client = clientOf(sandbox, protocol);
      const statistics = (days: number) => () =>
        client.send(
          new GetMetricStatisticsCommand({
            Namespace: "Test",
            MetricName: "m",
            StartTime: at(-days * 1440),
            EndTime: at(0),
            Period: 1,
            Statistics: ["Sum"],
          }),
        );
      const both = () => put(client, { MetricName: "m", Value: 1, Values: [1] });
      assertEquals([await said(both), await said(statistics(1)), await said(statistics(-1))], [
        "InvalidParameterCombinationException: The parameters MetricData.member.1.Value and " +
        "MetricData.member.1.Values are mutually exclusive and you have specified both.",
        "InvalidParameterCombinationException: You have requested up to 86400 datapoints, which " +
        "exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, " +
        "or decreasing the time range.",
        "InvalidParameterValueException: The parameter StartTime must be less than the parameter " +
        "EndTime.",
      ]);
      client.destroy();
      using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await clients.iam.send(new CreateUserCommand({ UserName: "u" }));
      const { AccessKey } = await clients.iam.send(new CreateAccessKeyCommand({ UserName: "u" }));
      assert(AccessKey?.AccessKeyId && AccessKey.SecretAccessKey);
      const stranger = clientOf(sandbox, protocol, {
        accessKeyId: AccessKey.AccessKeyId,
        secretAccessKey: AccessKey.SecretAccessKey,
      });
      const denied = await said(() => stranger.send(new ListMetricsCommand({})));
      assertEquals(
        denied.replace("AccessDeniedException", "AccessDenied"),
        "AccessDenied: User: arn:aws:iam::123456789012:user/u is not authorized to perform: " +
          "cloudwatch:ListMetrics because no identity-based policy allows the " +
          "cloudwatch:ListMetrics action",
      );
      stranger.destroy();
    },
  );
}

metricsTest("large puts that the SDK compresses are read", async (client) => {
  const names = Array.from({ length: 600 }, (_, n) => `metric-${n}`);
  await put(client, ...names.map((MetricName) => ({ MetricName, Value: 1, Timestamp: at(0) })));
  const first = await client.send(new ListMetricsCommand({}));
  const second = await client.send(new ListMetricsCommand({ NextToken: first.NextToken }));
  const listed = [...first.Metrics ?? [], ...second.Metrics ?? []];
  assertEquals(first.Metrics?.length, 500);
  assertEquals(second.NextToken, undefined);
  assertEquals(listed.map(({ MetricName }) => MetricName), names.toSorted());
});

// LocalStack's test_get_metric_data_different_units_no_unit_in_query and test_label_generation,
// recorded on AWS 2025-09-19.
metricsTest("GetMetricData takes one unit, and labels what differs", async (client) => {
  await put(
    client,
    { MetricName: "m", Timestamp: at(1), Value: 60, Unit: "Seconds" },
    { MetricName: "m", Timestamp: at(1), Value: 60_000, Unit: "Milliseconds" },
    { MetricName: "m", Timestamp: at(1), Value: 5, Unit: "Count" },
  );
  const Metric = { Namespace: "Test", MetricName: "m" };
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: at(0),
      EndTime: at(9),
      MetricDataQueries: [
        { Id: "a", MetricStat: { Metric, Period: 60, Stat: "Sum" } },
        { Id: "b", MetricStat: { Metric, Period: 30, Stat: "Minimum" } },
      ],
    }),
  );
  assertEquals(
    MetricDataResults.map(({ Label, Values, Messages }) => ({ Label, Values, Messages })),
    ["m Sum 60", "m Minimum 30"].map((Label) => ({
      Label,
      Values: [5],
      Messages: [{
        Code: "MultipleUnits",
        Value: "Multiple units returned: '[Count, Milliseconds, Seconds]'",
      }],
    })),
  );
});

metricsTest("GetMetricData sorts, labels, hides and pages as asked", async (client) => {
  const values = [1, 2, 3, 4, 5];
  await put(
    client,
    ...values.map((Value) => ({ MetricName: "m", Timestamp: at(Value), Value })),
  );
  const get = (input: Partial<GetMetricDataCommandInput>) =>
    client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(9),
        ScanBy: "TimestampAscending",
        MetricDataQueries: [query("a", "Sum"), query("b", "Maximum", { ReturnData: false })],
        ...input,
      }),
    );
  const { MetricDataResults } = await get({});
  assertEquals(MetricDataResults?.map(({ Id, Label, Values }) => ({ Id, Label, Values })), [
    { Id: "a", Label: "m Sum", Values: values },
  ]);
  const pages: unknown[] = [];
  let NextToken: string | undefined;
  do {
    const MetricDataQueries = [query("a", "Sum"), query("b", "Sum", { Label: "mine" })];
    const page = await get({ NextToken, MaxDatapoints: 3, MetricDataQueries });
    pages.push(
      page.MetricDataResults?.map(({ Id, Label, Values, StatusCode }) =>
        [Id, Label, Values?.join(""), StatusCode].join(" ")
      ),
    );
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assertEquals(pages, [
    ["a m 123 PartialData"],
    ["a m 45 Complete", "b mine 1 PartialData"],
    ["b mine 234 PartialData"],
    ["b mine 5 Complete"],
  ]);
});

metricsTest(
  "periods count from the start, rounded down to a minute; the end is not in them",
  async (client) => {
    await put(
      client,
      ...[0, 4, 5, 9].map((minute) => ({
        MetricName: "m",
        Timestamp: new Date(START + minute * MINUTE + 59_000),
        Value: 10 ** minute,
      })),
    );
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(START + 30_000),
        EndTime: at(9),
        ScanBy: "TimestampAscending",
        MetricDataQueries: [{
          Id: "a",
          MetricStat: {
            Metric: { Namespace: "Test", MetricName: "m" },
            Period: 300,
            Stat: "Sum",
          },
        }],
      }),
    );
    assertEquals(MetricDataResults?.[0].Timestamps, [at(0), at(5)]);
    assertEquals(MetricDataResults?.[0].Values, [10_001, 100_000]);
  },
);

metricsTest(
  "a unit chooses among a metric's samples; without one they come apart, or one unit is taken",
  async (client) => {
    const datum = { MetricName: "m", Timestamp: at(0) };
    await put(
      client,
      { ...datum, Value: 1, Unit: "Seconds" },
      { ...datum, Value: 2, Unit: "Milliseconds" },
    );
    const Metric = { Namespace: "Test", MetricName: "m" };
    const span = { StartTime: at(0), EndTime: at(1) };
    const statistics = async (Unit?: "Seconds") => {
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          ...Metric,
          ...span,
          Period: 60,
          Statistics: ["Sum"],
          Unit,
        }),
      );
      return Datapoints.map(({ Sum, Unit }) => `${Sum} ${Unit}`).sort();
    };
    assertEquals(await statistics("Seconds"), ["1 Seconds"]);
    assertEquals(await statistics(), ["1 Seconds", "2 Milliseconds"]);
    const data = async (Unit?: "Seconds") => {
      const MetricStat = { Metric, Period: 60, Stat: "Sum", Unit };
      const { MetricDataResults } = await client.send(
        new GetMetricDataCommand({ ...span, MetricDataQueries: [{ Id: "a", MetricStat }] }),
      );
      return MetricDataResults?.[0].Values;
    };
    assertEquals([await data("Seconds"), await data()], [[1], [2]]);
  },
);

metricsTest("points of a second are read in short periods", async (client) => {
  const second = (n: number) => new Date(START + n * 1_000);
  await put(
    client,
    ...[0, 1, 5].map((n) => ({
      MetricName: "m",
      Timestamp: second(n),
      Value: n + 1,
      StorageResolution: 1,
    })),
  );
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: "Test",
      MetricName: "m",
      StartTime: second(0),
      EndTime: second(10),
      Period: 5,
      Statistics: ["Sum"],
    }),
  );
  assertEquals(
    Datapoints.map(({ Timestamp, Sum }) => [Timestamp?.getTime(), Sum]).toSorted(),
    [[second(0).getTime(), 3], [second(5).getTime(), 6]],
  );
});

metricsTest(
  "what the sandbox does not have, or AWS does not take, is refused by name",
  async (client) => {
    const get = (query: MetricDataQuery) => () =>
      client.send(
        new GetMetricDataCommand({ StartTime: at(0), EndTime: at(1), MetricDataQueries: [query] }),
      );
    const withDimensions = (...named: [Name: string, Value: string][]) => () =>
      put(client, {
        MetricName: "m",
        Value: 1,
        Dimensions: named.map(([Name, Value]) => ({ Name, Value })),
      });
    const refused: [() => Promise<unknown>, string][] = [
      [
        get(query("a", "p99")),
        "ValidationException: The sandbox does not support the statistic p99.",
      ],
      [
        get({ Id: "a", Expression: "m1 / 2" }),
        "ValidationException: The sandbox does not support metric math: m1 / 2.",
      ],
      [
        get(query("A", "Sum")),
        "ValidationException: The value A for parameter MetricDataQueries.member.1.Id must begin " +
        "with a lower-case letter and hold letters, digits and underscores only.",
      ],
      [
        () =>
          client.send(
            new PutMetricDataCommand({
              Namespace: "AWS/Firehose",
              MetricData: [{ MetricName: "m", Value: 1 }],
            }),
          ),
        "InvalidParameterValueException: The value AWS/Firehose for parameter Namespace is invalid.",
      ],
      [
        () =>
          client.send(
            new PutMetricDataCommand({
              Namespace: "a*",
              MetricData: [{ MetricName: "m", Value: 1 }],
            }),
          ),
        "InvalidParameterValueException: The value a* for parameter Namespace is invalid.",
      ],
      // https://github.com/jdamick/dropwizard-metrics-cloudwatch/issues/3, 2015.
      [
        withDimensions(["d", "1"], ["d", "2"]),
        "InvalidParameterValueException: No metric may specify the same dimension name twice.",
      ],
      [
        withDimensions(["a", "1"], [":d", "2"]),
        "InvalidParameterValueException: The value :d for parameter " +
        "MetricData.member.1.Dimensions.member.2.Name is invalid.",
      ],
      [
        withDimensions(["d", "é"]),
        "InvalidParameterValueException: The value é for parameter " +
        "MetricData.member.1.Dimensions.member.1.Value is invalid.",
      ],
      [
        () => put(client, { MetricName: "m", Values: [1, 2], Counts: [1] }),
        "InvalidParameterValueException: The parameters MetricData.member.1.Values and " +
        "MetricData.member.1.Counts must be of the same size.",
      ],
      [
        () => put(client, { MetricName: "m", Value: 1 }, { MetricName: "m" }),
        "MissingRequiredParameterException: The parameter MetricData.member.2.Value is required.",
      ],
      [
        () =>
          put(client, {
            MetricName: "m",
            Value: 1,
            Timestamp: new Date(Date.now() + 3 * 3_600_000),
          }),
        "InvalidParameterValueException: The parameter MetricData.member.1.Timestamp must specify a " +
        "time no more than two hours in the future.",
      ],
      [
        () => client.send(new ListMetricsCommand({ NextToken: "nope" })),
        "InvalidNextToken: The next token specified is invalid.",
      ],
    ];
    for (const [act, text] of refused) assertEquals(await said(act), text);
  },
);
