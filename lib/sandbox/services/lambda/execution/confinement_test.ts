/** What a function cannot reach, keep or use up, by functions that try. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createServer } from "node:http";
import { hostname, userInfo } from "node:os";
import { until } from "../../../testing/until.ts";
import { cjs, environmentTest, openEnvironment } from "./environment_testing.ts";
import { readMemoryFromPs } from "./process_memory.ts";

const MIB = 1024 * 1024;

/** Listens on a free port of 127.0.0.1 and counts who comes. */
async function openServer() {
  let visits = 0;
  const server = createServer((_, response) => response.end("hi"));
  server.on("connection", () => visits++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    visits: () => visits,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

const PROXY_NAMES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"];

for (
  const [how, variablesOf, prelude] of [
    ["a variable of the function", (proxy: string) => pairs(proxy), ""],
    [
      "a variable that the function sets",
      () => ({}),
      "for (const name of event.names) process.env[name] = event.proxy;",
    ],
  ] as const
) {
  Deno.test(`no request of a function goes through a proxy: ${how}`, async () => {
    await using proxy = await openServer();
    await using sandbox = await openServer();
    await using environment = await openEnvironment({
      sandboxEndpoint: sandbox.endpoint,
      variables: variablesOf(proxy.endpoint),
      files: cjs(`async (event) => {
        ${prelude}
        const failed = [];
        for (const url of [event.sandbox, "http://192.0.2.1/", "https://192.0.2.1/"]) {
          await fetch(url).catch((error) => failed.push(url));
        }
        try { new WebSocket("wss://192.0.2.1/").onerror = () => {} } catch { failed.push("wss") }
        return failed;
      }`),
    });
    const event = { names: PROXY_NAMES, proxy: proxy.endpoint, sandbox: sandbox.endpoint };
    const { json } = await environment.invoke(event);
    assertEquals(json, ["http://192.0.2.1/", "https://192.0.2.1/", "wss"]);
    assertEquals([proxy.visits(), sandbox.visits()], [0, 1]);
  });
}

const pairs = (proxy: string) => Object.fromEntries(PROXY_NAMES.map((name) => [name, proxy]));

for (const where of ["the function", "a thread of it"]) {
  const seen = `[typeof localStorage, typeof sessionStorage, typeof caches, typeof indexedDB,
    typeof Deno, typeof Worker]`;
  const inThread = `new Promise((resolve, reject) => {
    const { Worker } = require("node:worker_threads");
    const code = "require('node:worker_threads').parentPort.postMessage(" + ${
    JSON.stringify(seen)
  } + ")";
    new Worker(code, { eval: true }).on("message", resolve).on("error", reject);
  })`;
  environmentTest(`there is no store that functions share, for ${where}`, {
    memorySizeMB: 256,
    files: cjs(`async () => await ${where === "the function" ? seen : inThread}`),
  }, async ({ invoke }) => {
    assertEquals((await invoke()).json, Array(6).fill("undefined"));
  });
}

for (const lambdaRuntime of ["deno", "node"] as const) {
  environmentTest(`${lambdaRuntime}: /tmp answers ENOSPC once it is full, however it is filled`, {
    lambdaRuntime,
    tmpBytesMax: 4 * MIB,
    files: {
      "index.mjs": `
        import fs, { appendFileSync, createWriteStream, rmSync, writeFileSync } from "node:fs";
        import { appendFile, open, writeFile } from "node:fs/promises";
        import { promisify } from "node:util";
        const part = Buffer.alloc(3 * 1024 * 1024, 1);
        const ways = {
          writeFileSync: () => writeFileSync("/tmp/b", part),
          appendFileSync: () => appendFileSync("/tmp/a", part),
          appendFile: () => appendFile("/tmp/a", part),
          callback: () => promisify(fs.writeFile)("/tmp/b", part),
          descriptor: () => fs.writeSync(fs.openSync("/tmp/b", "w"), part),
          handle: async () => (await open("/tmp/b", "w")).write(part),
          copy: () => fs.copyFileSync("/tmp/a", "/tmp/c"),
          stream: () => new Promise((resolve, reject) =>
            createWriteStream("/tmp/b").on("error", reject).on("finish", resolve).end(part)),
        };
        export const handler = async () => {
          await writeFile("/tmp/a", part);
          const answers = {};
          for (const [name, write] of Object.entries(ways)) {
            try { await write(); answers[name] = "written"; }
            catch (error) { answers[name] = error.code + " " + error.message; }
          }
          for (const name of ["a", "b", "c"]) rmSync("/tmp/" + name, { force: true });
          writeFileSync("/tmp/again", part);
          return answers;
        };`,
    },
  }, async ({ invoke }) => {
    const full = "ENOSPC ENOSPC: no space left on device, write";
    assertEquals((await invoke()).json, {
      writeFileSync: full,
      appendFileSync: full,
      appendFile: full,
      callback: full,
      descriptor: full,
      handle: full,
      copy: "ENOSPC ENOSPC: no space left on device, copyfile",
      stream: full,
    });
  });
}

environmentTest("a function that fills /tmp past its runtime is ended, and the log says why", {
  lambdaRuntime: "node",
  tmpBytesMax: 4 * MIB,
  // Deleted and still open: no folder shows it.
  files: cjs(`async (event) => {
    require("node:child_process").execFileSync("/bin/sh", ["-c", event.script]);
  }`),
}, async ({ invoke, tmpFolder }) => {
  const script = `exec 3> ${tmpFolder}/x; rm ${tmpFolder}/x;
    dd if=/dev/zero bs=1M count=8 >&3 2> /dev/null; exec sleep 19`;
  const { errorType, log } = await invoke({ script });
  assertEquals(errorType, "Runtime.ExitError");
  assertStringIncludes(log, "[sandbox] /tmp holds 4 MB and the function wrote more");
});

environmentTest("memory is watched between invocations, too", {
  runtime: "nodejs24.x",
  files: cjs(`async () => {
    const kept = [];
    setInterval(() => kept.push(Buffer.alloc(1e7, 1)), 5);
    return "answered";
  }`),
}, async ({ invoke }) => {
  assertEquals((await invoke()).json, "answered");
  await until("its end", async () => {
    // The runtime that was ended is found by the next invocation.
    const { errorType } = await invoke();
    return errorType === "Runtime.OutOfMemory" || undefined;
  });
});

environmentTest("memory is watched where there is no /proc: by ps", {
  readMemory: readMemoryFromPs,
  files: cjs(`async () => { for (const kept = [];;) kept.push(Buffer.alloc(1e6, 1)); }`),
}, async ({ invoke }) => {
  assertEquals((await invoke()).errorType, "Runtime.OutOfMemory");
});

for (const lambdaRuntime of ["deno", "node"] as const) {
  environmentTest(
    `${lambdaRuntime}: what a function reads of its host is Lambda's, not this machine's`,
    {
      lambdaRuntime,
      memorySizeMB: 256,
      files: cjs(`async () => {
      const os = require("node:os");
      const { env, version, versions, ...rest } = process;
      const told = ["hostname", "userInfo", "homedir", "cpus", "networkInterfaces", "release"]
        .concat("version", "loadavg", "totalmem", "tmpdir").map((name) => [name, os[name]()]);
      return { ...Object.fromEntries(told), cwd: process.cwd(), argv: process.argv,
        execPath: process.execPath, uid: process.getuid(), file: __filename,
        stack: new Error("here").stack, report: process.report?.getReport() };
    }`),
    },
    async ({ invoke, taskFolder, tmpFolder }) => {
      const { payload, json } = await invoke();
      const text = new TextDecoder().decode(payload);
      for (const own of [taskFolder, tmpFolder, hostname(), Deno.cwd(), Deno.execPath()]) {
        assert(!text.includes(own), `${own} is told in ${text}`);
      }
      assert(!text.includes(`"${userInfo().username}"`), text);
      const { cwd, uid, totalmem, tmpdir } = Object(json);
      assertEquals([cwd, uid, totalmem, tmpdir], ["/var/task", 993, 256 * MIB, "/tmp"]);
    },
  );
}

environmentTest("what a function sets in process.env is text, and stays in the function", {
  files: {
    "index.mjs": `
      import { env } from "node:process";
      export const handler = async () => {
        process.env.N = 1;
        delete process.env.GIVEN;
        return [env.N, "GIVEN" in env, Object.keys(env).includes("N"), env === process.env];
      };`,
  },
  variables: { GIVEN: "x" },
}, async ({ invoke }) => {
  assertEquals((await invoke()).json, ["1", false, true, true]);
});

environmentTest("what the engine itself writes to the log names no folder of this machine", {
  memorySizeMB: 256,
  files: cjs(`async () => {
    const { Worker } = require("node:worker_threads");
    const thread = new Worker("/var/task/absent.mjs");
    return await new Promise((resolve) => thread.on("error", () => resolve("failed")));
  }`),
}, async ({ invoke, lines }) => {
  assertEquals((await invoke()).json, "failed");
  const log = (await lines()).join("");
  assertStringIncludes(log, "/var/runtime/guest/thread.mjs");
  assert(!log.includes(Deno.cwd()), log);
});
