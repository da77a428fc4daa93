/** Functions of other runtimes than nodejs, in real processes of this machine. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createServer } from "node:net";
import { until } from "../../../testing/until.ts";
import { confinement } from "./confinement/support.ts";
import { environmentTest, type Fixture, type Tested } from "./environment_testing.ts";
import { findInterpreters } from "./python/interpreters.ts";

const MIB = 1024 * 1024;
const means = await confinement();
const missing = means.kind === "missing" ? means.reason : undefined;
/** The newest Python here; CI has one. */
const python = (await findInterpreters()).at(-1)?.version;

function hostTest(name: string, fixture: Fixture, run: (tested: Tested) => Promise<void>): void {
  const lacks = missing ?? (python === undefined ? "no Python that Lambda has" : undefined);
  if (lacks) return Deno.test({ name: `${name} (skipped: ${lacks})`, ignore: true, fn() {} });
  environmentTest(name, { runtime: `python${python}`, memorySizeMB: 256, ...fixture }, run);
}

const py = (body: string) => ({
  "index.py": `import os, socket, sys, subprocess\n\ndef handler(event, context):\n${
    body.split("\n").map((line) => `    ${line}`).join("\n")
  }\n`,
});

hostTest("Python: a handler is run warm, and its log is as on AWS", {
  files: {
    "index.py": `
import logging
n = 0
def handler(event, context):
    global n
    n += 1
    print("printed")
    logging.getLogger().warning("two\\nlines")
    return {"event": event, "n": n, "id": context.aws_request_id}
`,
  },
}, async ({ invoke, lines }) => {
  assertEquals((await invoke({ a: "ü" })).json, { event: { a: "ü" }, n: 1, id: "request-1" });
  assertEquals((await invoke(2)).json, { event: 2, n: 2, id: "request-2" });
  const [init, start, printed, warned, end, report] = await lines();
  assertMatch(init, new RegExp(`^INIT_START Runtime Version: python:${python}\\.v1\\t`));
  assertEquals([start, printed], ["START RequestId: request-1 Version: $LATEST\n", "printed\n"]);
  assertMatch(warned, /^\[WARNING\]\t\S+Z\trequest-1\ttwo\nlines\n/);
  assertEquals(end, "END RequestId: request-1\n");
  const memory = /^REPORT RequestId: request-1\t.*Max Memory Used: (\d+) MB\tInit Duration/.exec(
    report,
  );
  // The launcher that confines the process has more than 100 MB: it must not count.
  assert(Number(memory?.[1]) < 80, report);
});

hostTest("Python: an exception is the payload, with AWS's paths", {
  files: py(`raise ValueError("no such thing")`),
}, async ({ invoke }) => {
  const { json, errorType, log } = await invoke();
  assertEquals(errorType, "ValueError");
  const { errorMessage, stackTrace } = Object(json);
  assertEquals(errorMessage, "no such thing");
  assertStringIncludes(stackTrace[0], 'File "/var/task/index.py", line 4, in handler');
  assertStringIncludes(log, "[ERROR] ValueError: no such thing\nTraceback (most recent call last)");
});

hostTest("Python: a response too large is a 413, and the runtime ends and starts again", {
  files: py(`return "x" * (event - 2)`),
}, async ({ invoke }) => {
  assertEquals((await invoke(6_291_556)).payload.length, 6_291_556);
  const { errorType, log } = await invoke(6_291_557);
  assertEquals(errorType, "Function.ResponseSizeTooLarge");
  assertStringIncludes(log, "Failed to post handler success response. Http response code: 413.");
  assertStringIncludes(log, "RuntimeError: Failed to post invocation response");
  assertEquals((await invoke(4)).json, "xx");
});

