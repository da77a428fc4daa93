import { assertEquals, assertThrows } from "@std/assert";
import { readOptions, reportOf } from "./deploy_lambda.ts";

Deno.test("deploy-lambda takes the course's function and the sandbox where nothing is said", () => {
  assertEquals(readOptions([]), {
    functionName: "firehose-lab-transform",
    streamName: undefined,
    profile: undefined,
    tags: { project: "firehose-lab" },
  });
});

Deno.test("deploy-lambda takes a function, a stream and a profile", () => {
  assertEquals(readOptions(["--function", "f", "--stream", "s", "--profile", "mine"]), {
    functionName: "f",
    streamName: "s",
    profile: "mine",
    tags: { project: "firehose-lab" },
  });
  assertThrows(() => readOptions(["--fast"]), TypeError, "--fast");
});

Deno.test("deploy-lambda reports each thing and how many changed", () => {
  assertEquals(
    reportOf([
      { what: "role r", change: "unchanged" },
      { what: "function f", change: "updated", detail: "code, Timeout" },
    ]),
    [
      "unchanged  role r",
      "updated    function f (code, Timeout)",
      "1 of 2 things changed.",
    ],
  );
});
