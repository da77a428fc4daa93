import { assertEquals } from "@std/assert";

const BOOTSTRAP = new URL("./bootstrap.py", import.meta.url).pathname;

/** Where the bootstrap finds these paths, if Python and its packages lie in /tmp/clone. */
const PROGRAM = `
import importlib.util, json, os, sys
sys.prefix = "/tmp/clone/.runtimes/python"
spec = importlib.util.spec_from_file_location("bootstrap", ${JSON.stringify(BOOTSTRAP)})
bootstrap = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bootstrap)
paths = ["/tmp/x", "/tmp/clone/.runtimes/python/lib/data.json", "/var/task/f.py", "/data/tmp/x", "/etc/hosts"]
print(json.dumps([bootstrap.real_path(path) for path in paths]))
`;

Deno.test("A python function's /tmp is its own folder, and its packages are found also where the project lies under /tmp", async () => {
  const { stdout } = await new Deno.Command("python3", {
    args: ["-c", PROGRAM],
    env: {
      LAMBDA_TASK_ROOT: "/var/task",
      _SANDBOX_TASK_FOLDER: "/data/task",
      _SANDBOX_TMP_FOLDER: "/data/tmp",
    },
  }).output();
  assertEquals(JSON.parse(new TextDecoder().decode(stdout)), [
    "/data/tmp/x",
    "/tmp/clone/.runtimes/python/lib/data.json",
    "/data/task/f.py",
    "/data/tmp/x",
    "/etc/hosts",
  ]);
});
