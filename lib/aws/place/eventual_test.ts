import { assertEquals, assertRejects } from "@std/assert";
import { printed } from "../testing.ts";
import { onceKeyIsKnown, onceUserMayAct } from "./eventual.ts";

/** A call that is refused once, with an error of this name. */
function refusedOnce(name: string) {
  const calls: number[] = [];
  const act = () => {
    calls.push(calls.length + 1);
    if (calls.length > 1) return Promise.resolve("done");
    return Promise.reject(Object.assign(new Error("not yet"), { name }));
  };
  return { act, calls };
}

for (
  const [once, name] of [
    [onceKeyIsKnown, "InvalidAccessKeyId"], // S3's name for an unknown key
    [onceUserMayAct, "AccessDenied"], // S3 knows the key, and not yet the policy
  ] as const
) {
  Deno.test(`${once.name}() calls again after ${name}`, async () => {
    const { act, calls } = refusedOnce(name);
    await printed(async () => assertEquals(await once(act), "done"));
    assertEquals(calls, [1, 2]);
  });
}

Deno.test("onceKeyIsKnown() takes AccessDenied as an answer: AWS knows who asks", async () => {
  const { act, calls } = refusedOnce("AccessDenied");
  await printed(async () => void await assertRejects(() => onceKeyIsKnown(act), Error, "not yet"));
  assertEquals(calls, [1]);
});
