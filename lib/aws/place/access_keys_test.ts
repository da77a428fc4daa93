import { CreateAccessKeyCommand, CreateUserCommand } from "@aws-sdk/client-iam";
import { assertEquals, assertRejects } from "@std/assert";
import { deleteKeys, keysOf } from "./access_keys.ts";
import { labTest } from "../testing.ts";

labTest(
  "deleteKeys() deletes all keys of a user but the one that stays",
  0,
  async ({ iam, names, tags }) => {
    const UserName = names.user;
    await iam.send(new CreateUserCommand({ UserName, Tags: tags }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    await iam.send(new CreateAccessKeyCommand({ UserName }));
    const except = AccessKey?.AccessKeyId;
    await deleteKeys(iam, UserName, { except });
    assertEquals((await keysOf(iam, UserName)).map(({ AccessKeyId }) => AccessKeyId), [except]);
    await deleteKeys(iam, UserName);
    assertEquals(await keysOf(iam, UserName), []);
  },
);

labTest(
  "deleteKeys() leaves the keys of every other user alone, and the caller's",
  0,
  async ({ iam }) => {
    await iam.send(new CreateUserCommand({ UserName: "alice" }));
    await iam.send(new CreateAccessKeyCommand({ UserName: "alice" }));
    // A cell that did not run leaves its names undefined; IAM would take that for the caller.
    for (const name of ["alice", ""]) {
      await assertRejects(() => deleteKeys(iam, name), RangeError, "no user of the course");
    }
    assertEquals((await keysOf(iam, "alice")).length, 1);
  },
);
