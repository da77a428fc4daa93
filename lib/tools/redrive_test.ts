/** `deno task redrive` as a process: what it prints, and a kill in the middle of its work. */
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import type { Lab } from "../aws/place/begin.ts";
import { profileSettings, writeProfile } from "../aws/place/profiles.ts";
import { objectsUnder, readObjects } from "../aws/streams/objects.ts";
import { createActiveStream, labTest } from "../aws/testing.ts";
import { until } from "../sandbox/testing/until.ts";
import { readOptions } from "./redrive.ts";

const TOOL = new URL("./redrive.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

Deno.test("redrive reads its options", () => {
  const nowMs = Date.UTC(2026, 10, 24, 12);
  const args = ["s3://lake/error/processing-failed/", "--stream", "people", "--dry-run"];
  const chosen = ["--error-code", "Lambda.FunctionError", "--error-code", "x", "--since", "2h"];
  assertEquals(readOptions([...args, ...chosen, "--progress", "p.jsonl"], nowMs), {
    bucket: "lake",
    prefix: "error/processing-failed/",
    streamName: "people",
    isDryRun: true,
    selection: { errorCodes: ["Lambda.FunctionError", "x"], sinceMs: Date.UTC(2026, 10, 24, 10) },
    progressPath: "p.jsonl",
    waitSeconds: 0,
    isAgreed: false,
    profile: undefined,
  });
});

for (
  const [args, message] of [
    [[], "name one place"],
    [["s3://lake/a/"], "--stream NAME"],
    [["lake/a/", "--stream", "s"], '"lake/a/" is not a place in S3'],
    [["s3://lake/a/", "--stream", "s", "--since", "yesterday"], '"yesterday" is not a moment'],
    [["s3://lake/a/", "--stream", "s", "--wait", "long"], "--wait long"],
    [["s3://lake/a/", "--stream", "s", "--fast"], "--fast"],
  ] as const
) {
  Deno.test(`redrive refuses ${args.join(" ") || "no arguments"}`, () => {
    assertThrows(() => readOptions(args, 0), TypeError, message);
  });
}

function start({ names, files }: Lab, ...args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "--config", CONFIG, TOOL],
      ...[`s3://${names.bucket}/error/`, "--stream", names.stream, ...args],
    ],
    env: {
      AWS_PROFILE: "sandbox",
      AWS_CONFIG_FILE: files.config,
      AWS_SHARED_CREDENTIALS_FILE: files.credentials,
      NO_COLOR: "1",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function outputOf(child: Deno.ChildProcess): Promise<string> {
  const { success, stdout, stderr } = await child.output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

const RECORDS = Array.from({ length: 15_000 }, (_, id) => `record ${`${id}`.padStart(5, "0")}`);

const errorLine = (text: string) =>
  JSON.stringify({
    rawData: Buffer.from(text).toString("base64"),
    errorCode: "Lambda.FunctionError",
    errorMessage: "The Lambda function was successfully invoked but it returned an error result.",
    attemptsMade: 4,
    arrivalTimestamp: Date.UTC(2026, 10, 24, 10),
    attemptEndingTimestamp: Date.UTC(2026, 10, 24, 10, 1),
    lambdaARN: "arn:aws:lambda:us-east-1:123456789012:function:f",
  });

labTest(
  "redrive, killed in the middle, goes on: nothing acknowledged is sent twice, nothing is lost",
  1,
  async (lab) => {
    const { s3, names } = lab;
    await createActiveStream(lab);
    for (let start = 0; start < RECORDS.length; start += 5_000) {
      const Body = RECORDS.slice(start, start + 5_000).map((text) => `${errorLine(text)}\n`).join(
        "",
      );
      await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: `error/${start}`, Body }));
    }
    const dryRun = await outputOf(start(lab, "--dry-run"));
    assertMatch(dryRun, /^15,000 failed records in 3 error objects\n/);
    assertMatch(dryRun, /Lambda\.FunctionError +15,000\n/);
    assertMatch(dryRun, /2026-11-24T10 +15,000\n/);
    assertMatch(dryRun, /to send +15,000, 180,000 bytes\n/);

    const child = start(lab);
    const folder = `error/_redrive/${names.stream}/`;
    await until(
      "some progress",
      async () => (await objectsUnder(s3, names.bucket, folder)).length >= 3 || undefined,
    );
    child.kill("SIGKILL");
    await child.output();

    const report = await outputOf(start(lab));
    const sentBefore = Number(/sent before +([\d,]+)/.exec(report)?.[1].replaceAll(",", ""));
    const uncertain = Number(/uncertain +([\d,]+): an earlier run ended/.exec(report)?.[1] ?? 0);
    assert(sentBefore >= 500 && sentBefore < RECORDS.length, report);
    assert(uncertain <= 500, report);
    assertMatch(
      report,
      new RegExp(`accepted ${(RECORDS.length - sentBefore).toLocaleString("en")} of `),
    );
    assertMatch(
      report,
      /Verified: in the saved progress 15,000 records are accepted, 0 are left\./,
    );

    const arrived = await until("all records", async () => {
      const texts = await readObjects(
        s3,
        names.bucket,
        await objectsUnder(s3, names.bucket, "data/"),
      );
      const lines = texts.flatMap((text) => text.split("\n"));
      return new Set(lines).size >= RECORDS.length ? lines : undefined;
    });
    assertEquals([...new Set(arrived)].sort(), RECORDS);
    assert(arrived.length - RECORDS.length <= uncertain, `${arrived.length} arrived`);

    const nothing = await outputOf(start(lab));
    assertMatch(nothing, /to send +0, 0 bytes\n/);
  },
);

