/**
 * `rehearse` with 100,000 records of 1 KB: what an invocation costs beside the bare function, the memory
 * of many records, and the time to the first answer.
 * @module
 */

import { join } from "node:path";
import { type BatchRange, batchRanges, MIB } from "../../aws/rehearse/batches.ts";
import { sendAll } from "../../aws/rehearse/measure.ts";
import { ownCode } from "../../aws/rehearse/own_code.ts";
import { RecordSpool } from "../../aws/rehearse/record_spool.ts";
import { startRehearsal } from "../../aws/rehearse/rehearsal.ts";
import { findInterpreters } from "../../sandbox/services/lambda/execution/python/interpreters.ts";
import { lambdaEvent } from "../../sandbox/services/firehose/processing/lambda_event.ts";
import type { Row } from "./row.ts";

const RECORDS = 100_000;
const RECORD_BYTES = 1_000;
const TURNS = 5;

/** What a transform does at least: it decodes, reads, and encodes each record. */
const FUNCTION = `import base64
import json


def handler(event, context):
    return {"records": [answer_of(record) for record in event["records"]]}


def answer_of(record):
    document = base64.b64decode(record["data"])
    fields = json.loads(document)
    keys = {"database": fields["database"], "table": fields["table"]}
    data = base64.b64encode(document + b"\\n").decode()
    return {"recordId": record["recordId"], "result": "Ok", "data": data, "metadata": {"partitionKeys": keys}}
`;

/**
 * The bare loop: for each event its bytes are read as JSON, the handler is called, and its answer is
 * written as JSON in bytes. No invocation can do without these three. Says its seconds once for each
 * line that it reads.
 */
const BARE = `import json, struct, sys, time
from transform import handler
events = []
with open(sys.argv[1], "rb") as file:
    while size := file.read(4):
        events.append(file.read(struct.unpack(">I", size)[0]))
for _ in sys.stdin:
    began = time.perf_counter()
    for event in events:
        json.dumps(handler(json.loads(event), None)).encode()
    print(time.perf_counter() - began, flush=True)
`;

/** Seconds of one turn. */
type Turn = () => Promise<number>;

/**
 * In turns, so that what disturbs disturbs both; the medians count. The function's environment runs
 * already. What counts is the time until all answers are judged.
 */
export const rehearseSpeed: Row = async ({ folder }) => {
  const [interpreter] = (await findInterpreters()).slice(-1);
  if (!interpreter) throw new Error("there is no Python that Lambda has");
  const transform = join(folder, "transform.py");
  await Deno.writeTextFile(transform, FUNCTION);
  using records = madeRecords();
  const ranges = batchRanges(records.sizes, MIB);
  const runtime = `python${interpreter.version}`;
  const code = await ownCode(transform, { runtime, pythonMinor: 0 });
  const settings = { memoryMB: 512, timeoutSeconds: 60, variables: {} };
  await using rehearsal = await startRehearsal(code, records, { settings });
  await using bare = await bareLoop(interpreter.program, folder, records, ranges);
  const ours: number[] = [];
  const others: number[] = [];
  await rehearsal.attempt(0, 10);
  for (let turn = 0; turn < TURNS; turn++) {
    others.push(await bare.turn());
    const beganMs = performance.now();
    await sendAll((start, end) => rehearsal.attempt(start, end), ranges);
    ours.push((performance.now() - beganMs) / 1000);
  }
  const ratio = median(ours) / median(others);
  return [{
    measured: `rehearse ${RECORDS.toLocaleString("en")} × 1 KB by ${runtime}, to the bare loop`,
    figure: `${ratio.toFixed(2)}  (${median(ours).toFixed(2)} to ${median(others).toFixed(2)} s)`,
    aim: "at most 1.3",
    cost: ratio,
    costMax: 1.3,
  }];
};

function madeRecords(): RecordSpool {
  const records = new RecordSpool();
  const encoder = new TextEncoder();
  for (let id = 0; id < RECORDS; id++) {
    const head = `{"id":"${`${id}`.padStart(8, "0")}","database":"shop","table":"orders","text":"`;
    records.add(encoder.encode(`${head.padEnd(RECORD_BYTES - 2, "a")}"}`));
  }
  return records;
}

