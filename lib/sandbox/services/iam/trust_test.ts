/** Trust policies: which callers they let in, and which principals IAM takes. */
import {
  CreateRoleCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Database } from "../../store/database.ts";
import { clientsFor } from "../../testing/clients.ts";
import { said } from "../../testing/said.ts";
import {
  ACCOUNT,
  ACCOUNT_ID,
  allow,
  type Clients,
  createUser,
  iamTest,
  stateOn,
} from "./testing.ts";

const ROLE_ARN = `${ACCOUNT}:role/r`;

const trust = (AWS: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" },
  });

const createRole = ({ iam }: Clients, RoleName: string, AWS: string) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(AWS) }));

async function assume(endpoint: string, credentials: Awaited<ReturnType<typeof createUser>>) {
  using user = clientsFor({ endpoint, credentials });
  const input = { RoleArn: ROLE_ARN, RoleSessionName: "session" };
  return await user.sts.send(new AssumeRoleCommand(input)).then(
    () => "assumed",
    ({ name, message }: Error) => `${name}: ${message}`,
  );
}

const REFUSED = `AccessDenied: User: ${ACCOUNT}:user/ann is not authorized to perform: ` +
  `sts:AssumeRole on resource: ${ROLE_ARN}`;

iamTest(
  "a role does not trust a user who was deleted and created again, and shows the old one's id",
  async (root, endpoint) => {
    const first = await createUser(root, "ann");
    const { User: old } = await root.iam.send(new GetUserCommand({ UserName: "ann" }));
    await createRole(root, "r", `${ACCOUNT}:user/ann`);
    assertEquals(await assume(endpoint, first), "assumed");
    await root.iam.send(
      new DeleteAccessKeyCommand({ UserName: "ann", AccessKeyId: first.accessKeyId }),
    );
    await root.iam.send(new DeleteUserCommand({ UserName: "ann" }));
    const second = await createUser(root, "ann");
    assertEquals(await assume(endpoint, second), REFUSED);
    const { Role } = await root.iam.send(new GetRoleCommand({ RoleName: "r" }));
    const shown = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
    assertStringIncludes(shown, `{"AWS":"${old?.UserId}"}`);
    // A policy that is written again means the user there is now.
    const PolicyDocument = trust(`${ACCOUNT}:user/ann`);
    await root.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "r", PolicyDocument }));
    assertEquals(await assume(endpoint, second), "assumed");
  },
);

iamTest(
  "a role that trusts its account leaves the decision to the caller's own policies",
  async (root, endpoint) => {
    const credentials = await createUser(root, "ann");
    await createRole(root, "r", "1234-5678-9012"); // dashes are allowed (measured 2026-09-07)
    assertEquals(await assume(endpoint, credentials), REFUSED);
    const PolicyDocument = allow("sts:AssumeRole", ROLE_ARN);
    const policy = { UserName: "ann", PolicyName: "assume" };
    await root.iam.send(new PutUserPolicyCommand({ ...policy, PolicyDocument }));
    assertEquals(await assume(endpoint, credentials), "assumed");
    await root.iam.send(new DeleteUserPolicyCommand(policy));
    assertEquals(await assume(endpoint, credentials), REFUSED);
  },
);

iamTest(
  "a trust policy's conditions see the request, the role's tags and the time",
  async (root, endpoint) => {
    const credentials = await createUser(root, "ann");
    const trustIf = (Condition: unknown) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: { ...JSON.parse(trust(`${ACCOUNT}:user/ann`)).Statement, Condition },
      });
    await root.iam.send(
      new CreateRoleCommand({
        RoleName: "r",
        AssumeRolePolicyDocument: trustIf({}),
        Tags: [{ Key: "team", Value: "blue" }],
      }),
    );
    for (
      const [Condition, expected] of [
        [{ StringEquals: { "aws:RequestedRegion": "us-east-1" } }, "assumed"],
        [{ StringEquals: { "aws:RequestedRegion": "eu-west-1" } }, REFUSED],
        [{ StringEquals: { "aws:ResourceTag/team": "blue" } }, "assumed"],
        [{ StringEquals: { "iam:ResourceTag/team": "red" } }, REFUSED],
        [{ DateGreaterThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } }, "assumed"],
        [{ StringEquals: { "sts:RoleSessionName": "other" } }, REFUSED],
      ] as const
    ) {
      const PolicyDocument = trustIf(Condition);
      await root.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "r", PolicyDocument }));
      assertEquals([Condition, await assume(endpoint, credentials)], [Condition, expected]);
    }
  },
);

