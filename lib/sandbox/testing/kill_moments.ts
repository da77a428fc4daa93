/**
 * When a kill test kills: at random moments that can be repeated.
 * @module
 */

/** The variable that repeats a run's moments. */
const SEED_VARIABLE = "KILL_TEST_SEED";

/**
 * Pauses before each kill, in milliseconds, each below `msMax`. Prints its seed: set the variable
 * `KILL_TEST_SEED` to it, and the pauses are the same again. What the process does in them is not.
 */
export function killMoments(msMax: number): () => number {
  const seed = Number(Deno.env.get(SEED_VARIABLE) ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  console.log(`${SEED_VARIABLE}=${seed} repeats the moments of these kills`);
  let state = seed >>> 0;
  // mulberry32: 32 bits of state are plenty for some kills.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32 * msMax;
  };
}
