/**
 * What an engine makes of a function, in a form in which engines can be compared.
 * @module
 */

import { type Fixture, openEnvironment } from "../environment_testing.ts";
import type { FunctionEngine } from "../engine.ts";
import type { BrokenFunction } from "./functions.ts";

/** What the invoker got and the log has, without what differs from run to run. */
export interface Told {
  readonly errorType: string | undefined;
  /** The payload; of a trace its first lines, up to where the engine's own files begin. */
  readonly payload: unknown;
  readonly log: readonly string[];
}

/** Invokes the function once. */
export async function tellOf(
  broken: BrokenFunction,
  lambdaRuntime: FunctionEngine,
): Promise<Told> {
  const fixture: Fixture = {
    runtime: "nodejs20.x",
    memorySizeMB: 256,
    timeoutSeconds: 3,
    lambdaRuntime,
    ...broken,
  };
  await using environment = await openEnvironment(fixture);
  const { payload, errorType } = await environment.invoke({});
  const lines = await environment.lines();
  const log = lines.filter((line) =>
    !/^(INIT_START|INIT_REPORT|START|END|REPORT|\[sandbox\])/.test(line)
  );
  return { errorType, payload: plain(payload), log: log.map(plainLine) };
}

/** What a function should never read or log: the engine's name, its options, and real paths. */
const HOST_WORDS = /\bdeno\b|NotCapable|--allow-\w+|\bext:|\/tmp\/[0-9a-f]{16}|\/lib\/sandbox\//gi;

/** Words about the machine in what was told. */
export function hostWords(told: Told): readonly string[] {
  return JSON.stringify(told).match(HOST_WORDS) ?? [];
}

function plain(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  if (text.length > 10_000) return `${text.length} characters`;
  try {
    return JSON.parse(text, (key, value) => key === "trace" ? plainTrace(value) : value);
  } catch {
    return text;
  }
}

/** The lines above the frames, and the function's own frames without their columns. */
function plainTrace(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const lines = value.filter((line): line is string => typeof line === "string");
  return lines.filter((line) => !/^\s+at /.test(line));
}

function plainLine(line: string): string {
  return line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME").replace(/\[\d{13}\]/g, "[MS]")
    .replace(/("stack":\[)(.*?)(\](?:,"|\}))/, "$1…$3")
    .replace(/\n {4}at .*/g, "");
}
