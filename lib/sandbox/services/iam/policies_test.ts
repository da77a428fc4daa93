/**
 * Managed policies, through the real SDK client. Texts marked "captured" were recorded from AWS in
 * 2025 (LocalStack's snapshot tests).
 */
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
} from "@aws-sdk/client-iam";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { assertEquals, assertRejects } from "@std/assert";
import { clientsFor } from "../../testing/clients.ts";
import { said } from "../../testing/said.ts";
import { Database } from "../../store/database.ts";
import { ACCOUNT, allow, type Clients, createUser, iamTest, stateOn } from "./testing.ts";

const ARN = `${ACCOUNT}:policy/team/p`;

const createPolicy = ({ iam }: Clients, PolicyDocument: string) =>
  iam.send(new CreatePolicyCommand({ PolicyName: "p", Path: "/team/", PolicyDocument }));

iamTest(
  "what counts of a policy is its default version, from the next request on",
  async (root, endpoint) => {
    const credentials = await createUser(root, "u");
    await createPolicy(root, allow("s3:GetObject"));
    await root.iam.send(new AttachUserPolicyCommand({ UserName: "u", PolicyArn: ARN }));
    using user = clientsFor({ endpoint, credentials });
    const list = () => user.s3.send(new ListBucketsCommand({}));
    await assertRejects(list, Error, "s3:ListAllMyBuckets");
    const PolicyDocument = allow("s3:ListAllMyBuckets");
    const { PolicyVersion } = await root.iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: ARN, PolicyDocument }),
    );
    assertEquals([PolicyVersion?.VersionId, PolicyVersion?.IsDefaultVersion], ["v2", false]);
    await assertRejects(list, Error, "s3:ListAllMyBuckets");
    const v2 = { PolicyArn: ARN, VersionId: "v2" };
    await root.iam.send(new SetDefaultPolicyVersionCommand(v2));
    await list();
    const { Policy } = await root.iam.send(new GetPolicyCommand({ PolicyArn: ARN }));
    assertEquals([Policy?.DefaultVersionId, Policy?.AttachmentCount], ["v2", 1]);
    const got = await root.iam.send(new GetPolicyVersionCommand(v2));
    assertEquals(decodeURIComponent(got.PolicyVersion?.Document ?? ""), PolicyDocument);
    const { PolicyVersion: third } = await root.iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: ARN, PolicyDocument, SetAsDefault: true }),
    );
    assertEquals([third?.VersionId, third?.IsDefaultVersion], ["v3", true]);
  },
);

iamTest(
  "there are five versions at most, their numbers are not given twice, the default stays",
  async ({ iam }) => {
    const PolicyDocument = allow("s3:GetObject");
    await iam.send(new CreatePolicyCommand({ PolicyName: "p", Path: "/team/", PolicyDocument }));
    const add = () => iam.send(new CreatePolicyVersionCommand({ PolicyArn: ARN, PolicyDocument }));
    for (let n = 2; n <= 5; n++) await add();
    assertEquals(
      await said(add),
      "LimitExceededException: A managed policy can have up to 5 versions. Before you create a new " +
        "version, you must delete an existing version.",
    );
    const remove = (VersionId: string) =>
      iam.send(new DeletePolicyVersionCommand({ PolicyArn: ARN, VersionId }));
    await remove("v5");
    assertEquals((await add()).PolicyVersion?.VersionId, "v6");
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: ARN }));
    assertEquals(Versions.map(({ VersionId }) => VersionId), ["v6", "v4", "v3", "v2", "v1"]);
    const first = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: ARN, MaxItems: 4 }));
    const second = await iam.send(
      new ListPolicyVersionsCommand({ PolicyArn: ARN, Marker: first.Marker }),
    );
    assertEquals([first.IsTruncated, second.Versions?.map((v) => v.VersionId)], [true, ["v1"]]);
    assertEquals(
      await said(() => remove("v1")),
      "DeleteConflictException: Cannot delete the default version of a policy.",
    );
    assertEquals(
      await said(() => remove("v5")),
      `NoSuchEntityException: Policy ${ARN} version v5 does not exist or is not attachable.`,
    );
    assertEquals(
      await said(() => iam.send(new DeletePolicyCommand({ PolicyArn: ARN }))),
      "DeleteConflictException: This policy has more than one version. Before you delete a policy, " +
        "you must delete the policy's versions. The default version is deleted with the policy.",
    );
    for (const id of ["v2", "v3", "v4", "v6"]) await remove(id);
    await iam.send(new DeletePolicyCommand({ PolicyArn: ARN }));
    assertEquals(
      await said(() => iam.send(new GetPolicyCommand({ PolicyArn: ARN }))),
      `NoSuchEntityException: Policy ${ARN} was not found.`,
    );
  },
);

