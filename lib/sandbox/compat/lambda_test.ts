/** Lambda through boto3: another signer, other serialisers, other waiters. */
import { assertEquals } from "@std/assert";
import { pythonWith, run } from "../../testing/python.ts";
import { startSandbox } from "../sandbox.ts";

const here = (name: string) => new URL(name, import.meta.url).pathname;

Deno.test("boto3 goes through every operation of Lambda", async () => {
  const python = await pythonWith(here("requirements.txt"));
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  try {
    const { endpoint, rootKey, accountId } = sandbox;
    const { called, ...seen } = JSON.parse(
      await run(python, [here("lambda.py")], {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: rootKey.accessKeyId,
        AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      }),
    );
    const operations = sandbox.services.find(({ signingName }) => signingName === "lambda")
      ?.operations;
    assertEquals(called, [...operations?.keys() ?? []].sort());
    assertEquals(seen, {
      created: ["Pending", `arn:aws:lambda:us-east-1:${accountId}:function:f`],
      invoked: [200, "$LATEST", { a: "é", colour: "blue" }, true],
      otherTypes: [202, 204],
      versions: ["Unhandled", "no", "1", { colour: "blue" }, ["$LATEST", "1"], ["prod"]],
      alias: "$LATEST",
      configuration: [9, { COLOUR: "blue" }],
      policy: [
        { StringEquals: { "AWS:SourceAccount": "123456789012" } },
        "ResourceNotFoundException",
      ],
      concurrency: [0, "TooManyRequestsException"],
      tags: [{ b: "B" }, { b: "B" }],
      refusals: [
        "ResourceConflictException",
        "InvalidParameterValueException",
        "InvalidRequestContentException",
        "RequestEntityTooLargeException",
        "ResourceNotFoundException",
      ],
      listed: ["f"],
      gone: "ResourceNotFoundException",
    });
  } finally {
    await sandbox.stop();
  }
});
