/** Redrive against a real sandbox: what Firehose wrote, sent again, with every kind of bad luck. */
import { PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { DeleteObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { withRounds } from "../../../lambda/gzip_rounds.ts";
import { compressed } from "../../sandbox/decoding/testing.ts";
import { until } from "../../sandbox/testing/until.ts";
import type { Lab } from "../place/begin.ts";
import { ensureDelivery } from "../deploy/delivery_role.ts";
import { objectsUnder, readObjects } from "../streams/objects.ts";
import { createActiveStream, labTest } from "../testing.ts";
import { fileProgress, knowingAlso, type ProgressStore, s3Progress } from "./progress_stores.ts";
import { planRedrive, type Redrive, type Redriven, runRedrive } from "./redrive.ts";
import { LOOK_EVERY_MS } from "./run_claims.ts";
import type { SendParts } from "./send.ts";
import { verifyRedrive } from "./verify.ts";

const PREFIX = "error/processing-failed/";
const ARRIVED_MS = Date.UTC(2026, 10, 24, 10);

interface Failed {
  readonly code?: string;
  readonly arrivedMs?: number;
}

/** A line as Firehose writes it. Every other one is of the kind before 2024. */
function lineOf(data: string | Uint8Array, { code, arrivedMs = ARRIVED_MS }: Failed = {}): string {
  const isOld = data.length % 2 === 0;
  return JSON.stringify({
    rawData: Buffer.from(data).toString("base64"),
    errorCode: code ?? "Lambda.FunctionError",
    errorMessage: "The Lambda function was successfully invoked but it returned an error result.",
    attemptsMade: 4,
    arrivalTimestamp: isOld ? `${arrivedMs}` : arrivedMs,
    attemptEndingTimestamp: arrivedMs + 60_000,
    [isOld ? "lambdaArn" : "lambdaARN"]: "arn:aws:lambda:us-east-1:123456789012:function:f",
  });
}

const putObject = ({ s3, names }: Lab, name: string, lines: readonly string[]) =>
  s3.send(
    new PutObjectCommand({
      Bucket: names.bucket,
      Key: PREFIX + name,
      Body: lines.map((line) => `${line}\n`).join(""),
    }),
  );

const putBytes = ({ s3, names }: Lab, name: string, Body: Uint8Array) =>
  s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: PREFIX + name, Body }));

let runs = 0;

function redriveOf({ s3, names }: Lab, changes: Partial<Redrive> = {}): Redrive {
  const place = { bucket: names.bucket, prefix: PREFIX, streamName: names.stream };
  const run = `run-${runs++}`;
  let clockMs = 0;
  const nowMs = () => clockMs += LOOK_EVERY_MS;
  const store = s3Progress(s3, { ...place, run, nowMs });
  return { s3, ...place, run, store, selection: { errorCodes: [] }, ...changes };
}

const sendParts = ({ firehose }: Lab): Omit<SendParts, "streamName"> => ({
  firehose,
  pauseMs: () => Promise.resolve(),
  random: () => 0,
});

/** What has arrived, once there are `count` records and so many different ones, in order of text. */
async function arrived({ s3, names }: Lab, count: number, different = count): Promise<string[]> {
  const lines = await until(`${count} records`, async () => {
    const texts = await readObjects(
      s3,
      names.bucket,
      await objectsUnder(s3, names.bucket, "data/"),
    );
    const lines = texts.flatMap((text) => text.split("\n"));
    const isThere = lines.length >= count && new Set(lines).size >= different;
    return isThere ? lines : undefined;
  });
  return lines.sort();
}

labTest("an object that is gone ends the run, and what was accepted is noted", 1, async (lab) => {
  await createActiveStream(lab);
  // One more than a call takes: the second object is read while the first call is on its way.
  await putObject(lab, "1", Array.from({ length: 501 }, (_, index) => lineOf(`record ${index}`)));
  await putObject(lab, "2", [lineOf("six")]);
  const plan = await planRedrive(redriveOf(lab));
  await lab.s3.send(new DeleteObjectCommand({ Bucket: lab.names.bucket, Key: `${PREFIX}2` }));
  await assertRejects(() => runRedrive(redriveOf(lab), plan, sendParts(lab)), NoSuchKey);
  const { survey } = await planRedrive(redriveOf(lab));
  assertEquals([survey.sentBefore, survey.uncertain, survey.toSend], [500, 0, 1]);
});

