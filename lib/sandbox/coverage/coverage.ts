/**
 * The list of what the sandbox supports of AWS, from the SDK's schemas and the running code.
 * @module
 */

import { type OperationReport, type Probe, probeOperation } from "./probe.ts";
import { FIREHOSE_PROBES } from "./probes/firehose.ts";
import { IAM_PROBES } from "./probes/iam.ts";
import { LAMBDA_PROBES } from "./probes/lambda.ts";
import { LOGS_PROBES } from "./probes/logs.ts";
import { METRICS_PROBES } from "./probes/metrics.ts";
import { S3_PROBES } from "./probes/s3.ts";
import { STS_PROBES } from "./probes/sts.ts";
import { coveragePage, type ServiceReport } from "./report.ts";
import { Scene } from "./scene.ts";
import { SDK_SERVICES } from "./sdk_operations.ts";

/** The page, and what is wrong with it; no problems if all is well. */
export interface Coverage {
  readonly page: string;
  readonly problems: readonly string[];
}

/** Where the page is kept. */
export const COVERAGE_FILE = new URL("../COVERAGE.md", import.meta.url);

/** How each operation is called, by signing name. */
export const PROBES: Readonly<Record<string, Readonly<Record<string, Probe>>>> = {
  firehose: FIREHOSE_PROBES,
  s3: S3_PROBES,
  iam: IAM_PROBES,
  sts: STS_PROBES,
  lambda: LAMBDA_PROBES,
  logs: LOGS_PROBES,
  monitoring: METRICS_PROBES,
};

/** Calls every operation with every member of its input. */
export async function coverage(): Promise<Coverage> {
  await using scene = await Scene.open();
  const services: ServiceReport[] = [];
  const problems: string[] = [];
  for (const { signingName, operations } of scene.services) {
    if (!SDK_SERVICES.has(signingName)) problems.push(`${signingName}: it is not in the list`);
    for (const name of operations.keys()) {
      if (!PROBES[signingName]?.[name]) problems.push(`${name}: there is no probe for it`);
    }
  }
  for (const [signingName, { title, operations: known }] of SDK_SERVICES) {
    const operations: OperationReport[] = [];
    for (const [name, probe] of Object.entries(PROBES[signingName] ?? {}).sort(byName)) {
      const report = await probeOperation(scene.operation(signingName, name), probe, scene);
      problems.push(...report.problems);
      operations.push(report);
    }
    const supported = operations.map(({ name }) => name);
    const missing = known.filter((name) => !supported.includes(name));
    services.push({ title, operations, missing });
  }
  return { page: await formatted(coveragePage(services)), problems };
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => a < b ? -1 : 1;

/** The page as `deno fmt` formats it. */
async function formatted(page: string): Promise<string> {
  const args = ["fmt", "--ext", "md", "--line-width", "100", "-"];
  const format = new Deno.Command(Deno.execPath(), { args, stdin: "piped", stdout: "piped" })
    .spawn();
  const output = format.output();
  const writer = format.stdin.getWriter();
  await writer.write(new TextEncoder().encode(page));
  await writer.close();
  const { success, stdout } = await output;
  if (!success) throw new Error("deno fmt failed; its own words are above");
  return new TextDecoder().decode(stdout);
}
