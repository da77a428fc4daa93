/**
 * Cards: a step's checkpoint, a wanted error, what is missing before a step.
 * @module
 */

import { html, type View } from "./html.ts";
import { notePassed } from "./progress_file.ts";
import { show } from "./show.ts";
import { card, FAINT, MONO, type Tone } from "./style.ts";

/** A box with a title and lines below it. */
export function cardView(tone: Tone, title: string, lines: readonly (string | View)[] = []): View {
  const views = lines.map((line) => typeof line === "string" ? { html: line, text: line } : line);
  const body = views.map((view) => html`<div>${view.html}</div>`);
  return {
    html: html`<div style="${card(tone)}"><strong>${title}</strong>${body}</div>`,
    text: [title, ...views.map(({ text }) => `  ${text}`)].join("\n"),
  };
}

/** One condition of a checkpoint: what it is, whether it holds, and what to do if not. */
export type Check = readonly [what: string, holds: boolean, advice: string];

/**
 * Shows what is and what is missing. Throws an `Error` when something is missing, so that "Run
 * all" shows red and a check in CI stops.
 */
export async function checkpoint(title: string, checks: readonly Check[]): Promise<void> {
  await show(checkpointView(title, checks));
  const missing = checks.filter(([, holds]) => !holds);
  if (missing.length > 0) {
    throw new Error(
      `${title}: ${missing.map(([what, , advice]) => `${what} (${advice})`).join("; ")}`,
    );
  }
  await notePassed(title);
}

/** What {@linkcode checkpoint} shows. */
export function checkpointView(title: string, checks: readonly Check[]): View {
  const passed = checks.every(([, holds]) => holds);
  const heading = `${passed ? "Checkpoint passed" : "Not yet"}: ${title}`;
  const rows = checks.map(([what, holds, advice]) =>
    html`<div>${holds ? "✓" : "✗"} ${what}${
      holds ? undefined : html`<div style="padding-left:1.4em">→ ${advice}</div>`
    }</div>`
  );
  return {
    html: html`<div style="${
      card(passed ? "good" : "bad")
    }"><strong>${heading}</strong>${rows}</div>`,
    text: [
      heading,
      ...checks.map(([what, holds, advice]) =>
        `  ${holds ? "ok" : "--"} ${what}${holds ? "" : `: ${advice}`}`
      ),
    ].join("\n"),
  };
}

/**
 * Runs `act`, which must fail with the error `name` (a class or code of AWS), and shows it as a
 * result. Throws an `Error` if it succeeds or fails otherwise.
 */
export async function wantedError(name: string, act: () => Promise<unknown>): Promise<void> {
  const error = await act().then(() => undefined, (reason: unknown) => asError(reason));
  if (!error) throw new Error(`${name} was expected here, but the call succeeded`);
  if (error.name !== name) {
    throw new Error(`${name} was expected here, but ${error.name} came: ${error.message}`);
  }
  await show(wantedErrorView(error));
}

/** What {@linkcode wantedError} shows. */
export function wantedErrorView({ name, message }: Error): View {
  const code = html`<span style="${MONO}">${name}</span>`;
  return {
    html: html`
      <div style="${card("warning")}"><strong>As expected: ${code}</strong>
      <div style="${MONO}overflow-wrap:anywhere">${message}</div></div>
    `,
    text: `As expected: ${name}: ${message}`,
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** Says what a step needs. Throws an `Error` that names the step to run first if that is missing. */
export function need(what: string, found: unknown): asserts found {
  if (found) return;
  throw new Error(
    `This step needs ${what}. Run the step that makes it first, then this cell again.`,
  );
}

/** A line that explains a picture above it. */
export function note(text: string): View {
  return { html: html`<p style="${FAINT}margin:2px 0;max-width:60em">${text}</p>`, text };
}