labTest("a wider or a narrower prefix sends nothing again that was sent", 1, async (lab) => {
  await createActiveStream(lab);
  const { s3, names } = lab;
  await putObject(lab, "a/1", [lineOf("one")]);
  await putObject(lab, "b/2", [lineOf("two")]);
  const under = (prefix: string) => {
    const run = `run-${runs++}`;
    const place = { bucket: names.bucket, prefix, streamName: names.stream };
    return redriveOf(lab, { prefix, run, store: s3Progress(s3, { ...place, run }) });
  };
  const first = under(`${PREFIX}a`);
  assertEquals((await runRedrive(first, await planRedrive(first), sendParts(lab))).accepted, 1);
  const counts = async (prefix: string) => {
    const { survey } = await planRedrive(under(prefix));
    return [survey.sentBefore, survey.toSend];
  };
  assertEquals(await counts(`${PREFIX}a/`), [1, 0]);
  assertEquals(await counts(`${PREFIX}a/1`), [1, 0]);
  assertEquals(await counts(PREFIX), [1, 1]);
  assertEquals(await counts(""), [1, 1]);
  assertEquals(await counts(`${PREFIX}b/`), [0, 1]);
});

labTest(
  "a second redrive takes over from the first, and each record is sent once",
  1,
  async (lab) => {
    await createActiveStream(lab);
    const texts = Array.from({ length: 1_200 }, (_, index) => `record ${index}`);
    await putObject(lab, "1", texts.map((text) => lineOf(text)));
    const second = redriveOf(lab);
    let taken: Redriven | undefined;
    const first = redriveOf(lab);
    let appends = 0;
    const store: ProgressStore = {
      ...first.store,
      append: async (entries) => {
        if (appends++ !== 1) return await first.store.append(entries);
        // As if it were started in another terminal, while the first call's answer is noted.
        const noted = entries.filter(({ state }) => state === "accepted");
        const parts = { ...sendParts(lab), pauseMs: () => first.store.append(noted) };
        taken = await runRedrive(second, await planRedrive(second), parts);
      },
    };
    const plan = await planRedrive(first);
    const done = await runRedrive({ ...first, store }, plan, sendParts(lab));
    assertEquals([done.accepted, done.isOvertaken], [500, true]);
    assertEquals([taken?.accepted, taken?.maybeTwice, taken?.isOvertaken], [700, 0, false]);
    const { survey } = await planRedrive(redriveOf(lab));
    assertEquals([survey.sentBefore, survey.uncertain, survey.toSend], [1_200, 0, 0]);
  },
);

/** A run under `prefix`, which renews its claim when the test says so. */
function runUnder(lab: Lab, prefix: string) {
  const { s3, names: { bucket, stream: streamName } } = lab;
  const run = `run-${runs++}`;
  let clockMs = 0;
  const nowMs = () => clockMs += 1_000;
  let renew = () => {};
  const repeat = (act: () => void) => {
    renew = act;
    return () => {};
  };
  const store = s3Progress(s3, { bucket, prefix, streamName, run, nowMs, repeat });
  return { redrive: redriveOf(lab, { prefix, run, store }), renew: () => renew() };
}

/** Runs, and does something at its second note, in the middle of its calls. */
async function runWith(lab: Lab, redrive: Redrive, middle: () => Promise<void>) {
  let appends = 0;
  const store: ProgressStore = {
    ...redrive.store,
    append: async (entries) => {
      if (appends++ === 1) await middle();
      await redrive.store.append(entries);
    },
  };
  return await runRedrive({ ...redrive, store }, await planRedrive(redrive), sendParts(lab));
}

const linesOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => lineOf(`${name} ${index}`));

labTest(
  "a narrower redrive ends if a wider one sends, also one that pauses within a call",
  1,
  async (lab) => {
    await createActiveStream(lab);
    await putObject(lab, "a/1", linesOf("record", 1_500));
    const [wide, narrow] = [runUnder(lab, PREFIX), runUnder(lab, `${PREFIX}a/`)];
    const first = await runWith(lab, wide.redrive, async () => {
      // The wide run waits to try its call again: it notes nothing, and renews its claim.
      const plan = await planRedrive(narrow.redrive);
      let pauses = 0;
      const pauseMs = () => Promise.resolve(++pauses === 3 && wide.renew());
      const parts = { ...sendParts(lab), pauseMs };
      const refused = () => runRedrive(narrow.redrive, plan, parts);
      await assertRejects(refused, Error, "with a wider prefix");
    });
    assertEquals([first.accepted, first.isOvertaken], [1_500, false]);
  },
);

