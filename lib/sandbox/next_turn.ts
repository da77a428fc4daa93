/**
 * A pause in long work, in which requests are taken.
 * @module
 */

/**
 * Resolves after the event loop has looked for what came over the network. `setImmediate` does not do
 * that: with it, Deno looks after 61 turns only, the interval of tokio's scheduler, so that others wait
 * for 61 portions of the work (Deno 2.9.6; `findings/deno-set-immediate-delays-network.sh`).
 */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
