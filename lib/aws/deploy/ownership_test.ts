/** A deployment takes over nothing of somebody else's. */
import { DescribeDeliveryStreamCommand } from "@aws-sdk/client-firehose";
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  UntagRoleCommand,
} from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { startSandbox } from "../../sandbox/sandbox.ts";
import { clientsFor } from "../../sandbox/testing/clients.ts";
import { createLambdaStream } from "../../sandbox/testing/lambda_stream.ts";
import { NotOursError } from "../place/ownership.ts";
import { labTest } from "../testing.ts";
import { ensureDelivery } from "./delivery_role.ts";
import { packageModule } from "./function_package.ts";
import { deployFunction, deployModule, planDeployment } from "./functions.ts";

type Clients = ReturnType<typeof clientsFor>;

function ownershipTest(name: string, run: (clients: Clients) => Promise<void>): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 600 });
    try {
      using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await run(clients);
    } finally {
      await sandbox.stop();
    }
  });
}

const trust = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });

/** A role for other things, with all rights. */
async function adminRole({ iam }: Clients, RoleName: string): Promise<void> {
  await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust("ec2.amazonaws.com") }),
  );
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

const OTHER_CODE = packageModule("export const handler = async () => 'somebody else';");

/** A function with another purpose, and a role for it. */
async function otherFunction(clients: Clients, FunctionName: string): Promise<void> {
  const RoleName = "resizer";
  const { Role } = await clients.iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust("lambda.amazonaws.com") }),
  );
  await clients.lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: Role?.Arn,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Description: "resizes pictures",
      Code: { ZipFile: OTHER_CODE.zip },
    }),
  );
}

async function refusalOf(act: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(act, NotOursError)).message;
}

ownershipTest(
  "a deployment leaves a role of somebody else's as it is, and names what it is",
  async (clients) => {
    await adminRole(clients, "transform-role");
    const deploy = () =>
      deployFunction(clients, { functionName: "transform", replace: "transform" });
    const text = await refusalOf(deploy);
    assertStringIncludes(text, "The role transform-role exists, but this project did not make it");
    assertStringIncludes(text, "trusts ec2.amazonaws.com");
    assertStringIncludes(text, "policies: AdministratorAccess");
    assertStringIncludes(text, "trusts ec2.amazonaws.com → lambda.amazonaws.com");
    assertStringIncludes(text, "Nothing was changed.");
    const { Role } = await clients.iam.send(new GetRoleCommand({ RoleName: "transform-role" }));
    assertEquals(
      decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""),
      trust("ec2.amazonaws.com"),
    );
    const named = { RoleName: "transform-role" };
    assertEquals((await clients.iam.send(new ListRolePoliciesCommand(named))).PolicyNames, []);
    assertEquals((await clients.lambda.send(new ListFunctionsCommand())).Functions, []);
  },
);

ownershipTest("a role that was the project's is no more without its tag", async (clients) => {
  await deployFunction(clients, { functionName: "transform" });
  const untag = new UntagRoleCommand({ RoleName: "transform-role", TagKeys: ["project"] });
  await clients.iam.send(untag);
  await refusalOf(() => deployFunction(clients, { functionName: "transform" }));
});

ownershipTest(
  "a function of somebody else's is replaced only where it is named, and its code is kept",
  async (clients) => {
    const { lambda, iam } = clients;
    await otherFunction(clients, "transform");
    const options = { functionName: "transform" };
    const text = await refusalOf(() => deployFunction(clients, options));
    assertStringIncludes(text, "nodejs22.x, handler index.handler");
    assertStringIncludes(text, "description: resizes pictures");
    assertStringIncludes(text, "Runtime nodejs22.x → nodejs24.x");
    assertStringIncludes(text, "--replace transform");
    await refusalOf(() => deployModule(clients, "export const handler = 1;", options));
    const before = await lambda.send(new GetFunctionCommand({ FunctionName: "transform" }));
    assertEquals(before.Configuration?.CodeSha256, OTHER_CODE.sha256);
    assertEquals((await iam.send(new ListRolesCommand())).Roles?.map(({ RoleName }) => RoleName), [
      "resizer",
    ]);

    await deployFunction(clients, { ...options, replace: "transform" });
    const versions = await lambda.send(
      new ListVersionsByFunctionCommand({ FunctionName: "transform" }),
    );
    assertEquals(versions.Versions?.map(({ Version }) => Version), ["$LATEST", "1"]);
    assertEquals(versions.Versions?.[1].CodeSha256, OTHER_CODE.sha256);
    // It is the project's now, and needs no word again.
    const { changes } = await deployFunction(clients, options);
    assert(changes.every(({ change }) => change === "unchanged"));
  },
);

ownershipTest(
  "the role of a stream of somebody else's is not changed, and the permission is shown",
  async (clients) => {
    const { iam, firehose } = clients;
    const { functionArn } = await deployFunction(clients, { functionName: "transform" });
    await createLambdaStream(clients, {
      name: "theirs",
      functionArn,
      invokable: [],
      destination: {},
    });
    await iam.send(new UntagRoleCommand({ RoleName: "theirs", TagKeys: ["project"] }));
    const options = { functionName: "transform", streamName: "theirs" };
    const text = await refusalOf(() => deployFunction(clients, options));
    assertStringIncludes(text, "aws iam put-role-policy --role-name theirs");
    assertEquals(
      (await iam.send(new ListRolePoliciesCommand({ RoleName: "theirs" }))).PolicyNames,
      [
        "deliver",
      ],
    );
    const [, document] = /--policy-document '(.+)'/.exec(text) ?? [];
    const named = { RoleName: "theirs", PolicyName: "their-own" };
    await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: document }));
    const { changes } = await deployFunction(clients, options);
    assertEquals(
      changes.filter(({ change }) => change !== "unchanged").map(({ what }) => what),
      ["policy put-records-back of role transform-role"],
    );
    await firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: "theirs" }));
  },
);

ownershipTest("planDeployment() changes nothing", async (clients) => {
  const { steps } = await planDeployment(clients, { functionName: "transform" });
  assertEquals(steps.map(({ change }) => change.change), ["created", "created", "created"]);
  assertEquals((await clients.iam.send(new ListRolesCommand())).Roles, []);
});

labTest("ensureDelivery() takes over no bucket and no role of somebody else's", 1, async (lab) => {
  const { iam, s3, names } = lab;
  const RoleName = names.deliveryRole;
  await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust("ec2.amazonaws.com") }),
  );
  assertStringIncludes(await refusalOf(() => ensureDelivery(lab)), `role ${RoleName}`);
  const get = () => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: "deliver" }));
  assertEquals((await assertRejects(get, Error)).name, "NoSuchEntityException");
  await s3.send(new CreateBucketCommand({ Bucket: names.bucket }));
  assertStringIncludes(
    await refusalOf(() =>
      ensureDelivery({ ...lab, names: { ...names, deliveryRole: "firehose-lab-x" } })
    ),
    `bucket ${names.bucket}`,
  );
});
