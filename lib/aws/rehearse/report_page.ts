/**
 * A rehearsal as a page of HTML, with bars. It needs nothing from outside of itself.
 * @module
 */

import { RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import { terminalLine, terminalText } from "../../sandbox/terminal_text.ts";
import { type Html, html } from "../../view/html.ts";
import { type SizeBar, sizeBars } from "../../view/plots.ts";
import { isTooLarge } from "./attempts.ts";
import type { Rehearsed } from "./measure.ts";
import { type RecordBytes, sumOf } from "./record_bytes.ts";
import type { Invocation } from "./rehearsal.ts";
import { type ReportOptions, reportText } from "./report.ts";

/** Batches with bars; of more, those with the largest requests. */
const BATCHES_SHOWN = 10;

/**
 * The page. `title` names the function. Records and errors may hold characters that turn the direction of
 * writing: they are shown as on a terminal.
 */
export async function reportPage(
  rehearsed: Rehearsed,
  { title: givenTitle, ...options }: ReportOptions & { readonly title: string },
): Promise<string> {
  const title = terminalLine(givenTitle);
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
    <pre style="white-space:pre-wrap">${terminalText(reportText(rehearsed, options))}</pre>
      </body>
    </html>
  `;
  return `<!doctype html>\n${page.text}`;
}

async function batchBars(
  batches: readonly Invocation[],
  setting: string,
  answerBytes: RecordBytes | undefined,
): Promise<Html> {
  const numbered = batches.map((batch, index) => ({ number: index + 1, batch }));
  const largest = numbered.toSorted((a, b) => b.batch.requestBytes - a.batch.requestBytes)
    .slice(0, BATCHES_SHOWN);
  const shown = numbered.filter((each) => largest.includes(each));
  const left = batches.length - shown.length;
  const caption = `Requests and responses ${setting}. The line is the limit of a response, ` +
    `${RESPONSE_BYTES_MAX.toLocaleString("en")} bytes.` +
    (batches.some(isTooLarge)
      ? " The size of a refused response was measured in smaller batches."
      : "") +
    (left > 0 ? ` Not shown, with requests that are no larger: ${left}.` : "");
  const bars = shown.flatMap(({ number, batch }) => barsOf(batch, number, answerBytes));
  return (await sizeBars(bars, { caption, limitBytes: RESPONSE_BYTES_MAX })).html;
}

function barsOf(batch: Invocation, number: number, answerBytes?: RecordBytes): SizeBar[] {
  const { start, end, requestBytes, responseBytes } = batch;
  const measured = answerBytes && sumOf(answerBytes, start, end);
  const refused = measured !== undefined && Number.isFinite(measured) && isTooLarge(batch);
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
