/** GetSessionToken: temporary credentials of a user, and what they can't do without MFA. */
import { GetUserCommand, ListUsersCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { assert, assertEquals, assertLess } from "@std/assert";
import { clientsFor } from "../../testing/clients.ts";
import { said } from "../../testing/said.ts";
import { ACCOUNT, allow, type Clients, createUser, iamTest } from "../iam/testing.ts";

async function sessionOf({ sts }: Clients, endpoint: string, DurationSeconds?: number) {
  const { Credentials } = await sts.send(new GetSessionTokenCommand({ DurationSeconds }));
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  assert(AccessKeyId && SecretAccessKey && SessionToken && Expiration);
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  return { clients: clientsFor({ endpoint, credentials }), Expiration };
}

iamTest(
  "GetSessionToken gives a user credentials with the same permissions, but not for IAM",
  async (root, endpoint) => {
    const credentials = await createUser(root, "ann");
    using ann = clientsFor({ endpoint, credentials });
    const { clients, Expiration } = await sessionOf(ann, endpoint);
    using session = clients;
    const hours = (Expiration.getTime() - Date.now()) / 3_600_000;
    assertLess(Math.abs(hours - 12), 0.1);
    const { Arn } = await session.sts.send(new GetCallerIdentityCommand({}));
    assertEquals(Arn, `${ACCOUNT}:user/ann`);
    const list = () => session.s3.send(new ListBucketsCommand({}));
    assertEquals((await said(list)).split(":")[0], "AccessDenied");
    await root.iam.send(
      new PutUserPolicyCommand({
        UserName: "ann",
        PolicyName: "p",
        PolicyDocument: allow("*"),
      }),
    );
    await list();
    assertEquals(
      await said(() => session.iam.send(new ListUsersCommand({}))),
      "InvalidClientTokenId: The security token included in the request is invalid",
    );
    assertEquals(
      await said(() => session.sts.send(new GetSessionTokenCommand({}))),
      "AccessDenied: Cannot call GetSessionToken with session credentials",
    );
    // Without temporary credentials the user may call IAM.
    assertEquals((await ann.iam.send(new GetUserCommand({}))).User?.UserName, "ann");
  },
);

iamTest("GetSessionToken gives the root user an hour at most", async (root, endpoint) => {
  const { clients, Expiration } = await sessionOf(root, endpoint, 7_200);
  using _session = clients;
  assertLess(Expiration.getTime() - Date.now(), 3_601_000);
});

iamTest("a policy can ask whether credentials are temporary", async (root, endpoint) => {
  const credentials = await createUser(root, "ann");
  await root.iam.send(
    new PutUserPolicyCommand({
      UserName: "ann",
      PolicyName: "p",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "*", Resource: "*" },
          {
            Effect: "Deny",
            Action: "*",
            Resource: "*",
            Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
          },
        ],
      }),
    }),
  );
  using ann = clientsFor({ endpoint, credentials });
  const list = ({ s3 }: Clients) => s3.send(new ListBucketsCommand({}));
  await list(ann); // documented: long-lived keys do not have the key at all
  const { clients } = await sessionOf(ann, endpoint);
  using session = clients;
  assertEquals((await said(() => list(session))).split(":")[0], "AccessDenied");
});
