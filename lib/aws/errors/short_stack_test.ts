import { assertEquals } from "@std/assert";
import { type Frame, shortStack } from "./short_stack.ts";

const frame = (file: string, text: string): Frame => ({
  getFileName: () => file,
  toString: () => text,
});

const SDK = "file:///home/reader/.cache/deno/npm/registry.npmjs.org/@smithy/core/3.41.0/index.js";
const OURS = "file:///lab/lib/aws/streams/objects.ts";

const OPTIONS = { projectDir: "/lab", advise: () => undefined };

const FRAMES = [
  frame(SDK, `async ${SDK}:833:13`),
  frame("ext:core/01_core.js", "drainTicks (ext:core/01_core.js:432:5)"),
  frame(OURS, `async readObject (${OURS}:61:10)`),
  frame("<anonymous>", "async <anonymous>:4:3"),
];

function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}

Deno.test("shortStack() shows the course's frame and the cell, and none of a package", () => {
  assertEquals(
    shortStack(new RangeError("too many"), FRAMES, OPTIONS),
    [
      "RangeError: too many",
      "    at async readObject (lib/aws/streams/objects.ts:61:10)",
      "    at async <anonymous>:4:3",
    ].join("\n"),
  );
});

for (
  const [error, advice] of [
    [
      awsError("ResourceNotFoundException", "Firehose nope under account 1 not found."),
      "There is no delivery stream of this name. Run the step that creates it, or compare the name.",
    ],
    [
      new Error("connect ECONNREFUSED 127.0.0.1:4566"),
      "The sandbox does not answer. Run the setup cell again: it starts the sandbox if necessary.",
    ],
    [
      awsError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist."),
      "AWS does not know this key: clean-up or a later key removed it. Run the steps of this " +
      "notebook in order, from the one that makes the key.",
    ],
    [
      awsError("ThrottlingException", "Rate exceeded"),
      "AWS is throttling you. Wait a minute and run this again: finished work is not lost.",
    ],
  ] as const
) {
  Deno.test(`shortStack() says what to do about ${error.name}: ${error.message}`, () => {
    assertEquals(shortStack(error, FRAMES, OPTIONS).split("\n")[1], advice);
  });
}

Deno.test("shortStack() gives the notebook's own advice first", () => {
  const options = { ...OPTIONS, advise: () => "Run step 5." };
  const error = new Error("connect ECONNREFUSED 127.0.0.1:4566");
  assertEquals(shortStack(error, FRAMES, options).split("\n")[1], "Run step 5.");
});

Deno.test("shortStack() adds no advice to an error that says which step to run", () => {
  const message = "There is no such bucket. Run the step that creates it first.";
  const error = awsError("NoSuchBucket", message);
  assertEquals(shortStack(error, [], OPTIONS), `NoSuchBucket: ${message}`);
});

Deno.test("shortStack() shows few frames of an endless recursion", () => {
  const deep = Array.from({ length: 60 }, () => frame("<anonymous>", "f (<anonymous>:1:32)"));
  assertEquals(shortStack(new RangeError("deep"), deep, OPTIONS).split("\n").length, 7);
});
