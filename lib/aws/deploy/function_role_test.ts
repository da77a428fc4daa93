import {
  GetRolePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { assertEquals } from "@std/assert";
import { startSandbox } from "../../sandbox/sandbox.ts";
import { clientsFor } from "../../sandbox/testing/clients.ts";
import type { Step } from "./change.ts";
import { planFunctionRole } from "./function_role.ts";
import type { TransformSettings } from "./function_settings.ts";
import { planFunctionMayAnswer } from "./stream_permission.ts";

const PLACE = {
  functionName: "transform",
  partition: "aws",
  region: "us-east-1",
  accountId: "123456789012",
};
const TAGS = { project: "firehose-lab" };

/** Makes the changes of steps; what they were. */
async function made(steps: readonly Step[]) {
  for (const { make } of steps) await make();
  return steps.map(({ change }) => change);
}

/** A test with a sandbox in memory and clients of its root user. */
function roleTest(
  name: string,
  run: (root: ReturnType<typeof clientsFor>) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
    try {
      using root = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await run(root);
    } finally {
      await sandbox.stop();
    }
  });
}

roleTest(
  "planFunctionRole() lets the function write its own log group and nothing else",
  async ({ iam }) => {
    const { roleArn, steps } = await planFunctionRole(iam, PLACE, TAGS);
    const changes = await made(steps);
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
  "planFunctionRole() has no changes the second time, and corrects what was changed",
  async ({ iam }) => {
    const changesOf = async () => {
      const { steps } = await planFunctionRole(iam, PLACE, TAGS);
      return (await made(steps)).map(({ change }) => change);
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

roleTest(
  "planFunctionMayAnswer() grants what the settings need, and takes back what they no longer do",
  async ({ iam }) => {
    await made((await planFunctionRole(iam, PLACE, TAGS)).steps);
    const destination = {
      streamArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/s",
      bucket: "lake",
      prefix: "data/!{partitionKeyFromLambda:table}/",
      invokingRole: "delivery",
      invokingRoleArn: "arn:aws:iam::123456789012:role/delivery",
    };
    const changesFor = async (settings: TransformSettings) => {
      const steps = await planFunctionMayAnswer(iam, destination, "transform", settings);
      return (await made(steps)).map(({ what, change }) => `${change} ${what.split(" ")[1]}`);
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
