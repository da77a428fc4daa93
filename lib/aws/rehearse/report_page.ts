/**
 * A rehearsal as a page of HTML, with bars. It needs nothing from outside of itself.
 * @module
 */

import { RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import { type Html, html } from "../../view/html.ts";
import { type SizeBar, sizeBars } from "../../view/plots.ts";
import type { Rehearsed } from "./measure.ts";
import type { Attempt } from "./rehearsal.ts";
import { type ReportOptions, reportText } from "./report.ts";

/** Batches with bars; of more, those with the largest responses. */
const BATCHES_SHOWN = 20;

/** The page. `title` names the function. */
export function reportPage(
  rehearsed: Rehearsed,
  { title, ...options }: ReportOptions & { readonly title: string },
): string {
  const { batches, tried, safe, bufferMB } = rehearsed;
  const atSafe = tried && safe?.kind === "safe"
    ? batchBars(tried, `at the safe setting, BufferSizeInMBs ${safe.megabytes}`)
    : undefined;
  const page = html`
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <title>${title}</title>
      </head>
      <body style="font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em">
    <h1>${title}</h1>
    ${batchBars(batches, `with BufferSizeInMBs ${bufferMB}`)}
    ${atSafe}
    <pre style="white-space:pre-wrap">${reportText(rehearsed, options)}</pre>
      </body>
    </html>
  `;
  return `<!doctype html>\n${page.text}`;
}

function batchBars(batches: readonly Attempt[], setting: string): Html {
  const bars = batches.map((attempt, index) => barOf(attempt, index + 1));
  const shown = bars.toSorted((a, b) => b.bytes - a.bytes).slice(0, BATCHES_SHOWN);
  const failed = batches.filter(({ responseBytes }) => responseBytes === undefined).length;
  const kept = bars.filter((bar) => shown.includes(bar));
  const left = bars.length - kept.length;
  const caption = `Responses ${setting}; the line is the most that Lambda takes, ` +
    `${RESPONSE_BYTES_MAX.toLocaleString("en")} bytes.` +
    (failed > 0 ? ` Failed, so without a response: ${failed}.` : "") +
    (left > 0 ? ` Left out because their responses are smaller: ${left}.` : "");
  return sizeBars(kept, { caption, limitBytes: RESPONSE_BYTES_MAX }).html;
}

function barOf({ start, end, responseBytes }: Attempt, number: number): SizeBar {
  const failed = responseBytes === undefined ? ", failed" : "";
  return { name: `${number}: ${end - start} records${failed}`, bytes: responseBytes ?? 0 };
}
