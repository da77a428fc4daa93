/**
 * Tags of a function: TagResource, UntagResource, ListTags.
 * @module
 */

import { invalidParameterValue } from "./errors.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html */
const TAGS_MAX = 50;
const KEY_CHARACTERS_MAX = 128;
const VALUE_CHARACTERS_MAX = 256;
const TAG_CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** `tags`, if a function can have them. Throws InvalidParameterValueException; the texts are ours. */
export function checkTags(
  tags: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (Object.keys(tags).length > TAGS_MAX) {
    throw invalidParameterValue(`The number of tags exceeds the limit of ${TAGS_MAX}.`);
  }
  for (const [key, value] of Object.entries(tags)) {
    const isRight = key.length >= 1 && key.length <= KEY_CHARACTERS_MAX &&
      value.length <= VALUE_CHARACTERS_MAX && !key.startsWith("aws:") &&
      TAG_CHARACTERS.test(key) && TAG_CHARACTERS.test(value);
    if (!isRight) throw invalidParameterValue(`The tag ${key} is not valid.`);
  }
  return tags;
}
