import { assertEquals, assertThrows } from "@std/assert";
import { AwsError } from "../../errors.ts";
import { functionArn, parseFunctionName } from "./names.ts";

const HERE = { region: "us-east-1", accountId: "123456789012" };
const ARN = "arn:aws:lambda:us-east-1:123456789012:function";

for (
  const [text, name, qualifier, why] of [
    ["f", "f", undefined, "a bare name"],
    ["f:1", "f", "1", "a name with a version"],
    ["f:$LATEST", "f", "$LATEST", "a name with $LATEST"],
    ["123456789012:function:f", "f", undefined, "a partial ARN"],
    ["123456789012:function:f:prod", "f", "prod", "a partial ARN with an alias"],
    [`${ARN}:f`, "f", undefined, "a full ARN"],
    [`${ARN}:f:7`, "f", "7", "a full ARN with a version"],
    ["function-1", "function-1", undefined, "a name that begins like an ARN's part"],
    ["us-east-1", "us-east-1", undefined, "a name that looks like a region"],
  ] as const
) {
  Deno.test(`parseFunctionName() reads ${why}`, () => {
    assertEquals(parseFunctionName(text, HERE), { name, qualifier });
  });
}

Deno.test("parseFunctionName() takes the qualifier from either place, and not two that differ", () => {
  assertEquals(parseFunctionName("f", HERE, "1"), { name: "f", qualifier: "1" });
  assertEquals(parseFunctionName("f:1", HERE, "1"), { name: "f", qualifier: "1" });
  assertThrows(() => parseFunctionName("f:1", HERE, "2"), AwsError, "does not match");
});

for (
  const [arn, code, message] of [
    [
      "arn:aws:lambda:eu-west-1:123456789012:function:f",
      "ResourceNotFoundException",
      "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    ],
    ["arn:aws:lambda:us-east-1:999999999999:function:f", "AccessDeniedException", "999999999999"],
  ] as const
) {
  Deno.test(`parseFunctionName() refuses ${arn}`, () => {
    assertEquals(
      assertThrows(() => parseFunctionName(arn, HERE), AwsError, message).code,
      code,
    );
  });
}

Deno.test("functionArn() has the qualifier where there is one", () => {
  assertEquals(functionArn({ name: "f" }, HERE), `${ARN}:f`);
  assertEquals(functionArn({ name: "f", qualifier: "$LATEST" }, HERE), `${ARN}:f:$LATEST`);
});
