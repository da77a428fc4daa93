/**
 * The commands that ask a control page of the running sandbox: `flush`, `reset`, `fault`, `clock`,
 * `state` and `stop`. They print the page's answer as JSON.
 * @module
 */

import { setTimeout as pauseMs } from "node:timers/promises";
import { isClaimed } from "../sandbox/data_dir.ts";
import { readRunningFile } from "../sandbox/running_file.ts";
import { type ControlRequest, controlRequest, USAGE } from "./control_request.ts";
import { provenSandbox } from "./profile_environment.ts";
import { runTool, say } from "./run_tool.ts";

/** Variables that lead a request, also one to this machine, to a proxy. */
const PROXIES = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/** How often `stop` looks whether the sandbox has ended. */
const LOOK_EVERY_MS = 20;

async function run({ method, page, body }: ControlRequest): Promise<void> {
  const { endpoint, dataDir } = await provenSandbox(Deno.env.toObject());
  const token = readRunningFile(dataDir)?.token;
  if (token === undefined) throw new Error(`The sandbox at ${endpoint} has no control pages.`);
  // The token must not go through a proxy.
  for (const name of PROXIES) Deno.env.delete(name);
  const response = await fetch(`${endpoint}/_sandbox/${page}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  while (page === "stop" && isClaimed(dataDir)) await pauseMs(LOOK_EVERY_MS);
  say(JSON.stringify(answer, null, 2));
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions: controlRequest, run });
