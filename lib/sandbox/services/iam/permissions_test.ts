/** Whose policies count for a session, and the condition keys of what a service calls. */
import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { ListDeliveryStreamsCommand } from "@aws-sdk/client-firehose";
import { assertEquals, assertRejects } from "@std/assert";
import type { SessionCaller } from "../../access/caller.ts";
import { Database } from "../../store/database.ts";
import type { Role } from "./entities.ts";
import { clientsFor } from "../../testing/clients.ts";
import { ACCOUNT, ACCOUNT_ID, createUser, iamTest, stateOn } from "./testing.ts";

/** A role whose inline policy is one statement that allows everything, under `Condition`. */
const roleOf = (roleName: string, Condition: object = {}, more: Partial<Role> = {}): Role => ({
  roleName,
  path: "/",
  id: "AROANEW",
  arn: `${ACCOUNT}:role/${roleName}`,
  createMs: 0,
  trustPolicy: "{}",
  trustedIds: {},
  maxSessionSeconds: 3_600,
  inline: {
    p: JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition },
    }),
  },
  attached: [],
  tags: {},
  ...more,
});

const sessionOf = (roleName: string, id: string): SessionCaller => ({
  kind: "session",
  accountId: ACCOUNT_ID,
  arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${roleName}/s`,
  userId: `${id}:s`,
  roleName,
  roleArn: `${ACCOUNT}:role/${roleName}`,
  sessionName: "s",
  sessionPolicies: [],
});

/** Whether a session of a role may do `action` on `resource`. */
async function isAllowed(
  role: Role,
  { id = role.id, action = "s3:GetObject", resource = "arn:aws:s3:::b/k" }: {
    readonly id?: string;
    readonly action?: string;
    readonly resource?: string;
  } = {},
  others: readonly Role[] = [],
): Promise<boolean> {
  const database = new Database(":memory:");
  const iam = stateOn(database);
  await iam.change(() => {
    for (const each of [role, ...others]) iam.save("role", each.roleName.toLowerCase(), each);
  });
  const { allowed } = iam.decide(sessionOf(role.roleName, id), { action, resource });
  database.close();
  return allowed;
}

// A role that is created again has another unique id:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
Deno.test("a session of a role that was deleted and created again has no permissions", async () => {
  assertEquals(await isAllowed(roleOf("r")), true);
  assertEquals(await isAllowed(roleOf("r"), { id: "AROAOLD" }), false);
});

Deno.test("the tags of a role count for its own ARN, not for one with another path", async () => {
  const guard = { StringEquals: { "iam:ResourceTag/team": "blue" } };
  const tagged = roleOf("t", {}, { tags: { team: "blue" }, id: "AROATAG" });
  const may = (resource: string) =>
    isAllowed(roleOf("r", guard), { action: "iam:GetRole", resource }, [tagged]);
  assertEquals(await may(`${ACCOUNT}:role/t`), true);
  assertEquals(await may(`${ACCOUNT}:role/other/t`), false);
});

Deno.test("a service calls another one in the region of the resource", async () => {
  const role = roleOf("r", { StringEquals: { "aws:RequestedRegion": "eu-west-1" } });
  const put = (region: string) =>
    isAllowed(role, {
      action: "firehose:PutRecord",
      resource: `arn:aws:firehose:${region}:${ACCOUNT_ID}:deliverystream/s`,
    });
  assertEquals([await put("eu-west-1"), await put("us-east-1")], [true, false]);
});

// AWS's answers of 2026 name the managed policy, for example S3's to GetObject: "… with an explicit
// deny in an identity-based policy: arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3". Lambda,
// EC2 and DynamoDB name policies of the account in the same way. The form is documented in
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied-authorization-id.html
iamTest(
  "an explicit deny names the managed policy; an inline policy has no ARN",
  async (root, endpoint) => {
    const deny = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Action: "firehose:*", Resource: "*" }],
    });
    const credentials = await createUser(root, "alice");
    using alice = clientsFor({ endpoint, credentials });
    const { Policy } = await root.iam.send(
      new CreatePolicyCommand({ PolicyName: "no-firehose", PolicyDocument: deny }),
    );
    for (const PolicyArn of ["arn:aws:iam::aws:policy/AdministratorAccess", Policy?.Arn]) {
      await root.iam.send(new AttachUserPolicyCommand({ UserName: "alice", PolicyArn }));
    }
    const refusal = async () =>
      (await assertRejects(() => alice.firehose.send(new ListDeliveryStreamsCommand({})), Error))
        .message;
    const text = `User: ${ACCOUNT}:user/alice is not authorized to perform: ` +
      "firehose:ListDeliveryStreams on resource: * with an explicit deny in an identity-based policy";
    assertEquals(await refusal(), `${text}: ${ACCOUNT}:policy/no-firehose`);

    await root.iam.send(
      new PutUserPolicyCommand({ UserName: "alice", PolicyName: "p", PolicyDocument: deny }),
    );
    assertEquals(await refusal(), text);
  },
);
