/**
 * Waits for something, with one progress bar that is redrawn in place.
 * @module
 */

import { html, type View } from "./html.ts";
import { slot } from "./show.ts";
import { pause, unlessStopped } from "./stop.ts";
import { accent, FONT, TEXT } from "./style.ts";

/** How long to wait, and how often to look. */
export interface UntilOptions {
  readonly withinSeconds: number;
  /** {@linkcode lookEvery} says how often when absent. A look that takes longer is waited for as long. */
  readonly everySeconds?: number;
}

/** AWS allows five calls of DescribeDeliveryStream a second. */
let usualSeconds = 0.25;

/** How often {@linkcode until} looks from now on. In the sandbox a minute takes a second. */
export function lookEvery(seconds: number): void {
  usualSeconds = seconds;
}

/**
 * Asks `probe` until it says `true`, or gives something other than `undefined` or `false`, and
 * resolves with that; with nothing for a bare `true`, which a cell would show.
 * Throws an `Error` that names `what` when the time is over.
 */
export async function until(
  what: string,
  probe: () => Promise<boolean>,
  options: UntilOptions,
): Promise<void>;
export async function until<Result>(
  what: string,
  probe: () => Promise<Result | undefined | false>,
  options: UntilOptions,
): Promise<Result>;
export async function until<Result>(
  what: string,
  probe: () => Promise<Result | undefined | boolean>,
  { withinSeconds, everySeconds = usualSeconds }: UntilOptions,
): Promise<Result | undefined> {
  const startMs = performance.now();
  const bar = await slot(waiting(what, 0));
  while (true) {
    const lookedMs = performance.now();
    const result = await unlessStopped(probe());
    const tookMs = performance.now() - lookedMs;
    if (result !== undefined && result !== false) {
      await bar.draw(done(what));
      return result === true ? undefined : result;
    }
    const share = (performance.now() - startMs) / (withinSeconds * 1000);
    if (share >= 1) {
      await bar.draw(givenUp(what, withinSeconds));
      throw new Error(
        `Waited ${withinSeconds} s, but this is not true yet: ${what}. Run the cell again. If that does ` +
          "not help, run the last checkpoint above: it says what is missing.",
      );
    }
    await bar.draw(waiting(what, share));
    await pause(Math.max(everySeconds * 1000, tookMs));
  }
}

const BAR_PIXELS = 240;

function waiting(what: string, share: number): View {
  const width = Math.round(Math.min(1, share) * BAR_PIXELS);
  return {
    html: html`
      <div style="${FONT}${TEXT}"
        role="status">Waiting: ${what}<div style="width:${BAR_PIXELS}px;height:6px;border-radius:3px;background:#8883"><div style="width:${width}px;height:6px;border-radius:3px;background:${accent(
          "neutral",
        )}"></div></div></div>
    `,
    text: `Waiting: ${what}`,
  };
}

function done(what: string): View {
  return {
    html: html`<div style="${FONT}${TEXT}" role="status">✓ ${what}</div>`,
    text: `ok: ${what}`,
  };
}

function givenUp(what: string, seconds: number): View {
  const text = `Not within ${seconds} s: ${what}`;
  return { html: html`<div style="${FONT}${TEXT}" role="status">✗ ${text}</div>`, text };
}
