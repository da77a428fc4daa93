import { assertEquals, assertThrows } from "@std/assert";
import { readOptions, reportOf } from "./deploy_lambda.ts";

const DEFAULTS = {
  strategy: undefined,
  responseBytesMax: undefined,
  roundsMax: undefined,
  tooLarge: undefined,
};

Deno.test("deploy-lambda means the course's function and the sandbox by default", () => {
  assertEquals(readOptions([]), {
    functionName: "firehose-lab-transform",
    streamName: undefined,
    profile: undefined,
    settings: DEFAULTS,
    replace: undefined,
    isDryRun: false,
    eventPath: undefined,
  });
});

Deno.test("deploy-lambda takes a function, a stream and a profile", () => {
  assertEquals(readOptions(["--function", "f", "--stream", "s", "--profile", "mine"]), {
    functionName: "f",
    streamName: "s",
    profile: "mine",
    settings: DEFAULTS,
    replace: undefined,
    isDryRun: false,
    eventPath: undefined,
  });
  assertThrows(() => readOptions(["--fast"]), TypeError, "--fast");
});

Deno.test("deploy-lambda takes settings for responses that would be too large", () => {
  const args = ["--strategy", "keep-compressed", "--response-bytes", "6000000", "--rounds", "9"];
  const options = readOptions([...args, "--too-large", "write-to-s3"]);
  assertEquals(options === "help" ? undefined : options.settings, {
    strategy: "keep-compressed",
    responseBytesMax: 6_000_000,
    roundsMax: 9,
    tooLarge: "write-to-s3",
  });
  const merging = readOptions(["--strategy", "merge-compressed"]);
  assertEquals(merging === "help" ? undefined : merging.settings?.strategy, "merge-compressed");
  assertThrows(
    () => readOptions(["--strategy", "drop"]),
    TypeError,
    '--strategy is "drop", not one of drop-and-reingest, keep-compressed, merge-compressed',
  );
});

Deno.test("deploy-lambda reports each thing and the number of changes", () => {
  assertEquals(
    reportOf([
      { what: "role r", change: "unchanged" },
      { what: "function f", change: "updated", detail: "code, Timeout 3 → 60" },
    ], "planned"),
    [
      "unchanged  role r",
      "update     function f (code, Timeout 3 → 60)",
      "1 of 2 things will change.",
    ],
  );
});

Deno.test("deploy-lambda replaces a function only if it is named twice", () => {
  const options = readOptions(["--function", "f", "--replace", "f", "--dry-run"]);
  assertEquals(options === "help" ? undefined : [options.replace, options.isDryRun], ["f", true]);
  assertThrows(() => readOptions(["--replace", "f"]), TypeError, 'the function is "firehose-lab-');
});