/** A Python that has all events in memory, and goes through them when it is told. */
async function bareLoop(
  program: string,
  folder: string,
  records: RecordSpool,
  ranges: readonly BatchRange[],
): Promise<{ readonly turn: Turn } & AsyncDisposable> {
  const [script, events] = [join(folder, "bare.py"), join(folder, "events")];
  await Deno.writeTextFile(script, BARE);
  await writeEvents(events, records, ranges);
  const child = new Deno.Command(program, {
    args: [script, events],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const lines = linesOf(child.stdout);
  return {
    turn: async () => {
      await writer.write(new TextEncoder().encode("go\n"));
      const { value } = await lines.next();
      if (value === undefined) throw new Error("the bare loop has ended");
      return Number(value);
    },
    [Symbol.asyncDispose]: async () => {
      await writer.close();
      await child.status;
    },
  };
}

async function writeEvents(path: string, records: RecordSpool, ranges: readonly BatchRange[]) {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  for (const { start, end } of ranges) {
    const event = lambdaEvent({
      invocationId: crypto.randomUUID(),
      deliveryStreamArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/rehearsal",
      region: "us-east-1",
      records: records.slice(start, end).map((data, index) => ({
        recordId: `${"4".repeat(44)}${`${start + index}`.padStart(12, "0")}000000`,
        data,
        rawData: data,
        sourceBytes: data.length,
        arrivalMs: 1_764_000_000_000,
      })),
    });
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, event.length);
    await writer.write(size);
    await writer.write(event);
  }
  await writer.close();
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
  return undefined;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

// --- the whole command ----------------------------------------------------------------------------

/** Of the file whose records are repeated. */
const FILE_RECORDS = 1_000;
const MEMORY_TURNS = 3;

/** Memory with four times as many records, and when the first answer is on the screen. */
export const rehearseMemory: Row = async ({ folder }) => {
  const [transform, file] = [join(folder, "transform.py"), join(folder, "records.ndjson")];
  await Deno.writeTextFile(transform, FUNCTION);
  using records = madeRecords();
  const lines = records.slice(0, FILE_RECORDS).map((data) => new TextDecoder().decode(data));
  await Deno.writeTextFile(file, lines.join("\n"));
  const megabytesOf = async (count: number) =>
    (await command([transform, "--records", file, "--count", `${count}`])).megabytes;
  const [fewRuns, manyRuns]: [number[], number[]] = [[], []];
  // When V8 collects garbage differs from run to run, and a peak with it: in turns, and the medians count.
  for (let turn = 0; turn < MEMORY_TURNS; turn++) {
    fewRuns.push(await megabytesOf(RECORDS));
    manyRuns.push(await megabytesOf(4 * RECORDS));
  }
  const [few, many] = [median(fewRuns), median(manyRuns)];
  return [
    {
      measured: "rehearse: memory with 400,000 records of 1 KB, to 100,000",
      figure: `${(many / few).toFixed(2)}  (${many.toFixed(0)} to ${few.toFixed(0)} MB)`,
      aim: "at most 1.1",
      cost: many / few,
      costMax: 1.1,
    },
    {
      measured: "rehearse: first answer on the screen, 1,000 records of 1 KB",
      figure: `${(await command([transform, "--records", file])).firstAnswerSeconds.toFixed(1)} s`,
      aim: "3 s",
    },
  ];
};

/** Runs the task, and says how much memory its process had at most, as GNU time counts it. */
async function command(args: readonly string[]) {
  const beganMs = performance.now();
  const child = new Deno.Command("/usr/bin/time", {
    args: ["-f", "%M KiB", Deno.execPath(), "task", "--quiet", "rehearse", ...args],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let firstAnswerSeconds = Infinity;
  let last = "";
  for await (const line of linesOf(child.stderr)) {
    if (firstAnswerSeconds === Infinity && line.startsWith("Batch 1 of")) {
      firstAnswerSeconds = (performance.now() - beganMs) / 1000;
    }
    last = line;
  }
  const { success } = await child.status;
  if (!success) throw new Error(`rehearse failed: ${last}`);
  const [, kib] = /^(\d+) KiB$/.exec(last) ?? [];
  return { megabytes: Number(kib) * 1024 / 1e6, firstAnswerSeconds };
}
