import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { clientSettings, clientsOf, closeClients } from "./clients.ts";
import { COURSE_PROFILE } from "./names.ts";
import { writeProfile } from "./profiles.ts";
import { stopWaiting } from "../../view/stop.ts";
import { labTest } from "../testing.ts";

labTest(
  "clientSettings() reads the files each time, also a profile that was written a moment ago",
  0,
  async (lab, sandbox) => {
    const { rootKey, endpoint, region } = sandbox;
    await writeProfile(lab.files, "mine", {
      ...rootKey,
      secretAccessKey: "wrong",
      region,
      endpoint,
    });
    const first = await clientSettings("mine", lab.files);
    assertEquals(first.credentials.secretAccessKey, "wrong");
    await writeProfile(lab.files, "mine", { ...rootKey, region, endpoint });
    const clients = clientsOf(await clientSettings("mine", lab.files));
    const { Account } = await clients.sts.send(new GetCallerIdentityCommand());
    assertEquals(Account, lab.accountId);
    closeClients(clients);
  },
);

labTest(
  "clientSettings() says what a profile lacks, and never shows a secret",
  0,
  async ({ files }) => {
    const unknown = await assertRejects(() => clientSettings("mine", files), Error);
    assertStringIncludes(unknown.message, 'no profile "mine"');
    const ofCourse = await assertRejects(() => clientSettings(COURSE_PROFILE, files), Error);
    assertStringIncludes(ofCourse.message, "Run the steps of notebook 0 in order");
    await Deno.writeTextFile(files.config, "[profile half]\nregion = us-east-1\n");
    const half = await assertRejects(() => clientSettings("half", files), Error);
    assertStringIncludes(half.message, "has no aws_access_key_id");
  },
);

Deno.test("Stop ends a call that is never answered", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const credentials = { accessKeyId: "AKIA", secretAccessKey: "secret" };
  const endpoint = `http://127.0.0.1:${silent.addr.port}`;
  const clients = clientsOf({ credentials, region: "us-east-1", endpoint });
  const ends = assertRejects(
    () => clients.sts.send(new GetCallerIdentityCommand()),
    Error,
    "Stopped",
  );
  const connection = await silent.accept(); // the call is under way
  stopWaiting();
  await ends;
  closeClients(clients);
  connection.close();
  silent.close();
});

Deno.test("a client says what to do if nobody answers", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const credentials = { accessKeyId: "AKIAX", secretAccessKey: "x" };
  const clients = clientsOf({
    credentials,
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
  });
  const ask = () => clients.sts.send(new GetCallerIdentityCommand());
  const error = await assertRejects(ask, Error);
  assertStringIncludes(error.message, "Nobody answers");
  assertStringIncludes(error.message, "run the setup cell again");
  closeClients(clients);
});

labTest("clients keep AWS's own errors as they are", 0, async (lab, sandbox) => {
  const credentials = { ...sandbox.rootKey, secretAccessKey: "wrong" };
  const clients = clientsOf({ credentials, region: "us-east-1", endpoint: lab.endpoint });
  const ask = () => clients.sts.send(new GetCallerIdentityCommand());
  assertEquals((await assertRejects(ask, Error)).name, "SignatureDoesNotMatch");
  closeClients(clients);
});

Deno.test("clientSettings() says that there is no profile, also without any file", async () => {
  const files = {
    config: join("/nowhere", "config"),
    credentials: join("/nowhere", "credentials"),
  };
  const error = await assertRejects(() => clientSettings("mine", files), Error);
  assertStringIncludes(error.message, "there is none. Make it with `aws configure --profile ");
});
