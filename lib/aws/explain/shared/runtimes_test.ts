/** Sizes by runtime, held against what the real clients posted. */
import { assertEquals, assertThrows } from "@std/assert";
import { CLIENT_OUTPUT } from "../clients/client_output.ts";
import { responseSize, runtimeOf, wireSize } from "./runtimes.ts";

/** What every handler of the fixtures returns. */
const RESPONSE = {
  records: [
    {
      recordId: "1",
      result: "Ok",
      data: "YQ==",
      metadata: { partitionKeys: { city: "Zürich 🚆" } },
    },
    { recordId: "2", result: "Dropped" },
  ],
};

for (
  const [runtime, client, version, name] of [
    ["nodejs22.x", "aws-lambda-ric", "3.3.0 on Node 20", "response"],
    ["nodejs24.x", "aws-lambda-ric", "4.0.2 on Node 24", "response"],
    ["python3.11", "awslambdaric", "4.2.2 on Python 3.11", "response"],
    ["python3.12", "awslambdaric", "4.2.2 on Python 3.11", "response 3.12"],
    ["java21", "aws-lambda-java-runtime-interface-client", "2.10.1 on Java 17", "response"],
    ["go", "aws-lambda-go", "1.55.1", "response"],
    ["rust", "lambda_runtime", "1.5.0", "response"],
  ] as const
) {
  Deno.test(`wireSize() counts what ${client} ${version} posts for ${runtime}`, () => {
    const run = CLIENT_OUTPUT.find((one) =>
      one.client === client && one.version === version && one.case === name
    );
    assertEquals(run?.posts[0].bytes, wireSize(RESPONSE, runtimeOf(runtime)));
  });
}

Deno.test("10,000 records of 393 bytes fit into a response of Node and not of Python", () => {
  const records = Array.from({ length: 10_000 }, () => ({
    recordId: "4".repeat(62),
    dataBytes: 524,
  }));
  const sizes = ["nodejs22.x", "python3.12", "java21", "go", "rust"].map((name) =>
    responseSize(records, runtimeOf(name))
  );
  assertEquals(sizes, [6_260_013, 6_320_013, 6_260_013, 7_460_013, 6_580_013]);
});

Deno.test("responseSize() agrees with wireSize() on the response itself", () => {
  const response = {
    records: ["1", "22"].map((recordId) => ({ recordId, result: "Ok", data: "YQ==" })),
  };
  for (const name of ["nodejs22.x", "python3.11", "java17"]) {
    const records = response.records.map(({ recordId }) => ({ recordId, dataBytes: 4 }));
    assertEquals(responseSize(records, runtimeOf(name)), wireSize(response, runtimeOf(name)));
  }
});

Deno.test("runtimeOf() refuses what it does not know", () => {
  for (const name of ["ruby3.4", "dotnet8", "python", "", "nodejs22.y"]) {
    if (name === "python") assertEquals(runtimeOf(name).title, "Python 3.12");
    else assertThrows(() => runtimeOf(name), TypeError, "is not a runtime");
  }
});
