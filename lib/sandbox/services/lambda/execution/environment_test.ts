/** Execution environments with real child processes, under Deno and under Node. */
import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { until } from "../../../testing/until.ts";
import { cjs, environmentTest } from "./environment_testing.ts";

for (const lambdaRuntime of ["deno", "node"] as const) {
  environmentTest(`${lambdaRuntime}: a handler is run warm, its module loaded once`, {
    lambdaRuntime,
    files: { "index.mjs": "let n = 0; export const handler = async (e) => ({ e, n: ++n });" },
  }, async ({ invoke }) => {
    assertEquals((await invoke({ a: "ü" })).json, { e: { a: "ü" }, n: 1 });
    assertEquals((await invoke(2)).json, { e: 2, n: 2 });
  });

  environmentTest(`${lambdaRuntime}: the log has INIT_START, START, lines, END and REPORT`, {
    lambdaRuntime,
    files: cjs(`async () => {
      console.log("hello %s", "you\\nthere");
      process.stdout.write("plain\\n");
      console.error(new Error("told").message);
    }`),
  }, async ({ invoke, lines }) => {
    const { json, log } = await invoke();
    assertEquals(json, null);
    // Where this machine's Node has another version, the log says so.
    const [init, ...rest] = (await lines()).filter((line) => !line.startsWith("[sandbox]"));
    assertMatch(init, /^INIT_START Runtime Version: nodejs:22\.v\d+\tRuntime Version ARN: arn:/);
    assertEquals(rest.join(""), log);
    const patterns = [
      /^START RequestId: request-1 Version: \$LATEST\n$/,
      /^\d{4}-\d\d-\d\dT[\d:.]{12}Z\trequest-1\tINFO\thello you\nthere\n$/,
      /^plain\n$/,
      /^\d{4}-\S+Z\trequest-1\tERROR\ttold\n$/,
      /^END RequestId: request-1\n$/,
      new RegExp(
        String
          .raw`^REPORT RequestId: request-1\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\t` +
          String
            .raw`Memory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t\n$`,
      ),
    ];
    assertEquals(rest.length, patterns.length);
    for (const [index, pattern] of patterns.entries()) assertMatch(rest[index], pattern);
    assert(!(await invoke()).log.includes("Init Duration"), "a warm start has no Init Duration");
  });

  environmentTest(`${lambdaRuntime}: a thrown error is the payload with its trace`, {
    lambdaRuntime,
    files: cjs(`async () => { throw new TypeError("no <such> thing"); }`),
  }, async ({ invoke }) => {
    const { json, errorType, log } = await invoke();
    assertEquals(errorType, "TypeError");
    assertMatch(
      JSON.stringify(json),
      /^{"errorType":"TypeError","errorMessage":"no <such> thing","trace":\["TypeError: no <such>/,
    );
    assertMatch(log, /\trequest-1\tERROR\tInvoke Error \t{"errorType":"TypeError",.*"stack":\[/);
  });

  environmentTest(`${lambdaRuntime}: a response too large is 413 to the runtime, which goes on`, {
    lambdaRuntime,
    memorySizeMB: 512,
    files: cjs(`async (length) => "x".repeat(length - 2)`),
  }, async ({ invoke }) => {
    assertEquals((await invoke(6_291_556)).payload.length, 6_291_556);
    const { json, errorType, log } = await invoke(6_291_557);
    assertEquals(errorType, "Function.ResponseSizeTooLarge");
    assertEquals(json, {
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
      errorType: "Function.ResponseSizeTooLarge",
    });
    assertMatch(
      log,
      new RegExp(
        String
          .raw`\n\[ERROR\] \[\d{13}\] LAMBDA_RUNTIME Failed to post handler success response\. ` +
          String.raw`Http response code: 413\. {"errorMessage":"Exceeded maximum allowed payload ` +
          String.raw`size \(6291556 bytes\)\.","errorType":"RequestEntityTooLarge"}\n\nEND `,
      ),
    );
    assertEquals((await invoke(4)).json, "xx");
  });

  environmentTest(`${lambdaRuntime}: a timeout ends the runtime; /tmp outlives it`, {
    lambdaRuntime,
    timeoutSeconds: 1,
    files: cjs(`async (event) => {
      const fs = require("node:fs"), file = require("node:os").tmpdir() + "/seen";
      if (fs.existsSync(file)) return "seen";
      fs.writeFileSync(file, "");
      while (true);
    }`),
  }, async ({ invoke }) => {
    const { json, errorType, log } = await invoke();
    assertEquals(errorType, "Sandbox.Timedout");
    assertEquals(json, {
      errorType: "Sandbox.Timedout",
      errorMessage: "RequestId: request-1 Error: Task timed out after 1.00 seconds",
    });
    assertMatch(log, /Z request-1 Task timed out after 1\.00 seconds\n\nEND .*\nREPORT .*\t/);
    assertStringIncludes(log, "\tStatus: timeout\n");
    // On a busy machine the new start too may take longer than a second.
    await until("the file in /tmp", async () => (await invoke()).json === "seen" || undefined);
  });

  for (
    const [code, message] of [
      [0, "Runtime exited without providing a reason"],
      [106, "Runtime exited with error: exit status 106"],
    ] as const
  ) {
    environmentTest(`${lambdaRuntime}: an exit with ${code} in the handler is an ExitError`, {
      lambdaRuntime,
      files: cjs(`async (event) => event.stay ? "stayed" : process.exit(${code})`),
    }, async ({ invoke }) => {
      const { json, log } = await invoke();
      assertEquals(json, {
        errorType: "Runtime.ExitError",
        errorMessage: `RequestId: request-1 Error: ${message}`,
      });
      assertStringIncludes(
        log,
        `\nRequestId: request-1 Error: ${message}\nRuntime.ExitError\nEND `,
      );
      assertStringIncludes(log, "\tStatus: error\tError Type: Runtime.ExitError\n");
      assertEquals((await invoke({ stay: true })).json, "stayed");
    });
  }

  environmentTest(`${lambdaRuntime}: memory beyond the limit is Runtime.OutOfMemory`, {
    lambdaRuntime,
    files: cjs(`async (event) => {
      const kept = [];
      while (!event.stay) kept.push(Buffer.alloc(1e6, 1));
      return "stayed";
    }`),
  }, async ({ invoke }) => {
    const { json, errorType, log } = await invoke();
    assertEquals(errorType, "Runtime.OutOfMemory");
    assertEquals(json, {
      errorType: "Runtime.OutOfMemory",
      errorMessage: "RequestId: request-1 Error: Runtime exited with error: signal: killed",
    });
    assertMatch(
      log,
      /\tMax Memory Used: 128 MB\t.*Status: error\tError Type: Runtime\.OutOfMemory\n/,
    );
    assertEquals((await invoke({ stay: true })).json, "stayed");
  });

  environmentTest(
    `${lambdaRuntime}: a module that throws while it is loaded runs once in each init`,
    {
      lambdaRuntime,
      files: {
        "index.mjs": 'import "./inner.mjs"; console.log("outer"); throw new Error("at the top");',
        "inner.mjs": 'console.log("inner");',
      },
    },
    async ({ invoke, lines }) => {
      const { json } = await invoke();
      assertMatch(JSON.stringify(json), /"errorMessage":"at the top"/);
      const said = (await lines()).flatMap((line) => /INFO\t(outer|inner)$/m.exec(line)?.[1] ?? []);
      assertEquals(said, ["inner", "outer", "inner", "outer"]); // a failed init is repeated
    },
  );

  environmentTest(`${lambdaRuntime}: a syntax error fails the init twice, then the invocation`, {
    lambdaRuntime,
    files: { "index.js": "exports.handler = async () => {" },
  }, async ({ invoke, lines }) => {
    const { errorType, json } = await invoke();
    assertEquals(errorType, "Runtime.UserCodeSyntaxError");
    assertMatch(
      JSON.stringify(json),
      /^{"errorType":"Runtime\.UserCodeSyntaxError","errorMessage":"SyntaxError: .*","trace":\[/,
    );
    const kinds = (await lines()).map((line) => line.split(/ |\t/)[0]);
    const log = (await lines()).join("");
    assertMatch(
      log,
      /Z\tundefined\tERROR\tUncaught Exception \t{"errorType":"Runtime.UserCodeSynt/,
    );
    assertMatch(
      log,
      /\nINIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Runtime\.User/,
    );
    assertEquals(kinds.filter((kind) => /^[A-Z_]+$/.test(kind)), [
      "INIT_START",
      "INIT_REPORT",
      "INIT_START",
      "INIT_REPORT",
      "START",
      "END",
      "REPORT",
    ]);
  });

  environmentTest(`${lambdaRuntime}: what cannot be serialised is an error`, {
    lambdaRuntime,
    files: cjs(`async () => ({ big: 1n })`),
  }, async ({ invoke }) => {
    const { json } = await invoke();
    assertMatch(
      JSON.stringify(json),
      /^{"errorType":"Error","errorMessage":"Unable to stringify response body","trace":\[/,
    );
  });

  environmentTest(`${lambdaRuntime}: a callback is answered when the event loop is empty`, {
    lambdaRuntime,
    files: cjs(`(event, context, callback) => {
      let late = "no";
      setTimeout(() => { late = "yes"; }, 20);
      context.callbackWaitsForEmptyEventLoop = event.waits;
      callback(null, { get late() { return late; } });
    }`),
  }, async ({ invoke }) => {
    assertEquals((await invoke({ waits: true })).json, { late: "yes" });
    assertEquals((await invoke({ waits: false })).json, { late: "no" });
  });

  environmentTest(`${lambdaRuntime}: a handler that never calls back answers null`, {
    lambdaRuntime,
    files: cjs(`() => "ignored"`),
  }, async ({ invoke }) => {
    assertEquals((await invoke()).json, null);
  });

  environmentTest(`${lambdaRuntime}: an unhandled rejection is the payload, then exit 128`, {
    lambdaRuntime,
    files: cjs(`() => { Promise.reject(new Error("forgotten")); return new Promise(() => {}); }`),
  }, async ({ invoke }) => {
    const { json, log } = await invoke();
    assertMatch(
      JSON.stringify(json),
      /^{"errorType":"Runtime\.UnhandledPromiseRejection","errorMessage":"Error: forgotten"/,
    );
    assertStringIncludes(log, "Unhandled Promise Rejection");
    assertStringIncludes(log, "Runtime exited with error: exit status 128\nRuntime.ExitError\n");
  });

  environmentTest(`${lambdaRuntime}: nodejs24.x takes a plain return value`, {
    lambdaRuntime,
    runtime: "nodejs24.x",
    files: cjs(`(event, context) => Object.keys(context)`),
  }, async ({ invoke }) => {
    assertEquals(
      (await invoke()).json,
      ("clientContext identity invokedFunctionArn awsRequestId tenantId xRayTraceId " +
        "getRemainingTimeInMillis functionName functionVersion memoryLimitInMB logGroupName " +
        "logStreamName").split(" "),
    );
  });

  environmentTest(`${lambdaRuntime}: nodejs24.x refuses a handler with a callback`, {
    lambdaRuntime,
    runtime: "nodejs24.x",
    files: cjs(`(event, context, callback) => callback(null, 1)`),
  }, async ({ invoke }) => {
    assertEquals((await invoke()).errorType, "Runtime.CallbackHandlerDeprecated");
  });

  environmentTest(`${lambdaRuntime}: an unhandled rejection on nodejs24.x is an exit with 1`, {
    lambdaRuntime,
    runtime: "nodejs24.x",
    files: cjs(`() => { Promise.reject(new Error("forgotten")); return new Promise(() => {}); }`),
  }, async ({ invoke }) => {
    const { json, log } = await invoke();
    assertEquals(json, {
      errorType: "Runtime.ExitError",
      errorMessage: "RequestId: request-1 Error: Runtime exited with error: exit status 1",
    });
    assertStringIncludes(log, "forgotten");
  });

  environmentTest(`${lambdaRuntime}: JSON and modules of both kinds are loaded by both kinds`, {
    lambdaRuntime,
    files: {
      "index.js": `const json = require("./a.json");
        exports.handler = async () => [json, __filename, (await import("./b.mjs")).both];`,
      "a.json": '{"a":1}',
      "b.mjs": `import json from "./a.json" with { type: "json" };
        import common from "./c.cjs";
        export const both = [json, common];`,
      "c.cjs": `module.exports = require("./a").a;`,
    },
  }, async ({ invoke }) => {
    assertEquals((await invoke()).json, [{ a: 1 }, "/var/task/index.js", [{ a: 1 }, 1]]);
  });

  environmentTest(`${lambdaRuntime}: a file named .js is CommonJS for an import, too`, {
    lambdaRuntime,
    files: {
      "index.mjs": `import { one } from "./lib/a.js"; import two from "p";
        export const handler = async () => [one, two.two];`,
      "lib/a.js": "exports.one = 1;",
      "node_modules/p/package.json": '{"name":"p","version":"1.0.0","main":"i.js"}',
      "node_modules/p/i.js": "module.exports = { two: 2 };",
    },
  }, async ({ invoke }) => {
    assertEquals((await invoke()).json, [1, 2]);
  });

  environmentTest(`${lambdaRuntime}: NODE_OPTIONS lets require take an ES module`, {
    lambdaRuntime,
    runtime: "nodejs22.x",
    variables: { NODE_OPTIONS: "--experimental-require-module" },
    files: {
      "index.js": "exports.handler = async () => require('./a.mjs').one;",
      "a.mjs": "export const one = 1;",
    },
  }, async ({ invoke }) => {
    assertEquals((await invoke()).json, 1);
  });

  environmentTest(`${lambdaRuntime}: a throw after the callback changes nothing`, {
    lambdaRuntime,
    files: cjs(
      `(event, context, callback) => { callback(null, "given"); throw new Error("late"); }`,
    ),
  }, async ({ invoke }) => {
    assertEquals((await invoke()).json, "given");
  });

  environmentTest(`${lambdaRuntime}: nodejs22.x warns of a callback once, unless told not to`, {
    lambdaRuntime,
    files: cjs(`(event, context, callback) => callback(null, 1)`),
  }, async ({ invoke, lines }) => {
    await invoke();
    await invoke();
    const warnings = (await lines()).filter((line) => line.includes("\tWARN\t"));
    assertEquals(warnings.length, 1);
    assertMatch(
      warnings[0],
      /\tundefined\tWARN\tAWS Lambda plans to remove support for callback-based function handlers/,
    );
  });

  for (
    const [what, fixture] of [
      ["nodejs20.x", { runtime: "nodejs20.x" }],
      ["a variable", { variables: { AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING: "1" } }],
      ["an async handler", { files: cjs(`async (event, context, callback) => 1`) }],
    ] as const
  ) {
    environmentTest(`${lambdaRuntime}: ${what} has no warning of callbacks`, {
      lambdaRuntime,
      files: cjs(`(event, context, callback) => callback(null, 1)`),
      ...fixture,
    }, async ({ invoke, lines }) => {
      assertEquals((await invoke()).json, 1);
      assert(!(await lines()).join("").includes("WARN"));
    });
  }

  environmentTest(`${lambdaRuntime}: a streamed response that is too large logs nothing`, {
    lambdaRuntime,
    memorySizeMB: 512,
    files: cjs(`awslambda.streamifyResponse(async (length, stream) => {
      stream.end("x".repeat(length));
    })`),
  }, async ({ invoke }) => {
    const { errorType, log } = await invoke(6_291_557);
    assertEquals(errorType, "Function.ResponseSizeTooLarge");
    assert(!log.includes("413"), log);
    assertMatch(log, /^START.*\nEND.*\nREPORT.*\n$/);
  });

  environmentTest(`${lambdaRuntime}: a streamed response is the payload as a whole`, {
    lambdaRuntime,
    files: cjs(`awslambda.streamifyResponse(async (event, stream) => {
      stream.write('{"a":');
      stream.end("1}");
    })`),
  }, async ({ invoke }) => {
    assertEquals((await invoke()).json, { a: 1 });
  });
}

for (
  const [handler, files, errorType, errorMessage] of [
    ["index.handler", {}, "Runtime.ImportModuleError", /^Error: Cannot find module 'index'/],
    [
      "index.handler",
      { "index.js": "exports.other = 1" },
      "Runtime.HandlerNotFound",
      /^index\.handler is undefined or not exported$/,
    ],
    [
      "index.handler",
      { "index.js": "exports.handler = 1" },
      "Runtime.HandlerNotFound",
      /^index\.handler is not a function$/,
    ],
    ["index", { "index.js": "" }, "Runtime.MalformedHandlerName", /^Bad handler$/],
    ["../x.y", {}, "Runtime.MalformedHandlerName", /^'\.\.\/x\.y' is not a valid handler name\./],
    [
      "index.handler",
      { "index.js": "require('missing')" },
      "Runtime.ImportModuleError",
      /^Error: Cannot find module 'missing'/,
    ],
  ] as const
) {
  environmentTest(`the handler ${handler} of ${JSON.stringify(files)} is ${errorType}`, {
    handler,
    files,
  }, async ({ invoke }) => {
    const { json, errorType: found } = await invoke();
    assertEquals(found, errorType);
    const message = typeof json === "object" && json !== null && "errorMessage" in json
      ? String(json.errorMessage)
      : "";
    assertMatch(message, errorMessage);
  });
}

for (
  const [handler, files] of [
    ["src/a/main.deep.run", { "src/a/main.js": "exports.deep = { run: async () => 1 };" }],
    ["index.handler", { "index.cjs": "exports.handler = async () => 1;" }],
    [
      "index.handler",
      { "package.json": '{"type":"module"}', "index.js": "export const handler = async () => 1;" },
    ],
    [
      "index.handler",
      {
        "index.js": "exports.handler = require('one').handler;",
        "node_modules/one/index.js": "exports.handler = async () => 1;",
      },
    ],
    [
      "index.handler",
      {
        "index.mjs": "import one from 'one'; export const handler = async () => one();",
        "node_modules/one/package.json": '{"name":"one","version":"1.0.0","main":"index.js"}',
        "node_modules/one/index.js": "module.exports = () => 1;",
      },
    ],
  ] as const
) {
  environmentTest(`the handler ${handler} is found in ${Object.keys(files).join(", ")}`, {
    handler,
    files,
  }, async ({ invoke }) => {
    assertEquals((await invoke()).json, 1);
  });
}

environmentTest("a function sees its own environment and nothing else", {
  files: cjs(`async () => process.env`),
  variables: { LOG: "x" },
}, async ({ invoke }) => {
  const { json } = await invoke();
  const names = Object.keys(typeof json === "object" && json !== null ? json : {}).sort();
  assertEquals(
    names,
    ("AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_NAME " +
      "AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME " +
      "AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LOG PATH _HANDLER").split(" "),
  );
});

for (
  const [what, code, told] of [
    [
      "read another file",
      `require("node:fs").readFileSync("/etc/passwd")`,
      "Error: EACCES: permission denied, open '/etc/passwd'",
    ],
    [
      "write its task folder",
      `require("node:fs").writeFileSync("/var/task/x", "")`,
      "Error: EROFS: read-only file system, open '/var/task/x'",
    ],
    [
      "call another host",
      `await fetch("http://127.0.0.1:8080/").catch((error) => { throw error.cause })`,
      "Error: connect EACCES 127.0.0.1:8080",
    ],
    [
      "call the sandbox's port on another address",
      `await fetch("http://localhost:49/").catch((error) => { throw error.cause })`,
      "Error: connect EACCES localhost:49",
    ],
    [
      "signal another process",
      `process.kill(process.ppid, 0)`,
      "Error: kill EPERM",
    ],
    [
      "take another file for a module",
      `require("/etc/passwd")`,
      "NotCapable: EACCES: permission denied",
    ],
    [
      "start a program",
      `const { spawn } = require("node:child_process");
      await new Promise((_, fail) => spawn("/bin/true").on("error", fail).on("exit", fail));`,
      "Error: spawn /bin/true EACCES",
    ],
  ] as const
) {
  environmentTest(`under Deno a function may not ${what}, and reads Node's words`, {
    files: cjs(`async () => { try { ${code} } catch (e) { return String(e) } return "done" }`),
  }, async ({ invoke }) => {
    assertEquals((await invoke()).json, told);
  });
}

environmentTest("the loader and Deno take nothing from a function's variables", {
  files: cjs(`async () => [process.env.LD_PRELOAD, process.env.DENO_V8_FLAGS, process.env.TZ]`),
  variables: { LD_PRELOAD: "/no/such.so", DENO_V8_FLAGS: "--no-such-flag", TZ: ":UTC" },
}, async ({ invoke, lines }) => {
  assertEquals((await invoke()).json, ["/no/such.so", "--no-such-flag", ":UTC"]);
  const written = (await lines()).join("");
  assert(!/no\/such\.so|no-such-flag/.test(written), written);
});

environmentTest("a folder with a comma, which would open another to a function, runs none", {
  folder: `a,${Deno.cwd()},b`,
  files: cjs(`async () => {}`),
}, async ({ invoke }) => {
  const { cause } = await assertRejects(() => invoke(), Error, "cannot be started");
  assert(cause instanceof RangeError && cause.message.includes("has a comma"));
});

environmentTest("a function's own time counts down", {
  timeoutSeconds: 5,
  files: cjs(`async (event, context) => context.getRemainingTimeInMillis()`),
}, async ({ invoke }) => {
  assertLess(Number((await invoke()).json), 5_001);
});

environmentTest("a function asks for files with node:fs and node:sqlite by the paths of AWS", {
  files: {
    "index.mjs": `
      import { existsSync } from "node:fs";
      import { DatabaseSync } from "node:sqlite";
      export const handler = async () => {
        const database = new DatabaseSync("/tmp/x.db");
        database.exec("create table a (b)");
        return ["/tmp/x.db", "/var/task/index.mjs", "/tmp/y", "/etc/passwd"].map((path) => existsSync(path));
      };`,
  },
}, async ({ invoke }) => {
  assertEquals((await invoke()).json, [true, true, false, false]);
});
