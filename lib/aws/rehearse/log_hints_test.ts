import { assertEquals } from "@std/assert";
import { logHints } from "./log_hints.ts";

// Lines of Python 3.11, boto3 1.26.0 and 1.43, aws-sdk 2 and the sandbox, seen on 2026-11-30.
for (
  const [log, hint] of [
    [
      "[ERROR] Runtime.ImportModuleError: Unable to import module 'f': No module named 'shared'",
      /^Layers are not used here/,
    ],
    ["Cannot find package 'sharp' imported from /var/task/index.mjs", /^Layers/],
    ["Cannot find package '@aws-sdk/client-ssm' imported from /var/task/ssm.mjs", undefined],
    [
      "[ERROR] KeyError: 'TABLE'\nTraceback (most recent call last):\n" +
      '  File "/var/task/env.py", line 2, in <module>\n  File "<frozen os>", line 679, in __getitem__',
      /--env-file/,
    ],
    [
      "[ERROR] KeyError: 'id'\nTraceback (most recent call last):\n  File \"/var/task/f.py\", line 2, in x",
      undefined,
    ],
    [
      "[ERROR] NoSuchBucket: An error occurred (NoSuchBucket) when calling the GetObject operation",
      /S3 is empty/,
    ],
    [
      '[ERROR] EndpointConnectionError: Could not connect to the endpoint URL: "https://firehose.us-east-1.amazonaws.com/"',
      /too old to find the sandbox/,
    ],
    ["<urlopen error [Errno -3] Temporary failure in name resolution>", /another address/],
    [
      "when calling the PutRecordBatch operation: Firehose other under account 123456789012 not found.",
      /not here/,
    ],
    ["[ERROR] ValueError: no", undefined],
  ] as const
) {
  Deno.test(`${hint ? "a hint" : "no hint"} for ${log.slice(0, 60)}`, () => {
    const hints = logHints(log);
    assertEquals(hints.map((text) => hint?.test(text)), hint ? [true] : []);
  });
}
