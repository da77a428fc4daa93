import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { clientsFor } from "./testing/clients.ts";
import { CHILD_ROOT_KEY, startSandboxChild } from "./testing/sandbox_child.ts";
import { tempFolder } from "./testing/temp_folder.ts";

/** Every file and folder in `folder`, with its mode if other people have any right. */
function openEntries(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    const mode = (Deno.statSync(path).mode ?? 0) & 0o777;
    const open = mode & 0o077 ? [`${mode.toString(8)} ${path}`] : [];
    return [...open, ...(isDirectory ? openEntries(path) : [])];
  });
}

Deno.test("a sandbox's files are for its owner alone, also with umask 0", async () => {
  using folder = tempFolder();
  const dataDir = join(folder.path, "data");
  const umask = Deno.umask(0);
  try {
    const child = await startSandboxChild({ dataDir, port: 0, speed: 60 });
    using root = clientsFor({ endpoint: child.endpoint, credentials: CHILD_ROOT_KEY });
    await root.s3.send(new CreateBucketCommand({ Bucket: "lake" }));
    const Body = new Uint8Array(300_000);
    await root.s3.send(new PutObjectCommand({ Bucket: "lake", Key: "k", Body }));
    assertEquals(openEntries(folder.path), []);
    assert(Deno.statSync(join(dataDir, "state.sqlite-wal")).isFile);
    assert([...Deno.readDirSync(join(dataDir, "objects"))].length > 0);
    await child.end("SIGTERM");
    assertEquals(openEntries(folder.path), []);
  } finally {
    Deno.umask(umask);
  }
});