labTest(
  "a narrower redrive ends when one with a wider prefix begins",
  1,
  async (lab) => {
    await createActiveStream(lab);
    await putObject(lab, "a/1", linesOf("record", 1_500));
    const [narrow, wider] = [runUnder(lab, `${PREFIX}a/`), runUnder(lab, "")];
    const done = await runWith(lab, narrow.redrive, () => wider.redrive.store.claim());
    assertEquals([done.accepted, done.isOvertaken], [500, true]);
  },
);

labTest(
  "a narrower redrive takes over from a wider one that sleeps, which sends nothing when it wakes",
  1,
  async (lab) => {
    await createActiveStream(lab);
    await putObject(lab, "a/1", linesOf("record", 1_500));
    const [wide, narrow] = [runUnder(lab, PREFIX), runUnder(lab, `${PREFIX}a/`)];
    let taken: Redriven | undefined;
    let pausedMs = 0;
    const pauseMs = (ms: number) => Promise.resolve(pausedMs += ms);
    const first = await runWith(lab, wide.redrive, async () => {
      // The wide run slept before it noted the answer of its first call.
      const plan = await planRedrive(narrow.redrive);
      assertEquals(plan.survey.uncertain, 500);
      taken = await runRedrive(narrow.redrive, plan, { ...sendParts(lab), pauseMs });
    });
    assertEquals([first.accepted, first.isOvertaken], [500, true]);
    assertEquals([taken?.accepted, taken?.isOvertaken], [1_500, false]);
    assertEquals(pausedMs >= 10_000, true, `${pausedMs} ms`);
    // A later run does not wait for it again.
    pausedMs = 0;
    await putObject(lab, "a/2", linesOf("later", 1));
    const later = runUnder(lab, `${PREFIX}a/`).redrive;
    const parts = { ...sendParts(lab), pauseMs };
    assertEquals((await runRedrive(later, await planRedrive(later), parts)).accepted, 1);
    assertEquals(pausedMs, 0);
  },
);

labTest(
  "a redrive can run twice, and its second run is not taken for one that has ended",
  1,
  async (lab) => {
    await createActiveStream(lab);
    const { redrive } = runUnder(lab, PREFIX);
    for (const name of ["1", "2"]) {
      await putObject(lab, name, linesOf(name, 600));
      const done = await runRedrive(redrive, await planRedrive(redrive), sendParts(lab));
      assertEquals([done.accepted, done.isOvertaken], [600, false]);
    }
  },
);

labTest("a progress in a file knows what earlier runs noted in S3", 1, async (lab) => {
  await createActiveStream(lab);
  await putObject(lab, "1", [lineOf("one"), lineOf("two")]);
  const first = redriveOf(lab);
  assertEquals((await runRedrive(first, await planRedrive(first), sendParts(lab))).accepted, 2);
  await putObject(lab, "2", [lineOf("three")]);
  const folder = await Deno.makeTempDir();
  const file = fileProgress(`${folder}/progress`);
  const second = redriveOf(lab, { store: knowingAlso(file, first.store) });
  const plan = await planRedrive(second);
  assertEquals([plan.survey.sentBefore, plan.survey.toSend], [2, 1]);
  assertEquals((await runRedrive(second, plan, sendParts(lab))).accepted, 1);
  assertEquals((await planRedrive(second)).survey.toSend, 0);
  assertEquals((await planRedrive(first)).survey.toSend, 1); // nothing was noted in S3
  await Deno.remove(folder, { recursive: true });
});

