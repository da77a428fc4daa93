/** The control pages: who may use them, and what state, flush, reset and stop do. */
import { ListDeliveryStreamsCommand, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { InvokeCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import { assertArrayIncludes, assertEquals, assertMatch } from "@std/assert";
import { GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { said } from "../testing/said.ts";
import { clientsFor } from "../testing/clients.ts";
import { join } from "node:path";
import type { Answered } from "../http/answered.ts";
import { textLine } from "../log_line.ts";
import { tempFolder } from "../testing/temp_folder.ts";
import { signedHeaders } from "../testing/signing.ts";
import { until } from "../testing/until.ts";
import { ControlWorld, PARTITIONED } from "./testing.ts";

const SPEED = 2_000; // a stream is ACTIVE after 10 ms; a buffer of 900 s waits for half a second

Deno.test("pages are for the token or the root user's signature, and for nobody else", async () => {
  await using world = await ControlWorld.start();
  const { sandbox, clients } = world;
  const path = "/_sandbox/state";
  const statusFor = async (headers: Record<string, string>) =>
    (await world.ask("GET", path, undefined, headers)).status;
  const signedBy = async (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    await signedHeaders(
      new URL(sandbox.endpoint).host,
      { service: "sandbox", method: "GET", path },
      {
        credentials,
        date: new Date(),
      },
    );
  await clients.iam.send(new CreateUserCommand({ UserName: "user" }));
  const { AccessKey } = await clients.iam.send(new CreateAccessKeyCommand({ UserName: "user" }));
  const users = {
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  };

  assertEquals(await statusFor({}), 401);
  assertEquals(await statusFor({ authorization: `Bearer ${"0".repeat(64)}` }), 403);
  assertEquals(await statusFor({ authorization: `Bearer ${sandbox.token}` }), 200);
  assertEquals(await statusFor(await signedBy(sandbox.rootKey)), 200);
  assertEquals(await statusFor(await signedBy({ ...sandbox.rootKey, secretAccessKey: "x" })), 403);
  assertEquals(await statusFor(await signedBy(users)), 403);
});

Deno.test("pages are refused to browsers of other origins, also with --open", async () => {
  for (const isOpen of [false, true]) {
    await using world = await ControlWorld.start({ isOpen });
    const own = { authorization: `Bearer ${world.sandbox.token}` };
    const post = async (headers: Record<string, string>) =>
      (await world.ask("POST", "/_sandbox/reset", {}, { ...own, ...headers })).status;
    assertEquals(await post({ origin: "http://evil.example" }), 403);
    assertEquals(await post({ origin: "null" }), 403);
    assertEquals(await post({ "sec-fetch-site": "cross-site" }), 403);
    assertEquals(await post({ "sec-fetch-site": "same-site" }), 403);
    assertEquals(await post({ origin: world.sandbox.endpoint }), 200);
    assertEquals(await post({}), 200);
    const unsigned = await world.ask("POST", "/_sandbox/reset", {}, {});
    assertEquals(unsigned.status, isOpen ? 200 : 401);
  }
});

Deno.test("a page says what it does not know: path, method, member, service, body", async () => {
  await using world = await ControlWorld.start();
  const answerTo = async (method: string, path: string, body?: unknown) => {
    const answer = await world.page(method, path, body);
    return `${answer.status} ${answer.body.error}`;
  };
  assertMatch(await answerTo("GET", "/_sandbox/nothing"), /^404 There is no page/);
  assertMatch(await answerTo("GET", "/_sandbox/flush"), /^405 .* answers POST, not GET/);
  assertMatch(await answerTo("POST", "/_sandbox/flush", { streams: "a" }), /^400 .*has streams;/);
  assertMatch(await answerTo("POST", "/_sandbox/flush", { stream: "a" }), /^404 .*stream a/);
  assertMatch(await answerTo("POST", "/_sandbox/flush", "{"), /^400 The body is no JSON/);
  assertMatch(await answerTo("POST", "/_sandbox/flush", "[1]"), /^400 .*JSON object/);
  assertMatch(await answerTo("POST", "/_sandbox/reset", { service: "ec2" }), /^400 .*ec2/);
  assertMatch(await answerTo("POST", "/_sandbox/reset", { region: "mars" }), /^400 .*mars/);
  assertMatch(await answerTo("POST", "/_sandbox/reset", "x".repeat(65 * 1024)), /^413 .*65536/);
});

Deno.test("flush delivers what waits, through partitions too, and state shows it before and after", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  await world.createStream("plain");
  await world.createStream("parted", PARTITIONED);
  for (const text of ["a", "b"]) await world.put("plain", text);
  for (const id of [1, 2]) await world.put("parted", JSON.stringify({ id }));

  const before = (await world.page("GET", "/_sandbox/state")).body;
  const [parted, plain] = before.streams;
  assertEquals([plain.name, plain.waitingRecords, plain.waitingBytes], ["plain", 2, 2]);
  assertEquals(plain.buffers[0].doing, "waiting");
  const { dueMs = 0, openedMs = 0 } = plain.buffers[0];
  assertEquals(dueMs - openedMs, 900_000 / SPEED);
  assertEquals(parted.waitingRecords, 2);

  const one = await world.page("POST", "/_sandbox/flush", { stream: "plain" });
  assertEquals([one.status, one.body.objects.length], [200, 1]);
  assertEquals(await world.textOf(one.body.objects[0]), "ab");

  const all = await world.page("POST", "/_sandbox/flush");
  const keys = all.body.objects.map(({ key }) => key.slice(0, 2)).sort();
  assertEquals([all.status, keys], [200, ["1/", "2/"]]);

  const after = (await world.page("GET", "/_sandbox/state")).body;
  assertEquals(after.streams.map(({ waitingRecords }) => waitingRecords), [0, 0]);
  assertEquals(after.deliveries.length, 3);
  const again = await world.page("POST", "/_sandbox/flush");
  assertEquals<unknown>(again, { status: 200, body: { objects: [] } });
});

Deno.test("flush answers 409 for what can't be delivered, and delivers it once it can", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  const { iam } = world.clients;
  await world.createStream("denied");
  await world.createStream("allowed");
  const policy = { RoleName: "denied", PolicyName: "deliver" };
  const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(policy));
  await iam.send(new DeleteRolePolicyCommand(policy));
  await world.put("denied", "x");
  await world.put("allowed", "y");

  const denied = await world.page("POST", "/_sandbox/flush");
  assertEquals(denied.status, 409);
  assertMatch(denied.body.error, /^1 record was not delivered .*S3\.AccessDenied/);
  assertEquals(denied.body.objects.map(({ bucket }) => bucket), ["allowed"]);
  const [{ reason: _, ...undelivered }] = denied.body.undelivered;
  assertEquals(undelivered, { stream: "denied", kind: "source", records: 1, bytes: 1 });

  const PutPolicy = { ...policy, PolicyDocument: decodeURIComponent(PolicyDocument) };
  await iam.send(new PutRolePolicyCommand(PutPolicy));
  // It was pausing after a failure: flush tries again at once.
  const done = await world.page("POST", "/_sandbox/flush", { stream: "denied" });
  assertEquals([done.status, done.body.objects.length], [200, 1]);
});

Deno.test("reset empties everything but the root's key, with a function and puts under way", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  const { firehose, s3, iam, lambda } = world.clients;
  await world.createStream("one");
  await world.put("one", "x");
  await world.page("POST", "/_sandbox/flush");
  await world.createFunction("endless", "() => new Promise((r) => setTimeout(r, 60_000))");
  const invoking = lambda.send(new InvokeCommand({ FunctionName: "endless" }))
    .catch((error) => error.name);
  await until("the function to run", async () => {
    const { body } = await world.page("GET", "/_sandbox/state");
    return body.invocations.length > 0 || undefined;
  });
  const putting = Promise.all(
    Array.from(
      { length: 50 },
      (_, n) => world.put("one", `${n}`).then(() => "accepted", (error) => error.name),
    ),
  );

  assertEquals<unknown>(await world.page("POST", "/_sandbox/reset"), { status: 200, body: {} });
  for (const answer of await putting) {
    assertArrayIncludes(["accepted", "ResourceNotFoundException"], [answer]);
  }
  assertEquals(await invoking, "ResourceNotFoundException");
  assertEquals((await firehose.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames, []);
  assertEquals((await s3.send(new ListBucketsCommand({}))).Buckets, []);
  assertEquals((await iam.send(new ListUsersCommand({}))).Users, []);
  assertEquals((await lambda.send(new ListFunctionsCommand({}))).Functions, []);
  const { body } = await world.page("GET", "/_sandbox/state");
  assertEquals([body.streams, body.deliveries, body.invocations], [[], [], []]);
  // The same names can be used at once, and nothing of the old stream is in the new one.
  await world.createStream("one");
  await world.put("one", "new");
  const flushed = await world.page("POST", "/_sandbox/flush");
  assertEquals(await world.textOf(flushed.body.objects[0]), "new");
});

Deno.test("reset empties one service, or one region, and leaves the others", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  const { endpoint, rootKey: credentials } = world.sandbox;
  using frankfurt = clientsFor({ endpoint, credentials, region: "eu-central-1" });
  await world.createStream("kept");
  await world.put("kept", "x");
  await frankfurt.s3.send(
    new CreateBucketCommand({
      Bucket: "far-away",
      CreateBucketConfiguration: { LocationConstraint: "eu-central-1" },
    }),
  );
  const buckets = async () => {
    const { Buckets = [] } = await world.clients.s3.send(new ListBucketsCommand({}));
    return Buckets.map(({ Name }) => Name);
  };

  await world.page("POST", "/_sandbox/reset", { region: "eu-central-1" });
  assertEquals(await buckets(), ["kept"]);
  const flushed = await world.page("POST", "/_sandbox/flush");
  assertEquals(flushed.body.objects.length, 1);
  await world.page("POST", "/_sandbox/reset", { service: "s3" });
  assertEquals(await buckets(), []);
  const { DeliveryStreamNames } = await world.clients.firehose.send(
    new ListDeliveryStreamsCommand({}),
  );
  assertEquals(DeliveryStreamNames, ["kept"]);
});

