import { assertEquals } from "@std/assert";
import { Folders } from "./folders.mjs";

Deno.test("the runtime's own files are found where a clone lies below this machine's /tmp", () => {
  const sdkFolder = "/tmp/clone/.runtimes/node-sdk";
  const folders = new Folders({ taskFolder: "/data/task", tmpFolder: "/data/tmp", sdkFolder });
  assertEquals(folders.toReal(`${sdkFolder}/node_modules`), `${sdkFolder}/node_modules`);
  assertEquals(folders.toReal("/tmp/clone/.runtimes/other"), "/data/tmp/clone/.runtimes/other");
  assertEquals(folders.toReal("/var/task/index.mjs"), "/data/task/index.mjs");
});