labTest("a progress that may not be listed is named", 1, async (lab) => {
  const { iam, names, endpoint, region } = lab;
  await createActiveStream(lab);
  await putObject(lab, "a/1", [lineOf("one")]);
  const UserName = "reader";
  await iam.send(new CreateUserCommand({ UserName }));
  const arn = `arn:aws:s3:::${names.bucket}`;
  const Condition = { StringLike: { "s3:prefix": `${PREFIX}*` } };
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "s3:ListBucket", Resource: arn, Condition },
      { Effect: "Allow", Action: "s3:GetObject", Resource: `${arn}/*` },
    ],
  });
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "read", PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
  const credentials = { accessKeyId, secretAccessKey };
  const s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  const place = { bucket: names.bucket, prefix: PREFIX, streamName: names.stream };
  const store = s3Progress(s3, { ...place, run: "run" });
  const { survey } = await planRedrive(redriveOf(lab, { s3, store }));
  s3.destroy();
  const unseen = ["error/", ""].map((folder) =>
    `s3://${names.bucket}/${folder}_redrive/${names.stream}/`
  );
  assertEquals([survey.toSend, [...store.unseen ?? []]], [1, unseen]);
});

labTest("redrive sends the originals again once, out of both kinds of lines", 1, async (lab) => {
  await createActiveStream(lab);
  await putObject(lab, "1", [lineOf("one"), "not Firehose's", lineOf("four")]);
  await putObject(lab, "2", [lineOf("six")]);
  const plan = await planRedrive(redriveOf(lab));
  const { sample, ...survey } = plan.survey;
  assertEquals(survey, {
    objects: 2,
    olderObjects: 0,
    records: 3,
    unreadable: 1,
    problems: [{ key: `${PREFIX}1`, line: 2, problem: "it is not JSON" }],
    selected: 3,
    controlMessages: 0,
    sentBefore: 0,
    uncertain: 0,
    toSend: 3,
    bytesToSend: 10,
    byCode: new Map([["Lambda.FunctionError", 3]]),
    byHour: new Map([["2026-11-24T10", 3]]),
  });
  assertEquals(new TextDecoder().decode(sample?.data), "one");
  const redrive = redriveOf(lab);
  const done = await runRedrive(redrive, plan, sendParts(lab));
  assertEquals([done.accepted, done.calls, done.refused, done.maybeTwice], [3, 1, 0, 0]);
  const verified = await verifyRedrive(redrive, plan);
  assertEquals([verified.accepted, verified.left, verified.failedSince.size], [3, 0, 0]);

  const again = await planRedrive(redriveOf(lab));
  assertEquals([again.survey.objects, again.survey.sentBefore, again.survey.toSend], [2, 3, 0]);
  assertEquals(await arrived(lab, 3), ["four", "one", "six"]);
});

labTest(
  "redrive chooses by error code and by time, and remembers across choices",
  1,
  async (lab) => {
    await createActiveStream(lab);
    await putObject(lab, "1", [
      lineOf("old", { arrivedMs: ARRIVED_MS - 3_600_000 }),
      lineOf("denied", { code: "Lambda.InvokeAccessDenied" }),
      lineOf("new"),
    ]);
    const counts = async (selection: Redrive["selection"]) => {
      const redrive = redriveOf(lab, { selection });
      const plan = await planRedrive(redrive);
      const { accepted } = await runRedrive(redrive, plan, sendParts(lab));
      return [plan.survey.selected, plan.survey.sentBefore, accepted];
    };
    assertEquals(await counts({ errorCodes: ["Lambda.InvokeAccessDenied"] }), [1, 0, 1]);
    assertEquals(await counts({ errorCodes: [], sinceMs: ARRIVED_MS }), [2, 1, 1]);
    assertEquals(await counts({ errorCodes: [] }), [3, 2, 1]);
    assertEquals(await arrived(lab, 3), ["denied", "new", "old"]);
    const sinceMs = Date.now() + 3_600_000;
    const { survey } = await planRedrive(
      redriveOf(lab, { selection: { errorCodes: [], sinceMs } }),
    );
    assertEquals([survey.objects, survey.olderObjects], [0, 1]);
  },
);

labTest(
  "redrive sends a record as its producer put it, without its count of rounds",
  1,
  async (lab) => {
    await createActiveStream(lab);
    const original = gzipSync("{}");
    const counted = withRounds(original, 50);
    assert(counted);
    await putObject(lab, "1", [lineOf(counted)]);
    const redrive = redriveOf(lab);
    await runRedrive(redrive, await planRedrive(redrive), sendParts(lab));
    const body = await until("the object", async () => {
      const [object] = await objectsUnder(lab.s3, lab.names.bucket, "data/");
      return object;
    });
    assertEquals(body.sizeBytes, original.length);
  },
);