iamTest(
  "a session policy bounds which roles a session can assume, unless they trust the session by name",
  async (root, endpoint) => {
    const credentials = await createUser(root, "ann");
    await createRole(root, "r", `${ACCOUNT}:user/ann`);
    await createRole(root, "next", `${ACCOUNT}:role/r`);
    /** What ann, as a session of r with `Policy`, gets when she asks for the role next. */
    const chained = async (Policy?: string) => {
      using ann = clientsFor({ endpoint, credentials });
      const input = { RoleArn: ROLE_ARN, RoleSessionName: "session", Policy };
      const { Credentials } = await ann.sts.send(new AssumeRoleCommand(input));
      using session = clientsFor({
        endpoint,
        credentials: {
          accessKeyId: Credentials?.AccessKeyId ?? "",
          secretAccessKey: Credentials?.SecretAccessKey ?? "",
          sessionToken: Credentials?.SessionToken ?? "",
        },
      });
      const RoleArn = `${ACCOUNT}:role/next`;
      return await session.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "s2" }))
        .then(() => "assumed", ({ name }: Error) => name);
    };
    assertEquals(await chained(), "assumed");
    assertEquals(await chained(allow("s3:GetObject")), "AccessDenied");
    assertEquals(await chained(allow("sts:AssumeRole")), "assumed");
    const byName = trust(`arn:aws:sts::${ACCOUNT_ID}:assumed-role/r/session`);
    await root.iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: "next", PolicyDocument: byName }),
    );
    assertEquals(await chained(allow("s3:GetObject")), "assumed");
    const deny = allow("sts:AssumeRole").replace("Allow", "Deny");
    assertEquals(await chained(deny), "AccessDenied");
  },
);

iamTest("a trust policy names principals that exist (measured on AWS 2026-09-07)", async (root) => {
  for (
    const AWS of [
      "12345",
      `${ACCOUNT}:user/nobody`,
      `${ACCOUNT}:user/*`,
      `${ACCOUNT}:*`,
      `${ACCOUNT}:root `,
      `arn:aws:sts::${ACCOUNT_ID}:assumed-role/nobody/session`,
      "AIDAEXAMPLEEXAMPLEEXA",
    ]
  ) {
    assertEquals(
      await said(() => createRole(root, "r", AWS)),
      `MalformedPolicyDocumentException: Invalid principal in policy: "AWS":"${AWS}"`,
    );
  }
  for (const [index, AWS] of ["*", ACCOUNT_ID, `${ACCOUNT}:root`].entries()) {
    await createRole(root, `r${index}`, AWS);
  }
});

Deno.test("a role that was stored before ids were kept trusts the user who exists now", async () => {
  const database = new Database(":memory:");
  const state = stateOn(database);
  const owner = { path: "/", createMs: 0, tags: {}, inline: {}, attached: [] };
  const arn = `${ACCOUNT}:user/ann`;
  const role = {
    ...owner,
    ...{ id: "AROA", arn: ROLE_ARN, roleName: "r", trustPolicy: trust(arn) },
    ...{ trustedIds: {}, maxSessionSeconds: 3600 },
  };
  await state.change(() => {
    state.save("user", "ann", { ...owner, id: "AIDA1", arn, userName: "ann" });
    const { trustedIds: _, ...old } = role;
    database.sqlite.prepare("INSERT INTO iam VALUES ('role', 'r', ?)").run(JSON.stringify(old));
  });
  assertEquals(stateOn(database).role("r").trustedIds, { [arn]: "AIDA1" });
  database.close();
});
