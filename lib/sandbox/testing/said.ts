/**
 * What a refusal says, in tests.
 * @module
 */

import { assertRejects } from "@std/assert";

/** The error that `act` is refused with, as `Name: message`. Fails if it is not refused. */
export async function said(act: () => Promise<unknown>): Promise<string> {
  const { name, message } = await assertRejects(act, Error);
  return `${name}: ${message}`;
}
