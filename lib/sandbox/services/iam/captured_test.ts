/**
 * Answers of IAM and STS on AWS, as recorded in LocalStack's snapshot tests in the
 * month that each test names.
 */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  ListPoliciesCommand,
  type Policy,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { assertEquals, assertMatch } from "@std/assert";
import { said } from "../../testing/said.ts";
import { ACCOUNT, type Clients, iamTest } from "./testing.ts";

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  },
});

const createRole = ({ iam }: Clients, AssumeRolePolicyDocument = TRUST) =>
  iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument }));

iamTest("a missing user and an invalid user name have AWS's errors (2025-03)", async ({ iam }) => {
  assertEquals(
    await said(() => iam.send(new GetUserCommand({ UserName: "u" }))),
    "NoSuchEntityException: The user with name u cannot be found.",
  );
  assertEquals(
    await said(() => iam.send(new CreateUserCommand({ UserName: "u".repeat(65) }))),
    "ValidationError: 1 validation error detected: Value at 'userName' failed to satisfy " +
      "constraint: Member must have length less than or equal to 64",
  );
});

iamTest("a role as CreateRole and GetRole show it (2025-03)", async (root) => {
  const { Role: created } = await createRole(root);
  const { Role: got } = await root.iam.send(new GetRoleCommand({ RoleName: "r" }));
  assertEquals(Object.keys(created ?? {}).sort(), [
    "Arn",
    "AssumeRolePolicyDocument",
    "CreateDate",
    "Path",
    "RoleId",
    "RoleName",
  ]);
  assertEquals<unknown>(got, { ...created, MaxSessionDuration: 3600, RoleLastUsed: {} });
});

iamTest("a trust policy that is not JSON has AWS's error (2025-03)", async (root) => {
  assertEquals(
    await said(() => createRole(root, "{")),
    "MalformedPolicyDocumentException: This policy contains invalid Json",
  );
});

iamTest(
  "a document keeps its white space and its percent signs, and is sent encoded (2025-03)",
  async (root) => {
    await createRole(root);
    const PolicyDocument = `{ "Version": "2012-10-17",
    "Statement": [{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/a%3Ab*"}]}`;
    const policy = { RoleName: "r", PolicyName: "p" };
    await root.iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    const got = await root.iam.send(new GetRolePolicyCommand(policy));
    assertMatch(got.PolicyDocument ?? "", /^%7B%20%22Version%22.*%253Ab%2A/);
    assertEquals(decodeURIComponent(got.PolicyDocument ?? ""), PolicyDocument);
  },
);

iamTest(
  "a managed policy as CreatePolicy shows it, and one too many of a role (2025-06)",
  async (root) => {
    const { iam } = root;
    await createRole(root);
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" },
    });
    const attach = (PolicyArn: string) =>
      iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
    for (let n = 0; n <= 10; n++) {
      const PolicyName = `p${n}`;
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
      const { PolicyId, CreateDate } = Policy ?? {};
      assertMatch(PolicyId ?? "", /^ANPA[A-Z2-7]{16,17}$/);
      assertEquals(Policy, {
        PolicyName,
        PolicyId,
        Arn: `${ACCOUNT}:policy/${PolicyName}`,
        Path: "/",
        DefaultVersionId: "v1",
        AttachmentCount: 0,
        PermissionsBoundaryUsageCount: 0,
        IsAttachable: true,
        CreateDate,
        UpdateDate: CreateDate,
      });
      if (n < 10) await attach(`${ACCOUNT}:policy/${PolicyName}`);
    }
    await attach(`${ACCOUNT}:policy/p0`); // twice is fine
    assertEquals(
      await said(() => attach(`${ACCOUNT}:policy/p10`)),
      "LimitExceededException: Cannot exceed quota for PoliciesPerRole: 10",
    );
  },
);

// moto's test_policy_resource_returns_subset_of_available_attributes (2026-08), which its authors
// run against AWS.
iamTest(
  "CreatePolicy shows the tags, GetPolicy the description too, and ListPolicies neither",
  async ({ iam }) => {
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" },
    });
    const Tags = [{ Key: "a", Value: "1" }];
    const given = { PolicyName: "p", PolicyDocument, Description: "reads", Tags };
    const shown = (policy: Policy | undefined) => [policy?.Description, policy?.Tags];
    const { Policy: made } = await iam.send(new CreatePolicyCommand(given));
    assertEquals(shown(made), [undefined, Tags]);
    const { Policy: got } = await iam.send(new GetPolicyCommand({ PolicyArn: made?.Arn }));
    assertEquals(shown(got), ["reads", Tags]);
    const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: "Local" }));
    assertEquals(Policies?.map(shown), [[undefined, undefined]]);
  },
);

iamTest("a missing policy and an invalid ARN have AWS's errors (2025-03)", async (root) => {
  await createRole(root);
  const attach = (PolicyArn: string) => () =>
    root.iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
  assertEquals(
    await said(attach(`${ACCOUNT}:policy/nope`)),
    `NoSuchEntityException: Policy ${ACCOUNT}:policy/nope does not exist or is not attachable.`,
  );
  assertEquals(
    await said(attach("longpolicynamebutnoarn")),
    "ValidationError: Invalid ARN:  Could not be parsed!",
  );
  assertEquals(
    await said(() =>
      root.iam.send(new DeletePolicyCommand({ PolicyArn: `${ACCOUNT}:policy/nope` }))
    ),
    `NoSuchEntityException: Policy ${ACCOUNT}:policy/nope was not found.`,
  );
});

iamTest("AssumeRole with an invalid name or ARN has AWS's error (2025-07)", async ({ sts }) => {
  const assume = (RoleArn: string, RoleSessionName: string) => () =>
    sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
  assertEquals(
    await said(assume(`${ACCOUNT}:role/r`, "Session1:2")),
    "ValidationError: 1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed " +
      "to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
  );
  assertEquals(
    await said(assume("nothing-valid-in-here", "Session1")),
    "ValidationError: nothing-valid-in-here is invalid",
  );
});
