/**
 * Where decisions look up the tags of a function.
 * @module
 */

import type { TagsOf } from "../../access/resource_tags.ts";
import type { LambdaState } from "./state.ts";

/** The tags of the function that an ARN names; its versions and aliases have the same. */
export function tagsOfFunction(state: LambdaState, arn: string): ReturnType<TagsOf> {
  const [, name = ""] = /:function:([^:]+)/.exec(arn) ?? [];
  return state.find(name)?.tags;
}
