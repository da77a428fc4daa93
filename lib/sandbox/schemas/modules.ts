/**
 * The modules of this folder, as they should be: which operations the services' code imports from
 * them, packed from the SDK's clients.
 * @module
 */

import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as firehose from "@aws-sdk/client-firehose";
import * as iam from "@aws-sdk/client-iam";
import * as lambda from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import * as sts from "@aws-sdk/client-sts";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packedModule, type PackedService } from "./pack.ts";

const CLIENTS: Readonly<Record<string, Omit<PackedService, "operations">>> = {
  cloudwatch: { client: "@aws-sdk/client-cloudwatch", exports: cloudwatch, isRest: false },
  firehose: { client: "@aws-sdk/client-firehose", exports: firehose, isRest: false },
  iam: { client: "@aws-sdk/client-iam", exports: iam, isRest: false },
  lambda: { client: "@aws-sdk/client-lambda", exports: lambda, isRest: true },
  logs: { client: "@aws-sdk/client-cloudwatch-logs", exports: logs, isRest: false },
  s3: { client: "@aws-sdk/client-s3", exports: s3, isRest: true },
  sts: { client: "@aws-sdk/client-sts", exports: sts, isRest: false },
};

const SERVICES = fileURLToPath(new URL("../services/", import.meta.url));

/** The texts of the modules, by path. */
export async function schemaModules(): Promise<ReadonlyMap<string, string>> {
  const sources = await Array.fromAsync(sourcesIn(SERVICES));
  return new Map(
    Object.entries(CLIENTS).map(([name, client]) => [
      fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
      packedModule({ ...client, operations: importedFrom(`schemas/${name}.ts`, sources) }),
    ]),
  );
}

/** The text of every module of a folder, without tests and what they share. */
export async function* sourcesIn(folder: string): AsyncIterable<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* sourcesIn(path);
    else if (/(?<!_test|testing)\.ts$/.test(name)) yield await Deno.readTextFile(path);
  }
}

/** The operations whose schemas are imported from a module: `PutObject` of `PutObject$`. */
function importedFrom(module: string, sources: readonly string[]): ReadonlySet<string> {
  const imports = sources.flatMap((source) => [
    ...source.matchAll(/^import \{([^}]*)\} from "([^"]*)";/gm),
  ]);
  const names = imports.flatMap(([, names, from]) => from.endsWith(module) ? names.split(",") : []);
  return new Set(names.flatMap((name) => /(\w+)\$/.exec(name)?.[1] ?? []));
}