/** A store that is killed at its n-th addition: before it is kept, or after. */
function dyingStore(store: ProgressStore, atCall: number, when: "before" | "after"): ProgressStore {
  let calls = 0;
  return {
    ...store,
    append: async (entries) => {
      const isLast = ++calls === atCall;
      if (isLast && when === "before") throw new Error("killed");
      await store.append(entries);
      if (isLast) throw new Error("killed");
    },
  };
}

for (const when of ["before", "after"] as const) {
  labTest(
    `redrive goes on after a kill at any moment, ${when} its progress was kept: nothing acknowledged is sent twice, nothing is lost`,
    1,
    async (lab) => {
      await createActiveStream(lab);
      const records = Array.from(
        { length: 1_300 },
        (_, id) => `record ${`${id}`.padStart(4, "0")}`,
      );
      await putObject(lab, "1", records.slice(0, 700).map((record) => lineOf(record)));
      await putObject(lab, "2", records.slice(700).map((record) => lineOf(record)));
      let mayBeTwice = 0;
      for (let atCall = 1; atCall <= 4; atCall++) {
        const redrive = redriveOf(lab);
        const plan = await planRedrive(redrive);
        mayBeTwice += plan.survey.uncertain;
        const store = dyingStore(redrive.store, atCall, when);
        await runRedrive({ ...redrive, store }, plan, sendParts(lab)).catch(() => {});
      }
      const redrive = redriveOf(lab);
      const plan = await planRedrive(redrive);
      mayBeTwice += plan.survey.uncertain;
      await runRedrive(redrive, plan, sendParts(lab));
      assertEquals((await verifyRedrive(redrive, plan)).left, 0);
      const lines = await arrived(lab, records.length);
      assertEquals([...new Set(lines)], records);
      assert(
        lines.length - records.length <= mayBeTwice,
        `${lines.length} for ${mayBeTwice} uncertain`,
      );
    },
  );
}

labTest(
  "redrive survives throttling, partial failures and calls without an answer, and says what may be there twice",
  1,
  async (lab) => {
    await createActiveStream(lab);
    const records = Array.from({ length: 900 }, (_, id) => `record ${`${id}`.padStart(3, "0")}`);
    await putObject(lab, "1", records.map((record) => lineOf(record)));
    let calls = 0;
    /** Every call has another kind of bad luck; the real stream gets what comes through. */
    const send = async (command: PutRecordBatchCommand) => {
      const { Records = [], DeliveryStreamName } = command.input;
      const real = (some: typeof Records) =>
        lab.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records: some }));
      switch (++calls) {
        case 1:
          throw Object.assign(new Error("Slow down."), {
            name: "ServiceUnavailableException",
            $metadata: { httpStatusCode: 503 },
          });
        case 2: {
          const kept = Records.filter((_, index) => index % 3 > 0);
          const { RequestResponses = [] } = await real(kept);
          const answers = RequestResponses[Symbol.iterator]();
          return {
            FailedPutCount: Records.length - kept.length,
            RequestResponses: Records.map((_, index) =>
              index % 3 > 0 ? answers.next().value : { ErrorCode: "ServiceUnavailableException" }
            ),
          };
        }
        case 3:
          await real(Records);
          throw Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
        default:
          return await real(Records);
      }
    };
    const redrive = redriveOf(lab);
    const plan = await planRedrive(redrive);
    const done = await runRedrive(redrive, plan, { ...sendParts(lab), firehose: { send } });
    assertEquals([done.accepted, done.refused, done.maybeTwice], [900, 0, 167]);
    const lines = await arrived(lab, 900 + 167, 900);
    assertEquals([...new Set(lines)], records);
    assertEquals(lines.length, 900 + 167);
  },
);

labTest(
  "redrive stops at what the stream refuses for good, and goes on once that is fixed",
  1,
  async (lab) => {
    await ensureDelivery(lab);
    await putObject(lab, "1", Array.from({ length: 700 }, (_, id) => lineOf(`record ${id}`)));
    const path = await Deno.makeTempFile();
    try {
      const store = fileProgress(path);
      const redrive = redriveOf(lab, { store });
      const done = await runRedrive(redrive, await planRedrive(redrive), sendParts(lab));
      assertEquals([done.accepted, done.refused, done.calls], [0, 500, 1]);
      assert(done.reason.startsWith("ResourceNotFoundException: "), done.reason);
      await createActiveStream(lab);
      const plan = await planRedrive(redrive);
      assertEquals([plan.survey.toSend, plan.survey.uncertain], [700, 0]);
      const repaired = await runRedrive({ ...redrive, run: "repaired" }, plan, sendParts(lab));
      assertEquals(repaired.accepted, 700);
    } finally {
      await Deno.remove(path);
    }
  },
);

