import { assertEquals, assertRejects } from "@std/assert";
import {
  askInterpreter,
  findInterpreter,
  findInterpreters,
  type Interpreter,
} from "./interpreters.ts";
import { nearestOf, Python } from "./python.ts";

const versions = (...names: string[]): Interpreter[] =>
  names.map((version) => ({ version, program: "", command: "", folders: [] }));

for (
  const [here, wanted, nearest] of [
    [["3.9", "3.11", "3.13"], "3.14", "3.13"],
    [["3.9", "3.11", "3.13"], "3.12", "3.13"],
    [["3.9", "3.11"], "3.10", "3.11"],
    [[], "3.10", undefined],
  ] as const
) {
  Deno.test(`of ${here.join(", ") || "no versions"} the nearest to ${wanted} is ${nearest}`, () => {
    assertEquals(nearestOf(versions(...here), wanted)?.version, nearest);
  });
}

Deno.test("a program that is no Python is no interpreter", async () => {
  assertEquals(await askInterpreter("/bin/true"), undefined);
  assertEquals(await askInterpreter("/no/such/python"), undefined);
  assertEquals(await findInterpreters(["/no/such/folder"]), []);
});

Deno.test("a Python that is not here is refused unless the nearest is asked for", async () => {
  const options = { folder: "/nowhere", onProgress: () => {} };
  const here = await findInterpreters();
  const strict = new Python({ ...options, choice: undefined });
  await assertRejects(() => strict.interpreter("python3.99"), Error, "there is no Python 3.99");
  const [one] = here;
  if (!one) return;
  // It may be here as python3 alone: it is then found among all.
  assertEquals((await findInterpreter(one.version))?.version ?? one.version, one.version);
  assertEquals(await findInterpreter("3.99"), undefined);
  const lenient = new Python({ ...options, choice: "nearest" });
  assertEquals((await lenient.interpreter("python3.99")).version, here.at(-1)?.version);
  const chosen = new Python({ ...options, choice: one.program });
  assertEquals((await chosen.interpreter("python3.14")).version, one.version);
});
