import { CreateAccessKeyCommand, CreateUserCommand } from "@aws-sdk/client-iam";
import { assertEquals } from "@std/assert";
import { deleteKeys, keysOf } from "./access_keys.ts";
import { labTest } from "./testing.ts";

labTest(
  "deleteKeys() deletes all keys of a user but the one that stays",
  0,
  async ({ iam, names }) => {
    const UserName = names.user;
    await iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    await iam.send(new CreateAccessKeyCommand({ UserName }));
    const except = AccessKey?.AccessKeyId;
    await deleteKeys(iam, UserName, { except });
    assertEquals((await keysOf(iam, UserName)).map(({ AccessKeyId }) => AccessKeyId), [except]);
    await deleteKeys(iam, UserName);
    assertEquals(await keysOf(iam, UserName), []);
  },
);
