/** Users, and requests that leave out the name of one. */
import {
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListGroupsForUserCommand,
  ListInstanceProfilesForRoleCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  TagUserCommand,
  UntagUserCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { clientsFor } from "../../testing/clients.ts";
import { said } from "../../testing/said.ts";
import { ACCOUNT, ACCOUNT_ID, allow, createUser, iamTest } from "./testing.ts";

iamTest(
  "a role's session must name the user, whatever it may do: it has no user and no key of root's",
  async (root, endpoint) => {
    await root.iam.send(
      new CreateRoleCommand({
        RoleName: "r",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" },
        }),
      }),
    );
    const policy = { RoleName: "r", PolicyName: "all" };
    await root.iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: allow("*") }));
    using ann = clientsFor({ endpoint, credentials: await createUser(root, "ann") });
    const { Credentials } = await ann.sts.send(
      new AssumeRoleCommand({ RoleArn: `${ACCOUNT}:role/r`, RoleSessionName: "session" }),
    );
    assert(Credentials?.AccessKeyId && Credentials.SecretAccessKey);
    using session = clientsFor({
      endpoint,
      credentials: {
        accessKeyId: Credentials.AccessKeyId,
        secretAccessKey: Credentials.SecretAccessKey,
        sessionToken: Credentials.SessionToken,
      },
    });
    const calls = [
      () => session.iam.send(new GetUserCommand({})),
      () => session.iam.send(new CreateAccessKeyCommand({})),
      () => session.iam.send(new ListAccessKeysCommand({})),
      () => session.iam.send(new DeleteAccessKeyCommand({ AccessKeyId: "AKIAIOSFODNN7EXAMPLE" })),
    ];
    for (const call of calls) {
      assertEquals(
        await said(call),
        "ValidationError: Must specify userName when calling with non-User credentials",
      );
    }
    const { User } = await session.iam.send(new GetUserCommand({ UserName: "ann" }));
    assertEquals(User?.Arn, `arn:aws:iam::${ACCOUNT_ID}:user/ann`);
  },
);

iamTest("keys and values of tags follow the pattern of IAM's model", async (root) => {
  await createUser(root, "ann");
  const tag = (Key: string, Value: string) => () =>
    root.iam.send(new TagUserCommand({ UserName: "ann", Tags: [{ Key, Value }] }));
  await tag("Größe/team:1+=@.-_ ", "schön")();
  const refused = "failed to satisfy constraint: Member must satisfy regular expression pattern: ";
  assertStringIncludes(
    await said(tag("a<b", "x")),
    `Value at 'tags.1.member.key' ${refused}[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+`,
  );
  assertStringIncludes(
    await said(tag("a", "x<y")),
    `Value at 'tags.1.member.value' ${refused}[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*`,
  );
  assertStringIncludes(
    await said(() => root.iam.send(new UntagUserCommand({ UserName: "ann", TagKeys: ["a*"] }))),
    // LocalStack's IAM provider, 2026-03.
    "Value at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [" +
      "Member must have length less than or equal to 128, " +
      "Member must have length greater than or equal to 1, " +
      "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+, " +
      "Member must not be null]",
  );
});

// The patterns of IAM's model: botocore 1.44.8, 2026-11.
iamTest("paths, prefixes, documents and descriptions follow IAM's model", async ({ iam }) => {
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::\u6587" },
  });
  const refused = async (call: () => Promise<unknown>, name: string) =>
    assertStringIncludes(
      await said(call),
      `Value at '${name}' failed to satisfy constraint: Member must satisfy regular expression`,
    );
  await refused(() => iam.send(new ListUsersCommand({ PathPrefix: "team" })), "pathPrefix");
  await refused(() => iam.send(new ListRolesCommand({ PathPrefix: "team/" })), "pathPrefix");
  await refused(() => iam.send(new ListPoliciesCommand({ PathPrefix: "/team" })), "pathPrefix");
  await refused(
    () => iam.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument })),
    "policyDocument",
  );
  const role = { RoleName: "r", AssumeRolePolicyDocument: "{}", Description: "\u2013" };
  await refused(() => iam.send(new CreateRoleCommand(role)), "description");
  const UserName = "u".repeat(65);
  assertEquals(
    await said(() => iam.send(new GetUserCommand({ UserName }))),
    `NoSuchEntityException: The user with name ${UserName} cannot be found.`,
  );
});

// The text is one that other services answer, since 2020.
iamTest("no tag begins with aws:", async (root) => {
  await createUser(root, "ann");
  const Tags = [{ Key: "AWS:x", Value: "" }];
  assertEquals(
    await said(() => root.iam.send(new TagUserCommand({ UserName: "ann", Tags }))),
    "InvalidInputException: aws: prefixed tag key names are not allowed for external use.",
  );
});

iamTest("users deleted page by page, as they are listed, are all deleted", async (root) => {
  for (const UserName of ["a", "b", "c", "d", "e"]) {
    await root.iam.send(new CreateUserCommand({ UserName }));
  }
  let Marker: string | undefined;
  do {
    const page = await root.iam.send(new ListUsersCommand({ MaxItems: 2, Marker }));
    for (const { UserName } of page.Users ?? []) {
      await root.iam.send(new DeleteUserCommand({ UserName }));
    }
    Marker = page.Marker;
  } while (Marker);
  assertEquals((await root.iam.send(new ListUsersCommand())).Users, []);
});

// Terraform's AWS provider 1.60.0 asks before it deletes a user.
iamTest("a user is in no group", async ({ iam }) => {
  const list = () => iam.send(new ListGroupsForUserCommand({ UserName: "ada" }));
  assertEquals(
    await said(list),
    "NoSuchEntityException: The user with name ada cannot be found.",
  );
  await iam.send(new CreateUserCommand({ UserName: "ada" }));
  const { Groups, IsTruncated } = await list();
  assertEquals([Groups, IsTruncated], [[], false]);
});

iamTest("a role has no instance profiles", async ({ iam }) => {
  const list = () => iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: "r" }));
  assertEquals(
    await said(list),
    "NoSuchEntityException: The role with name r cannot be found.",
  );
  await iam.send(
    new CreateRoleCommand({
      RoleName: "r",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      }),
    }),
  );
  const { InstanceProfiles, IsTruncated } = await list();
  assertEquals([InstanceProfiles, IsTruncated], [[], false]);
});
