/**
 * A rehearsal as a page of HTML, with bars. It needs nothing from outside of itself.
 * @module
 */

import { RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import { type Html, html } from "../../view/html.ts";
import { type SizeBar, sizeBars } from "../../view/plots.ts";
import { isTooLarge } from "./attempts.ts";
import type { Rehearsed } from "./measure.ts";
import type { Attempt } from "./rehearsal.ts";
import { type ReportOptions, reportText } from "./report.ts";

/** Batches with bars; of more, those with the largest requests. */
const BATCHES_SHOWN = 10;

/** The page. `title` names the function. */
export async function reportPage(
  rehearsed: Rehearsed,
  { title, ...options }: ReportOptions & { readonly title: string },
): Promise<string> {
  const { batches, tried, safe, bufferMB, answerBytes } = rehearsed;
  const atSafe = tried && safe?.kind === "safe"
    ? await batchBars(tried, `at the safe setting, BufferSizeInMBs ${safe.megabytes}`, answerBytes)
    : undefined;
  const asPut = await batchBars(batches, `with BufferSizeInMBs ${bufferMB}`, answerBytes);
  const page = html`
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="color-scheme" content="light dark">
        <title>${title}</title>
      </head>
      <body style="font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em">
    <h1>${title}</h1>
    ${asPut}
    ${atSafe}
    <pre style="white-space:pre-wrap">${reportText(rehearsed, options)}</pre>
      </body>
    </html>
  `;
  return `<!doctype html>\n${page.text}`;
}

async function batchBars(
  batches: readonly Attempt[],
  setting: string,
  answerBytes: readonly number[] | undefined,
): Promise<Html> {
  const numbered = batches.map((attempt, index) => ({ number: index + 1, attempt }));
  const largest = numbered.toSorted((a, b) => b.attempt.requestBytes - a.attempt.requestBytes)
    .slice(0, BATCHES_SHOWN);
  const shown = numbered.filter((batch) => largest.includes(batch));
  const left = batches.length - shown.length;
  const caption = `Requests and responses ${setting}. The line is the limit of a response, ` +
    `${RESPONSE_BYTES_MAX.toLocaleString("en")} bytes.` +
    (batches.some(isTooLarge)
      ? " The size of a refused response was measured in smaller batches."
      : "") +
    (left > 0 ? ` Not shown, with requests that are no larger: ${left}.` : "");
  const bars = shown.flatMap(({ number, attempt }) => barsOf(attempt, number, answerBytes));
  return (await sizeBars(bars, { caption, limitBytes: RESPONSE_BYTES_MAX })).html;
}

function barsOf(attempt: Attempt, number: number, answerBytes?: readonly number[]): SizeBar[] {
  const { start, end, requestBytes, responseBytes } = attempt;
  const measured = answerBytes?.slice(start, end).reduce((sum, bytes) => sum + bytes, 0);
  const refused = measured !== undefined && Number.isFinite(measured) && isTooLarge(attempt);
  const outcome = responseBytes !== undefined
    ? "response"
    : refused
    ? "response, refused"
    : "failed";
  return [
    { name: `${number}: ${end - start} records`, bytes: requestBytes },
    { name: `${number}: ${outcome}`, bytes: responseBytes ?? (refused ? measured : 0) },
  ];
}
