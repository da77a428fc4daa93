/**
 * Pages of LocalStack and moto that test suites call between tests. With `--open` they do the same
 * here, since their callers send no credentials; without it they say where it is done.
 *
 * - `POST /_localstack/state/reset`: 200; LocalStack's clients look at the status only (lstk,
 *   localstack-mcp-server, 2026-11).
 * - `GET /_localstack/init`, and `/READY` and the like: the stages of scripts at the start
 *   (localstack-core/localstack/services/internal.py, 2026-11). There are no scripts here.
 * - `POST /moto-api/reset`: 200 `{"status": "ok"}`, and 400 for other methods
 *   (moto/moto_api/_internal/responses.py, 2026-11).
 * @module
 */

import type { IncomingRequest } from "../http/incoming.ts";

/** What the pages do. */
export interface OtherEmulatorsParts {
  readonly isOpen: boolean;
  /** Empties the sandbox. */
  readonly reset: () => Promise<void>;
}

/** LocalStack's stages: a sandbox that answers is ready, and has not ended. */
const STAGES = { BOOT: true, START: true, READY: true, SHUTDOWN: false };

/** Answers the pages of other emulators; undefined for all other requests. */
export function otherEmulatorsPage(
  incoming: IncomingRequest,
  parts: OtherEmulatorsParts,
): Promise<Response> | undefined {
  const { method, rawPath } = incoming;
  if (rawPath === "/_localstack/state/reset" && method === "POST") {
    return resetOr(parts, () => Response.json({}));
  }
  // A signed request is for the object "reset" of a bucket "moto-api".
  if (rawPath === "/moto-api/reset" && !isSigned(incoming)) {
    if (method === "POST") return resetOr(parts, () => Response.json({ status: "ok" }));
    const body = { Error: "Need to POST to reset Moto" };
    return Promise.resolve(Response.json(body, { status: 400 }));
  }
  return method === "GET" ? stagesPage(rawPath) : undefined;
}

const isSigned = ({ headers, query }: IncomingRequest) =>
  headers.has("authorization") || query.has("X-Amz-Signature") || query.has("Signature");

async function resetOr(
  { isOpen, reset }: OtherEmulatorsParts,
  done: () => Response,
): Promise<Response> {
  if (!isOpen) return Response.json({ error: ELSEWHERE }, { status: 403 });
  await reset();
  return done();
}

const ELSEWHERE =
  "This page works with --open only. Otherwise POST /_sandbox/reset, with the header " +
  "`Authorization: Bearer TOKEN` and sandbox_token of the sandbox's AWS config file.";

function stagesPage(path: string): Promise<Response> | undefined {
  if (path === "/_localstack/init") {
    return Promise.resolve(Response.json({ completed: STAGES, scripts: [] }));
  }
  const [, name] = /^\/_localstack\/init\/(\w+)$/.exec(path) ?? [];
  const stage = Object.entries(STAGES).find(([stage]) => stage === name?.toUpperCase());
  if (!stage) return undefined;
  return Promise.resolve(Response.json({ completed: stage[1], scripts: [] }));
}
