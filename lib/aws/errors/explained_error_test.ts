import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { explain, explained } from "./explained_error.ts";

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

for (
  const [name, message, advice] of [
    [
      "InvalidParameterValueException",
      "The role defined for the function cannot be assumed by Lambda.",
      "run this again: that makes or corrects the role",
    ],
    [
      "RequestEntityTooLargeException",
      "Zipped size must be smaller than 52428800 bytes",
      "remove the imports that lambda/ does not need",
    ],
    [
      "InvalidParameterValueException",
      "Unzipped size must be smaller than 262144000 bytes",
      "remove the imports that lambda/ does not need",
    ],
    [
      "RequestEntityTooLargeException",
      "Request must be smaller than 70167211 bytes for the CreateFunction operation",
      "remove the imports that lambda/ does not need",
    ],
    [
      "AccessDeniedException",
      "User: u is not authorized to perform: lambda:CreateFunction on resource: r",
      "allow the action named here",
    ],
    [
      "AccessDenied",
      "User: u is not authorized to perform: iam:CreateRole on resource: r",
      "allow the action named here",
    ],
    ["TooManyRequestsException", "Rate Exceeded.", "Wait a minute and run this again"],
    ["ThrottlingException", "Rate exceeded", "Wait a minute and run this again"],
    [
      "ResourceConflictException",
      "The operation cannot be performed at this time. An update is in progress",
      "Somebody else is changing this function",
    ],
    ["ExpiredTokenException", "The security token is expired", "aws sso login"],
    ["CredentialsProviderError", "Could not resolve credentials using profile: [x]", "--profile"],
    ["UnrecognizedClientException", "The security token is invalid", "compare the profile"],
  ] as const
) {
  Deno.test(`explain() says what to do about ${name}: ${message.slice(0, 40)}`, () => {
    const cause = named(name, message);
    const error = explain("deploy the function f", cause);
    assertStringIncludes(error.message, `Could not deploy the function f: ${name}: ${message}\n`);
    assertStringIncludes(error.message, advice);
    assertEquals(error.cause, cause);
  });
}

Deno.test("explain() adds nothing to an error that it does not know", () => {
  assertEquals(explain("do it", named("Odd", "odd")).message, "Could not do it: Odd: odd");
});

Deno.test("explained() names the sandbox's task if nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const iam = new IAMClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  const get = () => iam.send(new GetRoleCommand({ RoleName: "r" }));
  await assertRejects(() => explained("find the role", get), Error, "`deno task sandbox`");
  iam.destroy();
});
