/** When and where a key was last used. */
import { GetAccessKeyLastUsedCommand } from "@aws-sdk/client-iam";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { clientsFor } from "../../testing/clients.ts";
import { ManualClock } from "../../clock.ts";
import { Database } from "../../store/database.ts";
import { createUser, iamTest, stateOn } from "./testing.ts";

iamTest(
  "the last use of a key is told: when, for which service, in which region",
  async (root, endpoint) => {
    const credentials = await createUser(root, "u");
    const AccessKeyId = credentials.accessKeyId;
    const lastUse = () => root.iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
    const never = await lastUse();
    assertEquals([never.UserName, never.AccessKeyLastUsed], [
      "u",
      { ServiceName: "N/A", Region: "N/A" },
    ]);
    using user = clientsFor({ endpoint, credentials });
    await assertRejects(() => user.s3.send(new ListBucketsCommand({})), Error);
    const { AccessKeyLastUsed: use } = await lastUse();
    assertEquals([use?.ServiceName, use?.Region], ["s3", "us-east-1"]);
    assert(Math.abs(Number(use?.LastUsedDate) - Date.now()) < 60_000);
    using forger = clientsFor({ endpoint, credentials: { ...credentials, secretAccessKey: "x" } });
    await assertRejects(() => forger.sts.send(new GetCallerIdentityCommand({})), Error);
    assertEquals(
      (await lastUse()).AccessKeyLastUsed?.ServiceName,
      "s3",
      "a forger has not used it",
    );
  },
);

Deno.test("the last use of a key survives a restart", async () => {
  const path = await Deno.makeTempFile();
  const clock = new ManualClock();
  const first = new Database(path);
  const { accessKeyId } = await stateOn(first, clock).ensureRootKey();
  stateOn(first, clock).noteUse(accessKeyId, { service: "firehose", region: "eu-west-1" });
  first.close();
  const second = new Database(path);
  assertEquals(stateOn(second, clock).lastUse(accessKeyId), {
    service: "firehose",
    region: "eu-west-1",
    usedMs: clock.nowMs(),
  });
  second.close();
  await Deno.remove(path);
});
