/** The sandbox through AWS's Python SDK, which has its own serialisers, signer and retry rules. */
import { assertEquals } from "@std/assert";
import { environmentOf, printedBy, withSandbox } from "./testing.ts";

Deno.test("boto3 goes the whole path of notebooks 0 and 1, and every record arrives exactly once", async () => {
  await withSandbox(async (sandbox) => {
    const seen = JSON.parse(await printedBy(["pipeline.py"], environmentOf(sandbox)));
    assertEquals(seen, {
      caller: `arn:aws:iam::${sandbox.accountId}:user/boto3-admin`,
      hello: "hello",
      tail: "lo",
      listed: ["hello world.txt"],
      wrongSecret: "SignatureDoesNotMatch",
      exactlyOnce: true,
      tooMany: "ValidationException",
      unknown: "ResourceNotFoundException",
      tags: [{ Key: "made-by", Value: "boto3" }],
    });
  });
});
