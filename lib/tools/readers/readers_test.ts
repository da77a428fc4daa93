/**
 * The readers that need no installing, on fresh objects, against the table: a new version of one that
 * changes its mind is seen here.
 */
import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { eventOf } from "../../../lambda/sample_event.ts";
import { gzipWith } from "../../../lambda/testing.ts";
import { type Strategy, transform } from "../../../lambda/transform.ts";
import { gzipJson } from "../../data/gzip.ts";
import { readerResults } from "../../readers/results.ts";
import { readInChromium } from "./chromium.ts";
import { resultsIn } from "./evaluate.ts";
import { documents } from "./objects.ts";
import { PARTS } from "./parts.ts";
import type { Plan } from "./plan.ts";
import { hasProgram, run } from "./program.ts";
import { readersPage } from "./table.ts";

const COUNT = 600;
const BATCH = 200;

/** An object as a function makes it of three batches. */
function objectOf(strategy: Strategy): Buffer {
  const sent = documents(COUNT).map((document) => gzipJson(document));
  const batches = [0, 1, 2].map((batch) => sent.slice(batch * BATCH, (batch + 1) * BATCH));
  const answers = batches.flatMap((some) =>
    transform(eventOf(some), { strategy }).response.records
  );
  return Buffer.concat(
    answers.flatMap((answer) => answer.result === "Ok" ? [Buffer.from(answer.data, "base64")] : []),
  );
}

function objects(): Record<string, Buffer> {
  const lines = objectOf("drop-and-reingest");
  const half = lines.indexOf("\n", lines.length / 2) + 1;
  return {
    oneMember: gzipSync(lines),
    functionLines: gzipSync(lines),
    keptMembers: objectOf("keep-compressed"),
    mergedMembers: objectOf("merge-compressed"),
    headerFields: Buffer.concat([
      gzipWith(lines.subarray(0, half), { comment: "a comment", isText: true }),
      gzipWith(lines.subarray(half), { hasChecksum: true }),
    ]),
  };
}

/** Runs `act` with the objects as files and over HTTP with `Content-Encoding: gzip`. */
async function withPlan(act: (plan: Plan, planPath: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const made = objects();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const bytes = made[new URL(request.url).pathname.slice(1)];
    return new Response(Uint8Array.from(bytes), { headers: { "content-encoding": "gzip" } });
  });
  try {
    const files: Record<string, string> = {};
    for (const [name, bytes] of Object.entries(made)) {
      files[name] = join(folder, `${name}.json.gz`);
      await Deno.writeFile(files[name], bytes);
    }
    const at = `http://127.0.0.1:${server.addr.port}`;
    const urls = { httpOneMember: `${at}/oneMember`, httpMembers: `${at}/keptMembers` };
    const s3 = { endpoint: "", region: "", bucket: "", accessKeyId: "", secretAccessKey: "" };
    const plan = { files, urls, keys: {}, folders: {}, s3 };
    const planPath = join(folder, "plan.json");
    await Deno.writeTextFile(planPath, JSON.stringify(plan));
    await act(plan, planPath);
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Node 24's DecompressionStream refuses what follows the first member; 20 and 22 read it. */
const NODE_24 = /^Node DecompressionStream (2[4-9]|[3-9]\d)\./;

function expectedOutcome(reader: string, version: string, name: string): string | undefined {
  if (NODE_24.test(`${reader} ${version}`) && /Members|Fields/.test(name)) return "error";
  return readerResults().results.find((result) => result.reader === reader && result.case === name)
    ?.outcome;
}

const pathOf = (script: string) => new URL(script, import.meta.url).pathname;
const PYTHON_READERS = ["Python gzip.open", "Python zlib.decompress(data, 31)"];

for (
  const { part, program, read } of [
    {
      part: "Python",
      program: "python3",
      read: async (_: Plan, planPath: string) => {
        const script = pathOf("python/read.py");
        const printed = PYTHON_READERS.map((name) => run("python3", [script, planPath, name]));
        return (await Promise.all(printed)).join("");
      },
    },
    {
      part: "Node",
      program: "node",
      read: (_: Plan, planPath: string) => run("node", [pathOf("javascript/read.mjs"), planPath]),
    },
    {
      part: "Deno",
      program: Deno.execPath(),
      read: (plan: Plan, planPath: string) => PARTS.Deno.read({ plan, planPath, folder: "" }),
    },
    { part: "Chromium", program: "chromium", read: (plan: Plan) => readInChromium(plan) },
  ]
) {
  Deno.test({
    name: `the readers of ${part} do what docs/readers.md says`,
    ignore: !await hasProgram(program),
    fn: () =>
      withPlan(async (plan, planPath) => {
        const found = resultsIn(await read(plan, planPath), part, COUNT);
        assert(found.length > 5, `${found.length} results`);
        const outcomes = found.map(({ reader, version, case: name, outcome }) =>
          `${reader} ${version}, ${name}: ${outcome}`
        );
        const expected = found.map(({ reader, version, case: name }) =>
          `${reader} ${version}, ${name}: ${expectedOutcome(reader, version, name)}`
        );
        assertEquals(outcomes, expected);
      }),
  });
}

Deno.test("resultsIn() tells right, wrong, doubled and refused apart", () => {
  const line = (got: object) =>
    `${JSON.stringify({ reader: "r", version: "1", case: "lines", ...got })}\n`;
  const printed = [
    line({ ids: [2, 0, 1] }),
    line({ ids: [0] }),
    line({ ids: [0, 1, 1] }),
    line({ ids: [0, 1, 7] }),
    line({ error: "Bad: /home/me/plan.json\n is not gzip" }),
    line({ got: "1, 2; 2 rows" }),
    line({ case: "lateDecimal", got: "40500" }),
    line({ case: "lateDecimal", got: "41000" }),
    "a warning\n",
  ];
  assertEquals(
    resultsIn(printed.join(""), "Python", 3).map(({ outcome, got }) => [outcome, got]),
    [
      ["right", "all"],
      ["wrong", "1 of 3 rows"],
      ["wrong", "3 of 3 rows, 1 of them again"],
      ["wrong", "3 of 3 rows"],
      ["error", "Bad: …/plan.json is not gzip"],
      ["seen", "1, 2; 2 rows"],
      ["right", "40500"],
      ["wrong", "41000"],
    ],
  );
});

Deno.test("docs/readers.md shows the results, and which parts were kept", async () => {
  const page = await Deno.readTextFile(new URL("../../../docs/readers.md", import.meta.url));
  for (const { reader, version } of readerResults().results) {
    assert(page.includes(`${reader} ${version}`), reader);
  }
  const { measured, results } = readerResults();
  const kept = readersPage({ measured: { ...measured, Go: "2026-01-01" }, results }, 6_000);
  assertEquals(kept.match(/^- .*kept from then.*$/gm), [
    "- Go: 2026-01-01 (kept from then; not part of the last run)",
  ]);
});
