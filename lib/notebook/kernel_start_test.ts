import { assertEquals, assertThrows } from "@std/assert";
import { kernelStartCode, removeStandIns } from "./kernel_start.ts";

/** A global object on which a kernel with these names has started. */
function startedKernel(...names: string[]): Record<string, unknown> {
  const target = { known: 1 };
  new Function("globalThis", kernelStartCode(names))(target);
  return target;
}

Deno.test("a name that is read before the setup cell has run says to run the setup cell", () => {
  const kernel = startedKernel("aws");
  assertThrows(() => kernel.aws, ReferenceError, 'This cell needs "aws". Run the setup cell first');
});

Deno.test("a name that means something already keeps its meaning", () => {
  assertEquals(startedKernel("known").known, 1);
});

Deno.test("removeStandIns() leaves what was assigned, and nothing else", () => {
  const kernel = startedKernel("aws", "people");
  kernel.people = 8;
  removeStandIns(kernel);
  assertEquals({ ...kernel }, { known: 1, people: 8 });
  assertEquals(Reflect.ownKeys(kernel), ["known", "people"]);
  removeStandIns(kernel); // a kernel that was started without the code
});
