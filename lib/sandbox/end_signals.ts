/**
 * Signals that ask a program to end, which then ends what it started.
 * @module
 */

/** Ctrl-C, `kill`, and the end of the terminal; on Windows, Ctrl-C and Ctrl-Break. */
export const END_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];
