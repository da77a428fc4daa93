/**
 * `POST /_sandbox/clock`: moves the sandbox's time on. Buffers, pauses, sessions and links age, and
 * objects get keys of the later time. Clients go on signing with their own clock. A restart brings
 * the true time back.
 * @module
 */

import type { AdvancingClock } from "../clock.ts";
import { ControlError } from "./control_error.ts";
import { membersOf, numberIn } from "./input.ts";

/** 366 days: the longest that the clock is advanced by at a time. */
const SECONDS_MAX = 366 * 86_400;

/** Advances the clock as `{"advanceSeconds": 900}` says. Throws a {@linkcode ControlError}. */
export function advance(body: Uint8Array, clock: AdvancingClock): { readonly nowMs: number } {
  const members = membersOf(body, ["advanceSeconds"]);
  const seconds = numberIn(members, "advanceSeconds", { min: 0, max: SECONDS_MAX });
  if (seconds === undefined) throw new ControlError(400, "advanceSeconds is missing.");
  clock.advance(seconds * 1000);
  return { nowMs: clock.nowMs() };
}
