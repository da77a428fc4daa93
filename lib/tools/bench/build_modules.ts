/**
 * The transform, the deployment and the redrive of the build that is measured, which may be another
 * commit's.
 * @module
 */

/** The module `lambda/transform.ts` of the build in this folder. */
export async function transformOf(
  build: URL,
): Promise<typeof import("../../../lambda/transform.ts")> {
  return await import(new URL("lambda/transform.ts", build).href);
}

/** The module `lib/aws/redrive/mod.ts` of the build in this folder. */
export async function redriveOf(
  build: URL,
): Promise<typeof import("../../aws/redrive/mod.ts")> {
  return await import(new URL("lib/aws/redrive/mod.ts", build).href);
}

/** The module `lib/aws/mod.ts` of the build in this folder: it deploys that build's function. */
export async function deploymentOf(build: URL): Promise<typeof import("../../aws/mod.ts")> {
  return await import(new URL("lib/aws/mod.ts", build).href);
}