Deno.test("the stop page lets the sandbox's process end", async () => {
  await using world = await ControlWorld.start();
  assertEquals((await world.page("POST", "/_sandbox/stop")).status, 200);
  await world.sandbox.stopAsked;
});

Deno.test("the clock is advanced: a buffer is due, a session ends, and clients sign as before", async () => {
  await using world = await ControlWorld.start({ speed: 100 });
  const { sandbox, clients } = world;
  await world.createStream("slow", { Prefix: "!{timestamp:yyyy-MM-dd}/", ErrorOutputPrefix: "e/" });
  await world.put("slow", "x");
  const { Credentials } = await clients.sts.send(new GetSessionTokenCommand({}));
  using session = clientsFor({
    endpoint: sandbox.endpoint,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken,
    },
  });
  await session.s3.send(new ListBucketsCommand({}));
  assertMatch(
    (await world.page("POST", "/_sandbox/clock", { advanceSeconds: -1 })).body.error,
    /^advanceSeconds must be/,
  );

  const { body } = await world.page("POST", "/_sandbox/clock", { advanceSeconds: 899 });
  assertEquals(body.nowMs > Date.now() + 800_000, true);
  const [delivery] = await until("the buffer to be delivered", async () => {
    const { body } = await world.page("GET", "/_sandbox/state");
    return body.deliveries.length > 0 ? body.deliveries : undefined;
  });
  assertEquals(delivery.outcome.kind, "delivered");
  await session.s3.send(new ListBucketsCommand({}));
  await world.page("POST", "/_sandbox/clock", { advanceSeconds: 86_400 });
  assertEquals(
    await said(() => session.s3.send(new ListBucketsCommand({}))),
    "ExpiredToken: The provided token has expired.",
  );
  // The next record comes a day later than the first.
  await world.put("slow", "y");
  const later = await world.page("POST", "/_sandbox/flush");
  const day = new Date(body.nowMs + 86_400_000).toISOString().slice(0, 10);
  assertEquals(later.body.objects[0].key.slice(0, 10), day);
});

