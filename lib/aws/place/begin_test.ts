import { CreateUserCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { readRunningFile } from "../../sandbox/running_file.ts";
import { startSandbox } from "../../sandbox/sandbox.ts";
import { until } from "../../sandbox/testing/until.ts";
import { tempFolder } from "../../sandbox/testing/temp_folder.ts";
import { begin } from "./begin.ts";
import { bannerView, progressStrip } from "./banner.ts";
import { deleteKeys } from "./access_keys.ts";
import { clientSettings, clientsOf, closeClients } from "./clients.ts";
import { writeCourseProfile } from "./course_profile.ts";
import { COURSE_PROFILE } from "./names.ts";
import { NotOursError } from "./ownership.ts";
import { writeProfile } from "./profiles.ts";
import { findSandbox, stopSandbox } from "./sandbox_process.ts";
import { printed } from "../testing.ts";

const VARIABLES = ["AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]
  .concat("FIREHOSE_LAB_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL", "AWS_REGION")
  .concat("http_proxy", "NODE_USE_ENV_PROXY", "NO_PROXY", "no_proxy");

/** Runs `act` with these of AWS's variables and no others, and puts back what was there. */
async function withEnvironment(
  environment: Readonly<Record<string, string>>,
  act: () => Promise<void>,
): Promise<void> {
  const before = VARIABLES.map((name) => [name, Deno.env.get(name)] as const);
  for (const name of VARIABLES) Deno.env.delete(name);
  for (const [name, value] of Object.entries(environment)) Deno.env.set(name, value);
  try {
    await act();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

const nobody = () => false;

/** What is kept must not open the console again: the text has a code that works once, and no token. */
async function assertOpensConsoleOnce(
  text: string,
  { endpoint, token }: { readonly endpoint: string; readonly token: string },
): Promise<void> {
  const [, at, code] = /(http:\S+)\/_sandbox\/console\?code=([0-9a-f]+)/.exec(text) ?? [];
  assertEquals([at, text.includes(token)], [endpoint, false]);
  const answers: unknown[] = [];
  for (let turn = 0; turn < 2; turn++) {
    const body = JSON.stringify({ code });
    const response = await fetch(`${endpoint}/_sandbox/console/token`, { method: "POST", body });
    answers.push((await response.json()).token);
  }
  assertEquals(answers, [token, undefined]);
}

/** A folder with AWS files of a reader's own. */
async function readersFiles() {
  const folder = await Deno.makeTempDir();
  const files = { config: join(folder, "config"), credentials: join(folder, "credentials") };
  return {
    files,
    environment: {
      AWS_CONFIG_FILE: files.config,
      AWS_SHARED_CREDENTIALS_FILE: files.credentials,
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("begin() leads the SDK into the sandbox, whatever the environment says", async () => {
  const dataDir = await Deno.makeTempDir();
  const sandbox = await startSandbox({ port: 0, dataDir, speed: 60 });
  const environment = {
    AWS_PROFILE: "sandbox",
    AWS_CONFIG_FILE: join(sandbox.awsDir, "config"),
    AWS_ACCESS_KEY_ID: "AKIAREAL",
    AWS_ENDPOINT_URL: "https://aws.example.com",
    AWS_REGION: "eu-west-1",
    // Nobody listens there.
    http_proxy: "http://127.0.0.1:9",
    NODE_USE_ENV_PROXY: "1",
  };
  await withEnvironment(environment, async () => {
    const said = await printed(async () => {
      const lab = await begin({ notebook: 1, ask: nobody });
      const { Arn } = await lab.sts.send(new GetCallerIdentityCommand());
      assertEquals(Arn, lab.arn);
      assertEquals(lab.names.bucket, `firehose-lab-1-${lab.accountId}-us-east-1`);
      assertEquals([lab.mode, lab.speed, lab.endpoint], ["sandbox", 60, sandbox.endpoint]);
      assertEquals(Deno.env.get("AWS_ACCESS_KEY_ID"), undefined);
      lab.askFirst("anything"); // which is never asked in the sandbox
      closeClients(lab);
    });
    assertStringIncludes(said, `Sandbox: AWS on this machine\n  At ${sandbox.endpoint}`);
    await assertOpensConsoleOnce(said, sandbox);
  });
  await sandbox.stop();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("begin() starts the sandbox if nobody answers, with its old key and data", async () => {
  const dataDir = await Deno.makeTempDir();
  const before = await startSandbox({ port: 0, dataDir, speed: 60 });
  await before.stop();
  const AWS_CONFIG_FILE = join(before.awsDir, "config");
  await withEnvironment({ AWS_PROFILE: "sandbox", AWS_CONFIG_FILE }, async () => {
    await printed(async () => {
      const lab = await begin({ notebook: 1, ask: nobody });
      assertEquals(lab.endpoint, before.endpoint);
      const { accessKeyId } = (await clientSettings("sandbox", lab.files)).credentials;
      assertEquals(accessKeyId, before.rootKey.accessKeyId);
      closeClients(lab);
    });
  });
  const found = await findSandbox({ dataDir });
  assertEquals(found?.endpoint, before.endpoint);
  // The log is kept, too.
  const log = await Deno.readTextFile(join(dataDir, "sandbox.log"));
  const { token = "" } = readRunningFile(dataDir) ?? {};
  await assertOpensConsoleOnce(log, { endpoint: before.endpoint, token });
  // It appends, so that it can cut the file.
  await Deno.truncate(join(dataDir, "sandbox.log"));
  await (await fetch(`${before.endpoint}/after-the-cut`)).text();
  const line = await until(
    "a line",
    () => Deno.readTextFileSync(join(dataDir, "sandbox.log")) || undefined,
  );
  assertEquals(line.startsWith("GET /after-the-cut"), true);
  await stopSandbox({ dataDir });
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("begin() says what to do with a sandbox that speaks HTTPS", async () => {
  using folder = tempFolder();
  const dataDir = join(folder.path, "data");
  const sandbox = await startSandbox({ port: 0, dataDir, speed: 60, tls: true });
  const environment = {
    AWS_PROFILE: "sandbox",
    AWS_CONFIG_FILE: join(sandbox.awsDir, "config"),
  };
  await withEnvironment(environment, async () => {
    await assertRejects(
      () => begin({ notebook: 1, ask: nobody }),
      Error,
      `The sandbox at ${sandbox.endpoint} was started with --tls`,
    );
  });
  await sandbox.stop();
});

Deno.test("begin() asks before it uses a real account, and goes on only after a yes", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  await using mine = await readersFiles();
  // It stands for AWS: a profile of the reader's that has an account behind it.
  const { endpoint, rootKey } = sandbox;
  await writeProfile(mine.files, "work", { ...rootKey, region: "us-east-1", endpoint });
  await withEnvironment({ ...mine.environment, AWS_PROFILE: "work" }, async () => {
    const said = await printed(() =>
      assertRejects(() => begin({ notebook: 1, ask: nobody }), Error, "nobody said yes to it")
    );
    assertStringIncludes(said, `REAL AWS account ${sandbox.accountId}, region us-east-1`);
    const questions: string[] = [];
    const ask = (question: string) => questions.push(question) > 0;
    await printed(async () => closeClients(await begin({ notebook: 1, ask })));
    assertStringIncludes(questions.join(), sandbox.accountId);
  });
  await withEnvironment({ ...mine.environment, FIREHOSE_LAB_PROFILE: "work" }, async () => {
    await printed(async () => {
      const lab = await begin({ notebook: 1, ask: nobody });
      assertEquals([lab.mode, lab.profile, lab.speed], ["real account", "work", 1]);
      assertThrows(() => lab.askFirst("a user"), Error, "Nobody said yes to a user");
      closeClients(lab);
    });
  });
  await sandbox.stop();
});

Deno.test("begin() stops if somebody else's things in a real account have a notebook's names", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  await using mine = await readersFiles();
  const { endpoint, rootKey, region } = sandbox;
  await writeProfile(mine.files, "work", { ...rootKey, region, endpoint });
  const clients = clientsOf({ endpoint, region, credentials: rootKey });
  await clients.iam.send(new CreateUserCommand({ UserName: "firehose-lab-guest" }));
  await clients.s3.send(
    new CreateBucketCommand({ Bucket: `firehose-lab-1-${sandbox.accountId}-us-east-1` }),
  );
  await withEnvironment({ ...mine.environment, FIREHOSE_LAB_PROFILE: "work" }, async () => {
    await printed(async () => {
      const error = await assertRejects(() => begin({ notebook: 1, ask: nobody }), Error);
      assertStringIncludes(
        error.message,
        `The bucket firehose-lab-1-${sandbox.accountId}-us-east-1`,
      );
      assertStringIncludes(error.message, "The user firehose-lab-guest exists, but this");
    });
  });
  await assertRejects(() => deleteKeys(clients.iam, "firehose-lab-guest"), NotOursError);
  closeClients(clients);
  await sandbox.stop();
});

Deno.test("notebook 0 leaves a profile of the reader's own with the course's name as it is", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  await using mine = await readersFiles();
  const { endpoint, rootKey, region } = sandbox;
  const key = { ...rootKey, region, endpoint };
  await writeProfile(mine.files, COURSE_PROFILE, key);
  await writeProfile(mine.files, "work", key);
  const before = await Deno.readTextFile(mine.files.credentials);
  const place = { mode: "real account", profile: "work", files: mine.files } as const;
  await assertRejects(() => writeCourseProfile(place, key), NotOursError);
  assertEquals(await Deno.readTextFile(mine.files.credentials), before);
  for (const FIREHOSE_LAB_PROFILE of ["work", COURSE_PROFILE]) {
    await withEnvironment({ ...mine.environment, FIREHOSE_LAB_PROFILE }, async () => {
      await printed(async () => {
        await assertRejects(
          () => begin({ notebook: 0, ask: nobody }),
          NotOursError,
          "The profile firehose-lab exists, but this project did not make it",
        );
        closeClients(await begin({ notebook: 1, ask: nobody })); // which writes no profile
      });
    });
  }
  await sandbox.stop();
});

Deno.test("notebook 0 goes on with the profile that it made, but does not work with it", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
  await using mine = await readersFiles();
  const { endpoint, rootKey, region } = sandbox;
  const key = { ...rootKey, region, endpoint };
  await writeProfile(mine.files, "work", key);
  const place = { mode: "real account", profile: "work", files: mine.files } as const;
  for (let run = 1; run <= 2; run++) await writeCourseProfile(place, key);
  await withEnvironment({ ...mine.environment, FIREHOSE_LAB_PROFILE: "work" }, async () => {
    await printed(async () => closeClients(await begin({ notebook: 0, ask: nobody })));
  });
  await withEnvironment({ ...mine.environment, FIREHOSE_LAB_PROFILE: COURSE_PROFILE }, async () => {
    await printed(async () => {
      const work = () => begin({ notebook: 0, ask: nobody });
      await assertRejects(work, Error, "Choose another one for this notebook");
    });
  });
  await sandbox.stop();
});

Deno.test("begin() names the profiles there are when the chosen one is unknown", async () => {
  await using mine = await readersFiles();
  const key = { accessKeyId: "AKIAX", secretAccessKey: "x", region: "us-east-1" };
  await writeProfile(mine.files, "home", key);
  await withEnvironment({ ...mine.environment, AWS_PROFILE: "wrok" }, async () => {
    const error = await assertRejects(() => begin({ notebook: 0, ask: nobody }), Error);
    assertStringIncludes(error.message, 'no profile "wrok"');
    assertStringIncludes(error.message, "the profiles there: home. Choose one of them");
  });
});

Deno.test("begin() names the line of a malformed credentials file", async () => {
  await using mine = await readersFiles();
  await Deno.writeTextFile(mine.files.credentials, "[work]\naws_access_key_id AKIAX\n");
  await withEnvironment({ ...mine.environment, AWS_PROFILE: "work" }, async () => {
    await assertRejects(
      () => begin({ notebook: 0, ask: nobody }),
      SyntaxError,
      "credentials, line 2",
    );
  });
});

Deno.test("progressStrip() shows this notebook's checkpoints only", () => {
  const passed = ["Notebook 1, step 1: a role", "Notebook 10, step 1: no", "Exercise 1.1"];
  assertEquals(progressStrip(1, passed).text, "Passed: step 1: a role; Exercise 1.1");
  assertEquals(
    progressStrip(2, passed).text,
    "You have passed no checkpoint of this notebook yet.",
  );
});

const WHERE = {
  mode: "sandbox",
  profile: "sandbox",
  partition: "aws",
  accountId: "123456789012",
  region: "us-east-1",
  arn: "arn:aws:iam::123456789012:root",
  endpoint: "http://127.0.0.1:4566",
} as const;

Deno.test("bannerView() links the console by an address that leaves no trace in other pages", () => {
  const address = "http://127.0.0.1:4566/_sandbox/console?code=0a";
  const { html, text } = bannerView({ ...WHERE, speed: 60 }, address);
  assertStringIncludes(
    html.text,
    `<a href="${address}" target="_blank" rel="noopener noreferrer">`,
  );
  assertStringIncludes(text, `open the console: ${address} The link works once`);
  assertStringIncludes(bannerView({ ...WHERE, speed: 60 }).text, "deno task console prints");
});

Deno.test("bannerView() says how long a minute of AWS takes in the sandbox", () => {
  assertStringIncludes(bannerView({ ...WHERE, speed: 60 }).text, "a minute on AWS takes 1 s here");
  assertStringIncludes(bannerView({ ...WHERE, speed: 1 }).text, "as long as on AWS");
});
