/**
 * Colours and boxes of all views. They follow JupyterLab's theme, light or dark, and have default
 * values where there is no theme (VS Code, a saved page).
 * @module
 */

/** A view's tones: each with a border and a faint background that works on light and dark. */
export type Tone = "neutral" | "good" | "warning" | "bad";

const ACCENT: Readonly<Record<Tone, string>> = {
  neutral: "#5b7fa6",
  good: "#3f8f5b",
  warning: "#b7791f",
  bad: "#c2413b",
};

export const accent = (tone: Tone): string => ACCENT[tone];

export const FONT = "font:13px/1.5 var(--jp-ui-font-family,system-ui,sans-serif);";
export const MONO = "font-family:var(--jp-code-font-family,ui-monospace,monospace);";
export const TEXT = "color:var(--jp-ui-font-color1,currentColor);";
export const FAINT = "color:var(--jp-ui-font-color2,#777);";

/** The style of a card. */
export function card(tone: Tone): string {
  return `${FONT}${TEXT}border:1px solid ${ACCENT[tone]};border-left-width:5px;border-radius:4px;` +
    `background:${ACCENT[tone]}14;padding:8px 12px;margin:4px 0;max-width:60em;`;
}

/** Series colours that can be told apart without seeing red and green. */
export const SERIES = ["#4c78a8", "#f58518", "#54a24b", "#b279a2", "#72b7b2", "#9d755d"] as const;