// With `host` nothing is mounted: the bootstrap leads the function to its folders.
for (const lambdaRuntime of ["deno", "host"] as const) {
  hostTest(`Python: /tmp and /var/task are the function's folders, with ${lambdaRuntime}`, {
    lambdaRuntime,
    files: {
      ...py(`
import pathlib, shutil, tempfile, stat, zipfile
open("/tmp/a", "w").write("kept")
pathlib.Path("/tmp/d").mkdir()
shutil.copy("/tmp/a", "/tmp/d/b")
os.chmod("/tmp/d/b", 0o700)
with zipfile.ZipFile("/tmp/z.zip", "w") as z: z.write("/tmp/a", "a")
with tempfile.NamedTemporaryFile() as t: named = t.name
return [sorted(os.listdir("/tmp")), open("/var/task/data.txt").read(), os.environ["LAMBDA_TASK_ROOT"],
    stat.filemode(os.stat("/tmp/d/b").st_mode), os.path.exists("/tmp/z.zip"), "TMPDIR" in os.environ]`),
      "data.txt": "mine",
    },
  }, async ({ invoke, tmpFolder }) => {
    const { json } = await invoke();
    assertEquals(json, [["a", "d", "z.zip"], "mine", "/var/task", "-rwx------", true, false]);
    assertEquals(await Deno.readTextFile(`${tmpFolder}/d/b`), "kept");
  });
}

hostTest("Python: the function sees its own variables, and none that the sandbox adds", {
  files: py(`
added = ("MALLOC_", "_SANDBOX", "TMPDIR", "PYTHONPATH")
return {name: value for name, value in os.environ.items() if name.startswith(added)}`),
  variables: { MALLOC_TRIM_THRESHOLD_: "1048576" },
}, async ({ invoke }) => {
  assertEquals((await invoke()).json, { MALLOC_TRIM_THRESHOLD_: "1048576" });
});

hostTest("Python: boto3 is there, and calls the sandbox", {
  files: py(`
import boto3
client = boto3.client("firehose", region_name="us-east-1", endpoint_url="http://127.0.0.1:49",
    aws_access_key_id="a", aws_secret_access_key="b")
try: client.list_delivery_streams()
except Exception as error: return type(error).__name__ + str(error)`),
}, async ({ invoke }) => {
  // Nothing listens there: what counts is that it was let through.
  assertStringIncludes(String((await invoke()).json), "EndpointConnectionError");
});

// aws-xray-sdk 2.15.0 (PyPI) opens its socket when it is imported, and only sends.
hostTest("Python: a datagram is lost without an error, as X-Ray's and StatsD's clients expect", {
  files: py(`
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.setblocking(0)
connected = socket.socket(type=socket.SOCK_DGRAM)
connected.connect(("192.0.2.1", 8125))
return [one.sendto(b"abc", ("169.254.100.1", 2000)), one.sendto(b"abc", 0, ("192.0.2.1", 53)),
    connected.send(b"ab"), connected.sendmsg([b"a", b"bc"]), connected.sendall(b"a")]`),
}, async ({ invoke }) => {
  assertEquals((await invoke()).json, [3, 3, 2, 3, null]);
});

const TRIES = `
def tries(*functions):
    told = {}
    for name, function in functions:
        try: told[name] = repr(function())
        except BaseException as error: told[name] = type(error).__name__
    return told
def connect(port, host="127.0.0.1", kind=socket.SOCK_STREAM):
    one = socket.socket(type=kind)
    one.settimeout(3)
    one.connect((host, port))
`;

