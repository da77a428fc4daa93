/**
 * Condition keys of a call: those that every request has, and those of the tags it brings. Follows
 * "AWS global condition context keys"
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
 * @module
 */

import type { ConditionContext } from "./caller.ts";

/** Where a request comes from. */
export interface Sender {
  /** The client's IP address. */
  readonly address: string;
  /** Whether it came over TLS. */
  readonly isSecure: boolean;
}

/** The sandbox itself, and functions: they do without TLS. */
const THIS_MACHINE: Sender = { address: "127.0.0.1", isSecure: false };

/** Keys that every request has: where it comes from and is sent to, and what its headers tell. */
export function callConditions(
  { region, headers = new Headers(), sender = THIS_MACHINE }: {
    readonly region: string;
    readonly headers?: Headers;
    readonly sender?: Sender | undefined;
  },
): ConditionContext {
  const userAgent = headers.get("user-agent");
  const referer = headers.get("referer");
  return {
    "aws:RequestedRegion": region,
    "aws:SourceIp": sender.address,
    "aws:SecureTransport": String(sender.isSecure),
    "aws:ViaAWSService": "false",
    "aws:PrincipalIsAWSService": "false",
    ...(userAgent === null ? {} : { "aws:UserAgent": userAgent }),
    ...(referer === null ? {} : { "aws:Referer": referer }),
  };
}

/**
 * `aws:RequestTag/…` and `aws:TagKeys` of an operation's input: its member `Tags` or `tags`, a list
 * or an object, and `TagKeys` or `tagKeys`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(requestTagConditions({ Tags: [{ Key: "team", Value: "blue" }] }), {
 *   "aws:RequestTag/team": "blue",
 *   "aws:TagKeys": ["team"],
 * });
 * ```
 */
export function requestTagConditions(input: Readonly<Record<string, unknown>>): ConditionContext {
  const tags = tagPairs(input.Tags ?? input.tags);
  const keys = [...tags.map(([key]) => key), ...textsIn(input.TagKeys ?? input.tagKeys)];
  if (keys.length === 0) return {};
  return {
    ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    "aws:TagKeys": keys,
  };
}

function tagPairs(tags: unknown): (readonly [key: string, value: string])[] {
  if (typeof tags !== "object" || tags === null) return [];
  if (!Array.isArray(tags)) return Object.entries(tags).map(([key, value]) => [key, String(value)]);
  return tags.map((tag) => [String(tag?.Key ?? ""), String(tag?.Value ?? "")]);
}

function textsIn(keys: unknown): string[] {
  return Array.isArray(keys) ? keys.map(String) : [];
}
