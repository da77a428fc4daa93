import { assertEquals } from "@std/assert";
import { PROJECT_DIR } from "../aws/place/sandbox_process.ts";
import { MEMORY_VARIABLES } from "../sandbox/memory_variables.ts";

Deno.test("the task sandbox, which the bench measures, sets what every other start sets", async () => {
  const { tasks }: { tasks: Record<string, string> } = JSON.parse(
    await Deno.readTextFile(`${PROJECT_DIR}/deno.json`),
  );
  const set = [...tasks.sandbox.matchAll(/([A-Z][A-Z0-9_]+)=(\S+)/g)];
  assertEquals(Object.fromEntries(set.map(([, name, value]) => [name, value])), MEMORY_VARIABLES);
});
