import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { isGzip } from "../aws/rehearse/records.ts";
import { until } from "../sandbox/testing/until.ts";
import { wantedOf } from "./rehearse_options.ts";

const TOOL = new URL("./rehearse.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const EXAMPLES = new URL("../../examples/rehearse/", import.meta.url).pathname;

async function rehearse(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", CONFIG, TOOL, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const [out, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, said };
}

Deno.test("rehearse says what a naive Node function does to records that compress well, and what helps", async () => {
  const file = await Deno.makeTempFile();
  const { code, out, said } = await rehearse(
    join(EXAMPLES, "naive.mjs"),
    ...["--like", "bytes=100000,ratio=20", "--count", "100", "--failed", file],
  );
  const failed = (await Deno.readTextFile(file)).trimEnd().split("\n");
  await Deno.remove(file);
  assertEquals(code, 1);
  assertEquals(failed.length, 100);
  const { errorCode, rawData } = JSON.parse(failed[99]);
  assertEquals([errorCode, isGzip(Buffer.from(rawData, "base64"))], ["Lambda.FunctionError", true]);
  assertStringIncludes(said, "guessed handler naive.handler, runtime nodejs22.x");
  assertStringIncludes(out, "413: too large, about 13,3");
  assertStringIncludes(out, "Lambda.FunctionError: 100");
  assertStringIncludes(out, "4 invocations fail");
  // 100,000 bytes are 133,400 as an answer: 47 fit, and 47 records of 5,000 bytes are 0.2 MiB.
  assertStringIncludes(out, "Safe setting for these records: BufferSizeInMBs 0.2");
  assertStringIncludes(out, "none is too large. 100 records are Ok");
});

Deno.test("rehearse at the safe setting ends with 0, and expectations are held against it", async () => {
  const args = [join(EXAMPLES, "naive.mjs"), "--like", "bytes=100000,ratio=20", "--count", "100"];
  const safe = await rehearse(...args, "--buffer-mb", "0.2", "--expect", "ok=100", "--json");
  assertEquals(safe.code, 0);
  const { ok, lost, batches, perMillionRecords, invocations, safe: advice } = JSON.parse(safe.out);
  assertEquals([lost, invocations.failed, advice.megabytes], [0, 0, 0.2]);
  assertEquals([ok, batches.length, batches[0].records], [100, 3, 41]);
  assertEquals(perMillionRecords.lambdaInvocations, 30_000);
  const page = await Deno.makeTempFile({ suffix: ".html" });
  const strict = await rehearse(
    ...args,
    ...["--buffer-mb", "0.2", "--max-response-mb", "1", "--html", page],
  );
  const written = await Deno.readTextFile(page);
  await Deno.remove(page);
  assertStringIncludes(written, "<svg");
  assertStringIncludes(written, "1: 41 records");
  assertStringIncludes(written, "1: response");
  assertEquals(strict.code, 1);
  assertStringIncludes(strict.out, "more than 1,000,000");
});

for (
  const [args, said] of [
    [[], "Name one function"],
    [["f.mjs"], "Name records"],
    [["f.mjs", "--like", "x"], "bytes=25000,ratio=40"],
    [["f.mjs", "--like", "bytes=1000,ratio=2", "--buffer-mb", "9"], "from 0.2 to 3"],
    [["f.mjs", "--like", "bytes=1000,ratio=2", "--expect", "good=1"], "ok=500"],
    [["f.mjs", "--like", "bytes=1000,ratio=2", "--architecture", "arm"], "x86_64 or arm64"],
    [["f.mjs", "--like", "bytes=1000,ratio=2", "--partition-quota", "0"], "from 1 to 100000"],
    [["f.mjs", "--like", "bytes=1000,ratio=2", "--hours", "2"], "--rate 5000/s"],
    [["f.mjs", "--like", "bytes=1000,ratio=2", "--rate", "5000"], "300000/min"],
    [
      ["f.mjs", "--like", "bytes=1000,ratio=2", "--rate", "5/s", "--region", "eu-west-1"],
      "eu-west-1",
    ],
  ] as const
) {
  Deno.test(`rehearse ${args.join(" ")} is wrong use, and says why`, async () => {
    await assertRejects(() => wantedOf(args), Error, said);
  });
}

Deno.test("rehearse overwrites nothing that it reads, and says before it runs what can't be written", async () => {
  const folder = await Deno.makeTempDir();
  const records = join(folder, "records.ndjson");
  await Deno.writeTextFile(records, "{}\n");
  await Deno.symlink(records, join(folder, "link"));
  for (
    const [args, said] of [
      [["--failed", records], "uses this file already"],
      [["--failed", join(folder, "link")], "uses this file already"],
      [["--html", join(EXAMPLES, "naive.mjs")], "uses this file already"],
      [["--failed", join(folder, "new"), "--html", join(folder, "new")], "uses this file already"],
      [["--html", folder], "it is a folder"],
      [["--html", join(folder, "no/report.html")], "there is no folder"],
    ] as const
  ) {
    const all = [join(EXAMPLES, "naive.mjs"), "--records", records, ...args];
    await assertRejects(() => wantedOf(all), Error, said);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("rehearse reads the variables of --env-file, and refuses a line that sets nothing", async () => {
  const file = await Deno.makeTempFile();
  const args = ["f.mjs", "--like", "bytes=1000,ratio=2", "--env-file", file];
  const lines = ["# don't", "export MODE='a", "b'", "", "URL=http://x?a=b"];
  await Deno.writeTextFile(file, lines.join("\r\n"));
  const wanted = await wantedOf(args);
  assert(wanted !== "help");
  assertEquals(Object.keys(wanted.variables), ["MODE", "URL"]);
  await Deno.writeTextFile(file, [...lines, "NAME"].join("\n"));
  await assertRejects(() => wantedOf(args), Error, 'write NAME=value, not "NAME"');
  await Deno.remove(file);
  await assertRejects(() => wantedOf(args), Error, `--env-file ${file} can't be read: there is no`);
});

Deno.test("rehearse ends with 2 for a function that is not there", async () => {
  const { code, said } = await rehearse("there-is-none.mjs", "--like", "bytes=1000,ratio=2");
  assertEquals(code, 2);
  assertStringIncludes(said, "there-is-none.mjs");
});

Deno.test("--gzip-each leaves records as they are that are gzip already", async () => {
  const file = await Deno.makeTempFile();
  const rawData = gzipSync('{"a":1}').toString("base64");
  await Deno.writeTextFile(file, JSON.stringify({ errorCode: "Lambda.FunctionError", rawData }));
  const wanted = await wantedOf(["f.mjs", "--records", file, "--gzip-each"]);
  await Deno.remove(file);
  assert(wanted !== "help");
  assertEquals(gunzipSync(wanted.records.slice(0, 1)[0]).toString(), '{"a":1}');
});

Deno.test({
  name: "Ctrl-C ends a rehearsal and its function, also one in an endless loop",
  ignore: Deno.build.os !== "linux", // processes are found in /proc
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const path = join(folder, "loop.mjs");
    await Deno.writeTextFile(path, "export const handler = () => { while (true); };\n");
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--no-check", "--config", CONFIG, TOOL, path],
        ...["--like", "bytes=100,ratio=1", "--count", "1"],
      ],
      ...{ stdout: "null", stderr: "piped", env: { NO_COLOR: "1", TMPDIR: folder } },
    }).spawn();
    const looping = await until("a function that loops", () => {
      const busy = childrenOf(child.pid).filter((pid) => processorTicks(pid) > 50);
      return Promise.resolve(busy.length > 0 ? busy : undefined);
    });
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    assertEquals(code, 130);
    assertStringIncludes(new TextDecoder().decode(stderr), "Stopped. There is no report.");
    assertEquals(looping.filter((pid) => processorTicks(pid) > 0), []);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["loop.mjs"]);
    await Deno.remove(folder, { recursive: true });
  },
});

function childrenOf(pid: number): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((child) =>
    child > 0 && Number(statOf(child)[1]) === pid
  );
}

/** Hundredths of a second in which the process ran its own code; 0 once it has ended. */
const processorTicks = (pid: number) => Number(statOf(pid)[11] ?? 0);

/** The fields of `/proc/PID/stat` from the state on: a name in brackets is before it. */
function statOf(pid: number): string[] {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
