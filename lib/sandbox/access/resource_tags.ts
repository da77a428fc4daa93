/**
 * Tags of resources, for the condition keys `aws:ResourceTag/…`. Each service tells where the tags
 * of its resources are; every decision looks them up by the resource's ARN.
 * @module
 */

import type { ConditionContext } from "./caller.ts";

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** The tags of the resource with this ARN; undefined if there is no such resource. */
export type TagsOf = (arn: string) => Tags | undefined;

/** Where tags are looked up, by the service and region of an ARN. */
export class ResourceTags {
  readonly #sources = new Map<string, TagsOf>();

  /** Registers a service's resources in a region: `firehose`, `eu-west-1`. */
  add(service: string, region: string, tagsOf: TagsOf): void {
    this.#sources.set(`${service}:${region}`, tagsOf);
  }

  /** The tags of the resource with this ARN; none if it has none or is not known. */
  of(arn: string): Tags {
    const [, , service, region] = arn.split(":");
    return this.#sources.get(`${service}:${region}`)?.(arn) ?? {};
  }
}

/** `aws:ResourceTag/…` of a resource with these tags; IAM has a second name for its own. */
export function resourceTagConditions(
  tags: Tags,
  prefixes: readonly string[] = ["aws:ResourceTag/"],
): ConditionContext {
  return Object.fromEntries(
    prefixes.flatMap((prefix) =>
      Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value] as const)
    ),
  );
}