labTest("redrive ends after the call that is under way when it is told to stop", 1, async (lab) => {
  await createActiveStream(lab);
  await putObject(lab, "1", Array.from({ length: 1_200 }, (_, id) => lineOf(`record ${id}`)));
  const redrive = redriveOf(lab);
  const plan = await planRedrive(redrive);
  const stopping = new AbortController();
  const done = await runRedrive(redrive, plan, sendParts(lab), {
    onProgress: () => stopping.abort(),
    signal: stopping.signal,
  });
  assertEquals(done.accepted, 500);
  const { survey } = await planRedrive(redriveOf(lab));
  assertEquals([survey.sentBefore, survey.uncertain, survey.toSend], [500, 0, 700]);
});

for (const format of ["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"] as const) {
  labTest(
    `redrive reads ${format} objects: a line each, indented, run together, and beside a broken one`,
    1,
    async (lab) => {
      await createActiveStream(lab);
      const indented = (text: string) => JSON.stringify(JSON.parse(lineOf(text)), null, 2);
      const bodies = {
        lines: `${lineOf("one")}\n${lineOf("two")}\n`,
        indented: `${indented("three")}\n${indented("four")}\n`,
        together: lineOf("five") + lineOf("six"),
        broken: `${lineOf("seven")}\n${lineOf("lost").slice(0, 40)}\n${lineOf("eight")}\n`,
      };
      for (const [name, body] of Object.entries(bodies)) {
        await putBytes(lab, name, await compressed(Buffer.from(body), format));
      }
      const redrive = redriveOf(lab);
      const plan = await planRedrive(redrive);
      assertEquals(plan.survey.records, 8);
      assertEquals(plan.survey.problems, [{
        key: `${PREFIX}broken`,
        line: 2,
        problem: "it is not JSON",
      }]);
      await runRedrive(redrive, plan, sendParts(lab));
      assertEquals(await arrived(lab, 8), [
        "eight",
        "five",
        "four",
        "one",
        "seven",
        "six",
        "three",
        "two",
      ]);
    },
  );
}

labTest(
  "redrive goes on after damaged objects, and names each",
  1,
  async (lab) => {
    await createActiveStream(lab);
    const whole = await compressed(Buffer.from(`${lineOf("one")}\n`), "GZIP");
    await putBytes(lab, "cut", whole.subarray(0, 60));
    await putBytes(lab, "twice", gzipSync(whole));
    await putBytes(lab, "whole", whole);
    await putBytes(lab, "zstd", Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0));
    const { survey } = await planRedrive(redriveOf(lab));
    assertEquals([survey.records, survey.unreadable], [1, 3]);
    const places = survey.problems.map(({ key, line }) => [key.slice(PREFIX.length), line]);
    assertEquals(places, [["cut", 1], ["twice", 1], ["zstd", 1]]);
    assert(survey.problems[1].problem.includes("decompress it once"), survey.problems[1].problem);
    assert(survey.problems[2].problem.includes("zstd"), survey.problems[2].problem);
  },
);

labTest(
  "redrive leaves out a line with an odd time and a control message, and goes on",
  1,
  async (lab) => {
    await createActiveStream(lab);
    const odd = JSON.stringify({ ...JSON.parse(lineOf("odd")), arrivalTimestamp: "soon" });
    const control = gzipSync(
      '{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logEvents":[]}',
    );
    await putObject(lab, "1", [odd, lineOf(control), lineOf("one")]);
    const redrive = redriveOf(lab);
    const plan = await planRedrive(redrive);
    const { unreadable, problems, controlMessages, toSend } = plan.survey;
    assertEquals([unreadable, controlMessages, toSend], [1, 1, 1]);
    assert(problems[0].problem.includes('arrivalTimestamp "soon"'), problems[0].problem);
    const { accepted } = await runRedrive(redrive, plan, sendParts(lab));
    assertEquals(accepted, 1);
  },
);
