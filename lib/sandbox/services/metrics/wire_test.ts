/**
 * What CloudWatch's answers look like on the wire, in each protocol. The forms of errors were
 * captured on AWS in 2025-09 (LocalStack's snapshot tests).
 */
import { decode } from "cborg";
import { assertEquals, assertMatch } from "@std/assert";
import { startSandbox } from "../../sandbox.ts";

/** With `--open` no signature is checked; its scope still names the service. */
const SIGNED = {
  authorization: "AWS4-HMAC-SHA256 Credential=any/20261124/us-east-1/monitoring/aws4_request, " +
    "SignedHeaders=host;x-amz-date, Signature=any",
  "x-amz-date": "20261124T120000Z",
};

const TARGET = "GraniteServiceVersion20100801";

function wireTest(
  name: string,
  run: (
    post: (path: string, headers: HeadersInit, body: BodyInit) => Promise<Response>,
  ) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, isOpen: true });
    try {
      await run((path, headers, body) =>
        fetch(sandbox.endpoint + path, {
          method: "POST",
          headers: { ...SIGNED, ...Object.fromEntries(new Headers(headers)) },
          body,
        })
      );
    } finally {
      await sandbox.stop();
    }
  });
}

const BOTH = { MetricName: "m", Value: 1, Values: [1] };
const TEXT = "The parameters MetricData.member.1.Value and MetricData.member.1.Values are " +
  "mutually exclusive and you have specified both.";

wireTest(
  "JSON: epoch seconds, an error with its namespace, and the query protocol's code",
  async (post) => {
    const json = (operation: string, input: unknown) =>
      post("/", {
        "x-amz-target": `${TARGET}.${operation}`,
        "content-type": "application/x-amz-json-1.0",
        "x-amzn-query-mode": "true",
      }, JSON.stringify(input));
    const startSeconds = Math.floor(Date.now() / 60_000) * 60 - 600;
    const datum = { MetricName: "m", Value: 1.5, Timestamp: startSeconds };
    const put = await json("PutMetricData", { Namespace: "N", MetricData: [datum] });
    assertEquals([put.status, put.headers.get("content-type")], [
      200,
      "application/x-amz-json-1.0",
    ]);
    await put.body?.cancel();
    const data = await json("GetMetricData", {
      StartTime: startSeconds,
      EndTime: startSeconds + 60,
      MetricDataQueries: [{
        Id: "a",
        MetricStat: { Metric: { Namespace: "N", MetricName: "m" }, Period: 60, Stat: "Sum" },
      }],
    });
    assertEquals(await data.json(), {
      MetricDataResults: [
        { Id: "a", Label: "m", Timestamps: [startSeconds], Values: [1.5], StatusCode: "Complete" },
      ],
      Messages: [],
    });
    const refused = await json("PutMetricData", { Namespace: "N", MetricData: [BOTH] });
    assertEquals([refused.status, refused.headers.get("x-amzn-query-error")], [
      400,
      "InvalidParameterCombination;Sender",
    ]);
    assertEquals(await refused.json(), {
      __type: "com.amazonaws.cloudwatch.v2010_08_01#InvalidParameterCombinationException",
      message: TEXT,
    });
    const invalid = await json("PutMetricData", { MetricData: [] });
    assertEquals(invalid.headers.get("x-amzn-query-error"), "ValidationError;Sender");
    assertEquals(await invalid.json(), {
      __type: "com.amazon.coral.validate#ValidationException",
      message: "1 validation error detected: Value null at 'namespace' failed to satisfy " +
        "constraint: Member must not be null",
    });
  },
);

wireTest("CBOR: its own path and header, and errors as maps", async (post) => {
  const cbor = (operation: string, hex: string) =>
    post(`/service/${TARGET}/operation/${operation}`, {
      "smithy-protocol": "rpc-v2-cbor",
      "content-type": "application/cbor",
    }, Uint8Array.fromHex(hex));
  const listed = await cbor("ListMetrics", "a0");
  assertEquals(
    ["smithy-protocol", "content-type"].map((name) => listed.headers.get(name)),
    ["rpc-v2-cbor", "application/cbor"],
  );
  assertEquals(decode(await listed.bytes()), { Metrics: [] });
  const invalid = await cbor("PutMetricData", "a0");
  assertEquals([invalid.status, invalid.headers.get("x-amzn-query-error")], [
    400,
    "ValidationError;Sender",
  ]);
  assertEquals(decode(await invalid.bytes()), {
    __type: "com.amazon.coral.validate#ValidationException",
    message: "1 validation error detected: Value null at 'namespace' failed to satisfy " +
      "constraint: Member must not be null",
  });
  const unknown = await cbor("DescribeAlarms", "a0");
  assertEquals(decode(await unknown.bytes()), {
    __type: "com.amazon.coral.service#UnknownOperationException",
    message: `The sandbox does not have /service/${TARGET}/operation/DescribeAlarms`,
  });
});

wireTest("query: XML with its namespace, whose error has the old code", async (post) => {
  const query = (parameters: Record<string, string>) =>
    post("/", {}, new URLSearchParams({ ...parameters, Version: "2010-08-01" }));
  const put = await query({
    Action: "PutMetricData",
    Namespace: "N",
    "MetricData.member.1.MetricName": "m",
    "MetricData.member.1.Dimensions.member.1.Name": "a",
    "MetricData.member.1.Dimensions.member.1.Value": "1",
    "MetricData.member.1.Value": "2.5",
  });
  assertMatch(
    await put.text(),
    /^<PutMetricDataResponse xmlns="http:\/\/monitoring\.amazonaws\.com\/doc\/2010-08-01\/"><ResponseMetadata>/,
  );
  const listed = await (await query({ Action: "ListMetrics", Namespace: "N" })).text();
  assertMatch(listed, /<Metrics><member><Namespace>N<\/Namespace><MetricName>m<\/MetricName>/);
  const refused = await query({
    Action: "PutMetricData",
    Namespace: "N",
    "MetricData.member.1.MetricName": "m",
    "MetricData.member.1.Value": "1",
    "MetricData.member.1.Values.member.1": "1",
  });
  assertEquals(
    (await refused.text()).replace(/[0-9a-f-]{36}/, "ID"),
    '<ErrorResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><Error>' +
      "<Type>Sender</Type><Code>InvalidParameterCombination</Code>" +
      `<Message>${TEXT}</Message></Error><RequestId>ID</RequestId></ErrorResponse>`,
  );
});
