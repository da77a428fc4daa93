/** The probing: it finds every operation that ignores a member. */
import { UpdateDestination$, type UpdateDestinationInput } from "@aws-sdk/client-firehose";
import { NormalizedSchema } from "@smithy/core/schema";
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Constraints } from "../constraints.ts";
import { AwsError } from "../errors.ts";
import { bind } from "../operation.ts";
import { type Probe, probeOperation } from "./probe.ts";
import { Scene } from "./scene.ts";

/** A service's refusal of what it does not have. */
const unsupported = () => {
  throw new AwsError("InvalidArgumentException", 400, "The sandbox does not support it.");
};

/** What is found out of an operation that does `run`; members of no concern are refused. */
async function probed(
  run: (input: UpdateDestinationInput) => void,
  probe: Partial<Probe> = {},
  constraints: Constraints = {},
) {
  await using scene = await Scene.open();
  const operation = bind({
    schema: UpdateDestination$,
    constraints,
    access: () => [],
    run: (input: UpdateDestinationInput) => {
      if (UNCONCERNED.some((name) => Reflect.get(input, name) !== undefined)) unsupported();
      run(input);
      return {};
    },
  }, undefined);
  const { members, problems } = await probeOperation(
    operation,
    { input: () => ({}), ...probe },
    scene,
  );
  const verdicts = new Map(members);
  return { verdictOf: (path: string) => verdicts.get(path), problems };
}

const UNCONCERNED = Object.keys(NormalizedSchema.of(UpdateDestination$[4]).getMemberSchemas())
  .filter((name) => name !== "DestinationId" && name !== "S3DestinationUpdate");

Deno.test("a member that is read is supported, one that is refused by name is refused", async () => {
  const { verdictOf, problems } = await probed(
    (input) => {
      if (input.DestinationId === "elsewhere") unsupported();
      if (input.S3DestinationUpdate) unsupported();
    },
    { values: { DestinationId: ["here", "elsewhere"] } },
  );
  assertEquals(verdictOf("DestinationId"), {
    kind: "supported",
    refused: [{ value: "elsewhere", code: "InvalidArgumentException" }],
  });
  const refused = { kind: "refused", code: "InvalidArgumentException" } as const;
  assertEquals(verdictOf("S3DestinationUpdate"), refused);
  assertEquals(verdictOf("S3DestinationUpdate.Prefix"), undefined);
  assertEquals(problems, []);
});

Deno.test("a member that is accepted and not read is a problem; copying the input reads nothing", async () => {
  const { problems } = await probed((input) => {
    const copy = { ...input, names: Object.keys(input), entries: Object.entries(input) };
    JSON.stringify(copy);
    if (input.S3DestinationUpdate) unsupported();
  });
  assertEquals(problems, ["UpdateDestination DestinationId: is accepted, and nothing reads it"]);
});

Deno.test("members of structures are asked one by one", async () => {
  const { verdictOf, problems } = await probed((input) => {
    input.DestinationId;
    input.S3DestinationUpdate?.BufferingHints?.SizeInMBs;
  });
  assertEquals(verdictOf("S3DestinationUpdate.BufferingHints.SizeInMBs")?.kind, "supported");
  const ignored = "UpdateDestination S3DestinationUpdate.";
  assertEquals(problems.slice(0, 2), [
    `${ignored}RoleARN: is accepted, and nothing reads it`,
    `${ignored}BucketARN: is accepted, and nothing reads it`,
  ]);
  assertStringIncludes(problems.join(), "BufferingHints.IntervalInSeconds: is accepted");
});

Deno.test("a reason why nothing reads a member must be true", async () => {
  const unread = { DestinationId: "there is one destination" };
  const ignoring = await probed(({ S3DestinationUpdate }) => {
    if (S3DestinationUpdate) unsupported();
  }, { unread });
  assertEquals(ignoring.problems, []);
  assertEquals(ignoring.verdictOf("DestinationId"), {
    kind: "unread",
    reason: "there is one destination",
  });
  const reading = await probed(({ DestinationId, S3DestinationUpdate }) => {
    if (S3DestinationUpdate ?? DestinationId === "x") unsupported();
  }, { unread });
  assertEquals(reading.problems, ["UpdateDestination DestinationId: is read after all"]);
});

Deno.test("a member whose calls all fail for another reason is a problem, not supported", async () => {
  const { problems } = await probed(
    (input) => {
      if (input.DestinationId) throw new AwsError("InvalidArgumentException", 400, "not found");
      if (input.S3DestinationUpdate) unsupported();
    },
  );
  assertEquals(problems, ["UpdateDestination DestinationId: no call with it succeeds: not found"]);
});

Deno.test("the values of an enum are asked one by one", async () => {
  const { verdictOf } = await probed(
    (input) => {
      if (input.DestinationId === "b") unsupported();
      if (input.S3DestinationUpdate) unsupported();
    },
    {},
    { DestinationId: { enum: ["a", "b"] } },
  );
  assertEquals(verdictOf("DestinationId"), {
    kind: "supported",
    refused: [{ value: "b", code: "InvalidArgumentException" }],
  });
});
