import { assertEquals, assertThrows } from "@std/assert";
import { AwsError } from "../../../errors.ts";
import { CONCURRENCY_MAX, ConcurrencyLimit } from "./concurrency_limit.ts";
import type { LambdaFunction } from "../function.ts";
import { MIB } from "../../../values.ts";

function functionOf(id: number, reservedConcurrency?: number): LambdaFunction {
  return {
    id,
    name: `f${id}`,
    arn: `arn:${id}`,
    status: "Ready",
    statusMs: 0,
    latest: {
      version: "$LATEST",
      buildId: "b",
      revisionId: "r",
      modifiedMs: 0,
      roleArn: "",
      runtime: "nodejs24.x",
      handler: "index.handler",
      description: "",
      timeoutSeconds: 3,
      memorySizeMB: 128,
      architecture: "x86_64",
      logGroupName: "g",
      code: { file: "f", sizeBytes: 1, sha256: "" },
    },
    versions: [],
    lastVersion: 0,
    aliases: [],
    policies: {},
    tags: {},
    reservedConcurrency,
  };
}

function reasonOf(act: () => unknown): string {
  return assertThrows(act, AwsError, "Rate Exceeded.").fields.Reason;
}

Deno.test("a function has as many places as are reserved for it, and each comes back", () => {
  const limit = new ConcurrencyLimit();
  const fn = functionOf(1, 2);
  const first = limit.take(fn, 1);
  limit.take(fn, 1);
  assertEquals(
    reasonOf(() => limit.take(fn, 1)),
    "ReservedFunctionConcurrentInvocationLimitExceeded",
  );
  assertEquals(limit.of(fn), 2);
  first[Symbol.dispose]();
  limit.take(fn, 1);
  limit.take(functionOf(2), 1);
});

Deno.test("all functions together have a thousand places", () => {
  const limit = new ConcurrencyLimit();
  const places = Array.from({ length: CONCURRENCY_MAX }, (_, id) => limit.take(functionOf(id), 1));
  assertEquals(reasonOf(() => limit.take(functionOf(0), 1)), "ConcurrentInvocationLimitExceeded");
  places[0][Symbol.dispose]();
  limit.take(functionOf(0), 1);
});

Deno.test("events that wait take 256 MiB at most", () => {
  const limit = new ConcurrencyLimit();
  const first = limit.take(functionOf(1), 256 * MIB);
  assertEquals(reasonOf(() => limit.take(functionOf(2), 1)), "ConcurrentInvocationLimitExceeded");
  first[Symbol.dispose]();
  limit.take(functionOf(2), 256 * MIB);
});
