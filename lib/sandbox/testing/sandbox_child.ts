/**
 * A sandbox as a child process, for tests that kill it.
 * @module
 */

import { permissionFlags } from "../permissions.ts";
import { SANDBOX_PROFILE } from "../aws_files.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;

/** A running child. */
export interface SandboxChild {
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
  /** Sends the signal and waits until the process is gone. */
  end(signal: Deno.Signal): Promise<void>;
}

/** The key that {@linkcode startSandboxChild} gives its account; of use nowhere else. */
export const CHILD_ROOT_KEY = {
  accessKeyId: "AKIATESTTESTTESTTEST",
  secretAccessKey: "test-secret-of-a-sandbox-on-loopback-only",
};

/** Starts `main.ts` and resolves once it says that it is ready. Port 0 takes a free one. */
export async function startSandboxChild(
  options: {
    readonly dataDir: string;
    readonly port: number;
    readonly speed: number;
    /** `pipe` unless the test wants to see what the sandbox complains of. */
    readonly stderr?: "inherit" | "null";
  },
): Promise<SandboxChild> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--config", CONFIG, ...permissionFlags(options), "--no-check", MAIN]
      .concat(["--port", `${options.port}`, "--data", options.dataDir])
      .concat(["--speed", `${options.speed}`, "--quiet"]),
    env: {
      SANDBOX_ACCESS_KEY_ID: CHILD_ROOT_KEY.accessKeyId,
      SANDBOX_SECRET_ACCESS_KEY: CHILD_ROOT_KEY.secretAccessKey,
    },
    stdin: "null",
    stdout: "piped",
    stderr: options.stderr ?? "inherit",
  }).spawn();
  const endpoint = await readEndpoint(child.stdout);
  return {
    endpoint,
    port: Number(new URL(endpoint).port),
    pid: child.pid,
    end: async (signal) => {
      child.kill(signal);
      await child.status;
    },
  };
}

async function readEndpoint(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const reader = stdout.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
    if (endpoint && text.includes("\n")) {
      await reader.cancel();
      return endpoint[0];
    }
  }
  throw new Error(`the sandbox ended before it was ready (profile ${SANDBOX_PROFILE}): ${text}`);
}
