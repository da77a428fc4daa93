/** The import graph of the project itself, and that the rules see what they are about. */
import { assert, assertEquals } from "@std/assert";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import {
  circlesIn,
  type ImportGraph,
  readImportGraph,
  roomCircles,
  wrongArrows,
} from "./import_graph.ts";

/** Folders whose sub-folders are rooms. */
const HOUSES = ["lib/aws", "lib/sandbox/services/firehose", "lib/sandbox/services/lambda"];

const project = () => readImportGraph(PROJECT_DIR, ["lib", "lambda"]);

Deno.test("no file of the project imports itself by way of others, types included", async () => {
  const graph = await project();
  assert(graph.size > 500, "all files of lib/ and lambda/ were read");
  assertEquals(circlesIn(graph), []);
});

Deno.test("imports run in the README's direction, and services import no other", async () => {
  assertEquals(wrongArrows(await project()), []);
});

Deno.test("rooms do not import each other in circles", async () => {
  const graph = await project();
  for (const house of HOUSES) assertEquals(roomCircles(graph, house), [], house);
});

Deno.test("a circle is found, of two files and of more, and nothing else with it", () => {
  const graph: ImportGraph = new Map([
    ["a.ts", ["b.ts"]],
    ["b.ts", ["c.ts", "d.ts"]],
    ["c.ts", ["a.ts"]],
    ["d.ts", []],
    ["e.ts", ["f.ts", "a.ts"]],
    ["f.ts", ["e.ts"]],
  ]);
  assertEquals(circlesIn(graph).toSorted(), [["a.ts", "b.ts", "c.ts"], ["e.ts", "f.ts"]]);
});

Deno.test("a type that is imported counts, and so does one imported later", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/lib`);
    await Deno.writeTextFile(`${folder}/deno.json`, "{}");
    await Deno.writeTextFile(
      `${folder}/lib/a.ts`,
      'import type { B } from "./b.ts"; export type A = B;',
    );
    await Deno.writeTextFile(`${folder}/lib/b.ts`, 'export type B = 1; await import("./a.ts");');
    assertEquals(circlesIn(await readImportGraph(folder, ["lib"])), [["lib/a.ts", "lib/b.ts"]]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (
  const [from, to] of [
    ["lambda/handler.ts", "lib/data/gzip.ts"],
    ["lib/sandbox/clock.ts", "lib/data/gzip.ts"],
    ["lib/sandbox/http/gate_test.ts", "lib/aws/mod.ts"],
    ["lib/sandbox/clock_test.ts", "lambda/event.ts"],
    ["lib/view/cards.ts", "lib/aws/mod.ts"],
    ["lib/aws/mod.ts", "lib/tools/lab.ts"],
    ["lib/sandbox/services/s3/object.ts", "lib/sandbox/http/body.ts"],
    ["lib/sandbox/services/s3/object.ts", "lib/sandbox/services/iam/state.ts"],
    ["lib/sandbox/services/lambda/execution/environment.ts", "lib/sandbox/services/logs/state.ts"],
  ] as const
) {
  Deno.test(`${from} may not import ${to}`, () => {
    const [arrow] = wrongArrows(new Map([[from, [to]]]));
    assertEquals([arrow?.from, arrow?.to], [from, to]);
  });
}

for (
  const [from, to] of [
    ["lib/aws/mod.ts", "lambda/event.ts"],
    ["lib/aws/place/begin.ts", "lib/view/mod.ts"],
    ["lib/aws/pipeline_test.ts", "lib/sandbox/sandbox.ts"],
    ["lib/sandbox/services/s3/object.ts", "lib/sandbox/services/s3/state.ts"],
    ["lib/sandbox/services/firehose/testing.ts", "lib/sandbox/services/iam/state.ts"],
    ["lib/sandbox/services/logs/log_sink_test.ts", "lib/sandbox/services/iam/state.ts"],
    ["lib/sandbox/region.ts", "lib/sandbox/services/s3/service.ts"],
  ] as const
) {
  Deno.test(`${from} may import ${to}`, () => {
    assertEquals(wrongArrows(new Map([[from, [to]]])), []);
  });
}
