/**
 * A profile of macOS's sandbox-exec with the rights of a {@linkcode LaunchPlan}. Not tried on a Mac
 * by the people who wrote it: written from Apple's own profiles in /System/Library/Sandbox.
 * @module
 */

import type { LaunchPlan } from "./plan.ts";

/** The profile's text, in Apple's language. Later rules go before earlier ones. */
export function sandboxProfile({ reads, writes, ports }: LaunchPlan): string {
  return [
    "(version 1)",
    "(deny default)",
    "(allow process-exec* process-fork)",
    "(allow signal (target same-sandbox))",
    "(allow sysctl-read)",
    "(allow file-read-metadata)",
    ...reads.map((path) => `(allow file-read* ${subpath(path)})`),
    ...writes.map((path) => `(allow file-read* file-write* ${subpath(path)})`),
    ...ports.map((port) => `(allow network-outbound (remote tcp "localhost:${port}"))`),
  ].join("\n");
}

const subpath = (path: string) => `(subpath ${JSON.stringify(path)})`;
