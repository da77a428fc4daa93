/**
 * A record that failed: its code, Firehose's message, and its data.
 * @module
 */

import { h } from "./preact/preact.js";
import type { ExplanationView, FailedView } from "../shapes.ts";
import { Foreign, Moment } from "./elements.ts";
import { count, number } from "./text.ts";

export const FailedRecord = ({ failed }: { readonly failed: FailedView }) =>
  h(
    "div",
    null,
    h(
      "p",
      null,
      h("strong", { class: "bad" }, h(Foreign, { text: failed.errorCode })),
      " ",
      h(Foreign, { text: failed.errorMessage }),
    ),
    h(
      "p",
      { class: "quiet" },
      `${count(failed.attempts, "attempt")}, arrived `,
      h(Moment, { ms: failed.arrivedMs }),
      `, ${number(failed.rawBytes)} bytes: `,
      h("strong", null, failed.holds),
      failed.meaning === undefined ? "" : ` (${failed.meaning})`,
    ),
    h(Text, { text: failed.data, cut: failed.dataCut }),
  );

/** What an error code means, and what to do. */
export const Meaning = (
  { happened, rule, cure }: Pick<ExplanationView, "happened" | "rule" | "cure">,
) =>
  h(
    "div",
    null,
    h("p", null, happened),
    rule !== undefined && h("p", null, rule),
    cure !== undefined && h("p", null, h("strong", null, "What to do: "), cure),
  );

/** Text of others, as it is laid out; `cut` characters of it are left out. */
export const Text = ({ text, cut }: { readonly text: string; readonly cut: number }) =>
  h(
    "pre",
    null,
    h(Foreign, { text }),
    cut > 0 && h("span", { class: "quiet" }, ` … ${number(cut)} more`),
  );
