/** Whose policies count for a session, and the condition keys of what a service calls. */
import { assertEquals } from "@std/assert";
import type { SessionCaller } from "../../access/caller.ts";
import { Database } from "../../store/database.ts";
import type { Role } from "./entities.ts";
import { ACCOUNT, ACCOUNT_ID, stateOn } from "./testing.ts";

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
