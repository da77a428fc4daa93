/**
 * The banner of a notebook: where "AWS" is, what that costs, and how far the reader has come.
 * @module
 */

import { cardView } from "../../view/cards.ts";
import { html, type View } from "../../view/html.ts";
import { accent, FAINT, FONT, TEXT } from "../../view/style.ts";
import type { Whereabouts } from "./names.ts";

/** The banner: the most important output of a notebook, since a real account means real money. */
export function bannerView(where: Whereabouts): View {
  const { mode, profile, accountId, region, arn, endpoint, speed } = where;
  if (mode === "sandbox") {
    return cardView("neutral", "Sandbox: AWS on this machine", [
      `At ${endpoint}, account ${accountId}, region ${region}. Nothing costs money, nothing leaves ` +
      "this machine.",
      speed === 1
        ? "It waits as long as AWS does."
        : `What takes a minute on AWS takes ${
          (60 / speed).toLocaleString("en", { maximumFractionDigits: 1 })
        } s here.`,
      consoleView(`${endpoint}/_sandbox/console`),
    ]);
  }
  return cardView("warning", `REAL AWS account ${accountId}, region ${region}`, [
    `Profile ${profile}: ${arn}`,
    "What you create here costs money: a few cents for the whole course, if you run each " +
    "notebook's clean-up.",
  ]);
}

/** The console's address without its token: outputs are kept in the notebook. */
function consoleView(address: string): View {
  const [before, after] = [
    "Where is a record? The console shows it: ",
    " (deno task console prints this address with its token)",
  ];
  const link = html`<a href="${address}" target="_blank" rel="noopener">${address}</a>`;
  return { html: html`${before}${link}${after}`, text: `${before}${address}${after}` };
}

/** The checkpoints passed in this notebook, as a line of ticks. */
export function progressStrip(notebook: number, passed: readonly string[]): View {
  const start = `Notebook ${notebook}, `;
  const steps = passed.filter((title) => title.startsWith(start) || isExercise(notebook, title));
  const names = steps.map((title) => title.replace(start, ""));
  if (names.length === 0) {
    const text = "No checkpoint of this notebook is passed yet.";
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
