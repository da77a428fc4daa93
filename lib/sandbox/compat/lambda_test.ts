/** Lambda through boto3: another signer, other serialisers, other waiters. */
import { assertEquals } from "@std/assert";
import { environmentOf, printedBy, withSandbox } from "./testing.ts";

Deno.test("boto3 goes through every operation of Lambda", async () => {
  await withSandbox(async (sandbox) => {
    const { accountId } = sandbox;
    const { called, ...seen } = JSON.parse(
      await printedBy(["lambda.py"], environmentOf(sandbox)),
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
      codeSigning: [],
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
  });
});
