/** Invocations that tests make. */
import { logFacts } from "./attempts.ts";
import type { Invocation } from "./rehearsal.ts";

/** An invocation with one record and this log. */
export function madeInvocation(
  log: string,
  { hasFailed = false, ...given }: Partial<Invocation> & { readonly hasFailed?: boolean } = {},
): Invocation {
  return {
    start: 0,
    end: 1,
    beganMs: 0,
    requestBytes: 1,
    responseBytes: hasFailed ? undefined : 1,
    counts: { ok: hasFailed ? 0 : 1, dropped: 0, byCode: new Map() },
    findings: [],
    ...logFacts(log, { hasFailed }),
    ...given,
  };
}
