/**
 * The logs of functions and delivery streams.
 * @module
 */

import { h } from "./preact/preact.js";
import { useEffect, useState } from "./preact/hooks.js";
import type { LogGroupView } from "../shapes.ts";
import { eventsOf } from "./api.ts";
import { Callout, Empty, Foreign, Moment, useLoaded } from "./elements.ts";

const AGAIN_MS = 2_000;

export function Logs(
  { groups, query }: { readonly groups: readonly LogGroupView[]; readonly query: URLSearchParams },
) {
  const name = query.get("group");
  const group = groups.find((one) => one.name === name) ?? (name === null ? groups[0] : undefined);
  return h(
    "div",
    { class: "two" },
    h(
      "nav",
      { class: "card tree", "aria-label": "Log groups" },
      h("h2", null, "Logs"),
      groups.length === 0 &&
        h(Empty, null, "No log yet. A function writes one at its first invocation."),
      h(
        "ul",
        null,
        groups.map((one) =>
          h(
            "li",
            { key: `${one.place.accountId} ${one.place.region} ${one.name}` },
            h(
              "a",
              {
                href: `#logs?${new URLSearchParams({ group: one.name })}`,
                "aria-current": one === group ? "true" : undefined,
              },
              h(Foreign, { text: one.name }),
            ),
          )
        ),
      ),
    ),
    group
      ? h(Events, { key: group.name, group })
      : h("section", { class: "card" }, h(Empty, null, "Choose a log group.")),
  );
}

function Events({ group }: { readonly group: LogGroupView }) {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((before) => before + 1), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const { value, problem } = useLoaded(() => eventsOf(group.place, group.name), [turn]);
  return h(
    "section",
    { class: "card", "aria-labelledby": "log" },
    h("h2", { id: "log" }, h(Foreign, { text: group.name })),
    problem !== "" && h(Callout, { kind: "bad", title: problem }),
    value?.isCut && h("p", { class: "quiet" }, "Older events are left out."),
    value?.events.length === 0 && h(Empty, null, "No event yet."),
    h(
      "ol",
      { class: "lines log" },
      value?.events.map(({ atMs, stream, message }, index) =>
        h(
          "li",
          { key: `${stream} ${atMs} ${index}`, class: isTrouble(message) ? "trouble" : "" },
          h(Moment, { ms: atMs }),
          h("pre", null, h(Foreign, { text: message.replace(/\n$/, "") })),
        )
      ),
    ),
  );
}

const isTrouble = (message: string) =>
  /\bERROR\b|"errorCode"|Status: error|timed out/.test(message);
