import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { nodeProgram } from "./node_program.ts";

Deno.test("nodeProgram() is the first real node on the path that can be run", async () => {
  const folder = await Deno.makeTempDir();
  const [plain, shim, program] = ["a", "node_compat_bin", "b"].map((name) => join(folder, name));
  for (const [place, mode] of [[plain, 0o644], [shim, 0o755], [program, 0o755]] as const) {
    await Deno.mkdir(place);
    await Deno.writeTextFile(join(place, "node"), "", { mode });
  }
  assertEquals(nodeProgram(`${folder}::${plain}:${shim}:${program}`), join(program, "node"));
  assertEquals(nodeProgram(plain), undefined);
  await Deno.remove(folder, { recursive: true });
});
