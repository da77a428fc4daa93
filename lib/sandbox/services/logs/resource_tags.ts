/**
 * Where decisions look up the tags of a log group.
 * @module
 */

import type { TagsOf } from "../../access/resource_tags.ts";
import type { LogsState } from "./state.ts";

/** The tags of the log group that an ARN names; its log streams have the same. */
export function tagsOfLogGroup(state: LogsState, arn: string): ReturnType<TagsOf> {
  const [, name = ""] = /:log-group:([^:]+)/.exec(arn) ?? [];
  return state.groups.find(name)?.tags;
}
