/** The AWS SDK that the runtime brings, as functions import it. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { environmentTest } from "./environment_testing.ts";

const CLIENTS = ["cloudwatch", "cloudwatch-logs", "firehose", "iam", "lambda", "s3", "sts"];

for (const lambdaRuntime of ["deno", "node"] as const) {
  environmentTest(`${lambdaRuntime}: every client that the sandbox has is there without a zip's`, {
    lambdaRuntime,
    memorySizeMB: 512,
    files: {
      "index.js": `
        const names = ${JSON.stringify(CLIENTS)};
        exports.handler = async () => names.map((name) =>
          Object.keys(require("@aws-sdk/client-" + name)).some((key) => key.endsWith("Client")));`,
    },
  }, async ({ invoke }) => {
    assertEquals((await invoke()).json, CLIENTS.map(() => true));
  });

  environmentTest(`${lambdaRuntime}: an ES module imports it, and its own goes before`, {
    lambdaRuntime,
    memorySizeMB: 512,
    files: {
      "index.mjs": `
        import { FirehoseClient } from "@aws-sdk/client-firehose";
        import { whose } from "@aws-sdk/client-s3";
        export const handler = async () => {
          const { STSClient } = await import("@aws-sdk/client-sts");
          return [typeof FirehoseClient, typeof STSClient, whose];
        };`,
      "node_modules/@aws-sdk/client-s3/package.json":
        '{"name":"@aws-sdk/client-s3","version":"3.0.0","type":"module","exports":"./index.js"}',
      "node_modules/@aws-sdk/client-s3/index.js": 'export const whose = "the zip";',
    },
  }, async ({ invoke }) => {
    assertEquals((await invoke()).json, ["function", "function", "the zip"]);
  });

  environmentTest(`${lambdaRuntime}: nodejs16.x has no SDK v3`, {
    lambdaRuntime,
    runtime: "nodejs16.x",
    files: { "index.js": 'require("@aws-sdk/client-s3");' },
  }, async ({ invoke }) => {
    assertEquals((await invoke()).errorType, "Runtime.ImportModuleError");
  });
}

environmentTest("a client that is not here is missed in Node's words, and the log says which are", {
  files: { "index.js": 'require("@aws-sdk/client-dynamodb");' },
}, async ({ invoke, lines }) => {
  const { json, errorType } = await invoke();
  assertEquals(errorType, "Runtime.ImportModuleError");
  assertMatch(
    Object(json).errorMessage,
    /^Error: Cannot find module '@aws-sdk\/client-dynamodb'\nRequire stack:\n- \/var\/task\/index\.js/,
  );
  const log = (await lines()).join("");
  assertStringIncludes(
    log,
    "[sandbox] @aws-sdk/client-dynamodb is not here. On AWS the whole SDK is",
  );
  assertStringIncludes(log, "@aws-sdk/client-firehose");
});
