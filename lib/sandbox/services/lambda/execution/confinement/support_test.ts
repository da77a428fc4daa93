import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sandboxProfile } from "./macos.ts";
import { seccompFilter } from "./seccomp.ts";
import { judgeLandlock } from "./support.ts";

for (
  const [abi, expected] of [
    [0, "has no Landlock"],
    [3, "cannot limit the network; version 4 is needed"],
  ] as const
) {
  Deno.test(`a kernel with Landlock ${abi} does not suffice, and the reason says why`, () => {
    const judged = judgeLandlock(abi);
    assert(judged.kind === "missing");
    assertStringIncludes(judged.reason, expected);
  });
}

Deno.test("a kernel whose Landlock knows TCP ports suffices", () => {
  assertEquals(judgeLandlock(4), { kind: "landlock" });
});

Deno.test("a profile for macOS allows what its plan names, and nothing before that", () => {
  const plan = {
    program: "/p",
    args: [],
    env: {},
    mountedEnv: {},
    taskFolder: "/task",
    tmpFolder: "/tmp/x",
    reads: ['/a "b"'],
    writes: ["/tmp/x"],
    ports: [4566],
    fileBytesMax: 1,
  };
  const lines = sandboxProfile(plan).split("\n");
  assertEquals(lines.slice(0, 2), ["(version 1)", "(deny default)"]);
  assertEquals(lines.slice(-3), [
    '(allow file-read* (subpath "/a \\"b\\""))',
    '(allow file-read* file-write* (subpath "/tmp/x"))',
    '(allow network-outbound (remote tcp "localhost:4566"))',
  ]);
});

for (const arch of ["x86_64", "aarch64"] as const) {
  for (const hasSignalScope of [true, false]) {
    Deno.test(`every jump of the filter for ${arch} stays inside of it (signals scoped: ${hasSignalScope})`, () => {
      const bytes = seccompFilter({ arch, pid: 42, hasSignalScope });
      const view = new DataView(bytes.buffer);
      const count = bytes.length / 8;
      // The kernel takes 4,096 instructions, and refuses a filter that could run past its end.
      assert(count < 4_096);
      for (let place = 0; place < count; place++) {
        const isJump = (view.getUint16(place * 8, true) & 0x07) === 0x05;
        const [ifTrue, ifFalse] = [2, 3].map((offset) => view.getUint8(place * 8 + offset));
        if (isJump) assert(place + 1 + Math.max(ifTrue, ifFalse) < count, `at ${place}`);
      }
      assertEquals(view.getUint16((count - 1) * 8, true), 0x06, "it ends with an answer");
    });
  }
}
