/**
 * When a kill test kills: at random moments that can be repeated.
 * @module
 */

import { seededFractions } from "../random.ts";

/** The variable that repeats a run's moments. */
const SEED_VARIABLE = "KILL_TEST_SEED";

/**
 * Pauses before each kill, in milliseconds, each below `msMax`. Prints its seed: set the variable
 * `KILL_TEST_SEED` to it, and the pauses are the same again. What the process does in them is not.
 */
export function killMoments(msMax: number): () => number {
  const seed = Number(Deno.env.get(SEED_VARIABLE) ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  console.log(`${SEED_VARIABLE}=${seed} repeats the moments of these kills`);
  const fraction = seededFractions(seed);
  return () => fraction() * msMax;
}
