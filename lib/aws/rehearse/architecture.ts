/**
 * The processors that a function runs on, which decide about its price.
 * @module
 */

/** As Lambda names them. */
export type Architecture = "x86_64" | "arm64";

/** The meter of the GB-seconds. */
export const DURATION_METERS = { x86_64: "lambdaGbSeconds", arm64: "lambdaArmGbSeconds" } as const;

/** The architecture of this name; undefined if Lambda has no such one. */
export const architectureNamed = (name: string): Architecture | undefined =>
  name === "x86_64" || name === "arm64" ? name : undefined;
