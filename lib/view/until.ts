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
  /** 0.25 unless said otherwise. */
  readonly everySeconds?: number;
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
  { withinSeconds, everySeconds = 0.25 }: UntilOptions,
): Promise<Result | undefined> {
  const startMs = performance.now();
  const bar = await slot(waiting(what, 0));
  while (true) {
    const result = await unlessStopped(probe());
    if (result !== undefined && result !== false) {
      await bar.draw(done(what));
      return result === true ? undefined : result;
    }
    const share = (performance.now() - startMs) / (withinSeconds * 1000);
    if (share >= 1) {
      await bar.draw(givenUp(what, withinSeconds));
      throw new Error(
        `Waited ${withinSeconds} s, and still not: ${what}. Run the cell again; if that does not ` +
          "help, run the notebook's last checkpoint: it says what is missing.",
      );
    }
    await bar.draw(waiting(what, share));
    await pause(everySeconds * 1000);
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
