/**
 * Revision ids: of a function, of each of its versions and of each alias. Each change of settings,
 * tags or permissions gives the thing another one. As AWS's own do in LocalStack's recorded tests of
 * revisions (2022-09 to 2024-04).
 * @module
 */

import type { LambdaFunction } from "./function.ts";

/** The revision of what a qualifier means; without one, of the function. */
export function revisionOf(fn: LambdaFunction, qualifier: string | undefined): string | undefined {
  if (!qualifier) return fn.latest.revisionId;
  return fn.aliases.find(({ name }) => name === qualifier)?.revisionId ??
    fn.versions.find(({ version }) => version === qualifier)?.revisionId;
}

/** The function with another revision for what a qualifier means. */
export function withRevision(
  fn: LambdaFunction,
  qualifier: string | undefined,
  revisionId: string,
): LambdaFunction {
  if (!qualifier) return { ...fn, latest: { ...fn.latest, revisionId } };
  return {
    ...fn,
    aliases: fn.aliases.map((alias) => alias.name === qualifier ? { ...alias, revisionId } : alias),
    versions: fn.versions.map((version) =>
      version.version === qualifier ? { ...version, revisionId } : version
    ),
  };
}
