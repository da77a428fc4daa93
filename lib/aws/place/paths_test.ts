import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { shortPath } from "./paths.ts";
import { PROJECT_DIR } from "./sandbox_process.ts";

Deno.test("shortPath() is seen from the project or from home, any other stays whole", () => {
  const home = Deno.env.get("HOME");
  try {
    Deno.env.set("HOME", "/home/reader");
    assertEquals(shortPath(join(PROJECT_DIR, ".sandbox/aws/config")), ".sandbox/aws/config");
    assertEquals(shortPath("/home/reader/.aws/config"), "~/.aws/config");
    assertEquals(shortPath("/home/readers/config"), "/home/readers/config");
  } finally {
    if (home !== undefined) Deno.env.set("HOME", home);
  }
});
