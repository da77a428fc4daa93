/**
 * Published versions: PublishVersion.
 * @module
 */

import type { PublishVersionRequest } from "@aws-sdk/client-lambda";
import { PublishVersion$ } from "../../../schemas/lambda.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { configurationOf, type ShownConfiguration } from "../configuration.ts";
import { invalidParameterValue, notSupported } from "../errors.ts";
import { onFunction } from "../function_access.ts";
import type { LambdaFunction } from "../function.ts";
import { FUNCTION_NAME } from "../names.ts";
import { SETTINGS } from "../settings.ts";
import type { LambdaState } from "../state.ts";
import { type ChangeContext, checkUpdatable } from "../updates.ts";

export const PublishVersion: OperationDefinition<
  Given<PublishVersionRequest, "FunctionName">,
  ShownConfiguration,
  LambdaState
> = {
  schema: PublishVersion$,
  constraints: { FunctionName: FUNCTION_NAME, Description: SETTINGS.Description },
  access: onFunction("lambda:PublishVersion"),
  run: async (input, { state, region, nowMs }) => {
    if (input.PublishTo !== undefined) throw notSupported("PublishTo");
    const name = state.changeable(input.FunctionName);
    const { random } = state.options;
    const published = await state.update({ name }, (fn) => {
      checkUpdatable(fn, input.RevisionId);
      checkCode(fn, input.CodeSha256);
      return publish(fn, { description: input.Description }, { random, nowMs });
    });
    const version = published.versions.at(-1);
    if (!version) throw new Error("invariant broken: a function without the version it published");
    return configurationOf(published, version, { qualifier: version.version, region });
  },
};

function checkCode({ latest }: LambdaFunction, codeSha256: string | undefined): void {
  const { sha256 } = latest.code;
  if (codeSha256 === undefined || codeSha256 === sha256) return;
  throw invalidParameterValue(
    `CodeSHA256 (${codeSha256}) is different from current CodeSHA256 in $LATEST (${sha256}). ` +
      "Please try again with the CodeSHA256 in $LATEST.",
  );
}

/** The function with `$LATEST` as its newest version; the same where nothing has changed since. */
export function publish<Published extends Omit<LambdaFunction, "id">>(
  fn: Published,
  { description = fn.latest.description }: { readonly description?: string },
  { random, nowMs }: ChangeContext,
): Published {
  const { latest, versions } = fn;
  if (versions.at(-1)?.publishedBuildId === latest.buildId) return fn;
  const lastVersion = fn.lastVersion + 1;
  const version = {
    ...latest,
    description,
    version: String(lastVersion),
    buildId: random.uuid(),
    publishedBuildId: latest.buildId,
    revisionId: random.uuid(),
    modifiedMs: nowMs,
  };
  // The function itself gets another revision, too.
  const revised = { ...latest, revisionId: random.uuid() };
  return { ...fn, latest: revised, lastVersion, versions: [...versions, version] };
}
