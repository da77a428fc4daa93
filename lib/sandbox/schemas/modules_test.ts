import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as firehose from "@aws-sdk/client-firehose";
import * as s3 from "@aws-sdk/client-s3";
import { assertEquals, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { ERROR_NAMES } from "../services/metrics/errors.ts";
import { UNITS } from "../services/metrics/shapes.ts";
import { CreateDeliveryStream$, UpdateDestination$ } from "./firehose.ts";
import { schemaModules, sourcesIn } from "./modules.ts";
import { packedModule } from "./pack.ts";
import { allSchemas, GetBucketLifecycleConfiguration$, ListObjectsV2$ } from "./s3.ts";

Deno.test("the packed schemas are what deno task schemas writes", async () => {
  for (const [path, text] of await schemaModules()) {
    assertEquals(await Deno.readTextFile(path), text, `${path} is stale: run deno task schemas`);
  }
});

/** A schema with all that it refers to; what contains itself is named only. */
function expanded(schema: unknown, outer: readonly unknown[] = []): unknown {
  if (typeof schema === "function") return expanded(schema(), outer);
  if (!Array.isArray(schema)) return schema;
  const name = schema.length > 2 ? schema[2] : undefined;
  if (name !== undefined && outer.includes(name)) return name;
  return schema.map((part) => expanded(part, [...outer, name]));
}

for (
  const [packed, original] of [
    [CreateDeliveryStream$, firehose.CreateDeliveryStream$],
    [UpdateDestination$, firehose.UpdateDestination$],
    [ListObjectsV2$, s3.ListObjectsV2$],
    [GetBucketLifecycleConfiguration$, s3.GetBucketLifecycleConfiguration$],
  ]
) {
  Deno.test(`the packed schema of ${original[2]} has all that the SDK's has`, () => {
    assertEquals(expanded(packed), expanded(original));
  });
}

Deno.test("operations that the sandbox lacks are packed by name and HTTP binding", () => {
  const binding = allSchemas().find(([, , name]) => name === "SelectObjectContent");
  assertEquals(binding?.[3], s3.SelectObjectContent$[3]);
});

Deno.test("an operation that the SDK does not have is refused by name", () => {
  const operations = new Set(["PutRecords"]);
  assertThrows(
    () => packedModule({ client: "the client", exports: firehose, operations, isRest: false }),
    Error,
    "the client has no operation PutRecords",
  );
});

Deno.test("no service imports a value from the SDK's clients, which take 27 MiB", async () => {
  const services = fileURLToPath(new URL("../services/", import.meta.url));
  for (const source of await Array.fromAsync(sourcesIn(services))) {
    assertEquals(source.match(/^import (?!type )[^;]*"@aws-sdk\/client-[^;]*;/m)?.[0], undefined);
  }
});

Deno.test("CloudWatch's units and query codes are those of the SDK", () => {
  assertEquals(new Set(UNITS), new Set(Object.values(cloudwatch.StandardUnit)));
  const codes = Object.values<unknown>(cloudwatch).flatMap((schema) => {
    if (!Array.isArray(schema) || schema[0] !== -3) return [];
    const [, , name, traits] = schema;
    const code: unknown = traits.awsQueryError?.[0];
    return typeof code === "string" && ERROR_NAMES.queryCodes.has(name)
      ? [[String(name), code] as const]
      : [];
  });
  assertEquals(ERROR_NAMES.queryCodes, new Map(codes));
});
