/**
 * Revision ids of a function, its versions and its aliases. Each change of settings, tags or
 * permissions changes the id of what it changes, as recorded on AWS in LocalStack's tests of
 * revisions (2022-09 to 2024-04).
 * @module
 */

import type { LambdaFunction } from "./function.ts";

/** The revision id of the version or alias `qualifier`; without a qualifier, of the function. */
export function revisionOf(fn: LambdaFunction, qualifier: string | undefined): string | undefined {
  if (!qualifier) return fn.latest.revisionId;
  return fn.aliases.find(({ name }) => name === qualifier)?.revisionId ??
    fn.versions.find(({ version }) => version === qualifier)?.revisionId;
}

/** The function with a new revision id for the version or alias `qualifier`, or for itself. */
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
