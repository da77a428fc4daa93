import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { assertEquals, assertExists, assertRejects } from "@std/assert";
import { startSandbox } from "../../sandbox/sandbox.ts";
import { clientsFor } from "../../sandbox/testing/clients.ts";
import { ensureFunctionRole } from "./function_role.ts";
import type { TransformSettings } from "./function_settings.ts";
import { ensureFunctionMayAnswer } from "./stream_permission.ts";

const PLACE = {
  functionName: "transform",
  partition: "aws",
  region: "us-east-1",
  accountId: "123456789012",
};
const TAGS = { project: "firehose-lab" };

/** A test with a sandbox in memory and clients of its root user. */
function roleTest(
  name: string,
  run: (root: ReturnType<typeof clientsFor>, endpoint: string) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
    try {
      using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await run(root, sandbox.endpoint);
    } finally {
      await sandbox.stop();
    }
  });
}

roleTest(
  "ensureFunctionRole() lets the function write its own log group and nothing else",
  async ({ iam }) => {
    const { roleArn, changes } = await ensureFunctionRole(iam, PLACE, TAGS);
    assertEquals(roleArn, "arn:aws:iam::123456789012:role/transform-role");
    assertEquals(changes.map(({ change }) => change), ["created", "created"]);
    const { PolicyDocument } = await iam.send(
      new GetRolePolicyCommand({ RoleName: "transform-role", PolicyName: "write-own-log" }),
    );
    const logGroup = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/transform";
    assertEquals(JSON.parse(decodeURIComponent(PolicyDocument ?? "")).Statement, [{
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: [logGroup, `${logGroup}:*`],
    }]);
  },
);

roleTest(
  "ensureFunctionRole() changes nothing the second time, and mends what was changed",
  async ({ iam }) => {
    const changesOf = async () => {
      const { changes } = await ensureFunctionRole(iam, PLACE, TAGS);
      return changes.map(({ change }) => change);
    };
    await changesOf();
    assertEquals(await changesOf(), ["unchanged", "unchanged"]);

    const RoleName = "transform-role";
    const other = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{
        Effect: "Allow",
        Principal: { Service: "firehose.amazonaws.com" },
        Action: "sts:AssumeRole",
      }],
    });
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: other }));
    assertEquals(await changesOf(), ["updated", "unchanged"]);

    const wide = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    });
    const named = { RoleName, PolicyName: "write-own-log" };
    await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: wide }));
    assertEquals(await changesOf(), ["unchanged", "updated"]);
    assertEquals(await changesOf(), ["unchanged", "unchanged"]);
  },
);

roleTest("ensureFunctionRole() says which permission is missing", async ({ iam }, endpoint) => {
  await iam.send(new CreateUserCommand({ UserName: "reader" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "reader" }));
  assertExists(AccessKey?.AccessKeyId);
  assertExists(AccessKey.SecretAccessKey);
  const credentials = {
    accessKeyId: AccessKey.AccessKeyId,
    secretAccessKey: AccessKey.SecretAccessKey,
  };
  using reader = clientsFor({ endpoint, credentials });
  const error = await assertRejects(
    () => ensureFunctionRole(reader.iam, PLACE, TAGS),
    Error,
    "Could not create the role transform-role: AccessDenied",
  );
  assertEquals(error.message.includes("allow the action named here"), true);
});

roleTest(
  "ensureFunctionMayAnswer() grants what the settings need, and takes back what they no longer do",
  async ({ iam }) => {
    await ensureFunctionRole(iam, PLACE, TAGS);
    const destination = {
      streamArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/s",
      bucket: "lake",
      prefix: "data/!{partitionKeyFromLambda:table}/",
      invokingRole: "delivery",
    };
    const changesFor = async (settings: TransformSettings) => {
      const changes = await ensureFunctionMayAnswer(iam, destination, "transform", settings);
      return changes.map(({ what, change }) => `${change} ${what.split(" ")[1]}`);
    };
    assertEquals(await changesFor({}), ["created put-records-back"]);
    assertEquals(await changesFor({}), ["unchanged put-records-back"]);
    assertEquals(await changesFor({ strategy: "keep-compressed", tooLarge: "write-to-s3" }), [
      "deleted put-records-back",
      "created write-large-records",
    ]);
    const { PolicyDocument } = await iam.send(
      new GetRolePolicyCommand({ RoleName: "transform-role", PolicyName: "write-large-records" }),
    );
    assertEquals(JSON.parse(decodeURIComponent(PolicyDocument ?? "")).Statement, [{
      Effect: "Allow",
      Action: ["s3:PutObject"],
      Resource: ["arn:aws:s3:::lake/data/*"],
    }]);
    assertEquals(await changesFor({ strategy: "keep-compressed" }), [
      "deleted write-large-records",
    ]);
    assertEquals(await changesFor({ strategy: "keep-compressed" }), []);
    assertEquals(await changesFor({ strategy: "merge-compressed" }), []);
  },
);