iamTest("ListEntitiesForPolicy filters by kind and path, and a policy has tags", async (root) => {
  const { iam } = root;
  await createPolicy(root, allow("s3:GetObject"));
  await createUser(root, "u");
  const trust = { Effect: "Allow", Principal: { Service: "firehose.amazonaws.com" } };
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: { ...trust, Action: "sts:AssumeRole" },
  });
  await iam.send(
    new CreateRoleCommand({ RoleName: "r", Path: "/jobs/", AssumeRolePolicyDocument }),
  );
  await iam.send(new AttachUserPolicyCommand({ UserName: "u", PolicyArn: ARN }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn: ARN }));
  const users = async (input: { EntityFilter?: "Role"; PathPrefix?: string }) => {
    const { PolicyUsers = [], PolicyRoles = [], PolicyGroups } = await iam.send(
      new ListEntitiesForPolicyCommand({ PolicyArn: ARN, ...input }),
    );
    assertEquals(PolicyGroups, []);
    return [...PolicyUsers.map(({ UserName }) => UserName), ...PolicyRoles.map((r) => r.RoleName)];
  };
  assertEquals(await users({}), ["u", "r"]);
  assertEquals(await users({ EntityFilter: "Role" }), ["r"]);
  assertEquals(await users({ PathPrefix: "/jobs/" }), ["r"]);
  const attached = (PathPrefix: string) =>
    iam.send(new ListAttachedUserPoliciesCommand({ UserName: "u", PathPrefix }));
  assertEquals((await attached("/other/")).AttachedPolicies, []);
  assertEquals((await attached("/team/")).AttachedPolicies, [{ PolicyName: "p", PolicyArn: ARN }]);
  assertEquals(
    await said(() => iam.send(new DeletePolicyCommand({ PolicyArn: ARN }))),
    "DeleteConflictException: Cannot delete a policy attached to entities.",
  );
  const used = await iam.send(new ListPoliciesCommand({ Scope: "Local", OnlyAttached: true }));
  assertEquals(used.Policies?.map(({ Arn, AttachmentCount }) => [Arn, AttachmentCount]), [[
    ARN,
    2,
  ]]);
  await iam.send(new DetachUserPolicyCommand({ UserName: "u", PolicyArn: ARN }));
  assertEquals(await users({}), ["r"]);

  const Tags = [{ Key: "a", Value: "1" }, { Key: "b", Value: "2" }];
  await iam.send(new TagPolicyCommand({ PolicyArn: ARN, Tags }));
  await iam.send(new UntagPolicyCommand({ PolicyArn: ARN, TagKeys: ["a"] }));
  const listed = await iam.send(new ListPolicyTagsCommand({ PolicyArn: ARN }));
  assertEquals(listed.Tags, [{ Key: "b", Value: "2" }]);
});

iamTest(
  "a managed policy is no larger than 6,144 characters, white space not counted",
  async (root) => {
    const documentOf = (length: number, blanks: string) => {
      const base = allow("s3:Get", "arn:aws:s3:::");
      return blanks + allow("s3:Get", `arn:aws:s3:::${"x".repeat(length - base.length)}`);
    };
    await createPolicy(root, documentOf(6_144, " ".repeat(10_000)));
    assertEquals(
      await said(() =>
        root.iam.send(
          new CreatePolicyCommand({ PolicyName: "q", PolicyDocument: documentOf(6_145, "") }),
        )
      ),
      "LimitExceededException: Cannot exceed quota for PolicySize: 6144",
    );
  },
);

Deno.test("a policy that was stored before there were versions has one", () => {
  const database = new Database(":memory:");
  stateOn(database);
  const document = allow("s3:GetObject");
  const kept = {
    policyName: "p",
    path: "/",
    id: "ANPA",
    arn: ARN,
    document,
    createMs: 5,
    tags: {},
  };
  database.sqlite.prepare("INSERT INTO iam VALUES ('policy', ?, ?)").run(ARN, JSON.stringify(kept));
  const { versions, defaultVersionId, lastVersion } = stateOn(database).policy(ARN) ?? {};
  assertEquals(versions, [{ versionId: "v1", document, createMs: 5 }]);
  assertEquals([defaultVersionId, lastVersion], ["v1", 1]);
  database.close();
});

Deno.test("a policy's attachments are counted as users and roles come, change and go", async () => {
  const database = new Database(":memory:");
  const iam = stateOn(database);
  const user = (userName: string, attached: string[]) => ({
    userName,
    path: "/",
    id: `AIDA${userName}`,
    arn: `arn:aws:iam::123456789012:user/${userName}`,
    createMs: 0,
    inline: {},
    attached,
    tags: {},
  });
  const counted = () => [iam.attachments(ARN), iam.all("user").map(({ userName }) => userName)];
  await iam.change(() => iam.save("user", "b", user("b", [ARN])));
  assertEquals(counted(), [1, ["b"]]);
  await iam.change(() => iam.save("user", "a", user("a", [ARN])));
  assertEquals(counted(), [2, ["a", "b"]]);
  await iam.change(() => iam.save("user", "b", user("b", [])));
  assertEquals(counted(), [1, ["a", "b"]]);
  await iam.change(() => iam.remove("user", "a"));
  assertEquals(counted(), [0, ["b"]]);
  database.close();
});
