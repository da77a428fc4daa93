/**
 * Where decisions look up the tags of a delivery stream.
 * @module
 */

import type { TagsOf } from "../../access/resource_tags.ts";
import type { FirehoseState } from "./state.ts";

/** The tags of the delivery stream with this ARN. */
export function tagsOfStream(state: FirehoseState, arn: string): ReturnType<TagsOf> {
  const [, name = ""] = /:deliverystream\/(.+)$/.exec(arn) ?? [];
  return state.find(name)?.tags;
}