Deno.test("pages of LocalStack and moto empty the sandbox with --open, and else say where", async () => {
  for (const isOpen of [false, true]) {
    await using world = await ControlWorld.start({ isOpen });
    const { s3 } = world.clients;
    const answer = (method: string, path: string) => world.ask(method, path, undefined, {});
    for (
      const [path, done] of [
        ["/_localstack/state/reset", {}],
        ["/moto-api/reset", { status: "ok" }],
      ] as const
    ) {
      await s3.send(new CreateBucketCommand({ Bucket: "there" }));
      const { status, body } = await answer("POST", path);
      const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
      if (isOpen) assertEquals([status, body, Buckets], [200, done, []]);
      else assertEquals([status, Buckets.length], [403, 1]);
      if (!isOpen) assertMatch(body.error, /POST \/_sandbox\/reset/);
    }
    const wrong = { status: 400, body: { Error: "Need to POST to reset Moto" } };
    assertEquals<unknown>(await answer("GET", "/moto-api/reset"), wrong);
    const stages = { BOOT: true, START: true, READY: true, SHUTDOWN: false };
    const init = { status: 200, body: { completed: stages, scripts: [] } };
    assertEquals<unknown>(await answer("GET", "/_localstack/init"), init);
    const ready = { status: 200, body: { completed: true, scripts: [] } };
    assertEquals<unknown>(await answer("GET", "/_localstack/init/ready"), ready);
  }
});

