/**
 * The last requests, and why each refused one was refused.
 * @module
 */

import { h } from "./preact/preact.js";
import { useState } from "./preact/hooks.js";
import type { RequestView } from "../shapes.ts";
import { Empty, Foreign, Moment } from "./elements.ts";
import { number } from "./text.ts";

const isRefused = ({ status, errorCode }: RequestView) => status >= 400 || errorCode !== undefined;

export function Requests({ requests }: { readonly requests: readonly RequestView[] }) {
  const [onlyRefused, setOnlyRefused] = useState(false);
  const shown = onlyRefused ? requests.filter(isRefused) : requests;
  const refused = requests.filter(isRefused).length;
  return h(
    "section",
    { class: "card", "aria-labelledby": "requests" },
    h(
      "header",
      null,
      h("h2", { id: "requests" }, "Requests"),
      h(
        "label",
        { class: "check" },
        h("input", {
          type: "checkbox",
          checked: onlyRefused,
          onChange: () => setOnlyRefused(!onlyRefused),
        }),
        ` only refused (${number(refused)})`,
      ),
    ),
    shown.length === 0
      ? h(
        Empty,
        null,
        onlyRefused && requests.length > 0
          ? "None of the last requests was refused."
          : "No request yet. Each call of an SDK appears here, a refused one with its reason.",
      )
      : h(
        "div",
        {
          class: "scroll",
          role: "region",
          "aria-label": "Last requests, newest first",
          tabIndex: 0,
        },
        h(
          "table",
          null,
          h(
            "thead",
            null,
            h(
              "tr",
              null,
              h("th", { scope: "col" }, "Time"),
              h("th", { scope: "col" }, "Operation"),
              h("th", { scope: "col" }, "On"),
              h("th", { scope: "col" }, "Answer"),
            ),
          ),
          h("tbody", null, shown.map((request) => h(Row, { key: request.id, request }))),
        ),
      ),
  );
}

function Row({ request }: { readonly request: RequestView }) {
  const { atMs, operation, count, records, resource, status, durationMs, errorCode, reason } =
    request;
  return h(
    "tr",
    { class: isRefused(request) ? "refused" : "" },
    h("td", null, h(Moment, { ms: atMs })),
    h(
      "td",
      null,
      h(Foreign, { text: operation }),
      count > 1 && h("span", { class: "quiet" }, ` × ${number(count)}`),
    ),
    h(
      "td",
      null,
      h(Foreign, { text: resource }),
      records !== undefined && h("span", { class: "quiet" }, ` ${number(records)} rec.`),
    ),
    h(
      "td",
      null,
      h("span", { class: isRefused(request) ? "bad" : "quiet" }, String(status)),
      errorCode === undefined
        ? h("span", { class: "quiet" }, ` ${number(Math.round(durationMs))} ms`)
        : h("strong", { class: "bad" }, " ", h(Foreign, { text: errorCode })),
      reason !== undefined && h("p", { class: "reason" }, h(Foreign, { text: reason })),
    ),
  );
}
