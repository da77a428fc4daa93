/**
 * The banner of a notebook: where "AWS" is, what that costs, and how far the reader has come.
 * @module
 */

import { cardView } from "../../view/cards.ts";
import { html, type View } from "../../view/html.ts";
import { accent, FAINT, FONT, TEXT } from "../../view/style.ts";
import type { Whereabouts } from "./names.ts";

/**
 * The banner: the most important output of a notebook, since a real account means real money.
 * `consoleAddress` has a one-time code; undefined if the sandbox gives none.
 */
export function bannerView(where: Whereabouts, consoleAddress?: string): View {
  const { mode, profile, accountId, region, arn, endpoint, speed } = where;
  if (mode === "sandbox") {
    return cardView("neutral", "Sandbox: AWS on this machine", [
      `At ${endpoint}, account ${accountId}, region ${region}. Nothing costs money, nothing leaves ` +
      "this machine.",
      speed === 1
        ? "A wait takes as long as on AWS."
        : `What takes a minute on AWS takes ${
          (60 / speed).toLocaleString("en", { maximumFractionDigits: 1 })
        } s here.`,
      consoleAddress === undefined
        ? "deno task console prints the address of a page that shows where each record is."
        : consoleView(consoleAddress),
    ]);
  }
  return cardView("warning", `REAL AWS account ${accountId}, region ${region}`, [
    `Profile ${profile}: ${arn}`,
    "What you create here costs money: a few cents for the whole course, if you run each " +
    "notebook's clean-up.",
  ]);
}

/** Outputs are kept in the notebook, so the address has a one-time code and not the token. */
function consoleView(address: string): View {
  const [before, after] = [
    "To see where each record is, ",
    " The link works once, within 10 minutes. Run this cell again for another link.",
  ];
  const link =
    html`<a href="${address}" target="_blank" rel="noopener noreferrer">open the console</a>`;
  return {
    html: html`${before}${link}.${after}`,
    text: `${before}open the console: ${address}${after}`,
  };
}

/** The checkpoints passed in this notebook, as a line of ticks. */
export function progressStrip(notebook: number, passed: readonly string[]): View {
  const start = `Notebook ${notebook}, `;
  const steps = passed.filter((title) => title.startsWith(start) || isExercise(notebook, title));
  const names = steps.map((title) => title.replace(start, ""));
  if (names.length === 0) {
    const text = "You have passed no checkpoint of this notebook yet.";
    return { html: html`<div style="${FONT}${FAINT}">${text}</div>`, text };
  }
  const ticks = names.map((name) =>
    html`
      <span
        style="display:inline-block;margin-right:14px"><span style="color:${accent(
          "good",
        )}">✓</span> ${name}</span>
    `
  );
  return {
    html: html`
      <div style="${FONT}${TEXT}max-width:62em" role="group"
        aria-label="Checkpoints passed">${ticks}</div>
    `,
    text: `Passed: ${names.join("; ")}`,
  };
}

const isExercise = (notebook: number, title: string) => title.startsWith(`Exercise ${notebook}.`);