Deno.test("what was reset is gone from the disk, and stays away after a restart", async () => {
  using folder = tempFolder();
  const large = "x".repeat(200_000); // goes to files, not into the database
  const filesIn = (name: string) => filesUnder(join(folder.path, name));
  {
    await using world = await ControlWorld.start({ speed: SPEED, dataDir: folder.path });
    await world.createStream("one");
    await world.put("one", large);
    await world.page("POST", "/_sandbox/flush");
    await world.put("one", large);
    assertEquals([filesIn("objects"), filesIn("journal") > 0], [1, true]);
    await world.page("POST", "/_sandbox/reset");
    await until("files to be removed", () => filesIn("objects") === 0 || undefined);
  }
  await using world = await ControlWorld.start({ speed: SPEED, dataDir: folder.path });
  const { body } = await world.page("GET", "/_sandbox/state");
  assertEquals(body.streams, []);
  assertEquals((await world.clients.s3.send(new ListBucketsCommand({}))).Buckets, []);
  // The file itself may stay, with another name: the next segment is written into it.
  const segments = () =>
    [...Deno.readDirSync(join(folder.path, "journal"))]
      .filter(({ name }) => /^\d+$/.test(name));
  await until("segments to be removed", () => segments().length === 0 || undefined);
});

Deno.test("the log has what was changed by a page, and what was refused, but not the token", async () => {
  const lines: string[] = [];
  const log = {
    answered: (answer: Answered) => void lines.push(textLine(answer)),
    problem: () => {},
    close: () => Promise.resolve(),
  };
  await using world = await ControlWorld.start({ log });
  await world.page("GET", "/_sandbox/state");
  await world.page("POST", "/_sandbox/reset");
  await world.ask("POST", "/_sandbox/reset", {}, {});
  assertMatch(lines[0], /^POST \/_sandbox\/reset {2}\d+ ms$/);
  assertMatch(lines[1], /^POST \/_sandbox\/reset {2}401 {2}\d+ ms$/);
  assertEquals(lines.length, 2);
});

Deno.test("two flushes and a reset at once all answer", async () => {
  await using world = await ControlWorld.start({ speed: SPEED });
  await world.createStream("one");
  await world.put("one", "x");
  const answers = await Promise.all([
    world.page("POST", "/_sandbox/flush"),
    world.page("POST", "/_sandbox/flush"),
    world.page("POST", "/_sandbox/reset"),
  ]);
  assertEquals(answers.map(({ status }) => status), [200, 200, 200]);
});

/** How many files a folder has, in its folders too. */
function filesUnder(path: string): number {
  return [...Deno.readDirSync(path)].reduce(
    (sum, { name, isDirectory }) => sum + (isDirectory ? filesUnder(join(path, name)) : 1),
    0,
  );
}

Deno.test("records that waited before a restart are counted, whole puts and parts of them", async () => {
  using folder = tempFolder();
  {
    await using world = await ControlWorld.start({ dataDir: folder.path });
    const BufferingHints = { SizeInMBs: 1, IntervalInSeconds: 900 };
    await world.whileTimePasses(() => world.createStream("one", { BufferingHints }));
    // Three of these make the first object; the fourth waits.
    const Records = Array.from({ length: 4 }, () => ({ Data: new Uint8Array(340_000) }));
    await world.clients.firehose.send(
      new PutRecordBatchCommand({ DeliveryStreamName: "one", Records }),
    );
    await until(
      "the first object",
      async () => (await world.objectTexts("one")).length === 1 || undefined,
    );
    await world.put("one", "x");
  }
  await using world = await ControlWorld.start({ speed: 1, dataDir: folder.path });
  const { body } = await world.page("GET", "/_sandbox/state");
  const [{ waitingRecords, waitingBytes }] = body.streams;
  assertEquals([waitingRecords, waitingBytes], [2, 340_001]);
  await world.put("one", "y");
  const again = (await world.page("GET", "/_sandbox/state")).body;
  assertEquals(again.streams[0].waitingRecords, 3);
});
