/**
 * The sandboxes that are measured: one that rows share, and fresh ones for those that ask.
 * @module
 */

import { join } from "node:path";
import { type Child, end, KEY, start } from "./child.ts";
import { createBase } from "./pipeline.ts";
import type { Bench, BenchOptions, FreshOptions } from "./row.ts";

const SPEED = 60;

/** A bench whose sandboxes run `main`, and which ends them all. */
export async function openBench(
  main: URL,
  options: BenchOptions,
): Promise<Bench & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const sandboxes: Child[] = [];
  const build = new URL("../../", main);
  const opened = async (name: string, speed = SPEED) => {
    const data = join(folder, name);
    const args = ["--port", "0", "--data", data, "--speed", `${speed}`, "--quiet"];
    const sandbox = await start(main, args);
    sandboxes.push(sandbox);
    const endpoint = /http:\S+\d/.exec(sandbox.firstLine)?.[0] ?? "";
    const target = { endpoint, credentials: KEY };
    await createBase(target);
    const restart = async () => {
      const index = sandboxes.indexOf(sandbox);
      await end(sandbox);
      return sandboxes[index] = await start(main, args);
    };
    return { sandbox, target, folder: data, restart };
  };
  let made = 0;
  const fresh = async ({ speed }: FreshOptions = {}): Promise<Bench> => {
    // One at a time: another would take memory and processor from what is measured.
    await Promise.all(sandboxes.splice(1).map(end));
    return { ...bench, ...await opened(`fresh-${++made}`, speed) };
  };
  const bench: Bench = { ...options, ...await opened("shared"), build, folder, fresh };
  return {
    ...bench,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(sandboxes.map(end));
      await Deno.remove(folder, { recursive: true });
    },
  };
}