/** Writes the sandbox's key as a profile of the reader's, which makes the account a real one. */
async function realProfile({ files, endpoint, region }: Lab, name: string): Promise<void> {
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } =
    await profileSettings(files, "credentials", "sandbox");
  await writeProfile(files, name, { accessKeyId, secretAccessKey, region, endpoint });
}

labTest("redrive asks before it sends to an account of the reader's", 1, async (lab) => {
  await createActiveStream(lab);
  const Body = errorLine("\x1b[2J\x9b31mrecord");
  await lab.s3.send(new PutObjectCommand({ Bucket: lab.names.bucket, Key: "error/0", Body }));
  await realProfile(lab, "work");
  const { success, stdout, stderr } = await start(lab, "--profile", "work").output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals(success, false);
  assertMatch(said, /Profile work: account 123456789012, us-east-1, as arn:/);
  assertMatch(said, /to send +1, /);
  assertMatch(said, /Send 1 record to the delivery stream .+ in account 123456789012, us-east-1\?/);
  assertMatch(said, /Nothing was sent\./);
  assertMatch(said, /\\u001b\[2J/);
  // deno-lint-ignore no-control-regex -- those are looked for
  assertEquals(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.exec(said), null);
  assertEquals(await objectsUnder(lab.s3, lab.names.bucket, "error/_redrive/"), []);
  const report = await outputOf(start(lab, "--profile", "work", "--yes"));
  assertMatch(report, /accepted 1 of 1 records/);
});

labTest(
  "redrive ends with an error where records have failed again, and advises no deletion then",
  1,
  async (lab) => {
    const { s3, names } = lab;
    await createActiveStream(lab);
    const put = (Key: string) =>
      s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body: errorLine("a") }));
    await put("error/1");
    const redrive = start(lab, "--wait", "3").output();
    await until("the record's acceptance", async () => {
      const notes = await objectsUnder(s3, names.bucket, `error/_redrive/${names.stream}/`);
      return notes.length >= 3 || undefined; // the run, the call, its end
    });
    await put("error/2"); // as Firehose writes it while the function still fails
    const { code, stdout } = await redrive;
    const text = new TextDecoder().decode(stdout);
    assertMatch(text, /accepted 1 of 1 records/);
    assertMatch(text, /FAILED AGAIN: since then 1 record failed .+: 1 Lambda\.FunctionError\./);
    assertEquals([code, text.includes("Delete them")], [1, false]);
  },
);

labTest(
  "redrive ends with an error where it could not read all, and never says that nothing failed",
  1,
  async (lab) => {
    const { s3, names } = lab;
    await createActiveStream(lab);
    await s3.send(
      new PutObjectCommand({
        Bucket: names.bucket,
        Key: "error/1",
        Body: `${errorLine("a").slice(0, 60)}\n`,
      }),
    );
    const report = async () => {
      const { code, stdout } = await start(lab, "--dry-run").output();
      return { code, text: new TextDecoder().decode(stdout) };
    };
    const nothing = await report();
    assertEquals([nothing.code, nothing.text.includes("No failed records")], [1, false]);
    assertMatch(nothing.text, /No record could be read in 1 error object\.\nNOT READ: 1 line/);
    assertMatch(nothing.text, / {2}error\/1, line 1: it is not JSON\n/);

    await s3.send(
      new PutObjectCommand({ Bucket: names.bucket, Key: "error/2", Body: errorLine("b") }),
    );
    const some = await report();
    assertEquals(some.code, 1);
    assertMatch(some.text, /1 failed record in 2 error objects\nNOT READ: 1 line/);
  },
);