Deno.test({
  name: `Python: a function reaches no file of the user and no other port${
    missing ? ` (skipped: ${missing})` : ""
  }`,
  ignore: missing !== undefined || python === undefined,
  async fn(test) {
    const server = createServer((socket) => void socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const home = Deno.env.get("HOME") ?? "/";
    const secret = await Deno.makeTempFile({ dir: home, prefix: ".sandbox-test-" });
    await Deno.writeTextFile(secret, "secret");
    await Deno.chmod(secret, 0o644);
    try {
      await test.step("tries", async () => {
        const { openEnvironment } = await import("./environment_testing.ts");
        await using environment = await openEnvironment({
          runtime: `python${python}`,
          memorySizeMB: 256,
          files: {
            "index.py": `import _socket, os, socket, subprocess\n${TRIES}
def handler(event, context):
    home, secret, task, port, parent = (event[k] for k in ("home", "secret", "task", "port", "parent"))
    return tries(
        ("list home", lambda: os.listdir(home)),
        ("read", lambda: open(secret).read()),
        ("read by a program", lambda: subprocess.check_output(["/bin/cat", secret], stderr=-3)),
        ("passwd", lambda: open("/etc/passwd").read()),
        ("environ", lambda: open("/proc/%d/environ" % parent).read()),
        ("write home", lambda: open(home + "/x", "w")),
        ("write task", lambda: open(task + "/x", "w")),
        ("write /var/tmp", lambda: open("/var/tmp/x", "w")),
        ("link", lambda: (os.symlink(secret, "/tmp/link"), open("/tmp/link").read())),
        ("move", lambda: os.rename(secret, "/tmp/moved")),
        ("delete", lambda: os.remove(secret)),
        ("connect", lambda: connect(port)),
        ("connect out", lambda: connect(443, "192.0.2.1")),
        ("udp", lambda: _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)),
        ("unix", lambda: socket.socket(socket.AF_UNIX)),
        ("fast open", lambda: socket.socket().sendto(b"x", 0x20000000, ("127.0.0.1", port))),
        ("bind", lambda: socket.socket().bind(("127.0.0.1", 0))),
        ("listen", lambda: socket.socket().listen()),
        ("listen on ::", lambda: socket.socket(socket.AF_INET6).listen()),
        ("signal", lambda: os.kill(parent, 0)),
        ("memory that is no file", lambda: os.memfd_create("x")),
    )`,
          },
        });
        const { taskFolder: task } = environment;
        const { json } = await environment.invoke({ home, secret, task, port, parent: Deno.pid });
        const refusals = ["PermissionError", "FileNotFoundError", "CalledProcessError", "OSError"];
        for (const [what, told] of Object.entries(Object(json))) {
          assert(refusals.includes(String(told)), `${what}: ${told}`);
        }
        assertEquals(Object.keys(Object(json)).length, 21);
      });
      await test.step("mode, owner and attributes of a file that it may read stay", async () => {
        const { openEnvironment } = await import("./environment_testing.ts");
        await using environment = await openEnvironment({
          runtime: `python${python}`,
          memorySizeMB: 256,
          files: {
            "index.py": `import os
def handler(event, context):
    module = os.open(os.environ["LAMBDA_TASK_ROOT"] + "/index.py", os.O_RDONLY)
    before = os.fstat(module)
    for change in [
        lambda: os.fchmod(module, 0o777), lambda: os.utime(module, (1, 1)),
        lambda: os.fchown(module, 1, 1), lambda: os.setxattr(module, "user.mark", b"1"),
    ]:
        try: change()
        except OSError: pass
    after = os.fstat(module)
    kept = [getattr(before, name) == getattr(after, name) for name in ("st_mode", "st_mtime", "st_uid")]
    return [*kept, os.listxattr(module)]`,
          },
        });
        const { json } = await environment.invoke();
        const { namespace } = Object(await confinement());
        // Mode and times hang on mounts, which not every system allows.
        const [hasMode, hasTimes, ...rest] = Object(json);
        if (namespace) assertEquals([hasMode, hasTimes], [true, true]);
        assertEquals(rest, [true, []]);
      });
      await test.step("a mode of the user's files stays", async () => {
        const { openEnvironment } = await import("./environment_testing.ts");
        await using environment = await openEnvironment({
          runtime: "provided.al2023",
          files: { bootstrap: `#!/bin/sh\nchmod 777 ${secret}; exit 3\n` },
        });
        await environment.invoke();
        assertEquals(((await Deno.stat(secret)).mode ?? 0) & 0o777, 0o644);
      });
    } finally {
      await Deno.remove(secret);
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    }
  },
});

hostTest("Python: memory beyond the limit ends it, also that of its children", {
  memorySizeMB: 128,
  files: py(`
code = "kept = [b'x' * 1000000 for _ in iter(int, 1)]"
subprocess.run([sys.executable, "-c", code])`),
}, async ({ invoke }) => {
  assertEquals((await invoke()).errorType, "Runtime.OutOfMemory");
});

hostTest("Python: memory that forks share counts once", {
  memorySizeMB: 256,
  files: py(`
import time
kept = b"x" * 100000000
pids = []
for _ in range(4):
    pid = os.fork()
    if pid == 0:
        time.sleep(0.4)
        os._exit(0)
    pids.append(pid)
return [os.waitpid(pid, 0)[1] for pid in pids]`),
}, async ({ invoke }) => {
  assertEquals((await invoke()).json, [0, 0, 0, 0]);
});

hostTest("Python: a timeout ends all that the function started", {
  timeoutSeconds: 3,
  files: py(`
if event.get("stay"): return "stayed"
subprocess.run(["/bin/sh", "-c", "trap '' TERM; setsid sleep 300 & sleep 300"])`),
}, async ({ invoke }) => {
  assertEquals((await invoke()).errorType, "Sandbox.Timedout");
  // On a busy machine the new start too may take longer than a second.
  await until("a new start", async () => {
    return (await invoke({ stay: true })).json === "stayed" || undefined;
  });
});

hostTest("Python: what fills /tmp is ended; a file alone cannot be larger", {
  tmpBytesMax: 4 * MIB,
  files: py(`
try:
    with open("/tmp/x", "wb") as file: file.write(bytes(8000000))
except OSError as error:
    return error.errno`),
}, async ({ invoke }) => {
  assertEquals((await invoke()).json, 27); // EFBIG
});

hostTest("Python: a module that is not there, and one that does not parse", {
  files: { "index.py": "import absent" },
}, async ({ invoke }) => {
  const { errorType, json } = await invoke();
  assertEquals(errorType, "Runtime.ImportModuleError");
  assertEquals(
    Object(json).errorMessage,
    "Unable to import module 'index': No module named 'absent'",
  );
});

/** A runtime in a shell: it takes an event with curl and answers it. */
const SHELL = `#!/bin/sh
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
folder=$TMPDIR; [ "$folder" ] || folder=/tmp
while true; do
  event=$(curl -sS -D $folder/head $api/next) || exit 1
  id=$(sed -n 's/^lambda-runtime-aws-request-id: *//Ip' $folder/head | tr -d '\\r')
  echo "event $event"
  printf '{"got":%s,"handler":"%s"}' "$event" "$_HANDLER" |
    curl -sS --data-binary @- $api/$id/response > /dev/null
done
`;
const hasCurl = await new Deno.Command("curl", { args: ["--version"], stdout: "null" }).output()
  .then(({ success }) => success, () => false);

if (hasCurl) {
  hostTest("provided.al2023: the zip's bootstrap takes events and answers them", {
    runtime: "provided.al2023",
    handler: "any",
    files: { bootstrap: SHELL },
  }, async ({ invoke, lines }) => {
    assertEquals((await invoke({ a: 1 })).json, { got: { a: 1 }, handler: "any" });
    assertEquals((await invoke(2)).json, { got: 2, handler: "any" });
    const [init, , said] = await lines();
    assertMatch(init, /^INIT_START Runtime Version: provided:al2023\.v1\t/);
    assertEquals(said, 'event {"a":1}\n');
  });
}

const namespace = means.kind === "landlock" ? means.namespace : undefined;
if (namespace !== undefined) {
  hostTest("provided.al2023: /tmp and /var/task are its folders where the system lets it mount", {
    runtime: "provided.al2023",
    files: {
      bootstrap: SHELL.replace(
        'echo "event $event"',
        'echo kept > /tmp/kept; echo "$PWD $LAMBDA_TASK_ROOT $0 -$TMPDIR-" $(ls /tmp)',
      ),
    },
  }, async ({ invoke, lines, tmpFolder }) => {
    await invoke();
    const said = (await lines()).find((line) => line.includes(" -- "));
    assertEquals(said, "/var/task /var/task /var/task/bootstrap -- head kept\n");
    assertEquals(await Deno.readTextFile(`${tmpFolder}/kept`), "kept\n");
  });
}

for (
  const [files, reason] of [
    [{}, "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"],
    [
      { "bootstrap/x": "" },
      "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
    ],
  ] as const
) {
  hostTest(`provided: ${JSON.stringify(files)} has no bootstrap`, {
    runtime: "provided.al2",
    files,
  }, async ({ invoke }) => {
    const { errorType, json } = await invoke();
    assertEquals(errorType, "Runtime.InvalidEntrypoint");
    assertEquals(Object(json).errorMessage, `RequestId: request-1 Error: ${reason}`);
  });
}
