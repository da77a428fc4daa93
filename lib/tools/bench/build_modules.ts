/**
 * The transform, the deployment and the redrive of the build that is measured, which may be another
 * commit's.
 * @module
 */

import { existsSync } from "node:fs";

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

/** Where a build has what deploys its function; the second place is that of d66bb7a. */
const DEPLOYMENTS = ["lib/aws/deploy/functions.ts", "lib/aws/functions.ts"];

/** What deploys the function of the build in this folder. Throws an `Error` if it is in neither place. */
export async function deploymentOf(
  build: URL,
): Promise<typeof import("../../aws/deploy/functions.ts")> {
  const place = DEPLOYMENTS.map((path) => new URL(path, build)).find((url) => existsSync(url));
  if (!place) throw new Error(`${build} has no ${DEPLOYMENTS.join(" and no ")}`);
  return await import(place.href);
}
