import { assertEquals, assertThrows } from "@std/assert";
import { controlRequest } from "./control_request.ts";

/** As the page receives it. */
const received = (line: string) => JSON.parse(JSON.stringify(controlRequest(line.split(" "))));

for (
  const [line, wanted] of [
    ["flush", { method: "POST", page: "flush", body: {} }],
    ["flush orders", { method: "POST", page: "flush", body: { stream: "orders" } }],
    ["reset --service s3", { method: "POST", page: "reset", body: { service: "s3" } }],
    ["clock 900", { method: "POST", page: "clock", body: { advanceSeconds: 900 } }],
    ["state", { method: "GET", page: "state" }],
    ["stop", { method: "POST", page: "stop" }],
    ["fault --list", { method: "GET", page: "faults" }],
    ["fault --remove a/b", { method: "DELETE", page: "faults/a%2Fb" }],
    ["fault --remove-all", { method: "DELETE", page: "faults" }],
    ["fault firehose PutRecordBatch --first 1 --fail-records 0,2", {
      method: "POST",
      page: "faults",
      body: {
        on: { service: "firehose", operation: "PutRecordBatch" },
        when: { first: 1 },
        then: { failRecords: [0, 2] },
      },
    }],
    ["fault s3 --bucket raw --chance 0.1 --seed 7 --error SlowDown", {
      method: "POST",
      page: "faults",
      body: {
        on: { service: "s3", bucket: "raw" },
        when: { chance: 0.1, seed: 7 },
        then: { error: "SlowDown" },
      },
    }],
    ["fault firehose --error LimitExceededException --message no", {
      method: "POST",
      page: "faults",
      body: {
        on: { service: "firehose" },
        then: { error: "LimitExceededException", message: "no" },
      },
    }],
    ["fault lambda --drop", {
      method: "POST",
      page: "faults",
      body: { on: { service: "lambda" }, then: { drop: true } },
    }],
  ] as const
) {
  Deno.test(`"${line}" asks the page ${wanted.page}`, () => assertEquals(received(line), wanted));
}

for (
  const [line, why] of [
    ["flush a b", "firehose-lab flush [STREAM]"],
    ["clock", "firehose-lab clock SECONDS"],
    ["clock soon", 'SECONDS is "soon"'],
    ["fault", "A fault is for a service"],
    ["fault s3", "A fault does one thing"],
    ["fault s3 --drop --message no", "--message goes with --error"],
    ["fault s3 --drop --cut 5", "A fault does one thing"],
    ["fault s3 --first x --drop", '--first is "x"'],
    ["refill", 'There is no command "refill"; there are flush, reset, clock, state, stop, fault.'],
  ] as const
) {
  Deno.test(`"${line}" is refused: ${why}`, () => {
    assertThrows(() => controlRequest(line.split(" ")), TypeError, why);
  });
}

Deno.test("without a command, and with --help anywhere, there is help", () => {
  for (const line of [[], ["--help"], ["flush", "-h"]]) assertEquals(controlRequest(line), "help");
});
